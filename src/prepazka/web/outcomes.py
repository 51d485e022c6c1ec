"""The outcome of a booking request in the words of a page, for citizens on the web and clerks at the desk."""

from datetime import date

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from prepazka.core.booking.misunderstandings import UnknownService
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    Booked,
    Cancelled,
    ClosedDay,
    Confirmed,
    InPast,
    Lapsed,
    LimitReached,
    NextFree,
    NoFreeSlot,
    OffGrid,
    Outcome,
    OutsideHours,
    ServicePaused,
    SlotFull,
    TooFar,
    TooLate,
    UnknownBooking,
)
from prepazka.core.office import holidays
from prepazka.core.office.calendar import starts_of
from prepazka.core.office.office import Office, Service
from prepazka.core.office.plan import Closed
from prepazka.web.office_words import language_of_words, titled
from prepazka.web.wording import (
    format_at_time,
    format_booking_count,
    format_count,
    format_date,
    format_day,
    format_days,
    format_for_start,
    format_on_day,
    format_start,
    format_time,
    format_time_range,
    join_words,
)


def describe_outcome(outcome: Outcome, office: Office) -> str:
    """Return one or two sentences; "" for an outcome that no request of a page has."""
    match outcome:
        case Booked(booking) | Confirmed(booking):
            return _("Objednáno: %(when)s.") % {"when": format_start(booking.day, booking.at)}
        case Lapsed():
            return _("Čas na potvrzení vypršel a místo je zase volné. Objednejte se prosím znovu.")
        case Cancelled(booking):
            return _("Objednávka %(when)s je zrušená.") % {"when": format_for_start(booking.day, booking.at)}
        case AlreadyBooked(booking):
            return _("Tuto objednávku už máte: %(when)s. Podruhé jsme ji nezaložili.") % {
                "when": format_start(booking.day, booking.at)
            }
        case AlreadyCancelled():
            return _("Tuto objednávku jsme zrušili už dřív.")
        case SlotFull(day=day, at=at, next_free=found):
            when = f"{format_on_day(day)} {format_at_time(at)}"
            return _("Termín %(when)s je už obsazený.") % {"when": when} + _instead(found)
        case NoFreeSlot(first=first, last=last, next_free=found):
            return _("Nic volného není: %(days)s.") % {"days": format_days(first, last)} + _instead(found)
        case ClosedDay(day=day, why=why, next_free=found) if why.kind == "no_hours":
            return _begin(_("%(day)s tuto činnost nevyřizujeme."), format_on_day(day)) + _instead(found)
        case ClosedDay(day=day, why=why, next_free=found):
            why_words = describe_closed(office, day, why)
            return _begin(_("%(day)s máme zavřeno: %(why)s."), format_on_day(day), why=why_words) + _instead(found)
        case ServicePaused(service=service, since=since):
            return _paused(service, since)
        case OutsideHours(day=day, hours=hours):
            times = join_words([format_time_range(since, until) for since, until in hours])
            return _begin(_("%(day)s tuto činnost vyřizujeme jen %(hours)s."), format_on_day(day), hours=times)
        case OffGrid(near=near):
            times = join_words([format_time(at) for at in near])
            return _("Na tento čas se objednat nelze. Nejbližší možné: %(times)s.") % {"times": times}
        case InPast():
            return _("Tento termín už nelze objednat: minul, nebo začíná příliš brzy.")
        case TooFar(last=last):
            return _("Tak daleko dopředu objednávky nepřijímáme. Poslední možný den je %(day)s.") % {
                "day": format_day(last)
            }
        case LimitReached():
            return _describe_limit(outcome, office)
        case UnknownBooking():
            return _("Objednávku s tímto kódem na tento den nemáme. Zkontrolujte prosím kód i datum.")
        case TooLate():
            return _("Na zrušení už je pozdě. Zavolejte prosím na úřad.")
        case UnknownService():
            return _("Tuto činnost úřad nenabízí.")
        case _:
            return ""


def _instead(found: NextFree | None) -> str:
    """Return a further sentence that names the next day with a free place; "" where it was not looked for."""
    if found is None:
        return ""
    return " " + (describe_next_free(found.day) or _("Volno není v žádný den, na který se dá objednat."))


def describe_next_free(day: date | None) -> str:
    """Return a sentence that names the next day with a free place, "" where there is none."""
    return _("Nejbližší den, kdy je volno: %(day)s.") % {"day": format_day(day)} if day else ""


def describe_pause(service: Service, today: date) -> str:
    """Return why a service takes no new bookings today, "" where it does."""
    since = service.paused_from
    return _paused(service, since) if since is not None and service.is_paused(today) else ""


def _paused(service: Service, since: date) -> str:
    words = _("%(service)s: od %(day)s nové objednávky nepřijímáme. Dřívější objednávky platí.")
    title = titled(service)
    return words % {"service": title[:1].upper() + title[1:], "day": format_date(since)}


def _begin(pattern: str, day: str, **values: str) -> str:
    """Return a sentence that begins with a day, its first letter large."""
    sentence = pattern % {"day": day, **values}
    return sentence[:1].upper() + sentence[1:]


def describe_closed(office: Office, day: date, why: Closed) -> str:
    """Return why the office is closed on a day."""
    match why.kind:
        case "weekend":
            return _("je víkend")
        case "holiday":
            return (office.holidays and holidays.name(office.holidays, day, get_language())) or why.text
        case "closure":
            return why.text_in(language_of_words())
        case "no_hours":
            return _("tuto činnost v tento den nevyřizujeme")


def describe_closed_day(office: Office, service: Service, day: date) -> str:
    """Return a sentence that says why nothing is offered of a service on a day; "" where something is."""
    closed = starts_of(office, service, day).closed
    return describe_outcome(ClosedDay(service, day, closed, None), office) if closed else ""


def _describe_limit(outcome: LimitReached, office: Office) -> str:
    most = format_booking_count(outcome.limit)
    match outcome.scope:
        case "sender":
            return _("Jedno telefonní číslo může mít zároveň nejvýše %(most)s.") % {"most": most}
        case "service":
            return _("Na tuto činnost může mít jedno číslo nejvýše %(most)s.") % {"most": most}
        case "agenda":
            agenda = None if outcome.agenda is None else office.agenda_of.get(outcome.agenda)
            if agenda is None:
                return _("Na tuto a podobné činnosti může mít jedno číslo nejvýše %(most)s.") % {"most": most}
            named = {"agenda": agenda.title, "most": most}
            return _("V agendě %(agenda)s může mít jedno číslo nejvýše %(most)s.") % named
        case "day":
            return _("Na jeden den může mít jedno číslo nejvýše %(most)s.") % {"most": most}
        case "unconfirmed":
            return _("Na potvrzení už čeká příliš mnoho objednávek. Potvrďte je prosím, nebo to zkuste za chvíli.")
        case "persons":
            persons = format_count(outcome.limit, _("osobu"), pgettext("dvě", "osoby"), pgettext("pět", "osob"))
            return _("Najednou lze objednat nejvýše %(persons)s.") % {"persons": persons}
