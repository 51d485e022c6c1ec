"""Laws that hold whatever is sent (spec/conversation.md §1): nothing done on half a text, nothing untrue taught."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conversation.cases import load as load_cases
from tests.conversation.expressions import CANCELLING, CONFIRMATION_TAILS, MISTYPED_TIMES, TIMES, UNWILLING, names_time
from tests.conversation.messages import MONDAY
from tests.conversation.messages import load as load_messages
from tests.conversation.office import LANGUAGES, Pure, Said, fold, read
from tests.conversation.offices import DEMO, OFFICES
from tests.conversation.sendback import asks_for
from tests.conversation.taught import taught
from tests.conversation.wishes import Wish, perfect, wishes
from tests.yardstick import seconds

HERE = Path(__file__).parent
SENT = [step.text for case in load_cases(HERE / "cases.jsonl") for step in case.says] + [
    message.text for message in load_messages(HERE / "messages")
]
CODES_AND_WORDS = sorted(
    {word for speech in LANGUAGES.values() for words in speech.commands.values() for word in words}
    | {word for speech in LANGUAGES.values() for words in speech.days.values() for word in words}
    | {word for speech in LANGUAGES.values() for word in speech.holes.values()}
    | {service.code for service in DEMO.services}
    | {"12.8.", "9:15", "482913", "Svobodová", "2x", "v", "na", "12", "srpna", "?", "a", "nebo", "ANO 2", "\n", "…"}
)
HOSTILE = (
    st.text(max_size=1_000)
    | st.lists(st.sampled_from(CODES_AND_WORDS), max_size=60).map(" ".join)
    | st.lists(st.sampled_from(CODES_AND_WORDS) | st.text(max_size=5), max_size=80).map("".join)
)
LEFT = st.sets(st.sampled_from(["service", "day", "at", "name"]))
MULTIPART = {"services": 3, "free_times": 3}
CYRILLIC_PARTS = 3
"""An answer in Ukrainian takes 70 characters a part, and may take three (spec/conversation.md §5)."""


def _say(text: str, before: Sequence[str] = ()) -> Said:
    conversation = Pure(DEMO, MONDAY)
    for one in before:
        conversation.say(one)
    return conversation.say(text, timedelta(minutes=11))


# --- holes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60)
@given(wish=wishes(DEMO, ["book", "soonest"]), left=LEFT, n=st.integers(0, 2))
def test_a_hole_is_asked_for_and_never_booked(language: str, wish: Wish, left: set[str], n: int) -> None:
    speech = LANGUAGES[language]
    draft = perfect(wish, speech)
    open_ = [slot for slot in left if draft.part(slot)] or ["name"]
    for slot in open_:
        draft = draft.put(slot, (str.upper, str.lower, str.capitalize)[n](speech.holes[slot]))
    said = Pure(DEMO, wish.now).say(draft.text)
    assert said.made == ()
    assert any(asks_for(slot, said.outcome) for slot in open_), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hole_is_no_guess_of_a_code(language: str) -> None:
    """However often holes are sent back, the right code and date still cancel."""
    speech = LANGUAGES[language]
    word, code, day = speech.command("cancel"), speech.holes["code"], speech.holes["day"]
    conversation = Pure(DEMO, MONDAY)
    held = conversation.say("OBJ ZCD 12.8. 9:15 SVOBODA").made[0]
    for text in (f"{word} {code} {day}", f"{word} {code} 12.8.", f"{word} {held.code} {day}", f"{word} {code} 13.8."):
        for _ in range(2):
            assert conversation.say(text, timedelta(minutes=1)).outcome.startswith("missing_"), text
    assert conversation.say(f"{word} {held.code} 12.8.", timedelta(minutes=1)).gone == (held,)


# --- times that are none -------------------------------------------------------------------------


@pytest.mark.parametrize("language", TIMES)
def test_no_expression_of_time_is_taken_for_a_name(language: str) -> None:
    _none_is_booked([form.format(expression) for expression in TIMES[language] for form in (*SOONEST, DATED)])


def test_no_mistyped_day_is_taken_for_a_name() -> None:
    """Of the soonest alone (spec/conversation.md §1.3): beside a date and a time such a word is a name."""
    _none_is_booked([form.format(expression) for expression in MISTYPED_TIMES for form in SOONEST])


SOONEST = ("OBJ ZCD SVOBODA {}", "OBJ ZCD {} SVOBODA", "OBJ ZCD {}")
DATED = "OBJ ZCD 12.8. 9:15 SVOBODA {}"


def _none_is_booked(texts: Sequence[str]) -> None:
    booked = [f"{said.text} -> {said.made[0].name}" for text in texts if (said := _say(text)).made]
    assert not booked, f"{len(booked)} of {len(texts)}: {booked[:8]}"


# --- what is no booking --------------------------------------------------------------------------


@pytest.mark.parametrize("phrase", CANCELLING)
@pytest.mark.parametrize("holds", [True, False], ids=["who holds a booking", "who holds none"])
def test_nobody_who_cancels_is_taught_to_book(phrase: str, holds: bool) -> None:
    conversation = Pure(DEMO, MONDAY)
    code = conversation.say("OBJ ZCD 12.8. 9:15 SVOBODA").made[0].code if holds else "482913"
    said = conversation.say(phrase.format(code=code, day="12.8."), timedelta(minutes=11))
    lessons = taught(said.reply or "", ["SVOBODA"])
    assert said.made == ()
    assert said.reply
    assert [lesson for lesson in lessons if lesson.command == "book"] == [], said
    if not said.gone and holds:
        assert any(_cancels(conversation, lesson.text) for lesson in lessons), f"no way to cancel: {said}"


@pytest.mark.parametrize("tail", CONFIRMATION_TAILS)
def test_our_own_confirmation_sent_back_is_a_wish_to_cancel(tail: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    booked = conversation.say("OBJ ZCD 12.8. 9:15 SVOBODA")
    said = conversation.say(tail.format(reply=booked.reply), timedelta(minutes=11))
    lessons = taught(said.reply or "", ["SVOBODA"])
    assert said.made == ()
    assert said.gone or any(_cancels(conversation, lesson.text) for lesson in lessons), said


def _cancels(conversation: Pure, text: str) -> bool:
    with conversation.aside():
        return bool(conversation.say(text, timedelta(minutes=1)).gone)


@pytest.mark.parametrize("words", UNWILLING)
@settings(max_examples=15)
@given(wish=wishes(DEMO, ["book", "soonest"], odd=False), language=st.sampled_from(sorted(LANGUAGES)))
def test_a_question_a_refusal_or_a_condition_never_books(words: str, wish: Wish, language: str) -> None:
    said = Pure(DEMO, wish.now).say(f"{perfect(wish, LANGUAGES[language]).text} {words}")
    assert said.made == (), said


# --- nothing invented ----------------------------------------------------------------------------


@pytest.mark.parametrize("month", [8, 12])
def test_no_reply_teaches_what_nobody_wrote(month: int) -> None:
    """Sent back as it stands, what is taught books under no name the sender did not write; who wrote no figure and no
    word of time ("pozajtra" is a date) is taught no day and no time. Complete samples are for HELP alone.
    """
    assert [wrong for text in SENT for wrong in _invented(text, month)] == []


def _invented(text: str, month: int) -> Iterator[str]:
    """Yield each reply that teaches a name, a day or a time of its own, behind the message it answers."""
    conversation = Pure(DEMO, MONDAY.replace(month=month, day=7))
    said = conversation.say(text)
    if said.outcome in {"help", "services", "free_times"} or said.made:
        return
    for lesson in taught(said.reply or "", [text]):
        if lesson.command != "book":
            continue
        with conversation.aside():
            back = conversation.say(lesson.text, timedelta(minutes=1))
        figures = _figures(lesson.text) and not (_figures(text) or names_time(text))
        if figures or not {word for one in back.made for word in _words(one.name)} <= _words(text):
            yield f"{text} -> {said.reply}"


def _figures(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", fold(text)))


# --- total and fast ------------------------------------------------------------------------------


@settings(max_examples=300)
@given(text=HOSTILE)
@example(text="")
@example(text="OBJ " * 250)
@example(text="OBJ ZCD " + "12.8. " * 160)
@example(text="OBJ ZCD " + "a\u0301" * 490)
@example(text="ОВЈ" * 300)
def test_any_text_gets_one_reply_or_none(text: str) -> None:
    said = _say(text, ["OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ PTP 12.8. 14:00 SVOBODA"])
    assert said.outcome
    if said.reply is not None:
        assert said.reply.strip()
        most = CYRILLIC_PARTS if re.search("[а-яіїєґ]", said.reply) else 2
        assert said.parts <= MULTIPART.get(said.outcome, most), said


LONG_TEXTS = {
    "one command again and again": "OBJ " * 250,
    "dates": "OBJ ZCD " + "12.8. " * 160,
    "times": "OBJ ZCD 12.8. " + "9:15 " * 190,
    "digits": "OBJ ZCD " + "1" * 980,
    "numbers": "OBJ ZCD " + "12 8 9 15 " * 99,
    "names": "OBJ ZCD " + "Svoboda " * 120,
    "words of hours": "OBJ ZCD " + "tri ctvrte na devet " * 49,
    "courtesy": "dobry den prosim dekuji " * 41,
    "grown together": "OBJZCD12.8.9:15SVOBODA" * 45,
    "separators": "OBJ/ZCD-12.8.,9:15;" * 52,
    "other letters": "ОВЈ ZСD " * 125,
    "marks": "OBJ ZCD " + "a\u0301" * 490,
    "typing errors": "OBK ZDC 12.8 SVOBDA " * 50,
    "a booking of just 320 characters": "OBJ ZCD 12. srpna v pul desate " + "prosim " * 41,
    "two wishes": "OBJ ZCD 12.8. 9:15 SVOBODA a " * 34,
}
SECONDS = 0.005
MARGIN = 2
"""What a busy machine may add, on top of being slow (tests/yardstick.py)."""


@pytest.mark.parametrize("what", LONG_TEXTS)
def test_a_thousand_characters_are_read_in_five_milliseconds(what: str) -> None:
    text = LONG_TEXTS[what][:1_000]
    used = seconds(lambda: read(text, DEMO, MONDAY.date()))
    assert used < SECONDS * MARGIN, f"{used * 1000:.1f} ms"


@pytest.mark.parametrize("office", OFFICES)
@settings(max_examples=100)
@given(text=HOSTILE)
def test_no_hostile_text_is_slow_in_any_office(office: str, text: str) -> None:
    used = seconds(lambda: read(text[:1_000], OFFICES[office], MONDAY.date()), tries=3)
    assert used < SECONDS * MARGIN, f"{used * 1000:.1f} ms"
