"""Repairs of the words around the values: courtesy, signatures, labels, persons, "as soon as possible", other words."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from prepazka.sms.understand.lexicon import VOCABULARY, Lexicon
from prepazka.sms.understand.repair import ALL, Repair, spaced
from prepazka.sms.understand.written import Word, Written

_SOURCE = "docs/spec/conversation.md §2"

_FIGURES = re.compile(r"\d[.:]\d|\d{3}|\d\s?H")
_NUMBER_PERSONS = re.compile(r"(?<![\d.:,/])([1-9])\s?(?=[^\W\d_])")
_X_FIRST = re.compile(r"(?<!\w)[X×]\s?([1-9])(?!\w|\.\d|:)")
_AROUND = " ,;:!.-–\n\t"
_PHONE = re.compile(r"\W*\+?\d[\d ]{7,}\W*$")
_TRAILING = re.compile(r"[\s,;:!.-]*")


def _courtesy(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """Courtesy anywhere, a phone's signature, and a name repeated under a letter's greeting."""
    known = lexicon.common.lists
    text = written.text
    for one in known["signatures"].all(written):
        rest = written.words[one.end :]
        if one.first and len(rest) <= 4 and not any(word.key.isdecimal() and len(word.key) > 2 for word in rest):
            text = text[: written.words[one.first].start].rstrip(_AROUND[1:] + " ")
            break
    text = _without_greeting(Written(text), lexicon)
    written = Written(text)
    changes = {}
    for phrase in known["pleasantries"].all(written):
        start, end = written.words[phrase.first].start, written.words[phrase.end - 1].end
        end = _TRAILING.match(written.key, end).end()  # type: ignore[union-attr] # matches always
        changes[start, end] = " "
    yield spaced(written.replaced(changes)) if changes else text


def _without_greeting(written: Written, lexicon: Lexicon) -> str:
    """The text without "S pozdravem Svoboda" where the name stands before too; without the greeting otherwise."""
    words = written.words
    for one in lexicon.common.lists["greetings"].all(written):
        if not one.first:
            continue
        name = [word.key for word in words[one.end :]]
        earlier = [word.key for word in words[: one.first]]
        start = words[one.first].start
        before = written.text[:start].rstrip(_AROUND)
        if not name or (len(name) <= 3 and set(name) <= set(earlier)):
            return before
        return f"{before} {written.text[words[one.end].start :]}"
    return written.text


def _soonest(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "co nejdriv": says nothing beside a message without a day and a time."""
    if _FIGURES.search(written.key) or any(word.key in VOCABULARY.days for word in written.words[1:]):
        return
    found = lexicon.common.lists["soonest"].all(written)
    if found:
        words = written.words
        changes = {(words[one.first].start, words[one.end - 1].end): " " for one in found}
        yield spaced(written.replaced(changes))


