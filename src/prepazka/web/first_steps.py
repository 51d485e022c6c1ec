"""The first steps of a new office, and whether the public sees it already."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from prepazka.core.office.office import Office
from prepazka.store import accounts, gateways


@dataclass(frozen=True, slots=True)
class Step:
    """A step of setting up an office; address: the page of the administration where it is done."""

    title: str
    done: bool
    address: str


class NotPublic(Http404):
    """The office is being set up: only who works there sees its pages."""


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


# docs/spec/administration.md §11: "once all of its first steps are done, or when it says so"
def is_public(office: Office) -> bool:
    """Whether the public sees the office."""
    return office.settings.public_unfinished or all(step.done for step in setup_steps(office))


def refuse_unfinished(request: HttpRequest, office: Office) -> None:
    """Raises: NotPublic for an office that is not public, unless who asks works there."""
    if is_public(office):
        return
    user = request.user
    if not user.is_authenticated or accounts.role_in(user, office.id) is None:
        raise NotPublic
