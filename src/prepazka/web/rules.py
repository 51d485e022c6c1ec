"""The office's settings as sentences for its page; what does not apply is not said."""

from collections.abc import Iterator
from datetime import date, timedelta

from prepazka.core.office import Office, Settings
from prepazka.web.czech import counted, day


def rules(office: Office, today: date) -> list[str]:
    """What to know before writing, in the order one needs it."""
    return list(_rules(office.settings, today))


def _rules(settings: Settings, today: date) -> Iterator[str]:
    last = today + timedelta(days=settings.horizon_days)
    yield f"Objednat se můžete nejvýše {_days(settings.horizon_days)} dopředu, dnes tedy nejpozději na {day(last)}."
    if settings.notice_minutes:
        yield f"Objednávku přijmeme nejpozději {_time(settings.notice_minutes)} před začátkem."
    yield (
        "Z jednoho telefonního čísla můžete mít současně nejvýše "
        f"{counted(settings.open_per_sender, 'objednávku', 'objednávky', 'objednávek')}."
    )
    for limit, of in (
        (settings.open_per_sender_and_service, "na jednu činnost"),
        (settings.open_per_sender_and_agenda, "u jedné agendy"),
        (settings.open_per_sender_and_day, "na jeden den"),
    ):
        if limit is not None:
            yield f"Z toho {of} nejvýše {counted(limit, 'objednávku', 'objednávky', 'objednávek')}."
    if settings.persons_at_most > 1:
        yield (
            "Přijde-li vás víc, napište před jméno počet osob, například 2X "
            f"(nejvýše {counted(settings.persons_at_most, 'osoba', 'osoby', 'osob')})."
        )
    if settings.cancel_until_minutes:
        yield f"Zrušit objednávku můžete nejpozději {_time(settings.cancel_until_minutes)} před jejím začátkem."
    else:
        yield "Zrušit objednávku můžete kdykoli až do jejího začátku."
    yield "Odpovídáme bez háčků a čárek, aby se odpověď vešla do co nejméně zpráv. Vy je psát můžete, nebo nemusíte."


def _days(count: int) -> str:
    return counted(count, "den", "dny", "dní")


def _time(minutes: int) -> str:
    """Whole days or hours where they are whole, otherwise minutes."""
    if minutes % (24 * 60) == 0:
        return _days(minutes // (24 * 60))
    if minutes % 60 == 0:
        return counted(minutes // 60, "hodinu", "hodiny", "hodin")
    return counted(minutes, "minutu", "minuty", "minut")
