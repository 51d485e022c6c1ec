"""What the phone's own bookings say of a wish to cancel or to move (spec/conversation.md §3)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prepazka.sms.reply import render
from tests.conversation.messages import MONDAY
from tests.conversation.office import LANGUAGES, ME, Booked, Pure, Said
from tests.conversation.offices import DEMO
from tests.conversation.taught import taught

_LATER = timedelta(minutes=11)
OTHER = "+420606112233"


def _with(*starts: str, language: str = "cs") -> tuple[Pure, list[Booked]]:
    """A conversation of a phone that holds bookings at these starts."""
    conversation = Pure(DEMO, MONDAY)
    word = LANGUAGES[language].command("book")
    return conversation, [conversation.say(f"{word} ZCD {start} Hanzlíková").made[0] for start in starts]


# --- our own confirmation sent back --------------------------------------------------------------

CANCELLING = {"cs": "zrušte", "en": "cancel", "sk": "zrušte", "uk": "скасуйте"}
FORWARDED = ("{ours}", "Fwd: {ours}", "{word} {ours}", "{word}: {ours}", "{ours} {word}", "{ours}\n{word}")


def _told(conversation: Pure, held: Booked, language: str, told: str) -> str:
    """One of the messages in which the office tells a booking."""
    speech = LANGUAGES[language]
    if told == "reminder":
        (booking,) = conversation._ledger.active(ME)
        return render.reminder(booking, DEMO, language).text
    if told == "moved":
        said = conversation.say(f"{speech.command('move')} {held.code} 14.8. 10:00", _LATER)
    else:
        said = conversation.say(f"{speech.command('book')} ZCD 12.8. 9:15 Hanzlíková", _LATER)
    assert said.outcome == told
    return said.reply or ""


@pytest.mark.parametrize("form", FORWARDED)
@pytest.mark.parametrize("told", ["already_booked", "moved", "reminder"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_message_sent_back_cancels(language: str, told: str, form: str) -> None:
    conversation, (held,) = _with("12.8. 9:15", language=language)
    ours = _told(conversation, held, language, told)
    said = conversation.say(form.format(ours=ours, word=CANCELLING[language]), _LATER)
    assert len(said.gone) == 1, said
    assert conversation.open() == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORWARDED)
def test_a_confirmation_with_its_title_cancels(language: str, form: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    booked = conversation.say(f"{LANGUAGES[language].command('book')} ZCD 12.8. 9:15 Hanzlíková")
    assert "(" in (booked.reply or "")
    said = conversation.say(form.format(ours=booked.reply, word=CANCELLING[language]), _LATER)
    assert said.gone == booked.made


@pytest.mark.parametrize("more", ["ale jen pokud není volno dřív", "a objednejte mě na 14.8. 10:00", "?"])
def test_a_confirmation_with_another_wish_does_not_cancel(more: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    booked = conversation.say("OBJ ZCD 12.8. 9:15 Hanzlíková")
    said = conversation.say(f"{booked.reply} {more}", _LATER)
    assert said.gone == ()
    assert conversation.open() == booked.made


# --- the wish to move ----------------------------------------------------------------------------

MOVING = (
    "přesuňte mi to na pátek 10:00", "PRESUN 7.8. 10:00", "přesunout na 7.8. 10:00", "posuňte mi to na 7.8. v 10:00",
    "chci přesunout termín na 7.8. 10:00", "prosím přeobjednat na pátek 10:00",
)  # fmt: skip


@pytest.mark.parametrize("text", MOVING)
def test_the_only_booking_is_moved_after_a_yes(text: str) -> None:
    conversation, (held,) = _with("12.8. 9:15")
    said = conversation.say(text, _LATER)
    assert (said.outcome, said.made, said.gone) == ("proposed", (), ())
    yes = conversation.say("ANO", timedelta(minutes=1))
    assert yes.gone == (held,)
    assert [(f"{one.day:%-d.%-m.}", f"{one.at:%-H:%M}", one.name) for one in yes.made] == [("7.8.", "10:00", held.name)]


@pytest.mark.parametrize(
    ("text", "taught_"),
    [
        ("přesuňte mi to", "PRESUN {code} DATUM CAS"),
        ("přesuňte mi to na pátek", "PRESUN {code} 7.8. CAS"),
        ("přesuňte mi to o hodinu", "PRESUN {code} DATUM CAS"),
        ("PRESUN {code}", "PRESUN {code} DATUM CAS"),
    ],
)
def test_what_is_missing_is_asked_for_with_the_code_filled_in(text: str, taught_: str) -> None:
    conversation, (held,) = _with("12.8. 9:15")
    said = conversation.say(text.format(code=held.code), _LATER)
    assert (said.reply or "").endswith("\n" + taught_.format(code=held.code))
    assert conversation.open() == (held,)


@pytest.mark.parametrize("text", ["chci přesunout termín na 11:00", "PRESUN 11:00", "posuňte mi to na 11:00"])
def test_a_time_alone_is_meant_on_the_day_of_the_booking(text: str) -> None:
    conversation, (held,) = _with("12.8. 9:15")
    said = conversation.say(text, _LATER)
    assert (said.outcome, said.made, said.gone) == ("proposed", (), ())
    yes = conversation.say("ANO", timedelta(minutes=1))
    assert [(f"{one.day:%-d.%-m.}", f"{one.at:%-H:%M}", one.name) for one in yes.made] == [
        ("12.8.", "11:00", held.name)
    ]


@pytest.mark.parametrize("text", MOVING)
def test_of_several_bookings_none_is_guessed(text: str) -> None:
    conversation, held = _with("12.8. 9:15", "13.8. 9:15")
    said = conversation.say(text, _LATER)
    assert "PRESUN KOD 7.8. 10:00" in (said.reply or "")
    assert conversation.open() == tuple(held)


@pytest.mark.parametrize("text", MOVING)
def test_another_phone_is_told_nothing_of_the_booking(text: str) -> None:
    conversation, (held,) = _with("12.8. 9:15")
    said = conversation.say(text, _LATER, sender=OTHER)
    assert held.code not in (said.reply or "")
    assert "PRESUN KOD 7.8. 10:00" in (said.reply or "")


def test_a_move_to_where_nothing_is_free_says_why() -> None:
    conversation, (held,) = _with("12.8. 9:15")
    assert conversation.say("přesuňte mi to na sobotu 10:00", _LATER).outcome == "closed_day"
    assert conversation.say("přesuňte mi to na pátek 3:00", _LATER).outcome == "outside_hours"
    assert conversation.open() == (held,)


# --- a code without a word -----------------------------------------------------------------------


@settings(max_examples=40)
@given(
    other=st.integers(4, 20),
    before=st.sampled_from(["", "Dobrý den, ", "kód "]),
    after=st.sampled_from(["", " děkuji"]),
)
def test_what_a_code_and_a_day_teach_can_be_done(other: int, before: str, after: str) -> None:
    """A day of another booking of the phone is the wish to move: a STORNO with that day would cancel nothing."""
    conversation, (held,) = _with("12.8. 9:15")
    day = MONDAY.date() + timedelta(days=other)
    said = conversation.say(f"{before}{held.code} {day.day}.{day.month}.{after}", _LATER)
    (lesson,) = [one for one in taught(said.reply or "") if one.command in {"cancel", "move", "book"}]
    expected = "cancel" if day == held.day else "move"
    assert (lesson.command, held.code in lesson.text) == (expected, True), said
    if expected == "cancel":
        assert conversation.say(lesson.text, timedelta(minutes=1)).gone == (held,)


def test_a_wish_to_cancel_with_the_wrong_day_names_the_right_one() -> None:
    conversation, (held,) = _with("12.8. 9:15")
    for text in (f"zrušte prosím tu objednávku {held.code} 13.8. nestihnu to", f"STORNO {held.code} 13.8."):
        said = conversation.say(text, _LATER)
        assert (said.reply or "").endswith(f"\nSTORNO {held.code} 12.8."), said


def test_a_code_alone_teaches_how_to_cancel_and_not_to_book() -> None:
    conversation, (held,) = _with("12.8. 9:15")
    assert _commands(conversation.say(held.code, _LATER)) == [f"STORNO {held.code} 12.8."]
    assert _commands(conversation.say("918273", _LATER, sender=OTHER)) == ["STORNO 918273 DATUM"]


def _commands(said: Said) -> list[str]:
    return [lesson.text for lesson in taught(said.reply or "")]
