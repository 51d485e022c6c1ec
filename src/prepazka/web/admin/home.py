"""The first page of the administration: the state of the office, and what is missing before people can book."""

from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.flows.health import installation
from prepazka.flows.health.messages import WAITING
from prepazka.flows.inbound import other_countries
from prepazka.flows.outbound import ceiling
from prepazka.flows.outbound.notify import routes_of
from prepazka.sms.reply.fit import text_problems
from prepazka.store import figures, notifications, offices
from prepazka.web import clock, code_guesses
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.gateways import gateway_states
from prepazka.web.admin.page import office_page
from prepazka.web.alarm_words import AlarmWords, concerns, describe
from prepazka.web.first_steps import is_public, setup_steps
from prepazka.web.wording import format_count

_LATELY_DAYS = 7


@staff("manager")
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Show the overview."""
    office, now = request.official.office, clock.now()
    counts = figures.office_figures(
        office.id, sorted(set(office.gateways.values())), now.astimezone(office.zone).date()
    )
    steps = list(setup_steps(office, operator=request.official.operator))
    context = {
        "steps": steps,
        "ready": all(step.done for step in steps),
        "public": is_public(office),
        "counts": counts,
        "stalled": counts.unsent.age(now) > WAITING or counts.waiting.age(now) > WAITING,
        "gateways": [state for state in gateway_states(now) if state.name in office.gateways.values()],
        "alarms": _alarms(request, now),
        "guessed": code_guesses.alarmed(office.id, now),
        "ceiling": ceiling.is_reached(office, now),
        "unfit": len(text_problems(office)),
        "undecided": office.settings.confirm_web is None,
        "replies_only": offices.replies_only(office.id),
        "missed": _missed_reminders(office, now),
        "used_up": other_countries.is_used_up(office.id, now),
    }
    return office_page(request, "home", "admin", context)


def _alarms(request: StaffRequest, now: datetime) -> list[AlarmWords]:
    """Return what is wrong with the installation and this office's gateways, errors first."""
    office, operator = request.official.office, request.official.operator
    found = [
        describe(problem, operator=operator)
        for problem in installation.problems(now)
        if concerns(problem, office.slug, office.gateways.values(), operator=operator)
    ]
    return sorted(found, key=lambda one: one.level)


# docs/spec/delivery.md §6: "Visits of the last seven days without their reminder are counted"
def _missed_reminders(office: Office, now: datetime) -> str:
    """Return how many people were not reminded lately, in words; "" for none, or where the office cannot send."""
    if routes_of(office).first is None:
        return ""
    missed = notifications.count_missed(office, now.astimezone(office.zone).date(), _LATELY_DAYS)
    few, many = pgettext("dvě", "návštěvy"), pgettext("pět", "návštěv")
    return format_count(missed, _("návštěva"), few, many) if missed else ""
