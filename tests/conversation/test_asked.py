"""A question mark: what asks is answered and not acted on, whatever it would have done without the mark."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conversation.messages import MONDAY
from tests.conversation.office import LANGUAGES, Pure
from tests.conversation.offices import DEMO
from tests.conversation.wishes import Wish, clock, day_month, wishes

MINUTE = timedelta(minutes=1)
STRANGER = "+420602000001"
YES = {
    "cs": "ano?|ANO ?|ano???|jo?|ok?|ano, prosím?|ano, děkuji?|tak ano?|1?|ANO 1?|{at}?|ano {at}?|beru?|dobře?|ne?",
    "sk": "áno?|súhlas?|{accept}?|{accept} 1?|dobre?|nie?",
    "en": "yes?|YES ?|ok?|sure?|{accept} 1?|no?",
    "uk": "так?|{accept}?|{accept} 1?|ні?",
    "de": "ja?|einverstanden?",
    "pl": "tak?",
}


def _each() -> list[tuple[str, str]]:
    return [(language, one) for language, all_ in YES.items() for one in all_.split("|")]


@pytest.mark.parametrize(("language", "answer"), _each())
@settings(max_examples=4)
@given(wish=wishes(DEMO, ["book"], odd=False))
def test_a_yes_that_asks_tells_what_a_yes_would_do(language: str, answer: str, wish: Wish) -> None:
    speech = LANGUAGES.get(language, LANGUAGES["cs"])
    conversation = Pure(DEMO, wish.now)
    text = f"{speech.command('book')} {wish.service} viz {day_month(wish.day)} {clock(wish.at)} {wish.name}"
    assert conversation.say(text).outcome == "proposed"
    said = conversation.say(answer.format(at=clock(wish.at), accept=speech.command("accept")), MINUTE)
    assert (said.outcome, said.made) == ("nothing_offered", ()), said
    assert clock(wish.at) in (said.reply or "")
    made = conversation.say(speech.command("accept"), MINUTE).made
    assert [(one.day, one.at, one.name) for one in made] == [(wish.day, wish.at, wish.name)]


@pytest.mark.parametrize("answer", ["ANO 2?", "2?", "ano?", "ANO druhy?"])
def test_of_offers_all_are_told_again(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 20.8. 10:45 Dvořáková", sender=STRANGER)
    assert conversation.say("OBJ PTP 20.8. 10:45 Hrubý").outcome == "slot_full"
    said = conversation.say(answer, MINUTE)
    assert said.made == ()
    assert "ANO 2 (" in (said.reply or "")
    assert len(conversation.say("ANO 2", MINUTE).made) == 1


def test_two_wishes_are_read_back_once_more() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZOP a ZCD 20.8. v devět Hrubý")
    assert (conversation.say("ano?", MINUTE).outcome, conversation.say("obojí?", MINUTE).made) == ("proposed", ())
    assert len(conversation.say("ANO", MINUTE).made) == 2


def test_it_does_not_make_a_question_stand_longer() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 20.8. v devět Hrubý")
    for _ in range(2):
        conversation.say("ano?", timedelta(minutes=50))
    assert conversation.say("ANO", timedelta(minutes=30)).made == ()


def test_where_nothing_is_asked_nothing_is_done() -> None:
    assert Pure(DEMO, MONDAY).say("ano?").outcome == "nothing_offered"
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 20.8. v devět Hrubý")
    conversation.say("ANO", MINUTE)
    assert conversation.say("ano?", MINUTE).outcome == "already_booked"


@settings(max_examples=20)
@given(wish=wishes(DEMO, ["cancel", "move"], odd=False), language=st.sampled_from(sorted(LANGUAGES)))
def test_a_booking_stays_where_a_message_only_asks(wish: Wish, language: str) -> None:
    speech, conversation = LANGUAGES[language], Pure(DEMO, wish.now)
    held = wish.held or (wish.day, wish.at)
    made = conversation.say(f"OBJ {wish.service} {day_month(held[0])} {clock(held[1])} {wish.name}").made
    (code,) = [one.code for one in made]
    cancel = f"{speech.command('cancel')} {code} {day_month(held[0])}"
    move = f"{speech.command('move')} {code} {day_month(wish.day)} {clock(wish.at)}"
    for text in (f"{cancel}?", f"{cancel} ?", f"{cancel}, ok?", f"{move}?"):
        with conversation.aside():
            said = conversation.say(text, MINUTE)
            assert (said.made, said.gone) == ((), ()), said
            assert cancel in (said.reply or "") or said.outcome == "proposed", said


def test_a_wish_to_wait_for_a_place_that_asks_is_shown() -> None:
    said = Pure(DEMO, MONDAY).say("HLIDEJ ZCD 20.8.?")
    assert (said.reply or "").endswith("\nHLIDEJ ZCD 20.8.")


@pytest.mark.parametrize("text", ["TERMIN ZCD 20.8.?", "MOJE?", "POMOC?", "STAV ZCD?", "ZKR?"])
def test_what_changes_nothing_is_answered(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(text).outcome == Pure(DEMO, MONDAY).say(text.rstrip("?")).outcome
