"""Formats dates, times, counts and telephone numbers for pages, in the language of the page."""

import re
from collections.abc import Sequence
from datetime import date, time

import phonenumbers
from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from prepazka.core.office.office import Office, Service

WEEKDAYS = (
    gettext_lazy("pondělí"),
    gettext_lazy("úterý"),
    gettext_lazy("středa"),
    gettext_lazy("čtvrtek"),
    gettext_lazy("pátek"),
    gettext_lazy("sobota"),
    gettext_lazy("neděle"),
)
_ON_WEEKDAY = (
    gettext_lazy("v pondělí"),
    gettext_lazy("v úterý"),
    gettext_lazy("ve středu"),
    gettext_lazy("ve čtvrtek"),
    gettext_lazy("v pátek"),
    gettext_lazy("v sobotu"),
    gettext_lazy("v neděli"),
)
_FOR_WEEKDAY = (
    gettext_lazy("na pondělí"),
    gettext_lazy("na úterý"),
    gettext_lazy("na středu"),
    gettext_lazy("na čtvrtek"),
    gettext_lazy("na pátek"),
    gettext_lazy("na sobotu"),
    gettext_lazy("na neděli"),
)
# The hours that are said with "ve": dvě, tři, čtyři, dvanáct, třináct, čtrnáct, dvacet and on.
_VE_HOURS = frozenset({2, 3, 4, 12, 13, 14, 20, 21, 22, 23})
_MONTHS = (
    gettext_lazy("ledna"),
    gettext_lazy("února"),
    gettext_lazy("března"),
    gettext_lazy("dubna"),
    gettext_lazy("května"),
    gettext_lazy("června"),
    gettext_lazy("července"),
    gettext_lazy("srpna"),
    gettext_lazy("září"),
    gettext_lazy("října"),
    gettext_lazy("listopadu"),
    gettext_lazy("prosince"),
)
_MONTHS_ALONE = (
    gettext_lazy("leden"),
    gettext_lazy("únor"),
    gettext_lazy("březen"),
    gettext_lazy("duben"),
    gettext_lazy("květen"),
    gettext_lazy("červen"),
    gettext_lazy("červenec"),
    gettext_lazy("srpen"),
    pgettext_lazy("měsíc", "září"),
    gettext_lazy("říjen"),
    gettext_lazy("listopad"),
    gettext_lazy("prosinec"),
)
_NBSP = "\u00a0"


def format_day(on: date) -> str:
    """Return `pondělí 10. 8. 2026`, never broken over two lines; in English `Monday 10 August 2026`.

    The weekday is whole: `po 10. 8.` also reads as "after 10 August", and `ne 16. 8.` as "not on 16 August".
    """
    return _format_day(on, WEEKDAYS)


def in_heading(day: str) -> str:
    """Return a day in words as a heading shows it: on a narrow screen its date begins a new line."""
    return re.sub(f"{_NBSP}(?=[0-9])", " ", day, count=1)


def format_on_day(on: date) -> str:
    """Return `v pondělí 10. 8. 2026`; in English `on Monday 10 August 2026`."""
    return _format_day(on, _ON_WEEKDAY)


def format_for_day(on: date) -> str:
    """Return `na pondělí 10. 8. 2026`; in English `for Monday 10 August 2026`."""
    return _format_day(on, _FOR_WEEKDAY)


def format_date(on: date) -> str:
    """Return `10. 8. 2026`; in English `10 August 2026`."""
    parts = {"day": on.day, "month": on.month, "name": _MONTHS[on.month - 1], "year": on.year}
    return _("{day}. {month}. {year}").format(**parts).replace(" ", _NBSP)


def _format_day(on: date, weekdays: Sequence[str | Promise]) -> str:
    # The pattern of a date is translated too; each language uses the parts it writes.
    return _("{weekday} {date}").format(weekday=weekdays[on.weekday()], date=format_date(on)).replace(" ", _NBSP)


def format_short_day(on: date) -> str:
    """Return `pondělí 10. 8.`, for a day whose year is plain; in English `Monday 10 August`."""
    parts = {"weekday": WEEKDAYS[on.weekday()], "day": on.day, "month": on.month, "name": _MONTHS[on.month - 1]}
    return _("{weekday} {day}. {month}.").format(**parts).replace(" ", _NBSP)


def format_initials(on: date) -> str:
    """Return the weekday in two letters, `po`; in English `Mo`. Only for a row of all days of one week.

    Elsewhere `po` reads as "after": see `format_day`.
    """
    return str(WEEKDAYS[on.weekday()])[:2]


def format_month(on: date) -> str:
    """Return the month of a day: `srpen 2026`."""
    return f"{_MONTHS_ALONE[on.month - 1]}{_NBSP}{on.year}"


