"""The office's settings as sentences for its page; settings that do not apply have none."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from prepazka.core.office import calendar
from prepazka.core.office.office import Office, Service
from prepazka.web.taught import persons_message
from prepazka.web.wording import (
    format_booking_count,
    format_count,
    format_day_count,
    format_duration,
    format_for_day,
    join_words,
)


def describe_rules(office: Office, today: date) -> list[str]:
    """Return the rules in the order in which people need them."""
    horizon = today + timedelta(days=office.settings.horizon_days)
    last_open_days = (calendar.last_open(office, agenda, today, horizon) for agenda in office.agendas)
    last = max((day for day in last_open_days if day is not None), default=horizon)
    return list(_sentences(office, last, office.sample_service(today)))


def _sentences(office: Office, last: date, sample: Service | None) -> Iterator[str]:
    """Yield the sentences; last: the last day that can be booked; sample: the service of the example."""
    settings = office.settings
    yield _("Objednat se můžete nejvýše %(days)s dopředu, dnes tedy nejpozději %(last)s.") % {
        "days": format_day_count(settings.horizon_days),
        "last": format_for_day(last),
    }
    if settings.notice_minutes:
        yield _("Objednávku přijmeme nejpozději %(time)s před začátkem.") % {
            "time": format_duration(settings.notice_minutes)
        }
    yield _("Z jednoho telefonního čísla můžete mít současně nejvýše %(bookings)s.") % {
        "bookings": format_booking_count(settings.open_per_sender)
    }
    for limit, sentence in (
        (settings.open_per_sender_and_service, _("Z toho na jednu činnost nejvýše %(bookings)s.")),
        (settings.open_per_sender_and_agenda, _("Z toho v jedné agendě (%(agendas)s) nejvýše %(bookings)s.")),
        (settings.open_per_sender_and_day, _("Z toho na jeden den nejvýše %(bookings)s.")),
    ):
        if limit is not None:
            agendas = join_words([agenda.title for agenda in office.agendas])
            yield sentence % {"bookings": format_booking_count(limit), "agendas": agendas}
    if settings.persons_at_most > 1 and sample and office.numbers:
        persons = format_count(settings.persons_at_most, _("osoba"), _("osoby"), pgettext("pět", "osob"))
        yield _("Přijde-li vás víc, napište za zkratku počet osob, například %(example)s (nejvýše %(persons)s).") % {
            "persons": persons,
            "example": persons_message(sample.code),
        }
    if settings.cancel_until_minutes:
        yield _("Zrušit objednávku můžete nejpozději %(time)s před jejím začátkem.") % {
            "time": format_duration(settings.cancel_until_minutes)
        }
    else:
        yield _("Zrušit objednávku můžete kdykoli až do jejího začátku.")
    if settings.accents == "none" and office.numbers:
        yield _(
            "Odpovídáme bez háčků a čárek, aby se odpověď vešla do co nejméně zpráv. Vy je psát můžete, ale nemusíte."
        )
