"""Delivery: how answers, their absence and a database that fails change the states of messages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from prepazka.core.circuit import BREAK, BREAK_AFTER
from prepazka.core.delivery import BACK_OFF, KINDS, LEASE, LIFETIME, THROTTLED, WAIT, Attempts, Disposition
from prepazka.flows.outbound import deliver as journey
from prepazka.flows.outbound.deliver import deliver, show, tidy
from prepazka.flows.outbound.receipts import take_in_receipts
from prepazka.gateways.values import Capabilities, Outbound, Receipt
from prepazka.store import models
from prepazka.store.outbox import StateChange
from tests.flows.conftest import NOW, Queue, deliver_all, outbound_row, state
from tests.flows.outbound.fake_gateway import Peer

pytestmark = pytest.mark.django_db(transaction=True)


# --- answers ------------------------------------------------------------------------------------


def test_what_was_not_taken_is_tried_again_with_growing_pauses(queue: Queue) -> None:
    row, peer, tries, now = queue("reply", until=NOW + LIFETIME), Peer(script=["refuse"] * 100), [], NOW
    while now < NOW + LIFETIME + timedelta(hours=1):
        if deliver(peer, now) and state(row) == "queued":
            tries.append(now - NOW)
        tidy(now)
        now += timedelta(seconds=30)
    assert tries[:4] == [timedelta(0), BACK_OFF[0], BACK_OFF[0] + BACK_OFF[1], sum(BACK_OFF[:3], timedelta())]
    assert len(peer.given) == len(tries) + 1, "the last try is not worth another"
    assert (state(row), outbound_row(row).error, peer.sent) == ("expired", "the modem is busy", [])


def test_a_permanent_error_ends_it(queue: Queue) -> None:
    row, peer = queue(), Peer(script=["refuse for good"])
    deliver_all(peer)
    deliver_all(peer, NOW + timedelta(hours=1))
    assert (state(row), outbound_row(row).error, len(peer.given)) == ("failed", "no such number", 1)


def test_too_fast_is_no_try_and_slows_the_gateway_down(queue: Queue) -> None:
    row, peer = queue(), Peer(script=["too fast"])
    queue()
    deliver_all(peer)
    assert (len(peer.given), outbound_row(row).attempts, state(row)) == (1, 0, "queued")
    deliver_all(peer, NOW + THROTTLED)
    assert len(peer.sent) == 2


def test_after_failures_in_a_row_a_gateway_is_left_alone_then_tried_with_one(queue: Queue) -> None:
    for _ in range(20):
        queue()
    peer = Peer(script=["refuse"] * (BREAK_AFTER + 1))
    deliver_all(peer)
    assert len(peer.given) == BREAK_AFTER
    deliver_all(peer, NOW + BREAK - timedelta(seconds=1))
    assert len(peer.given) == BREAK_AFTER
    deliver_all(peer, NOW + BREAK)
    assert len(peer.given) == BREAK_AFTER + 1
    deliver_all(peer, NOW + 2 * BREAK)
    assert len(peer.sent) > 1, "one went through, so all may"


def test_a_lost_answer_is_not_followed_by_another_copy(queue: Queue) -> None:
    row, peer = queue("notice"), Peer(script=["lose"])
    deliver_all(peer)
    assert (state(row), outbound_row(row).due_at) == ("unknown", NOW + WAIT)
    deliver_all(peer, NOW + WAIT)
    deliver_all(peer, NOW + timedelta(days=1))
    assert (state(row), outbound_row(row).due_at, len(peer.given)) == ("unknown", None, 1)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].matters])
def test_one_that_matters_is_sent_once_more_when_no_receipt_came(queue: Queue, kind: str) -> None:
    row, peer = queue(kind), Peer(script=["miss", "miss"])
    deliver_all(peer)
    deliver_all(peer, NOW + WAIT - timedelta(seconds=1))
    assert len(peer.given) == 1
    deliver_all(peer, NOW + WAIT)
    deliver_all(peer, NOW + 2 * WAIT)
    deliver_all(peer, NOW + 3 * WAIT)
    assert (state(row), len(peer.given)) == ("unknown", 2)
    assert len({one.id for one in peer.given}) == 1


def test_silence_of_a_gateway_without_receipts_says_nothing(queue: Queue) -> None:
    queue("reply")
    peer = Peer(script=["lose"], capabilities=Capabilities(receipts=False))
    deliver_all(peer)
    deliver_all(peer, NOW + WAIT)
    assert len(peer.given) == 1


def test_after_an_outage_receipts_are_waited_for_anew(queue: Queue) -> None:
    """When no process was running, the absence of a receipt shows nothing yet."""
    queue("reply")
    peer, back = Peer(script=["lose"]), NOW + timedelta(hours=1)
    deliver_all(peer)
    deliver_all(peer, back)
    deliver_all(peer, back + WAIT - timedelta(seconds=1))
    assert len(peer.given) == 1
    deliver_all(peer, back + WAIT)
    assert len(peer.given) == 2


def test_a_gateway_that_keeps_our_ids_is_asked_again(queue: Queue) -> None:
    row, peer = queue("notice"), Peer(script=["lose", "miss"], capabilities=Capabilities(idempotent=True))
    deliver_all(peer)
    assert (state(row), outbound_row(row).due_at) == ("unknown", NOW + BACK_OFF[0])
    deliver_all(peer, NOW + BACK_OFF[0])
    deliver_all(peer, NOW + BACK_OFF[0] + BACK_OFF[1])
    assert (state(row), len(peer.given), len(peer.sent)) == ("handed", 3, 1)
    assert len({one.id for one in peer.given}) == 1


@pytest.mark.parametrize("idempotent", [True, False])
def test_when_a_gateway_breaks_nothing_is_known_of_the_rest(queue: Queue, idempotent: bool) -> None:
    rows = [queue("notice") for _ in range(3)]
    peer = Peer(script=["take", "take and break"], capabilities=Capabilities(batch=3, idempotent=idempotent))
    deliver_all(peer)
    assert [state(row) for row in rows] == ["handed", "unknown", "unknown"]
    assert outbound_row(rows[1]).error == "the gateway failed (Broken)"
    deliver_all(peer, NOW + BACK_OFF[0])
    assert [one.text for one in peer.sent] == ["zprava 1", "zprava 2", "zprava 3"][: 3 if idempotent else 2]


def test_a_late_answer_of_the_gateway_is_believed(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sending process is held up for longer than its lease; meanwhile another one processes its messages."""
    row, peer = queue("notice"), Peer()
    give = peer.send

    def slowly(messages: Any) -> Any:
        deliver_all(Peer(), NOW + LEASE)
        assert state(row) == "unknown"
        return give(messages)

    monkeypatch.setattr(peer, "send", slowly)
    deliver_all(peer)
    assert (state(row), outbound_row(row).due_at) == ("handed", None)


