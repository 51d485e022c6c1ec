"""Queries for messages: earlier replies and conversations."""

from datetime import UTC, datetime, timedelta

import pytest

from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models
from prepazka.store.messages import Earlier, conversation, find_earlier
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ME, OTHER = "+420777123456", "+420602000001"
NUMBER = "+420739547765"


@pytest.fixture
def office_id(transactional_db: None) -> int:
    return kept_once(demo_office(), NOW).id


def say(text: str, id_: str, sender: str = ME, now: datetime = NOW, gateway: str = "test") -> str:
    (handled,) = receive([Inbound(gateway, id_, sender, NUMBER, text)], now)
    return handled.reply.text if handled.reply else ""


def test_what_came_of_a_message_is_known_later(office_id: int) -> None:
    reply = say("POMOC", "m1")
    say("POMOC", "m2", sender="INFO")
    assert find_earlier("test", ["m1", "m2", "m3"]) == {
        "m1": Earlier("help", reply, ME, NUMBER),
        "m2": Earlier("ignored", None, "INFO", NUMBER),
    }
    assert find_earlier("another gateway", ["m1"]) == {}


def test_of_a_message_that_waits_nothing_is_known_yet(office_id: int) -> None:
    say("POMOC", "m1")
    models.Outbound.objects.all().delete()
    models.Inbound.objects.update(state="waiting", outcome="")
    assert find_earlier("test", ["m1"]) == {"m1": Earlier(None, None, ME, NUMBER)}


def test_a_conversation_is_one_numbers(office_id: int) -> None:
    say("POMOC", "m1", OTHER)
    assert conversation(office_id, ME, 10) == []


def test_each_reply_follows_what_it_answers(office_id: int) -> None:
    texts = ["POMOC", "ZKR", "MOJE"]
    receive([Inbound("test", text, ME, NUMBER, text) for text in texts], NOW)
    said = conversation(office_id, ME, 10)
    assert [(words.ours, words.text) for words in said if not words.ours] == [(False, text) for text in texts]
    assert [words.ours for words in said] == [False, True] * 3
    assert len({words.key for words in said}) == 6
    assert all(words.septets and words.parts for words in said if words.ours)


def test_of_a_long_conversation_the_last_messages_are_told(office_id: int) -> None:
    for minute, text in enumerate(["POMOC", "ZKR", "MOJE"]):
        say(text, text, now=NOW + timedelta(minutes=minute))
    assert [words.text for words in conversation(office_id, ME, 2) if not words.ours] == ["ZKR", "MOJE"]
