"""What holds for every message in the second stage: the invariants, each in one sentence."""

import gc
import re
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.attempts import MOST_PARSES, MOST_TOGETHER, Parser
from prepazka.sms.understand.lexicon import common
from prepazka.sms.understand.parse import MOST_CHARACTERS, Reading, parse
from prepazka.sms.understand.understand import understand
from prepazka.sms.understand.understanding import Certain, Draft, Hole, Misread, Proposed
from prepazka.sms.understand.written import Written
from tests.sms.understand.readings import MONDAY, OFFICE
from tests.sms.understand.spellings import anything
from tests.sms.understand.understandings import SYNONYMS, understood
from tests.yardstick import seconds

WORDS = """
    OBJ ZCD ZOP obcanka na v ve po do o 12 8 12.8. 13.8. 9:15 10:30 915 1415 v9:15 srpna dvanacteho osmy pul treti
    ctvrt devet dve osoby hned co nejdriv zitra zajtra pristi patek a nebo jestli kdy ? nechci STORNO 482913 zrusit
    prosim dekuji tel. 777123456 odpoledne rano pm x2 Z0P ANO NE PO 14 hod TERMIN volno Re: datum jmeno PRIJMENI mezera
    Odeslano z iPhonu S pozdravem
"""
KNOWN = tuple(WORDS.split())
UNKNOWN = ("x7k", "12/2026", "qwrtp", "wxcvb", "\xa75", "5%", "#9z", "1U28899", "zxqwv-kjh")
NAMES = ("Svoboda", "Dvořáková", "Jan Marek")

texts = st.lists(st.sampled_from(KNOWN + NAMES), min_size=1, max_size=14).map(" ".join)


@given(st.one_of(anything, texts))
@settings(max_examples=200, deadline=None)
def test_any_text_is_understood_or_not_but_never_an_exception(text: str) -> None:
    understood(text)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_the_strict_parser_is_asked_at_most_forty_times(text: str) -> None:
    asked: list[str] = []

    class Counting(Parser):
        def keep(self, text: str, reading: Reading) -> None:
            asked.append(text)
            super().keep(text, reading)

        def read(self, text: str) -> Reading | None:
            if text not in self._known and self.left > 0:
                asked.append(text)
            return super().read(text)

    understand(text, OFFICE, MONDAY, SYNONYMS, parser=Counting(OFFICE, MONDAY))
    assert len(asked) <= MOST_PARSES


@given(texts)
@settings(max_examples=150, deadline=None)
def test_at_most_three_repairs_are_made_together(text: str) -> None:
    found = understood(text)
    if isinstance(found, Certain | Proposed):
        assert len(found.repairs) <= MOST_TOGETHER


@given(texts)
@settings(max_examples=150, deadline=None)
def test_nothing_is_repaired_in_what_is_read_strictly_and_stands(text: str) -> None:
    strict = parse(text, OFFICE, MONDAY).request
    found = understood(text)
    if isinstance(strict, Request) and not isinstance(strict, Book | BookSoonest):
        assert found == Certain(strict, found.language)


@given(texts, st.sampled_from(UNKNOWN), st.integers(0, 14))
@settings(max_examples=400, deadline=None)
def test_a_text_with_an_unknown_word_never_does_anything(text: str, unknown: str, at: int) -> None:
    """But under a name that holds the word: a name has a shape, and is in no list."""
    words = text.split()
    words.insert(min(at, len(words)), unknown)
    found = understood(" ".join(words))
    if isinstance(found, Certain) and found.request.reads.draws_code | found.request.guesses_code:
        name = getattr(found.request, "name", "")
        assert unknown in name, found


@given(texts)
@settings(max_examples=400, deadline=None)
def test_what_is_done_at_once_has_every_figure_of_the_text(text: str) -> None:
    found = understood(text)
    if isinstance(found, Certain) and isinstance(found.request, Book):
        request = found.request
        figures = {
            *(str(number) for number in (request.day.day, request.day.month, request.day.year, request.persons)),
            *(str(number) for number in (request.at.hour, request.at.minute)),
            *(f"{number:02}" for number in (request.day.day, request.day.month, request.at.hour, request.at.minute)),
            f"{request.at.hour:02}{request.at.minute:02}", f"{request.at.hour}{request.at.minute:02}", "0",
        }  # fmt: skip
        assert {word.key for word in Written(text).words if word.key.isdecimal()} <= figures, found


