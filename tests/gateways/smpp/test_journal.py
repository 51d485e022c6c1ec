"""A repeated delivery gets the id it had, and another equal message does not."""

import os
from pathlib import Path

import pytest

from prepazka.gateways.smpp import SmppSettings
from prepazka.gateways.smpp.deliveries import DeliveredMessage
from prepazka.gateways.smpp.journal import RETENTION, Journal, ReceivedDelivery

BOOK = DeliveredMessage("+420739547765", "+420111222333", "OBJ ZOP 10.8. 14:00 NOVAK", None, "")
MINE = DeliveredMessage("+420739547765", "+420111222333", "MOJE", None, "")


def opened(path: str, gateway: str = "operator") -> Journal:
    settings = {"host": "smsc", "system_id": "urad", "password": "secret", "resent_after": 3, "resent_within": 60}
    return Journal(SmppSettings.model_validate(settings | {"journal": path}), gateway)


class Story:
    """Deliveries and the responses to them, at times in seconds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = opened(str(path))
        self._session = "session"

    def killed(self, bound: float) -> None:
        """Continue in another process with its own session."""
        self.journal = opened(str(self.path))
        self.cut(bound)

    def cut(self, bound: float) -> None:
        """Begin another session."""
        self.journal.session_bound(bound)
        self._session += "'"

    def deliver(self, message: DeliveredMessage, at: float) -> str:
        (id_,) = self.journal.assign_ids([ReceivedDelivery(message, self._session, at)])
        return id_


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path / "made" / "journal.sqlite3")


def test_a_delivery_without_a_response_keeps_its_id_after_a_kill(story: Story) -> None:
    id_ = story.deliver(BOOK, 10)
    story.killed(490)
    assert story.deliver(BOOK, 900) == id_
    story.killed(1000)
    assert story.deliver(BOOK, 90_000) == id_


def test_nobody_else_may_open_its_file(tmp_path: Path) -> None:
    path = tmp_path / "of" / "smpp" / "seen.sqlite3"
    before = os.umask(0)
    try:
        story = Story(path)
        story.deliver(MINE, 20)
    finally:
        os.umask(before)
    found = {one.name: one.stat().st_mode & 0o077 for one in tmp_path.rglob("*")}
    story.journal.close()  # until here it is open, so that SQLite's own files are there
    assert found == dict.fromkeys(("of", "smpp", path.name, f"{path.name}-wal", f"{path.name}-shm"), 0)


def test_two_equal_messages_are_two_each_time(story: Story) -> None:
    names = [story.deliver(BOOK, 10), story.deliver(BOOK, 10.5)]
    assert len(set(names)) == 2
    story.killed(499)
    assert [story.deliver(BOOK, at) for at in (500, 500.1)] == names
    assert story.deliver(BOOK, 500.2) not in names


def test_others_messages_are_others(story: Story) -> None:
    id_ = story.deliver(BOOK, 10)
    story.killed(499)
    assert story.deliver(MINE, 500) != id_
    assert opened(str(story.path), "another").assign_ids([ReceivedDelivery(BOOK, "x", 500)]) != [id_]
    assert story.deliver(BOOK, 501) == id_


def test_a_delivery_after_the_confirmation_is_new(story: Story) -> None:
    id_ = story.deliver(MINE, 10)
    story.journal.mark_responded([id_])
    story.journal.delete_confirmed([id_])
    assert story.deliver(MINE, 12) != id_


def test_a_response_that_may_have_been_lost_is_doubted_for_a_while(story: Story) -> None:
    id_ = story.deliver(MINE, 10)
    story.journal.mark_responded([id_])
    story.killed(500)
    assert story.deliver(MINE, 559) == id_
    story.journal.mark_responded([id_])
    story.cut(900)
    assert story.deliver(MINE, 961) != id_


def test_the_while_begins_with_the_first_session_after_it(story: Story) -> None:
    id_ = story.deliver(MINE, 10)
    story.journal.mark_responded([id_])
    story.cut(500)
    story.cut(550)
    assert story.deliver(MINE, 561) != id_


def test_within_a_session_the_smsc_waits_before_it_tries_again(story: Story) -> None:
    id_ = story.deliver(BOOK, 10)
    assert story.deliver(BOOK, 12) != id_
    assert story.deliver(BOOK, 13) == id_


def test_old_entries_are_deleted(story: Story) -> None:
    id_ = story.deliver(BOOK, 10)
    story.cut(20)
    story.deliver(MINE, 10 + RETENTION + 1)
    assert story.deliver(BOOK, 10 + RETENTION + 2) != id_


def test_it_works_in_memory_and_stores_no_number_or_text(story: Story) -> None:
    journal = opened("")
    assert journal.assign_ids([ReceivedDelivery(BOOK, "a", 1)]) == journal.assign_ids([ReceivedDelivery(BOOK, "b", 1)])
    assert journal.assign_ids([]) == []
    journal.mark_responded([])
    journal.delete_confirmed([])
    journal.close()
    story.deliver(BOOK, 10)
    story.journal.close()
    known = b"".join(one.read_bytes() for one in story.path.parent.iterdir())
    assert b"delivery" in known
    assert b"NOVAK" not in known
    assert b"739547765" not in known
