"""The result of a clerk's act in one sentence; for a stale page, what has changed since."""

from typing import assert_never

from django.utils.translation import gettext as _

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import (
    Acted,
    ActResult,
    AlreadyUsed,
    BreakResult,
    Busy,
    CallResult,
    CancelledCode,
    ChangedMeanwhile,
    CheckIn,
    Dropped,
    Impossible,
    NobodySits,
    NobodyWaits,
    NotFound,
    NotSeated,
    Occupied,
    OnBreak,
    Paused,
    Seated,
    SitResult,
    StandResult,
    StoodUp,
    TicketGiven,
    TooEarly,
    TooLateForCode,
    TooLateToUndo,
    UndoResult,
    UnknownCode,
    WrongDay,
)
from prepazka.core.queue.tickets import Ticket
from prepazka.store import accounts
from prepazka.web.wording import format_counter, format_counter_title, format_time

DeskResult = CallResult | ActResult | SitResult | StandResult | BreakResult | TicketGiven


def describe_result(outcome: DeskResult, office: Office) -> str:
    """Return the sentence; "" when the page itself shows the result."""
    match outcome:
        case Acted() | Seated() | OnBreak() | StoodUp():
            return ""
        case TicketGiven(ticket=ticket, agenda=agenda):
            return _("Vydán lístek %(number)s: %(agenda)s.") % {"number": ticket.label, "agenda": agenda.title}
        case NobodyWaits(parked=0):
            return _("Nikdo nečeká.")
        case NobodyWaits(parked=parked):
            return _("Nikdo nečeká. Odložených lístků: %(count)s.") % {"count": parked}
        case Busy(ticket=ticket):
            return _("Nejdřív dokončete, odložte nebo předejte lístek %(number)s.") % {"number": ticket.label}
        case Paused():
            return _("Máte přestávku. Nejdřív ji ukončete.")
        case NotSeated():
            return _("U přepážky už nejste: převzal ji někdo jiný, nebo skončil den. Vyberte přepážku znovu.")
        case Occupied(counter=counter, clerk=clerk):
            name = accounts.called([clerk]).get(clerk, "")
            return _("%(counter)s už má úředníka: %(clerk)s.") % {
                "counter": format_counter_title(counter.title),
                "clerk": name,
            }
        case ChangedMeanwhile(ticket=ticket) | Impossible(ticket=ticket):
            return _("Nic jsme nezměnili: %(now)s") % {"now": describe_ticket(ticket, office)}
        case NobodySits(counter=counter):
            return _("%(counter)s: nikdo tu teď nesedí.") % {"counter": format_counter_title(counter.title)}
        case NotFound():
            return _("Tento lístek nebo přepážka tu není.")
        case _:
            assert_never(outcome)


def describe_undo(outcome: UndoResult, office: Office) -> str:
    """Return what came of undoing the last act, in one sentence."""
    match outcome:
        case Acted(ticket=ticket):
            return _("Vráceno: %(now)s") % {"now": describe_ticket(ticket, office)}
        case TooLateToUndo(ticket=ticket) | ChangedMeanwhile(ticket=ticket):
            return _("Na vrácení už je pozdě: %(now)s") % {"now": describe_ticket(ticket, office)}
        case Busy():
            return describe_result(outcome, office)
        case NotFound():
            return _("Tento lístek nebo přepážka tu není.")
        case _:
            assert_never(outcome)


def describe_check_in(outcome: CheckIn, office: Office) -> str:
    """Return what came of checking in a booking, in one sentence."""
    match outcome:
        case TicketGiven():
            return describe_result(outcome, office)
        case TooEarly(accepted_from=since, at=at):
            words = _("Klient je tu brzy: objednávka je na %(at)s, lístek půjde vydat od %(since)s.")
            return words % {"at": format_time(at), "since": format_time(since)}
        case AlreadyUsed(ticket=ticket) | Dropped(ticket=ticket):
            return _("Nic jsme nezměnili: %(now)s") % {"now": describe_ticket(ticket, office)}
        case CancelledCode():
            return _("Tato objednávka je zrušená. Klient si může vzít lístek bez objednání.")
        case WrongDay() | TooLateForCode() | UnknownCode():
            return _("Tato objednávka není na dnešek.")
        case _:
            assert_never(outcome)


def describe_ticket(ticket: Ticket, office: Office) -> str:
    """Return the current state of a ticket."""
    counter = office.counter_of.get(ticket.counter) if ticket.counter else None
    words = {
        "waiting": _("lístek %(number)s teď čeká."),
        "called": _("lístek %(number)s už volá %(counter)s."),
        "serving": _("lístek %(number)s už obsluhuje %(counter)s."),
        "done": _("lístek %(number)s je vyřízený."),
        "absent": _("lístek %(number)s je vyřazený, klient nepřišel."),
        "closed": _("lístek %(number)s propadl koncem dne."),
        "withdrawn": _("lístek %(number)s už neplatí: klient odešel, nebo je objednávka zrušená či přesunutá."),
    }
    where = format_counter(counter.title) if counter else _("jiná přepážka")
    return words[ticket.state] % {"number": ticket.label, "counter": where}