def format_days(first: date, last: date) -> str:
    """Return one day, or a range of days with both ends."""
    return format_day(first) if first == last else f"{format_day(first)} – {format_day(last)}"


def format_time(at: time) -> str:
    """Return `8:00`."""
    return f"{at.hour}:{at:%M}"


def format_at_time(at: time) -> str:
    """Return `v 8:00` or `ve 14:00`, as the hour is said; in English `at 8:00`."""
    words = _("ve %(time)s") if at.hour in _VE_HOURS else _("v %(time)s")
    return (words % {"time": format_time(at)}).replace(" ", _NBSP)


def format_start(day: date, at: time) -> str:
    """Return a start as `pondělí 10. 8. 2026 ve 14:00`."""
    return f"{format_day(day)} {format_at_time(at)}"


def format_for_start(day: date, at: time) -> str:
    """Return a start as `na pondělí 10. 8. 2026 ve 14:00`."""
    return f"{format_for_day(day)} {format_at_time(at)}"


def format_counter(title: str) -> str:
    """Return a counter's name for "D1 → přepážka 3": a number, or our word with one, gets the word; others stay."""
    number = re.fullmatch(r"(?:přepážka\s*)?(\d{1,3})", title.strip(), re.IGNORECASE)
    return _("přepážka %(number)s") % {"number": number[1]} if number else title


def format_counter_title(title: str) -> str:
    """Return the same where it stands alone or begins a sentence: "Přepážka 3"."""
    return capfirst(format_counter(title))


def format_bring(service: Service | None) -> str:
    """Return what to bring for a service in the language of the page, "" where the office did not write it."""
    return service.bring_in(get_language() or settings.LANGUAGE_CODE) if service else ""


def format_time_range(since: time, until: time) -> str:
    """Return `8:00–11:30`."""
    return f"{format_time(since)}–{format_time(until)}"


def format_count(count: int, one: str | Promise, few: str | Promise, many: str | Promise) -> str:
    """Return the count with the right form of the noun: 1 den, 2 dny, 5 dní; the forms are already translated."""
    noun = one if count == 1 else few if count in (2, 3, 4) else many
    return f"{count}{_NBSP}{noun}"


def format_booking_count(count: int) -> str:
    """Return `2 objednávky`, in the accusative."""
    return format_count(
        count, pgettext("jednu", "objednávku"), pgettext("dvě", "objednávky"), pgettext("pět", "objednávek")
    )


def format_message_count(count: int) -> str:
    """Return `2 zprávy`."""
    return format_count(count, pgettext("jedna", "zpráva"), pgettext("dvě", "zprávy"), pgettext("pět", "zpráv"))


def format_character_count(count: int) -> str:
    """Return `2 znaky`, in the accusative."""
    return format_count(count, pgettext("jeden", "znak"), pgettext("dva", "znaky"), pgettext("pět", "znaků"))


def format_day_count(count: int) -> str:
    """Return `2 dny`, as a duration."""
    return format_count(count, pgettext("jeden", "den"), pgettext("dva", "dny"), pgettext("pět", "dní"))


def format_duration(minutes: int) -> str:
    """Return a duration: in whole days or hours when possible, otherwise in minutes."""
    if minutes % (24 * 60) == 0:
        return format_day_count(minutes // (24 * 60))
    if minutes % 60 == 0:
        return format_count(minutes // 60, _("hodinu"), _("hodiny"), pgettext("pět", "hodin"))
    return format_count(minutes, _("minutu"), _("minuty"), pgettext("pět", "minut"))


def format_until(minutes: int) -> str:
    """Return a duration behind "do", in the genitive: do `2 hodin`, do `15 minut`; in English within `2 hours`."""
    if minutes % 60 == 0:
        return _format_genitive(minutes // 60, pgettext("do jedné", "hodiny"), pgettext("pět", "hodin"))
    return _format_genitive(minutes, pgettext("do jedné", "minuty"), pgettext("pět", "minut"))


def format_after(minutes: int) -> str:
    """Return minutes behind "po", in the locative: po `1 minutě`, po `5 minutách`."""
    return format_count(
        minutes, pgettext("po jedné", "minutě"), pgettext("po pěti", "minutách"), pgettext("po pěti", "minutách")
    )


def _format_genitive(count: int, one: str, more: str) -> str:
    return format_count(count, one, more, more)


def join_words(words: Sequence[str]) -> str:
    """Return `Doklady, Evidence obyvatel a Matrika`."""
    *others, last = words
    return _("%(others)s a %(last)s") % {"others": ", ".join(others), "last": last} if others else last


def format_phone(e164: str) -> str:
    """Return `+420 739 547 765`; an invalid number stays as it is."""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace(" ", _NBSP)


def format_office_phone(office: Office) -> str:
    """Return the number that people text, "" for an office without one."""
    return format_phone(office.numbers[0]) if office.numbers else ""
