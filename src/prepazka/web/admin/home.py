"""The first page of the administration: how the office is doing, and what is still missing for people to book."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.sms.reply.fit import text_problems
from prepazka.store import accounts, figures
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.gateways import gateway_states
from prepazka.web.admin.page import office_page
from prepazka.web.health import STALLED


@dataclass(frozen=True, slots=True)
class Step:
    """Something an office needs; done, or where it is done: an address of the administration."""

    title: str
    done: bool
    address: str


@staff("manager")
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """The overview."""
    office, now = request.official.office, clock.now()
    counts = figures.of_office(office.id, sorted(set(office.gateways.values())), now.astimezone(office.zone).date())
    steps = list(setup_steps(office))
    context = {
        "steps": steps,
        "ready": all(step.done for step in steps),
        "counts": counts,
        "stalled": counts.unsent.age(now) > STALLED or counts.waiting.age(now) > STALLED,
        "gateways": [one for one in gateway_states(now) if one.name in office.gateways.values()],
        "unfit": len(text_problems(office)),
    }
    return office_page(request, "home", "admin", context)


def setup_steps(office: Office) -> Iterator[Step]:
    """What a new office needs before anybody can book, in the order one does it."""
    served = {service.agenda for service in office.services}
    hours = [agenda for agenda in office.agendas if agenda.rules or agenda.extra_days]
    yield Step(_("Telefonní číslo, na které lidé píší"), bool(office.numbers), "admin-office")
    bound = bool(office.numbers) and all(number in office.gateways for number in office.numbers)
    yield Step(_("Brána, kterou zprávy chodí"), bound, "admin-office")
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
    yield Step(_("Uživatel s rolí úředník"), accounts.works(office.id, "clerk"), "admin-users")
