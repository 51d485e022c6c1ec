"""Messages from elsewhere: never a wrong booking, and where it is clear what is meant, just that."""

from pathlib import Path

import pytest

from tests.conversation.messages import MONDAY, Message, complaints, load
from tests.conversation.office import Kept, Pure, keep
from tests.conversation.offices import DEMO

MESSAGES = load(Path(__file__).with_name("messages"))
EACH = pytest.mark.parametrize("message", MESSAGES, ids=[message.id for message in MESSAGES])


@EACH
def test_a_message_is_understood_as_by_a_good_clerk(message: Message) -> None:
    assert complaints(message, Pure(DEMO, MONDAY)) == []


@pytest.mark.django_db
def test_the_real_way_understands_them_as_well() -> None:
    office = keep(DEMO, MONDAY)
    wrong = []
    for message in MESSAGES:
        conversation = Kept(office, MONDAY)
        with conversation.aside():
            wrong += complaints(message, conversation)
    assert wrong == []


def test_there_are_enough_of_them_and_each_says_where_from() -> None:
    assert len(MESSAGES) >= 200
    assert len({message.text for message in MESSAGES}) > len(MESSAGES) * 0.95
    assert all(", " in message.source for message in MESSAGES)
