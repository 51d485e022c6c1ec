"""What comes again bears the id it had, and what is only equal does not."""

from pathlib import Path

import pytest

from prepazka.gateways.smpp.hearing import Message
from prepazka.gateways.smpp.journal import DOUBTED, KEPT, Came, Journal

BOOK = Message("+420739547765", "+420111222333", "OBJ ZOP 10.8. 14:00 NOVAK", None, "")
MINE = Message("+420739547765", "+420111222333", "MOJE", None, "")


class Story:
    """Deliveries and what is done with them, at times told in seconds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = self.opened()

    def opened(self, gateway: str = "operator") -> Journal:
        return Journal(str(self.path), gateway, resent_after=3)

    def killed(self) -> None:
        self.journal = self.opened()

    def comes(self, message: Message, at: float, session: str = "first", bound: float = 0) -> str:
        (name,) = self.journal.name([Came(message, session, at, bound)])
        return name


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path / "made" / "journal.sqlite3")


def test_what_was_not_responded_to_comes_again_after_a_kill(story: Story) -> None:
    name = story.comes(BOOK, 10)
    story.killed()
    assert story.comes(BOOK, 500, "second", bound=490) == name
    story.killed()
    assert story.comes(BOOK, 90_000, "third", bound=89_000) == name


def test_two_equal_messages_are_two_each_time(story: Story) -> None:
    names = [story.comes(BOOK, 10), story.comes(BOOK, 10.5)]
    assert len(set(names)) == 2
    story.killed()
    assert [story.comes(BOOK, at, "second", bound=499) for at in (500, 500.1)] == names
    assert story.comes(BOOK, 500.2, "second", bound=499) not in names


def test_others_messages_are_others(story: Story) -> None:
    name = story.comes(BOOK, 10)
    story.killed()
    assert story.comes(MINE, 500, "second", bound=499) != name
    other = Came(BOOK, "x", 500, 499)
    assert story.opened("another").name([other]) != [name]
    assert story.comes(BOOK, 501, "second", bound=499) == name


def test_what_was_confirmed_is_new_when_it_comes_again(story: Story) -> None:
    name = story.comes(MINE, 10)
    story.journal.responded([name])
    story.journal.confirmed([name])
    assert story.comes(MINE, 12) != name


def test_a_response_that_may_have_been_lost_is_doubted_for_a_while_after_the_next_bind(story: Story) -> None:
    name = story.comes(MINE, 10)
    story.journal.responded([name])
    story.killed()
    assert story.comes(MINE, 500 + DOUBTED - 1, "second", bound=500) == name

    story.journal.responded([name])
    story.killed()
    assert story.comes(MINE, 900 + DOUBTED, "third", bound=900) != name


def test_within_a_session_the_smsc_waits_before_it_tries_again(story: Story) -> None:
    name = story.comes(BOOK, 10)
    assert story.comes(BOOK, 12) != name
    assert story.comes(BOOK, 13) == name


def test_nothing_is_kept_for_ever(story: Story) -> None:
    name = story.comes(BOOK, 10)
    story.comes(MINE, 10 + KEPT + 1, "second", bound=0)
    assert story.comes(BOOK, 10 + KEPT + 2, "second", bound=0) != name


def test_it_works_in_memory_and_tells_of_no_person(tmp_path: Path, story: Story) -> None:
    journal = Journal("", "operator", 3)
    assert journal.name([Came(BOOK, "a", 1, 0)]) == journal.name([Came(BOOK, "b", 1, 0)])
    assert journal.name([]) == []
    journal.responded([])
    journal.confirmed([])
    journal.close()
    story.comes(BOOK, 10)
    story.journal.close()
    kept = b"".join(one.read_bytes() for one in story.path.parent.iterdir())
    assert b"delivery" in kept
    assert b"NOVAK" not in kept
    assert b"739547765" not in kept
