"""The messages of the kiosk when it gives no ticket: one for each outcome, with the next step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from django.utils.translation import gettext as _

from prepazka.core.office.office import Office
from prepazka.core.office.plan import WallTimes
from prepazka.core.queue.board import AgendaFigures, Board
from prepazka.core.queue.outcomes import (
    AlreadyUsed,
    CancelledCode,
    ClosedNow,
    Dropped,
    NoMoreToday,
    QuotaUsedUp,
    TicketsStopped,
    TooEarly,
    TooLateForCode,
    UnknownCode,
    WrongDay,
)
from prepazka.core.queue.tickets import Ticket
from prepazka.web.outcomes import describe_next_free
from prepazka.web.wording import format_counter, format_day, format_time, format_time_range

Refusal = (
    TooEarly
    | TooLateForCode
    | WrongDay
    | CancelledCode
    | AlreadyUsed
    | Dropped
    | UnknownCode
    | QuotaUsedUp
    | ClosedNow
    | NoMoreToday
    | TicketsStopped
)


@dataclass(frozen=True, slots=True)
class KioskMessage:
    """The result and the next step. late: the kiosk offers an ordinary ticket; again: the code may be typed again."""

    title: str
    words: str
    late: bool = False
    again: bool = False


NoTicket = QuotaUsedUp | TicketsStopped | NoMoreToday | ClosedNow
"""Why somebody without a booking has to come on another day."""


def describe_no_ticket(outcome: NoTicket, office: Office, next_free: date | None) -> KioskMessage:
    """Return the message for somebody who may book for another day. next_free: the next one with a place, if any."""
    message = describe_refusal(outcome, office)
    if isinstance(outcome, ClosedNow) and (outcome.hours or outcome.next_open == next_free):
        return message
    found = describe_next_free(next_free)
    return replace(message, words=f"{message.words} {found}") if found else message


def describe_refusal(outcome: Refusal, office: Office) -> KioskMessage:
    """Return the message for an outcome."""
    match outcome:
        case TooEarly(accepted_from=since, at=at):
            words = _("Vaše objednávka je na %(at)s. Kód přijmeme od %(since)s, pak ho prosím zadejte znovu.")
            return KioskMessage(_("Jste tu brzy"), words % {"at": format_time(at), "since": format_time(since)})
        case TooLateForCode(at=at, accepted_until=until):
            words = _(
                "Vaše objednávka byla na %(at)s a kód platil do %(until)s. Můžete si vzít běžný lístek a "
                "počkat, až na vás přijde řada."
            )
            return KioskMessage(
                _("Váš čas už uplynul"), words % {"at": format_time(at), "until": format_time(until)}, late=True
            )
        case WrongDay():
            words = _("Tento kód patří k objednávce na jiný den. Datum najdete v potvrzení. Poradíme vám u přepážky.")
            return KioskMessage(_("Objednávka není na dnešek"), words, again=True)
        case CancelledCode():
            words = _("Objednávka s tímto kódem je zrušená. Lístek si můžete vybrat na úvodní obrazovce.")
            return KioskMessage(_("Objednávka je zrušená"), words)
        case AlreadyUsed(ticket=ticket):
            return _describe_used(ticket, office)
        case Dropped(ticket=ticket):
            words = _(
                "Lístek %(number)s jsme volali a nikdo nepřišel. Můžete si vzít nové místo v pořadí, nebo se hlaste "
                "u přepážky."
            )
            return KioskMessage(_("Už jsme vás volali"), words % {"number": ticket.label}, late=True)
        case UnknownCode():
            words = _(
                "Takový kód neznáme. Zkontrolujte ho prosím v potvrzení a zadejte znovu. Poradíme vám u přepážky."
            )
            return KioskMessage(_("Kód nesouhlasí"), words, again=True)
        case QuotaUsedUp(agenda=agenda):
            words = _("Dnešní lístky bez objednání jsou vydané: %(agenda)s. Objednejte se prosím na jiný den.")
            return KioskMessage(_("Dnes už bez objednání nepřijímáme"), words % {"agenda": agenda.title})
        case TicketsStopped(agenda=agenda, hours=hours):
            words = _(
                "Pro dnešek už lístky bez objednání nevydáváme: %(agenda)s. Máme otevřeno %(hours)s; objednejte se "
                "prosím na jiný den."
            )
            return KioskMessage(
                _("Lístky už dnes nevydáváme"), words % {"agenda": agenda.title, "hours": _format_hours(hours)}
            )
        case NoMoreToday(until=until, hours=hours):
            words = _("Lístky jsme dnes vydávali do %(until)s, máme otevřeno %(hours)s. Přijďte prosím jindy.")
            return KioskMessage(
                _("Dnes už bychom vás nestihli"), words % {"until": format_time(until), "hours": _format_hours(hours)}
            )
        case ClosedNow(hours=hours, next_open=next_open):
            return KioskMessage(_("Teď máme zavřeno"), _describe_closed(hours, next_open))
        case _:
            assert_never(outcome)


def describe_waits(board: Board) -> list[str]:
    """Return for each agenda how many people wait and about how long; "" when it is closed."""
    return [_describe_queue(agenda) for agenda in board.agendas]


def _describe_queue(agenda: AgendaFigures) -> str:
    if not agenda.open:
        return ""
    ahead = _("čeká %(count)s") % {"count": agenda.waiting} if agenda.waiting else _("nikdo nečeká")
    if agenda.wait is None or not agenda.wait.high:
        return ahead
    words = _("asi %(low)s–%(high)s min") if agenda.wait.low else _("asi do %(high)s min")
    return f"{ahead}, {words % {'low': agenda.wait.low, 'high': agenda.wait.high}}"


def ask_to_wait(seconds: int) -> KioskMessage:
    """Return the message after too many wrong codes."""
    words = _(
        "Kódy teď zadáváte velmi rychle za sebou. Za %(seconds)s s to prosím zkuste znovu. Poradíme vám u přepážky."
    )
    return KioskMessage(_("Chvilku prosím počkejte"), words % {"seconds": seconds}, again=True)


def _describe_used(ticket: Ticket, office: Office) -> KioskMessage:
    """Return the message for a code that has its ticket: what to do next depends on where that ticket is."""
    counter = office.counter_of.get(ticket.counter) if ticket.counter else None
    number = {"number": ticket.label, "counter": format_counter(counter.title) if counter else _("přepážka")}
    match ticket.state:
        case "waiting":
            words = _(
                "Na tento kód už jsme vydali lístek %(number)s. Pokud se lístek ztratil, stačí si číslo "
                "pamatovat. Poradíme vám u přepážky."
            )
            return KioskMessage(_("Lístek už máte"), words % number)
        case "called" | "serving":
            return KioskMessage(_("Jste na řadě"), _("Lístek %(number)s volá %(counter)s. Jděte prosím tam.") % number)
        case _:
            words = _("Lístek %(number)s z této objednávky je už vyřízený. Pokud něco zbývá, hlaste se u přepážky.")
            return KioskMessage(_("Objednávka je vyřízená"), words % number)


def _describe_closed(hours: Sequence[WallTimes], next_open: date | None) -> str:
    if hours:
        return _("Dnes máme otevřeno %(hours)s.") % {"hours": _format_hours(hours)}
    if next_open:
        return _("Dnes máme zavřeno. Nejbližší den, kdy máme otevřeno, je %(day)s.") % {"day": format_day(next_open)}
    return _("Dnes máme zavřeno.")


def _format_hours(hours: Sequence[WallTimes]) -> str:
    return ", ".join(format_time_range(since, until) for since, until in hours)