def test_a_late_refusal_does_not_undo_what_another_process_did(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    row = queue("notice")
    capabilities = Capabilities(idempotent=True)
    slow, quick = Peer(script=["refuse"], capabilities=capabilities), Peer(capabilities=capabilities)
    give = slow.send

    def slowly(messages: Any) -> Any:
        deliver_all(quick, NOW + LEASE)
        return give(messages)

    monkeypatch.setattr(slow, "send", slowly)
    deliver_all(slow)
    assert (state(row), len(quick.sent)) == ("handed", 1)


# --- screens ------------------------------------------------------------------------------------


def test_what_is_on_a_screen_has_arrived(queue: Queue, booking: int) -> None:
    rows = [queue("notice", gateway="phone"), queue("notice", gateway="console"), queue("notice")]
    moot = queue("reminder", gateway="phone", booking=booking)
    models.Booking.objects.update(state="cancelled")
    assert show(NOW) == 3
    assert show(NOW) == 0
    assert [state(row) for row in rows] == ["delivered", "delivered", "queued"]
    assert state(moot) == "expired"


# --- a database that fails ----------------------------------------------------------------------


def test_an_answer_that_could_not_be_kept_is_a_lost_one(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    row, peer = queue("notice"), Peer()

    def away(*_: object, **_more: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(journey, "_store", away)
    with pytest.raises(OperationalError):
        deliver(peer, NOW)
    monkeypatch.undo()
    assert state(row) == "sending"
    deliver_all(peer, NOW + LEASE)
    assert (state(row), len(peer.given)) == ("unknown", 1)


def test_a_lease_that_ran_out_is_a_lost_answer(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    row, peer = queue(), Peer()
    with monkeypatch.context() as broken:
        broken.setattr(journey, "_store", lambda *_, **__: (_ for _ in ()).throw(OperationalError))
        with pytest.raises(OperationalError):
            deliver(peer, NOW)
    deliver_all(peer, NOW + LEASE)
    assert (state(row), outbound_row(row).lost, len(peer.sent)) == ("unknown", 1, 1)
    deliver_all(peer, NOW + LEASE + WAIT)
    assert (state(row), len(peer.sent)) == ("handed", 2), "one that matters, once more"


def test_an_answer_takes_nothing_back_of_what_a_receipt_said_before_it(queue: Queue) -> None:
    class Overtaken(Peer):
        def _take(self, message: Outbound) -> None:
            super()._take(message)
            take_in_receipts([Receipt("sim", "delivered", NOW, message.id)], NOW)

    row = queue()
    deliver(Overtaken(), NOW)
    assert state(row) == "delivered"


def test_answers_of_a_slow_gateway_are_kept_one_by_one(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [queue() for _ in range(3)]
    monkeypatch.setattr(journey, "AT_RISK", 0)
    seen = []
    peer = Peer(capabilities=Capabilities(batch=3))
    refs = peer.refs

    def look(message: Any) -> Any:
        seen.append([state(row) for row in rows])
        return refs(message)

    monkeypatch.setattr(peer, "refs", look)
    deliver_all(peer)
    assert seen == [
        ["sending", "sending", "sending"],
        ["handed", "sending", "sending"],
        ["handed", "handed", "sending"],
    ]


def test_a_change_of_state_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(AssertionError):
        StateChange(1, "unknown", Disposition("failed"), Attempts("reply", NOW, 1, 1))


def test_ids_stay_unique_when_row_ids_come_again(queue: Queue) -> None:
    peer = Peer()
    row = queue()
    deliver_all(peer)
    models.OutboundRef.objects.all().delete()
    old = outbound_row(row)
    models.Outbound.objects.all().delete()
    models.Outbound.objects.bulk_create([replace_made_at(old, NOW + timedelta(days=1))])
    deliver_all(peer, NOW + timedelta(days=1))
    assert len({one.id for one in peer.sent}) == 2


def replace_made_at(row: models.Outbound, made_at: datetime) -> models.Outbound:
    row.made_at, row.due_at, row.state = made_at, made_at, "queued"
    return row
