"""The loud laws: a question, a refusal or a condition inside a booking message, and words that name no day."""

from typing import Literal

from prepazka.sms.understand.lexicon import VOCABULARY, Lexicon
from prepazka.sms.understand.written import Written

Loud = Literal["question", "refusal", "condition"]

_SUNDAY = frozenset(word for word, day in VOCABULARY.days.items() if day == "sunday")


# docs/spec/conversation.md §2: "inside a booking message never books"
def loud(text: str, lexicon: Lexicon) -> Loud | None:
    """Whether a text asks, refuses or makes a condition; text: with the certain repairs made."""
    written = Written(text)
    known, words = lexicon.common, written.words
    spare = {i for one in known.lists["after_command"].all(written) for i in range(one.first, one.end)}
    keys = [word.key for word in words[1:]]
    if known.lists["refusals"].all(written)[:1] and _beyond_command(written, lexicon, "refusals"):
        return "refusal"
    for i, key in enumerate(keys, start=1):
        if key in known.negations and not (key in _SUNDAY and _before_figure(written, i)):
            return "refusal"
    if _beyond_command(written, lexicon, "conditions"):
        return "condition"
    if "?" in text or _beyond_command(written, lexicon, "questions"):
        return "question"
    if any(key in known.questions for i, key in enumerate(keys, start=1) if i not in spare):
        return "question"
    return None


def names_no_day(text: str, lexicon: Lexicon) -> bool:
    """Whether a text has words of time that no value accounts for; text: with all repairs made."""
    known = lexicon.common
    return any(
        word.key in known.time and word.key not in VOCABULARY.days and word.key not in VOCABULARY.after_at
        for word in Written(text).words[1:]
    )


def _beyond_command(written: Written, lexicon: Lexicon, key: str) -> bool:
    return any(one.first > 0 for one in lexicon.common.lists[key].all(written))


def _before_figure(written: Written, i: int) -> bool:
    return i + 1 < len(written.words) and written.words[i + 1].key.isdecimal()