def _persons(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "dve osoby", "dvakrat", "pro 2 lidi", "x2": as "2x"."""
    known, words = lexicon.common, written.words
    found = _X_FIRST.search(written.key)
    if found:
        yield written.replaced({found.span(): f"{found[1]}x"})
        return
    for i, word in enumerate(words):
        times = known.times.at(written, i)
        numeral = known.numerals.at(written, i)
        if times:
            number, end = times.value, times.end
        elif numeral and numeral.end < len(words) and words[numeral.end].key in known.person_words:
            number, end = numeral.value, numeral.end + 1
        elif (
            len(word.key) == 1
            and word.key.isdecimal()
            and i + 1 < len(words)
            and words[i + 1].key in known.person_words
        ):
            number, end = int(word.key), i + 2
        else:
            continue
        if not 1 <= number <= 9:
            return
        first = i - 1 if i and words[i - 1].key in known.before_persons else i
        yield written.replaced({(words[first].start, words[end - 1].end): f"{number}x"})
        return


def _labels(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "datum: 12.8. čas: 9:15 jméno: Svoboda": the words before the values."""
    words = written.words
    changes = {}
    for one in lexicon.common.labels.all(written):
        if one.end >= len(words) or not one.first:
            continue
        after = words[one.end].key
        figure = after.isdecimal()
        known = lexicon.services.at(written, one.end)
        fits = (
            (one.value in {"day", "at"} and (figure or after in VOCABULARY.days))
            or (one.value == "service" and known is not None)
            or (one.value == "name" and not figure and not known and after not in lexicon.common.meaningful)
        )
        if fits:
            changes[words[one.first].start, words[one.end].start] = ""
    if changes:
        yield written.replaced(changes)


def _phone(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "tel. 777123456" at the end: the number the message comes from is known."""
    words = written.words
    for one in lexicon.common.labels.all(written):
        if one.value == "phone" and one.first and _PHONE.match(written.key, words[one.end - 1].end):
            yield written.text[: words[one.first].start].rstrip(_AROUND[:4] + "\n")
            return


def _named_twice(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "SVOBODA …, Svoboda": the same name again at the end."""
    words = written.words
    for length in (2, 1):
        if len(words) > 2 * length:
            last = [word.key for word in words[-length:]]
            earlier = [word.key for word in words[1:-length]]
            repeated = any(earlier[i : i + length] == last for i in range(len(earlier)))
            if repeated and all(key.isalpha() and len(key) > 2 and key not in lexicon.codes for key in last):
                yield written.text[: words[-length].start].rstrip(_AROUND[:6])
                return


class Run(NamedTuple):
    """Words that might be a name: from `first` to before `end`; listed: how many of them are in a list of names."""

    first: int
    end: int
    listed: int


def _other_words(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """Words that say nothing of the wish, left out; of several runs of words that might be a name, one is kept.

    The run with the most listed names, the last of those; a run with a listed name is never left out. A word of time,
    a number, a question, a negation, a condition or a person is never left out.
    """
    words = written.words
    head = _head(words, lexicon)
    if not head:
        return
    unknown = droppable(words, head, lexicon)
    runs = runs_of(written, head, unknown, lexicon)
    dropped = set(unknown)
    if len(runs) > 1:
        kept = max(runs, key=lambda run: (run.listed > 0, run.first))
        for run in runs:
            if run != kept and not run.listed:
                dropped |= set(range(run.first, run.end))
    if dropped:
        changes = {(words[i].start, words[i].end): " " for i in dropped}
        yield spaced(written.replaced(changes))


def _head(words: Sequence[Word], lexicon: Lexicon) -> int:
    """How many words the command and the service take; 0 where the message does not begin with them."""
    if len(words) < 2:
        return 0
    name = VOCABULARY.commands.get(words[0].key)
    if name in {"cancel", "move"}:
        return 1
    return 2 if name and words[1].key in lexicon.codes else 0


def droppable(words: Sequence[Word], head: int, lexicon: Lexicon) -> list[int]:
    """The words from word `head` on that say nothing of the wish."""
    known = lexicon.common
    silent = (known.function_words | known.words("fillers", "after_command")) - known.meaningful - known.words("vague")
    spare = VOCABULARY.before.keys()
    return [
        i
        for i in range(head, len(words))
        if words[i].key in silent
        and not (words[i].key in spare and i + 1 < len(words) and words[i + 1].key.isdecimal())
        and words[i].key not in lexicon.codes
        and len(words[i].key) > 1
    ] + [
        i
        for i in range(head, len(words))
        if words[i].key in {"K", "S", "Z", "A", "I", "O", "U"} and _lone(words, i, silent)
    ]


def _lone(words: Sequence[Word], i: int, silent: frozenset[str]) -> bool:
    """Whether a single letter is a preposition: a word that is left out follows."""
    return i + 1 < len(words) and words[i + 1].key in silent


def runs_of(written: Written, head: int, unknown: Sequence[int], lexicon: Lexicon) -> list[Run]:
    """The runs of words from word `head` on that might be a name; unknown: words that are part of none."""
    words, known = written.words, lexicon.common
    skipped = set(unknown)
    named = lexicon.names.names
    runs: list[Run] = []
    i = head
    while i < len(words):
        first = i
        while (
            i < len(words)
            and i not in skipped
            and words[i].key[0].isalpha()
            and words[i].key not in known.meaningful
            and words[i].key not in VOCABULARY.special
            and words[i].key not in lexicon.codes
            and not _belongs_to_figure(words, i)
            and not (words[i].key in known.function_words and not _is_listed(words[i].key, lexicon))
            and not (i > first and any(c in ",;!" for c in written.key[words[i - 1].end : words[i].start]))
        ):
            i += 1
        if i > first:
            listed = sum(word.key in named.surnames or word.key in named.given for word in words[first:i])
            runs.append(Run(first, i, listed))
        else:
            i += 1
    return runs


def _is_listed(key: str, lexicon: Lexicon) -> bool:
    named = lexicon.names.names
    return len(key) > 1 and (key in named.surnames or key in named.given)


def _belongs_to_figure(words: Sequence[Word], i: int) -> bool:
    """Whether a word is the end of a number, as in "2x", "2 x" and "14h"."""
    before = words[i - 1]
    return i > 0 and before.key.isdecimal() and (before.end == words[i].start or words[i].key == "X")


CERTAIN = (
    Repair("courtesy", _SOURCE, "certain", ALL, _courtesy, (
        ("Vazeny urade, OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("Re: OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA Odesláno z iPhonu", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA dik", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA Mějte se hezky", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA S pozdravem Svoboda", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 S pozdravem Svoboda", "OBJ ZCD 12.8. 9:15 Svoboda"),
    )),
    Repair("soonest", _SOURCE, "certain", ALL, _soonest, (
        ("OBJ ZCD SVOBODA co nejdriv", "OBJ ZCD SVOBODA"),
        ("OBJ ZCD nejbližší termín SVOBODA", "OBJ ZCD SVOBODA"),
        ("BOOK ZCD SMITH asap", "BOOK ZCD SMITH"),
        ("OBJ ZCD 12.8. hned SVOBODA", "OBJ ZCD 12.8. hned SVOBODA"),
    )),
)  # fmt: skip

DOUBTFUL = (
    Repair("persons_in_words", _SOURCE, "doubtful", ALL, _persons, (
        ("OBJ ZCD 12.8. 9:15 SVOBODA dve osoby", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA dvakrat", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA x2", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA pro 2 lidi", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
    )),
    Repair("phone_number", _SOURCE, "doubtful", ALL, _phone, (
        ("OBJ ZCD 12.8. 9:15 SVOBODA tel. 777123456", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("name_repeated", _SOURCE, "doubtful", (), _named_twice, (
        ("OBJ ZCD 12.8. 9:15 SVOBODA, Svoboda", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("labels", _SOURCE, "doubtful", ALL, _labels, (
        ("OBJ ZCD datum 12.8. cas 9:15 jmeno SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("other_words", _SOURCE, "doubtful", ALL, _other_words, (
        ("OBJ ZCD viz 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD k vám 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ mezera ZOP", "OBJ mezera ZOP"),
    )),
)  # fmt: skip
