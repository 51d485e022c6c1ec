"""The loud laws: a question, a refusal or a condition inside a booking message, and words that name no day."""

from typing import Literal

from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.written import Span, Written

Loud = Literal["question", "refusal", "condition"]

_SUNDAY = frozenset(word for word, day in VOCABULARY.days.items() if day == "sunday")
_KINDS: tuple[tuple[str, Loud], ...] = (
    ("refusals", "refusal"),
    ("conditions", "condition"),
    ("questions", "question"),
)


def loud(text: str, lexicon: Lexicon) -> Loud | None:
    """Whether the words of a text ask, refuse or make a condition; text: with the certain repairs made."""
    written = Written(text)
    known, words = lexicon.common, written.words
    spare = {i for one in known.lists["after_command"].all(written) for i in range(one.first, one.end)}
    keys = [word.key for word in words[1:]]
    for key, kind in _KINDS:
        if _beyond_command(written, lexicon, key):
            return kind
    for i, key in enumerate(keys, start=1):
        if key in known.negations and not (key in _SUNDAY and _before_figure(written, i)):
            return "refusal"
    if any(key in known.questions for i, key in enumerate(keys, start=1) if i not in spare):
        return "question"
    return None


def before_condition(text: str, lexicon: Lexicon) -> str:
    """What a text says before its first condition; text: with the certain repairs made."""
    written = Written(text)
    found = _beyond_command(written, lexicon, "conditions")
    return written.text[: written.words[found[0].first].start].strip() if found else ""


def names_no_day(text: str, lexicon: Lexicon) -> bool:
    """Whether a text has words of time that no value accounts for; text: with all repairs made."""
    known = lexicon.common
    return any(
        word.key in known.time and word.key not in VOCABULARY.days and word.key not in VOCABULARY.after_at
        for word in Written(text).words[1:]
    )


def _beyond_command(written: Written, lexicon: Lexicon, key: str) -> list[Span[str]]:
    """The phrases of a list behind the first word; a part of a hyphened name is none."""
    found = lexicon.common.lists[key].all(written)
    return [one for one in found if one.first > 0 and not written.is_part(one.first, one.end)]


def _before_figure(written: Written, i: int) -> bool:
    return i + 1 < len(written.words) and written.words[i + 1].key.isdecimal()