LOUD = ("nebo", "jestli", "kdy", "nechci", "?", "zrusit")


@given(texts, st.sampled_from(LOUD), st.integers(3, 14))
@settings(max_examples=200, deadline=None)
def test_a_question_a_refusal_or_a_condition_never_books(text: str, word: str, at: int) -> None:
    words = ["OBJ", "ZCD", "12.8.", "9:15", "Svoboda", *text.split()]
    words.insert(at, word)
    found = understood(" ".join(words))
    if isinstance(found, Certain):
        assert not isinstance(found.request, Book | BookSoonest)
    if isinstance(found, Proposed) and not found.doubtful_name:
        assert not any(isinstance(each, Book | BookSoonest) for each in found.readings), found


@given(texts)
@settings(max_examples=200, deadline=None)
def test_a_draft_holds_only_what_was_written(text: str) -> None:
    found = understood(text)
    if isinstance(found, Misread) and found.draft:
        draft: Draft = found.draft
        key = Written(text).key
        if isinstance(draft.name, str):
            assert all(word.key in key for word in Written(draft.name).words)
        if isinstance(draft.at, time):
            assert any(word.key.isdecimal() or word.key in common().numbers for word in Written(text).words)
        if isinstance(draft.day, date):
            written = {word.key for word in Written(text).words}
            days = common().time | common().numbers
            assert any(key.isdecimal() for key in written) or written & days
        assert isinstance(draft.code, Hole | None) or draft.code in re.sub(r"[ .-]", "", text)


PERFECT = [
    "Vazeny urade, OBJ ZCD 12.8. 9:15 SVOBODA",
    "chci se objednat na pas 12. srpna v 9:15 SVOBODA dekuji",
    "OBJ-ZCD-12.8.-9:15-SVOBODA",
    "OBJ obcanka 12 8 9:15 SVOBODA Odeslano z iPhonu",
    "OBJ ZCD SVOBODA co nejdriv",
    "prosim zruste objednavku kod 482913 dne 12.8.",
]
ODD = (
    "x7k",
    "12/2026",
    "17",
    "99",
    "16:40",
    "24.12.",
    "555123",
    "manzelka",
    "kdyz",
    "nebo",
    "vecer",
    "srpna",
    "\xa75",
)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("perfect", PERFECT)
def test_one_odd_word_anywhere_stops_what_would_be_done_at_once(perfect: str, odd: str) -> None:
    words = perfect.split()
    for at in range(len(words) + 1):
        found = understood(" ".join([*words[:at], odd, *words[at:]]))
        assert not isinstance(found, Certain) or odd in getattr(found.request, "name", ""), (at, found)


HOSTILE = [
    "OBJ ZCD " + "jmeno " * 52,
    "OBJ ZCD " + "12 8 " * 36,
    "OBJ ZCD " + "po 14 " * 36,
    "OBJ ZCD " + "v9:15 pul srpna " * 15,
    "ОВЈ ZCD " + "ОВЈ " * 70,
    "OBJ" + "-A" * 158,
    "OBJ ZCD " + "1." * 156,
    "OBJ ZCD 12" + " " * 250 + "8 9:15 SVOBODA zxc",
    "OBJ ZCD " + "1 " * 496,
    "OBJ ZCD " + "PO 10 " * 165,
    "OBJ ZCD " + "x" * 990,
    ("OBJ ZCD na op Dobry den 12 8 v9:15 srpna dvanacteho osmy ve ctrnact pul treti dve osoby hned zajtra " * 3)[:320],
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_takes_long(text: str) -> None:
    assert len(text) <= MOST_CHARACTERS
    understood(text)
    gc.collect()
    assert seconds(lambda: understood(text)) < 0.01  # 5 ms by itself (tests/yardstick.py)
