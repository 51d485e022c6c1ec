"""The repair of last resort: words that say nothing of the wish, left out; and which words might be the name."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from prepazka.sms.understand.lexicon import TAKING_CODE, Lexicon
from prepazka.sms.understand.name_shape import VIETNAMESE_MIDDLE
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair import ALL, Repair, spaced
from prepazka.sms.understand.written import Word, Written

_FIGURE_LETTERS = frozenset("OIL")
"""The letters people type for 0 and 1."""


class Run(NamedTuple):
    """Words that might be a name: from `first` to before `end`; listed: how many of them are in a list of names."""

    first: int
    end: int
    listed: int


def _other_words(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """Words that say nothing of the wish, left out; of several runs of words that might be a name, one is kept.

    The last run with a listed name is kept; without one nothing is left out, nor is a run with a listed name, or one
    behind a word such as "po". A word of time, a number, a question, a negation, a condition or a person never is.
    """
    words = written.words
    head = _head(written, lexicon)
    if not head:
        return
    unknown = droppable(written, head, lexicon)
    runs = runs_of(written, head, unknown, lexicon)
    dropped = set(unknown)
    if runs and not any(run.listed for run in runs):
        return
    bound = lexicon.common.words("after", "vague")
    long_days = _of_long_days(written, lexicon)
    for run in runs:
        if not long_days.isdisjoint(range(run.first, run.end)):
            return
        dropped -= set(range(run.first, run.end))
        if not run.listed and words[run.first - 1].key not in bound:
            dropped |= set(range(run.first, run.end))
    if dropped:
        changes = {(words[i].start, words[i].end): " " for i in dropped}
        yield spaced(written.replaced(changes))


def _head(written: Written, lexicon: Lexicon) -> int:
    """How many words the command and the service take; 0 where the message does not begin with them."""
    words = written.words
    if len(words) < 2:
        return 0
    name = VOCABULARY.commands.get(words[0].key)
    if name in TAKING_CODE:
        return 1
    service = lexicon.services.at(written, 1) if name else None
    return service.end if service else 0


def droppable(written: Written, head: int, lexicon: Lexicon) -> list[int]:
    """The words from word `head` on that say nothing of the wish; a part of a hyphened word is none."""
    known, words = lexicon.common, written.words
    silent = known.silent
    spare = VOCABULARY.before.keys()
    long_days = _of_long_days(written, lexicon)
    return [
        i
        for i in range(head, len(words))
        if words[i].key in silent
        and not written.is_part(i, i + 1)
        and not (words[i].key in spare and i + 1 < len(words) and words[i + 1].key.isdecimal())
        and words[i].key not in lexicon.codes
        and len(words[i].key) > 1
        and i not in long_days
    ] + [
        i
        for i in range(head, len(words))
        if words[i].key in {"K", "S", "Z", "A", "I", "O", "U"} and _lone(words, i, silent)
    ]


def _of_long_days(written: Written, lexicon: Lexicon) -> set[int]:
    """The words of days that are said with several ("thứ bảy"): they change what the first of them says alone."""
    return {i for one in lexicon.common.long_days.all(written) for i in range(one.first, one.end)}


def _lone(words: Sequence[Word], i: int, silent: frozenset[str]) -> bool:
    """Whether a single letter is a preposition: a word that is left out follows."""
    return i + 1 < len(words) and words[i + 1].key in silent


def runs_of(written: Written, head: int, unknown: Sequence[int], lexicon: Lexicon) -> list[Run]:
    """The runs of words from word `head` on that might be a name; unknown: words that are part of none."""
    words = written.words
    skipped = set(unknown)
    named = lexicon.names.names
    runs: list[Run] = []
    i = head
    while i < len(words):
        first = i
        while i < len(words) and (_may_be_of_name(words, i, skipped, lexicon) or _vietnamese(words, first, i, lexicon)):
            if i > first and any(c in ",;!" for c in written.key[words[i - 1].end : words[i].start]):
                break
            i += 1
        if i > first:
            listed = sum(word.key in named.surnames or word.key in named.given for word in words[first:i])
            runs.append(Run(first, i, listed))
        else:
            i += 1
    return runs


def _may_be_of_name(words: Sequence[Word], i: int, skipped: set[int], lexicon: Lexicon) -> bool:
    known = lexicon.common
    key = words[i].key
    return (
        i not in skipped
        and key[0].isalpha()
        and (key not in known.meaningful or is_given_month(words, i, lexicon))
        and key not in VOCABULARY.special
        and key not in lexicon.codes
        and not _belongs_to_figure(words, i)
        and not (key in known.function_words and not is_listed(key, lexicon))
        and key not in known.words("vague")
    )


def is_given_month(words: Sequence[Word], i: int, lexicon: Lexicon) -> bool:
    """Whether a month is rather a given name: "10.9. June Smithson", but not "10. June Smithson"."""
    named = lexicon.names
    if not (is_bare_month(words, i, lexicon) and words[i].key in named.names.given and i + 1 < len(words)):
        return False
    behind = words[i + 1].key
    return behind[0].isalpha() and behind not in named.senses and not is_bound(words, i, lexicon)


def is_bound(words: Sequence[Word], i: int, lexicon: Lexicon) -> bool:
    """Whether a word of time says when, by the word before it: "v srpnu", "příští pátek"."""
    before = words[i - 1].key if i else ""
    return before in lexicon.common.function_words or before in lexicon.common.words("vague")


def is_bare_month(words: Sequence[Word], i: int, lexicon: Lexicon) -> bool:
    """Whether word `i` is a month without a day of its own; in "10.9. June" the day has its month already."""
    dated = words[i - 1].key.isdecimal() and not (i > 1 and words[i - 2].key.isdecimal()) if i else False
    return words[i].key in lexicon.names.months and not dated


def is_weekday(key: str, lexicon: Lexicon) -> bool:
    """Whether a word is a weekday by which people are called too (Sobota, Freitag)."""
    return key in lexicon.common.weekdays


def _vietnamese(words: Sequence[Word], first: int, i: int, lexicon: Lexicon) -> bool:
    """Whether a word goes on a Vietnamese name, almost every word of which is a small word elsewhere ("Thi Na")."""
    named = lexicon.names.names
    if i == first or words[first].key not in named.vietnamese_surnames:
        return False
    last = i == first + 2 and words[first + 1].key in VIETNAMESE_MIDDLE and words[i].key.isalpha()
    return words[i].key in named.vietnamese or (last and not _before_figure(words, i))


def _before_figure(words: Sequence[Word], i: int) -> bool:
    return i + 1 < len(words) and words[i + 1].key.isdecimal()


def is_listed(key: str, lexicon: Lexicon) -> bool:
    """Whether a word is in a list of names."""
    named = lexicon.names.names
    return len(key) > 1 and (key in named.surnames or key in named.given)


def _belongs_to_figure(words: Sequence[Word], i: int) -> bool:
    """Whether a word is part of a number, as in "2x", "2 x", "14h" and "x7"."""
    before = words[i - 1] if i else words[i]
    behind = words[i + 1] if i + 1 < len(words) else words[i]
    figures = set(words[i].key) <= _FIGURE_LETTERS and words[i].start - before.end <= 1  # "l4.lO."
    ends = before.key.isdecimal() and (before.end == words[i].start or words[i].key == "X" or figures)
    return ends or (behind.key.isdecimal() and words[i].end == behind.start)


DOUBTFUL = (
    Repair("other_words", "docs/spec/conversation.md §2", "doubtful", ALL, _other_words, (
        ("OBJ ZCD viz 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD k vám 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ mezera ZOP", "OBJ mezera ZOP"),
    )),
)  # fmt: skip
