"""The emergency stop: an office that sends only replies sends nothing else, and all that is still of use afterwards."""

from datetime import timedelta

import pytest

from prepazka.core.delivery import KINDS
from prepazka.core.office.office import Office
from prepazka.flows.outbound.deliver import show
from prepazka.store import offices
from tests.flows.conftest import NOW, Queue, deliver_all, state
from tests.flows.outbound.fake_gateway import Peer

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stopped(office: Office) -> Office:
    offices.send_only_replies(office.id, stopped=True)
    return office


@pytest.mark.parametrize("kind", KINDS)
def test_only_replies_leave(stopped: Office, queue: Queue, kind: str) -> None:
    row, peer = queue(kind), Peer()
    deliver_all(peer)
    is_sent = kind in {"reply", "answer"}
    assert (len(peer.given), state(row)) == ((1, "handed") if is_sent else (0, "queued"))


def test_a_reply_behind_many_other_messages_still_leaves(stopped: Office, queue: Queue) -> None:
    for _ in range(30):
        queue("confirmation")
    queue("reply")
    peer = Peer()
    deliver_all(peer)
    assert [one.text for one in peer.sent] == ["zprava 31"]


def test_what_waited_leaves_within_a_minute_after_the_stop(stopped: Office, queue: Queue) -> None:
    rows, peer = [queue("confirmation"), queue("called_off")], Peer()
    for minute in range(3):
        deliver_all(peer, NOW + minute * MINUTE)
    offices.send_only_replies(stopped.id, stopped=False)
    deliver_all(peer, NOW + 3 * MINUTE)
    assert [state(row) for row in rows] == ["handed", "handed"]
    assert len(peer.sent) == 2


def test_what_is_of_no_use_any_more_is_given_up(stopped: Office, queue: Queue) -> None:
    row, peer = queue("confirmation", until=NOW + MINUTE), Peer()
    deliver_all(peer, NOW)
    deliver_all(peer, NOW + 2 * MINUTE)
    assert (state(row), peer.given) == ("expired", [])


def test_the_screens_stop_too(stopped: Office, queue: Queue) -> None:
    row = queue("confirmation", gateway="phone")
    while show(NOW):
        pass
    assert state(row) == "queued"


def test_other_offices_send_on(office: Office, queue: Queue) -> None:
    offices.send_only_replies(office.id + 1, stopped=True)
    row, peer = queue("confirmation"), Peer()
    deliver_all(peer)
    assert state(row) == "handed"


def test_pressing_twice_changes_nothing(office: Office) -> None:
    pressed = [offices.send_only_replies(office.id, stopped=stop) for stop in (True, True, False, False)]
    assert pressed == [True, False, True, False]
