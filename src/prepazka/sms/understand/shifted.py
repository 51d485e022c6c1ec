"""A time that is said by another one: "o hodinu později", "přesuňte to o půl hodiny dřív".

Only a text of nothing but such words, and those of a wish to move: every word is accounted for.
"""

from typing import NamedTuple

from prepazka.sms.understand.lexicon import common
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.written import Written

_LONGEST = 80
_BESIDE = (
    "beside_times", "rather", "pleasantries", "move", "cancel_words", "after_command", "yes", "yes_words", "free_asked",
)  # fmt: skip
_SMALL = frozenset(("O", "BY", "UM", "НА", "A", "AN", "O", "TO", "IT", "ES", "MOVE", "ЦЕ", "IHO"))
_BY, _POSTPONED = " O ", "POSUN"
_MOST = 60 * 24 * 60


class Shift(NamedTuple):
    """By how many minutes, earlier ones negative, and the language it is said in."""

    minutes: int
    language: str


def shifted(text: str) -> Shift | None:
    """By how much another time is wanted than the one that is spoken of; None for any other text."""
    if len(text) > _LONGEST:
        return None
    written, known = Written(text), common()
    later, amount, number = 0, 0, 1
    language = ""
    i, words = 0, written.words
    while i < len(words):
        counted, spoken = known.amounts.at(written, i), known.numerals.at(written, i)
        earlier = known.lists["earlier"].at(written, i) or known.lists["earlier_by"].at(written, i)
        after = known.lists["later"].at(written, i)
        if counted and not amount:
            amount, i = counted.value, counted.end
        elif (words[i].key.isdecimal() or spoken) and not amount and number == 1:
            number = int(words[i].key[:4]) if words[i].key.isdecimal() else spoken.value if spoken else 1
            i = i + 1 if words[i].key.isdecimal() or not spoken else spoken.end
        elif (earlier or after) and not later:
            said = earlier or after
            later, i, language = (-1 if earlier else 1), (said.end if said else i + 1), said.value if said else ""
        elif beside := [one.end for key in _BESIDE if (one := known.lists[key].at(written, i))]:
            i = max(beside)
        elif words[i].key in _SMALL or VOCABULARY.commands.get(words[i].key) == "move":
            i += 1
        else:
            return None
    if not later and _BY in written.key and any(word.key.startswith(_POSTPONED) for word in words):
        later = 1  # "posunout o den"
    minutes = later * number * amount
    return Shift(minutes, language) if 0 < abs(minutes) <= _MOST else None
