"""Texts that say only that it should be another time: "dřív to nejde?", "jindy", "až příští týden".

Only a text of nothing but such words: every word is accounted for.
"""

from typing import NamedTuple, get_args

from prepazka.core.booking.more_times import Other
from prepazka.sms.understand.lexicon import common
from prepazka.sms.understand.written import Span, Written

_LONGEST = 80
_KINDS: tuple[Other, ...] = get_args(Other)
_BESIDE = ("beside_times", "rather", "not_then", "pleasantries", "free_asked", "move", "cancel_words", "after_command")


class More(NamedTuple):
    """Which other times are meant, in which language."""

    other: Other
    language: str


def more_times(text: str) -> More | None:
    """Which other times a text asks for, and nothing else; None for any other text."""
    if len(text) > _LONGEST:
        return None
    written, lists = Written(text), common().lists
    found: More | None = None
    i, words = 0, written.words
    while i < len(words):
        said = [(kind, one) for kind in _KINDS if (one := lists[kind].at(written, i))]
        if said:
            kind, longest = max(said, key=lambda each: each[1].end)
            if found and found.other != kind:
                return None
            found, i = More(kind, longest.value), longest.end
            continue
        beside: list[Span[str]] = [one for key in _BESIDE if (one := lists[key].at(written, i))]
        if not beside:
            return None
        i = max(one.end for one in beside)
    return found
