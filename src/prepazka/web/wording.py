"""Formats dates, times, counts and telephone numbers for pages, in the language of the page."""

from collections.abc import Sequence
from datetime import date, time

import phonenumbers
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from prepazka.core.office.office import Service

WEEKDAYS = (
    gettext_lazy("pondělí"),
    gettext_lazy("úterý"),
    gettext_lazy("středa"),
    gettext_lazy("čtvrtek"),
    gettext_lazy("pátek"),
    gettext_lazy("sobota"),
    gettext_lazy("neděle"),
)
_SHORT = (
    pgettext_lazy("den", "po"),
    pgettext_lazy("den", "út"),
    pgettext_lazy("den", "st"),
    pgettext_lazy("den", "čt"),
    pgettext_lazy("den", "pá"),
    pgettext_lazy("den", "so"),
    pgettext_lazy("den", "ne"),
)
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
    """Return `po 10. 8. 2026`, never broken over two lines; in English `Mon 10 August 2026`."""
    # The pattern of a date is translated too; each language uses the parts it writes.
    parts = {"weekday": _SHORT[on.weekday()], "day": on.day, "month": on.month, "name": _MONTHS[on.month - 1]}
    return _("{weekday} {day}. {month}. {year}").format(**parts, year=on.year).replace(" ", _NBSP)


def format_short_day(on: date) -> str:
    """Return `po 10. 8.`, for a day whose year is plain; in English `Mon 10 August`."""
    parts = {"weekday": _SHORT[on.weekday()], "day": on.day, "month": on.month, "name": _MONTHS[on.month - 1]}
    return _("{weekday} {day}. {month}.").format(**parts).replace(" ", _NBSP)


def format_month(on: date) -> str:
    """Return the month of a day: `srpen 2026`."""
    return f"{_MONTHS_ALONE[on.month - 1]}{_NBSP}{on.year}"


def format_days(first: date, last: date) -> str:
    """Return one day, or a range of days with both ends."""
    return format_day(first) if first == last else f"{format_day(first)} – {format_day(last)}"


def format_time(at: time) -> str:
    """Return `8:00`."""
    return f"{at.hour}:{at:%M}"


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
