"""Another time, said in answer to what was read back: "ne, radši v 11", "ano, ale raději ve čtvrtek v 9".

Only a text of nothing but such words, a day and a time: every word is accounted for.
"""

import re
from datetime import date, time
from typing import NamedTuple

from prepazka.sms.understand.attempts import repaired
from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.values_found import values
from prepazka.sms.understand.written import Written

_LONGEST = 80
_HOUR = re.compile(r"(?<!\w)(V|VE|NA|O|AT|UM|В|О)\s(\d|1\d|2[0-3])(?:\s?(?:H|HOD|HODIN))?(?![\w:/]|\s?\.\s?\d|\.\s*\w)")
_DATED = re.compile(r"\d{1,2}\s?\.\s?\d{1,2}|\d[/-]\d", re.ASCII)


class Rather(NamedTuple):
    """The day and the time that were said instead; None: it stays as it was."""

    day: date | None
    at: time | None


def rather(text: str, today: date, lexicon: Lexicon) -> Rather | None:
    """What a text says of another time; None for any other."""
    if len(text) > _LONGEST or not _is_only_that(Written(text), lexicon):
        return None
    made = _without_change(Written(repaired(text, lexicon).text), lexicon)
    made = Written(made).substitute(_HOUR, lambda found: f"{found[1].lower()} {int(found[2])}:00")
    found = values(made, today, refusable=False)
    day = found.day if isinstance(found.day, date) else None
    at = found.at if isinstance(found.at, time) else None
    says_time = found.at is not None or _says_hour(Written(made), lexicon)
    if found.unread or found.persons > 1 or (found.day is not None and day is None) or (says_time and at is None):
        return None
    return Rather(day, at) if day or at else None


def _without_change(written: Written, lexicon: Lexicon) -> str:
    """The text without the words of the change of mind, one of which ("about") would make the day another."""
    words = written.words
    said = lexicon.common.lists["rather"].all(written)
    changes = {(words[one.first].start, words[one.end - 1].end): " " for one in said}
    if words[0].key in _NO and not any(one.first == 0 for one in said):
        changes[words[0].start, words[0].end] = " "
    return written.replaced(changes)


def _is_only_that(written: Written, lexicon: Lexicon) -> bool:
    """Whether every word belongs to a day, a time, courtesy or a change of mind, and one of them says the last."""
    known, words = lexicon.common, written.words
    lists = ("rather", "pleasantries", "yes", "yes_or_thanks", "yes_words")
    spoken = [*(known.lists[key] for key in lists), known.clock]
    numbers = [known.numerals, known.ordinals]
    says_so = False
    i = 0
    while i < len(words):
        said = known.lists["rather"].at(written, i)
        says_so = says_so or said is not None
        found = said or next((one for table in spoken if (one := table.at(written, i))), None)
        number = next((figure for table in numbers if (figure := table.at(written, i))), None)
        end = found.end if found else number.end if number else 0
        key = words[i].key
        if not (end or key.isdecimal() or _says_when(key, lexicon) or key in _BESIDE):
            return False
        i = end or i + 1
    return says_so


_NO = frozenset(("NE", "NIE", "NO"))
"""A no at the beginning; "ne" is short for Sunday too."""

_BESIDE = frozenset(("ANO", "NE", "NIE", "YES", "NO", "A", "TAK", "BY", "TO", "SE", "MI", "HO", "JE"))
"""Words that may stand beside, and say nothing by themselves."""


def _says_when(key: str, lexicon: Lexicon) -> bool:
    known = lexicon.common
    return key in VOCABULARY.days or key in known.days or key in known.months or key in VOCABULARY.before


def _says_hour(written: Written, lexicon: Lexicon) -> bool:
    """Whether an hour stands in a text that no time was read from."""
    rest = Written(_DATED.sub(" ", written.key))
    return any(word.key.isdecimal() or lexicon.common.numerals.at(rest, i) for i, word in enumerate(rest.words))
