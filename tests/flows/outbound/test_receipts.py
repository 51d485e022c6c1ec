"""Receipts: in any order, repeated, early or late; they never lower a state."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Literal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.delivery import WAIT, message_id
from prepazka.flows.inbound.intake import store
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.receipts import drop_unmatched, take_in_receipts
from prepazka.gateways.values import Outbound, Receipt
from prepazka.store import models
from tests.flows.conftest import NOW, Queue, deliver_all, state
from tests.flows.outbound.fake_gateway import Peer

pytestmark = pytest.mark.django_db(transaction=True)

Status = Literal["handed", "sent", "delivered", "undelivered", "failed"]
LATER = NOW + timedelta(minutes=1)


def by_ref(message: Outbound, *statuses: Status, part: int = 0, copy: int = 1) -> list[Receipt]:
    return [Receipt("sim", status, LATER, ref=f"{message.id}/{copy}/{part}") for status in statuses]


def by_id(message: Outbound, *statuses: Status) -> list[Receipt]:
    return [Receipt("sim", status, LATER, id=message.id) for status in statuses]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["sent"], "sent"),
        (["sent", "delivered"], "delivered"),
        (["delivered", "sent"], "delivered"),
        (["delivered", "undelivered"], "delivered"),
        (["undelivered", "sent"], "undelivered"),
        (["failed", "delivered"], "delivered"),
        (["failed", "undelivered"], "failed"),
        (["sent", "sent"], "sent"),
    ],
)
@pytest.mark.parametrize("told", [by_ref, by_id])
@pytest.mark.parametrize("at_once", [True, False])
def test_what_was_heard_is_never_taken_back(
    queue: Queue, told: Callable[..., list[Receipt]], statuses: Sequence[Status], expected: str, at_once: bool
) -> None:
    row, peer = queue(), Peer()
    deliver_all(peer)
    receipts = told(peer.sent[0], *statuses)
    for batch in [receipts] if at_once else [[receipt] for receipt in receipts]:
        take_in_receipts(batch, LATER)
        take_in_receipts(batch, LATER)
    assert state(row) == expected
    assert models.Receipt.objects.filter(outbound=row).count() == len(set(statuses))


def test_it_is_delivered_only_when_all_its_parts_are(queue: Queue) -> None:
    row, peer = queue(parts=3), Peer()
    deliver_all(peer)
    came = []
    for part in (2, 0, 1):
        take_in_receipts(by_ref(peer.sent[0], "sent", part=part), LATER)
        came.append(state(row))
    for part in (1, 2, 0):
        take_in_receipts(by_ref(peer.sent[0], "delivered", part=part), LATER)
        came.append(state(row))
    assert came == ["handed", "handed", "sent", "sent", "sent", "delivered"]


def test_one_part_that_is_not_delivered_spoils_it(queue: Queue) -> None:
    row, peer = queue(parts=2), Peer()
    deliver_all(peer)
    take_in_receipts(by_ref(peer.sent[0], "delivered", part=0), LATER)
    (bad,) = by_ref(peer.sent[0], "undelivered", part=1)
    take_in_receipts([Receipt(bad.gateway, bad.status, bad.at, ref=bad.ref, reason="phone off for too long")], LATER)
    assert (state(row), models.Outbound.objects.get().error) == ("undelivered", "phone off for too long")
    take_in_receipts(by_ref(peer.sent[0], "delivered", part=1), LATER)
    assert (state(row), models.Outbound.objects.get().error) == ("delivered", "")


@pytest.mark.parametrize("order", list(permutations(["sent 0", "delivered 0", "sent 1", "delivered 1"])))
def test_any_order_comes_to_the_same(queue: Queue, order: Sequence[str]) -> None:
    row, peer = queue(parts=2), Peer()
    deliver_all(peer)
    for said in order:
        status, part = said.split()
        take_in_receipts([Receipt("sim", status, LATER, ref=f"{peer.sent[0].id}/1/{part}")], LATER)  # type: ignore[arg-type]
    assert state(row) == "delivered"


class Hasty(Peer):
    """A gateway whose receipts come before its answers."""

    told: Callable[..., list[Receipt]] = staticmethod(by_ref)

    def refs(self, message: Outbound) -> tuple[str, ...]:
        for part in range(message.parts):
            take_in_receipts([*by_ref(message, "sent", part=part), *by_ref(message, "delivered", part=part)], NOW)
        return super().refs(message)


def test_a_receipt_that_overtakes_the_answer_waits_for_it(queue: Queue) -> None:
    rows = [queue(), queue(parts=2)]
    deliver_all(Hasty())
    assert [state(row) for row in rows] == ["delivered", "delivered"]
    assert not models.Receipt.objects.filter(outbound=None).exists()


def test_with_our_id_it_need_not_wait(queue: Queue) -> None:
    row, peer = queue("notice", parts=2), Peer(script=["lose"])
    deliver_all(peer)
    (message,) = peer.sent
    for part in range(2):
        assert state(row) == "unknown"
        take_in_receipts([Receipt("sim", "delivered", LATER, id=message.id, ref=f"their {part}")], LATER)
    assert state(row) == "delivered"


def test_a_receipt_clears_up_a_lost_answer_and_ends_the_waiting(queue: Queue) -> None:
    row, peer = queue("reply"), Peer(script=["lose"])
    deliver_all(peer)
    take_in_receipts(by_id(peer.sent[0], "sent"), LATER)
    deliver_all(peer, NOW + WAIT)
    assert (state(row), len(peer.given)) == ("sent", 1)


@pytest.mark.parametrize("named", [True, False])
def test_an_answer_that_comes_late_wins_over_silence(queue: Queue, named: bool) -> None:
    row, peer = queue("reply"), Peer(script=["lose"])
    deliver_all(peer)
    (message,) = peer.sent
    take_in_receipts([Receipt("sim", "handed", LATER, id=message.id, ref="their 55" if named else "")], LATER)
    assert state(row) == "handed"
    deliver_all(peer, NOW + WAIT)
    assert len(peer.given) == 1
    told = Receipt("sim", "delivered", LATER, ref="their 55") if named else by_id(message, "delivered")[0]
    take_in_receipts([told], NOW + WAIT)
    assert state(row) == "delivered"


def test_a_late_answer_to_the_first_part_leaves_the_rest_in_doubt(queue: Queue) -> None:
    row, peer = queue("reply", parts=2), Peer(script=["lose"])
    deliver_all(peer)
    (message,) = peer.sent
    take_in_receipts([Receipt("sim", "handed", LATER, id=message.id, ref="a")], LATER)
    assert state(row) == "unknown"
    take_in_receipts([Receipt("sim", "handed", LATER, id=message.id, ref="b")], LATER)
    assert state(row) == "handed"


def test_the_first_copy_may_turn_up_after_the_second_was_sent(queue: Queue) -> None:
    row, peer = queue("reply"), Peer(script=["lose"])
    deliver_all(peer)
    deliver_all(peer, NOW + WAIT)
    assert (state(row), len(peer.sent)) == ("handed", 2)
    take_in_receipts(by_id(peer.sent[0], "delivered"), NOW + 2 * WAIT)
    take_in_receipts(by_ref(peer.sent[0], "failed", copy=2), NOW + 2 * WAIT)
    assert state(row) == "delivered"


def test_parts_of_two_copies_do_not_make_one_message(queue: Queue) -> None:
    row, peer = queue("reply", parts=2), Peer(script=["lose"])
    deliver_all(peer)
    message = peer.sent[0]
    take_in_receipts([Receipt("sim", "delivered", LATER, id=message.id, ref=f"{message.id}/1/0")], LATER)
    deliver_all(peer, NOW + WAIT)
    take_in_receipts(by_ref(message, "delivered", part=1, copy=2), NOW + 2 * WAIT)
    assert state(row) == "handed"
    take_in_receipts(by_ref(message, "delivered", part=0, copy=2), NOW + 2 * WAIT)
    assert state(row) == "delivered"


def test_what_expired_meanwhile_may_have_been_delivered_all_the_same(queue: Queue) -> None:
    row, peer = queue(), Peer(script=["refuse"])
    deliver_all(peer)
    models.Outbound.objects.update(state="expired", due_at=None)
    take_in_receipts([Receipt("sim", "delivered", LATER, id=peer.given[0].id)], LATER)
    assert state(row) == "delivered"


def test_a_receipt_nobody_claims_is_dropped_after_a_while(queue: Queue) -> None:
    queue()
    take_in_receipts([Receipt("sim", "delivered", NOW, ref="whose?")], NOW)
    assert drop_unmatched(NOW + WAIT - timedelta(seconds=1)) == 0
    assert drop_unmatched(NOW + WAIT) == 1
    assert not models.Receipt.objects.exists()


@pytest.mark.parametrize(
    "receipt",
    [
        pytest.param(Receipt("sim", "delivered", NOW, id="1-2"), id="of an id never given"),
        pytest.param(Receipt("sim", "delivered", NOW, id="x" * 500), id="of no id of ours"),
        pytest.param(Receipt("sim", "delivered", NOW), id="of nothing"),
        pytest.param(Receipt("sim", "delivered", NOW, id="ffffffffffffffff-ffffffffffffff"), id="of an absurd id"),
        pytest.param(Receipt("sim", "delivered", NOW, id="1-ffffffffffffff"), id="of a year long after"),
        pytest.param(Receipt("sim", "failed", NOW, ref="\0" + "x" * 999, reason="\ud800\0" + "y" * 999), id="hostile"),
        pytest.param(Receipt("sim", "sent", datetime.max.replace(tzinfo=UTC), ref="r"), id="of an impossible time"),
    ],
)
def test_strange_receipts_change_nothing(queue: Queue, receipt: Receipt) -> None:
    row = queue()
    take_in_receipts([receipt], NOW)
    assert state(row) == "queued"


def test_nobody_speaks_of_another_gateways_messages(queue: Queue) -> None:
    row, peer = queue(), Peer()
    deliver_all(peer)
    (message,) = peer.sent
    take_in_receipts([Receipt("other", "delivered", NOW, id=message.id)], NOW)
    take_in_receipts([Receipt("other", "delivered", NOW, ref=f"{message.id}/1/0")], NOW)
    assert state(row) == "handed"


def test_an_id_with_another_time_of_making_is_of_another_message(queue: Queue) -> None:
    row = queue()
    take_in_receipts([Receipt("sim", "delivered", NOW, id=message_id(row, NOW + timedelta(seconds=1)))], NOW)
    assert state(row) == "queued"
    take_in_receipts([Receipt("sim", "delivered", NOW, id=message_id(row, NOW))], NOW)
    assert state(row) == "delivered"


def test_a_name_given_again_means_the_newer_message(queue: Queue) -> None:
    class Forgetful(Peer):
        def refs(self, message: Outbound) -> tuple[str, ...]:
            return ("7",)

    old, peer = queue(), Forgetful()
    deliver_all(peer)
    take_in_receipts([Receipt("sim", "delivered", LATER, ref="7")], LATER)
    new = queue()
    deliver_all(peer, LATER)
    assert (state(old), state(new)) == ("delivered", "handed")
    take_in_receipts([Receipt("sim", "delivered", LATER, ref="7")], LATER)
    assert (state(old), state(new)) == ("delivered", "delivered")


@pytest.mark.parametrize("told", [by_ref, by_id])
def test_many_receipts_cost_as_few_statements_as_those_of_one_message(
    queue: Queue, told: Callable[..., list[Receipt]]
) -> None:
    for _ in range(30):
        queue()
    peer = Peer()
    deliver_all(peer)

    def statements(messages: Sequence[Outbound]) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            store([receipt for one in messages for receipt in told(one, "sent", "delivered")], LATER)
        own = {"BEGIN", "BEGIN IMMEDIATE", "COMMIT"}  # SQLite's; PostgreSQL's are not listed
        return [one["sql"] for one in asked if one["sql"] not in own]

    of_one, of_many = statements(peer.sent[:1]), statements(peer.sent[1:])
    assert len(of_one) == len(of_many) <= 6
    assert models.Outbound.objects.filter(state="delivered").count() == 30


def test_what_is_in_the_phone_is_not_sent_any_more(queue: Queue) -> None:
    """A receipt reports delivery while another copy is due."""
    row, peer = queue("reply"), Peer(script=["lose", "refuse"])
    deliver_all(peer)
    deliver(peer, NOW + WAIT)
    assert state(row) == "queued"
    take_in_receipts(by_id(peer.sent[0], "delivered"), NOW + WAIT)
    deliver_all(peer, NOW + 3 * WAIT)
    assert (state(row), len(peer.given)) == ("delivered", 2)
