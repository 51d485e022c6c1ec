"""What holds for every message: the invariants of reading, each in one sentence."""

import re
import sys
from dataclasses import replace
from datetime import date, time
from itertools import permutations

import pytest
from anyascii import anyascii
from hypothesis import example, given
from hypothesis import strategies as st

from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.misunderstandings import Misunderstanding
from prepazka.core.booking.query import FreeTimes, JoinWaitlist, QueueStatus
from prepazka.core.booking.requests import Request
from prepazka.sms.languages import load
from prepazka.sms.reply.render import templates_of
from prepazka.sms.understand.parse import MOST_CHARACTERS, Reading, parse, text_key
from prepazka.sms.understand.read import read as understood
from tests.sms.understand.readings import ACTING, MONDAY, NEXT_MONDAY, OFFICE, TWO, read
from tests.sms.understand.spellings import (
    anything,
    cased,
    codes,
    days,
    messages,
    mistyped,
    names,
    quoted,
    services,
    spaces,
    spelled_days,
    spelled_times,
    times,
)

LANGUAGES = {language.code for language in load()}
FULL = "OBJ ZOP 2x 10.8. 14:00 NOVAK"
VALID = (FULL, "OBJ ZOP NOVAK", "STORNO 482913 10.8.", "PRESUN 482913 10.8. 14:00", "TERMIN ZOP 10.8. 13:00")


def joined(draw: st.DrawFn, parts: list[str]) -> str:
    return "".join(part + draw(spaces) for part in parts)


@st.composite
def bookings(draw: st.DrawFn) -> tuple[str, Request]:
    day, at, name, service = draw(days), draw(times), draw(names), draw(services)
    persons = draw(st.integers(1, 9))
    shown_day = draw(spelled_days(day))
    shown_at = draw(spelled_times(at, shown_day))
    count = [] if persons == 1 else [draw(st.sampled_from((f"{persons}x", f"{persons}X", f"{persons} x")))]
    values = [*count, draw(mistyped(shown_day)), draw(mistyped(shown_at))]
    head = draw(cased(draw(st.sampled_from(("OBJ", "BOOK"))))), draw(quoted(draw(cased(service))))
    return joined(draw, [*head, *(draw(quoted(value)) for value in values), draw(quoted(name))]), Book(
        service, day, at, name, persons
    )


@st.composite
def other_requests(draw: st.DrawFn) -> tuple[str, Request]:
    day, at, code, service = draw(days), draw(times), draw(codes), draw(services)
    shown_day = draw(spelled_days(day))
    shown_at = draw(spelled_times(at, shown_day))
    name = draw(names)
    requests: tuple[tuple[list[str], Request], ...] = (
        (["OBJ", service, name], BookSoonest(service, name)),
        (["STORNO", code, shown_day], Cancel(code, day)),
        (["OBJ", "STO", shown_day, code], Cancel(code, day)),
        (["PRESUN", code, shown_day, shown_at], Move(code, day, at)),
        (["TERMIN", service, shown_day], FreeTimes(service, day)),
        (["FREE", service, shown_day, shown_at], FreeTimes(service, day, at)),
        (["STAV", service], QueueStatus(service)),
        (["HLIDEJ", service, shown_day], JoinWaitlist(service, day)),
    )
    parts, asked = draw(st.sampled_from(requests))
    return joined(draw, parts), asked


