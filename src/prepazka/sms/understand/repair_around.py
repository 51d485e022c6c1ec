"""Repairs of what is said around a message: who comes along, and the marks of its parts."""

import re
from collections.abc import Iterator

from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair import Repair, spaced
from prepazka.sms.understand.written import Written

_SOURCE = "docs/spec/conversation.md §2"
_LANGUAGES = ("cs", "de", "en", "pl", "sk", "uk")
_MOST = 9
_JOINS = " ,;+&\n"
_FOR = frozenset(("PRO", "PRE", "FOR", "FUR", "DLA", "ДЛЯ"))
_SENDER = frozenset(
    ("ME", "MNE", "SEBE", "JA", "MNA", "SEBA", "MYSELF", "MICH", "MIR", "MNIE", "SIEBIE", "МЕНЕ", "СЕБЕ")
)
_COUNTED = re.compile(r"(?<![\w.:])([1-9])\s?[X×](?!\w)|(?<!\w)[X×]\s?([1-9])(?!\w|\.\d|:)")
_MARK = r"[(\[{]\s?([1-9])\s?(?:/|Z|OF|ZO|VON|З)\s?([1-9])\s?[)\]}]"
_MARKED_FIRST = re.compile(rf"^\s*(?:{_MARK}|([1-9])/([1-9])(?=[):]?\s))[\s:).-]*")
_MARKED_LAST = re.compile(rf"\s*{_MARK}\s*$")


_TITLE = re.compile(r"(?<![\w.])(PH|TH|LL|ART)\.\s?(D|M|B)(?!\w)\.?")
""" "Ph.D.", "Th. D.", "LL.M." """


def _whole(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "(1/1) OBJ ...": the mark of a message that is whole."""
    yield _without_mark(written, whole=True)


def _part(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "(1/2) OBJ ...": the mark of one of several parts, as phones and gateways write it."""
    yield _without_mark(written, whole=False)


def _without_mark(written: Written, *, whole: bool) -> str:
    for pattern in (_MARKED_FIRST, _MARKED_LAST):
        found = pattern.search(written.key)
        if not found:
            continue
        part, count = (int(each) for each in found.groups() if each)
        rest = f"{written.text[: found.start()]}{written.text[found.end() :]}"
        if part <= count and (count == 1) is whole and Written(rest).first in VOCABULARY.commands:
            return rest
    return written.text


def is_part(written: Written) -> bool:
    """Whether a text is marked as one of several parts."""
    return _without_mark(written, whole=False) != written.text


def _companions(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "s manželkou", "a syn": as so many persons; of several whose number is not said nothing is made."""
    known, words = lexicon.common, written.words
    found = [one for one in known.lists["companions"].all(written) if one.first > 1]
    many = known.words("companions_many")
    if not found or any(words[i].key in many for one in found for i in range(one.first, one.end)):
        return
    beside = known.words("beside_companion")
    changes: dict[tuple[int, int], str] = {}
    instead = False  # "pro syna": it is for him, and not for the sender too
    for one in found:
        first = one.first
        while first > 2 and words[first - 1].key in beside:
            first -= 1
        before = {word.key for word in words[first : one.first]}
        instead = instead or (not changes and bool(before & _FOR) and not before & _SENDER)
        start = words[first].start
        is_joined = first < one.first or "+" in written.key[words[first - 1].end : start]
        if written.is_part(one.first, one.end) or not (is_joined or changes):
            return  # "Svobodová, syn": rather whose it is
        start = len(written.key[:start].rstrip(_JOINS))
        changes[start, words[one.end - 1].end] = " "
    counted = _COUNTED.search(written.key)
    persons = len({words[one.end - 1].key for one in found}) + (not instead)
    if not counted and 1 < persons <= _MOST:
        place = min(changes)
        changes[place] = f" {persons}x "
    yield spaced(written.replaced(changes))


def not_counted(written: Written, lexicon: Lexicon) -> str:
    """The word for those who come along but were not counted ("s dětmi"), so that they are not left out silently."""
    found = [one for one in lexicon.common.lists["companions"].all(written) if one.first]
    words = written.words
    return written.text[words[found[0].first].start : words[found[0].end - 1].end] if found else ""


def _titles(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "Ph.D.": a title with a full stop inside, which parts no words."""
    yield written.substitute(
        _TITLE, lambda found: f"{written.text[slice(*found.span(1))]}{written.text[slice(*found.span(2))]}"
    )


MARKS = (
    Repair("whole_mark", _SOURCE, "certain", (), _whole, (
        ("(1/1) OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA (1/2)", "OBJ ZCD 12.8. 9:15 SVOBODA (1/2)"),
    )),
    Repair("title_in_parts", "docs/spec/conversation.md §1.3", "certain", (), _titles, (
        ("OBJ ZCD 12.8. 9:15 Ing. SVOBODA, Ph.D.", "OBJ ZCD 12.8. 9:15 Ing. SVOBODA, PhD"),
        ("OBJ ZCD 12.8. 9:15 JUDr. SVOBODA LL. M.", "OBJ ZCD 12.8. 9:15 JUDr. SVOBODA LLM"),
    )),
    Repair("part_mark", _SOURCE, "doubtful", (), _part, (
        ("(1/2) OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("1/2: OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA (1/2)", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12/8 9:15 SVOBODA", "OBJ ZCD 12/8 9:15 SVOBODA"),
    )),
)  # fmt: skip

DOUBTFUL = (
    Repair("companions", _SOURCE, "doubtful", _LANGUAGES, _companions, (
        ("OBJ ZCD 12.8. 9:15 SVOBODA s manželkou", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA + dítě", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD pro mě a manžela 12.8. 9:15 SVOBODA", "OBJ ZCD 2x 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 2x 12.8. 9:15 SVOBODA s dcerou", "OBJ ZCD 2x 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 pro syna SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA s dětmi", "OBJ ZCD 12.8. 9:15 SVOBODA s dětmi"),
    )),
)  # fmt: skip
