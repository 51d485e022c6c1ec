"""Filling a reply text with values so that it stays within its parts."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from prepazka.sms import alphabets

_CUTTABLE = {"name": 20, "reason": 20, "agenda": 20, "token": 12, "office": 20, "bring": 120}
"""Values that may be cut where a text would not fit otherwise, and to how many units at the least.

Codes, dates, times and messages to send are never cut.
"""

_CUTTABLE_IN_UCS2 = {"bring": 40, "address": 30, "contact": 30}
"""Values that fit whole in GSM 03.38, and may have to be cut where the language needs UCS-2."""


# docs/spec/messages.md §5.1: "Where a text would not fit, what is only added falls away, then names, reasons, the
# office's name and repeated tokens are cut, as little as needed."
def filled(template: str, values: Mapping[str, str], parts: int, extras: Sequence[str] = ()) -> str:
    """Fill a folded template with folded values; where it would not fit, leave out extras, then cut names and reasons.

    Longer than its parts only if there is nothing left to cut.
    """
    text, values, fitting = _without_extras(template, values, parts, extras)
    if fitting:
        return text
    alphabet = alphabets.of(text)
    cuttable = _CUTTABLE if alphabet is alphabets.GSM else _CUTTABLE | _CUTTABLE_IN_UCS2
    for name, least in cuttable.items():
        if name not in values:
            continue
        over = alphabet.units(text) - alphabet.room(parts)
        if over <= 0:
            break
        used = template.count(f"{{{name}}}")
        if used:
            room = max(least, alphabet.units(values[name]) - -(-over // used))
            values = {**values, name: alphabet.cut(values[name], room)}
            text = template.format_map(values)
    return text


def whole(template: str, values: Mapping[str, str], parts: int, extras: Sequence[str] = ()) -> str:
    """Fill a folded template with folded values and cut none; where it would not fit, leave out extras."""
    return _without_extras(template, values, parts, extras).text


class _Filled(NamedTuple):
    """A filled template, with the values that are left, and whether it fits."""

    text: str
    values: Mapping[str, str]
    fits: bool


def _without_extras(template: str, whole_values: Mapping[str, str], parts: int, extras: Sequence[str]) -> _Filled:
    """Leave out as few extras as need be, of two the earlier one; all where nothing helps."""
    values, text = whole_values, template.format_map(whole_values)
    fitting = fits(text, parts)
    for count in range(1, len(extras) + 1):
        for left_out in combinations(extras, count):
            if fitting:
                return _Filled(text, values, fitting)
            values = {**whole_values, **dict.fromkeys(left_out, "")}
            text = template.format_map(values)
            fitting = fits(text, parts)
    return _Filled(text, values, fitting)


def fits(text: str, parts: int) -> bool:
    """Whether a folded text goes into so many parts."""
    return alphabets.of(text).parts(text) <= parts
