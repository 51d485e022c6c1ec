"""Dates, times, counts and telephone numbers as pages write them, in the language of the page."""

from collections.abc import Sequence
from datetime import date, time

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

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


def day(on: date) -> str:
    """`po 10. 8. 2026`, never broken over two lines; in English `Mon 10 August 2026`."""
    # The pattern of a date is translated like any words; each language takes the pieces it writes.
    pieces = {"weekday": _SHORT[on.weekday()], "day": on.day, "month": on.month, "name": _MONTHS[on.month - 1]}
    return _("{weekday} {day}. {month}. {year}").format(**pieces, year=on.year).replace(" ", _NBSP)


def short_day(on: date) -> str:
    """`po 10. 8.`, of a day whose year is plain; in English `Mon 10 August`."""
    pieces = {"weekday": _SHORT[on.weekday()], "day": on.day, "month": on.month, "name": _MONTHS[on.month - 1]}
    return _("{weekday} {day}. {month}.").format(**pieces).replace(" ", _NBSP)


def month(of: date) -> str:
    """`srpen 2026`, the month of a day."""
    return f"{_MONTHS_ALONE[of.month - 1]}{_NBSP}{of.year}"


def days(first: date, last: date) -> str:
    """One day, or a range of days with both ends."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def clock(at: time) -> str:
    """`8:00`."""
    return f"{at.hour}:{at:%M}"


def stretch(since: time, until: time) -> str:
    """`8:00–11:30`."""
    return f"{clock(since)}–{clock(until)}"


def counted(count: int, one: str | Promise, few: str | Promise, many: str | Promise) -> str:
    """The count with the noun in the form it takes: 1 den, 2 dny, 5 dní; the forms come translated."""
    noun = one if count == 1 else few if count in (2, 3, 4) else many
    return f"{count}{_NBSP}{noun}"


def bookings(count: int) -> str:
    """`2 objednávky`, as what one may have."""
    return counted(count, pgettext("jednu", "objednávku"), pgettext("dvě", "objednávky"), pgettext("pět", "objednávek"))


def messages(count: int) -> str:
    """`2 zprávy`."""
    return counted(count, pgettext("jedna", "zpráva"), pgettext("dvě", "zprávy"), pgettext("pět", "zpráv"))


def in_days(count: int) -> str:
    """`2 dny`, as how long."""
    return counted(count, pgettext("jeden", "den"), pgettext("dva", "dny"), pgettext("pět", "dní"))


def lasting(minutes: int) -> str:
    """How long: whole days or hours where they are whole, otherwise minutes."""
    if minutes % (24 * 60) == 0:
        return in_days(minutes // (24 * 60))
    if minutes % 60 == 0:
        return counted(minutes // 60, _("hodinu"), _("hodiny"), pgettext("pět", "hodin"))
    return counted(minutes, _("minutu"), _("minuty"), pgettext("pět", "minut"))


def listed(words: Sequence[str]) -> str:
    """`Doklady, Evidence obyvatel a Matrika`."""
    *others, last = words
    return _("%(others)s a %(last)s") % {"others": ", ".join(others), "last": last} if others else last


def phone(e164: str) -> str:
    """`+420 739 547 765`; what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace(" ", _NBSP)
