"""The first page of the administration: the state of the office, and what is missing before people can book."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.flows.health import installation
from prepazka.flows.health.messages import WAITING
from prepazka.flows.inbound import other_countries
from prepazka.flows.outbound import ceiling
from prepazka.sms.reply.fit import text_problems
from prepazka.store import accounts, figures, gateways, offices
from prepazka.web import clock, code_guesses
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.gateways import gateway_states
from prepazka.web.admin.page import office_page
from prepazka.web.alarm_words import AlarmWords, concerns, describe


@dataclass(frozen=True, slots=True)
class Step:
    """A step of setting up an office; address: the page of the administration where it is done."""

    title: str
    done: bool
    address: str


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
        "counts": counts,
        "stalled": counts.unsent.age(now) > WAITING or counts.waiting.age(now) > WAITING,
        "gateways": [state for state in gateway_states(now) if state.name in office.gateways.values()],
        "alarms": _alarms(request, now),
        "guessed": code_guesses.alarmed(office.id, now),
        "ceiling": ceiling.is_reached(office, now),
        "unfit": len(text_problems(office)),
        "undecided": office.settings.confirm_web is None,
        "replies_only": offices.replies_only(office.id),
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


def setup_steps(office: Office, *, operator: bool = False) -> Iterator[Step]:
    """Yield the steps of setting up a new office, in their usual order; operator: for who also makes gateways."""
    served = {service.agenda for service in office.services}
    hours = [agenda for agenda in office.agendas if agenda.rules or agenda.extra_days]
    yield Step(_("Telefonní číslo, na které lidé píší"), bool(office.numbers), "admin-office")
    bound = bool(office.numbers) and all(number in office.gateways for number in office.numbers)
    lacking = operator and not bound and not gateways.configured()
    yield Step(_("Brána, přes kterou chodí zprávy"), bound, "admin-gateways" if lacking else "admin-office")
    yield Step(_("Alespoň jedna agenda"), bool(office.agendas), "admin-agendas")
    yield Step(
        _("Otevírací doba každé agendy"), bool(office.agendas) and len(hours) == len(office.agendas), "admin-agendas"
    )
    yield Step(
        _("Činnosti se zkratkami u každé agendy"),
        bool(served) and served >= {agenda.id for agenda in office.agendas},
        "admin-services",
    )
    yield Step(_("Přepážky, u kterých se volá"), bool(office.counters), "admin-counters")
    yield Step(_("Uživatel s rolí úředník"), accounts.has_official(office.id, "clerk"), "admin-users")