@given(st.one_of(anything, messages), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_any_text_whatever_has_one_reading(text: str, today: date) -> None:
    found = parse(text, OFFICE, today)
    assert isinstance(found, Reading)
    assert isinstance(found.request, Request | Misunderstanding)
    assert found.language in LANGUAGES


@given(st.one_of(anything, messages, bookings().map(lambda spelled: spelled[0])))
def test_without_corrections_the_same_texts_are_requests(text: str) -> None:
    whole, quick = parse(text, OFFICE, MONDAY), parse(text, OFFICE, MONDAY, drafted=False)
    assert quick == whole if isinstance(whole.request, Request) else not isinstance(quick.request, Request)


@given(bookings())
def test_a_booking_in_any_tolerated_spelling_is_read_as_it_is(spelled: tuple[str, Request]) -> None:
    text, asked = spelled
    assert read(text) == asked


@given(other_requests())
def test_any_other_request_in_any_tolerated_spelling_is_read_as_it_is(spelled: tuple[str, Request]) -> None:
    text, asked = spelled
    assert read(text) == asked


@given(days, times, names, st.sampled_from(list(permutations(range(3)))))
def test_date_time_and_name_may_come_in_any_order(day: date, at: time, name: str, order: tuple[int, ...]) -> None:
    values = [f"{day.day}.{day.month}.", f"{at:%H:%M}", name]
    assert read(" ".join(["OBJ", "ZOP", *(values[i] for i in order)])) == Book("ZOP", day, at, name)


@given(
    st.sampled_from(VALID),
    st.text("0123456789QWRZ#+%=*", min_size=2, max_size=12).filter(
        lambda token: any(c.isdigit() for c in token) and any(c in "QWRZ#+%=*" for c in token)
    ),
    st.data(),
)
def test_a_token_with_a_digit_that_means_nothing_stops_every_act(valid: str, token: str, data: st.DataObject) -> None:
    words = valid.split()
    at = data.draw(st.integers(0, len(words)))
    assert not isinstance(read(" ".join([*words[:at], token, *words[at:]])), ACTING)


@given(st.integers(2, 5), times, days, st.booleans())
def test_a_second_date_or_time_stops_a_booking(at: int, clock: time, day: date, dated: bool) -> None:
    words = FULL.split()
    second = f"{day.day}.{day.month}." if dated else f"{clock:%H:%M}"
    assert not isinstance(read(" ".join([*words[:at], second, *words[at:]])), ACTING)


@pytest.mark.parametrize("left_out", [0, 1, 3, 4, 5])
def test_a_booking_lacking_anything_is_no_booking(left_out: int) -> None:
    words = FULL.split()
    del words[left_out]
    assert not isinstance(read(" ".join(words)), ACTING)


@given(messages)
@example("OBJ ZOP 10.8. По")
@example("OBJ OBJ 王小明")
def test_every_draft_completed_is_understood_and_short(text: str) -> None:
    """A draft holds nothing but what was written; with its holes filled, the message it makes is a request."""
    found = understood(text, OFFICE, MONDAY)
    draft = getattr(found.request, "draft", None)
    if not draft:
        return
    completed = replace(
        draft,
        service=draft.service or "ZOP",
        day=draft.day or NEXT_MONDAY,
        at=draft.at or TWO,
        name=draft.name if draft.name and draft.name.isascii() else "NOVAK",  # others are shown as a hole
        code=draft.code or "482913",
    )
    forms = templates_of(OFFICE, found.language).forms
    assert isinstance(understood(forms.draft(completed), OFFICE, MONDAY).request, Request)
    assert forms.draft(draft) == forms.draft(draft).upper()
    assert len(forms.draft(draft)) <= 60
    assert set(anyascii(draft.name or "").upper().split()) <= set(re.findall(r"[A-Z'-]+", anyascii(text).upper()))


@given(st.one_of(anything, messages))
def test_a_token_shown_is_short_and_printable(text: str) -> None:
    token = getattr(read(text), "token", "")
    assert len(token) <= 40
    assert token.isprintable()


@given(messages)
def test_letter_case_does_not_change_what_is_asked(text: str) -> None:
    assert type(read(text.lower())) is type(read(text.upper()))


@given(st.one_of(anything, messages))
def test_texts_equal_but_for_case_marks_and_space_have_equal_keys(text: str) -> None:
    assert text_key(text) == text_key(f"  {text.lower()}\n") == text_key("  ".join(text.split()))


@given(messages)
def test_texts_with_another_word_have_other_keys(text: str) -> None:
    assert text_key(text) != text_key(f"{text} JINAK")


def test_marks_do_not_change_a_key() -> None:
    assert text_key("obj zop zítra 14:00 NOVÁK") == text_key("OBJ ZOP ZITRA 14:00 Novak")


def test_a_text_as_long_as_can_be_is_read_in_bounded_steps() -> None:
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        read(("OBJ ZOP " + "PO 10.8 V " * 200)[:MOST_CHARACTERS])
    finally:
        sys.setprofile(None)
    assert steps < 100_000


def test_today_is_an_argument() -> None:
    assert parse("OBJ ZOP DNES 14:00 NOVAK", OFFICE, MONDAY) != parse(
        "OBJ ZOP DNES 14:00 NOVAK", OFFICE, date(2026, 8, 4)
    )
