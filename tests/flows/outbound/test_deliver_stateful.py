"""The guarantees of `flows.outbound.deliver` hold whatever a gateway does, wherever a process is killed."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from prepazka.core.delivery import KINDS, LEASE, LIFETIME, PRECEDENCE, WAIT, parse_message_id
from prepazka.flows.outbound import deliver as journey
from prepazka.flows.outbound import notify
from prepazka.flows.outbound.deliver import deliver, tidy
from prepazka.flows.outbound.receipts import drop_unmatched, take_in_receipts
from prepazka.gateways.values import Capabilities, Outbound, Receipt
from prepazka.sms.reply.render import Reply
from prepazka.store import models, offices
from tests.flows.conftest import NOW, NUMBER
from tests.flows.outbound.fake_gateway import Peer
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

PER_MINUTE = 4
KIND = st.sampled_from(["reply", "notice", "reminder"])
SELDOM, MOSTLY = st.sampled_from([False, False, True]), st.sampled_from([True, True, False])
STATUS = st.sampled_from(["sent", "delivered", "undelivered", "failed"])
TEMPERS = st.sampled_from(
    [["lose"], ["take"], ["take and break"], ["lose", "take"], ["refuse", "lose"], ["too fast", "take"], ["lose"]]
)
ANSWERS = ["take", "take", "refuse", "refuse for good", "too fast", "lose", "miss", "break", "take and break"]
# By day, so that reminders go out whenever the clock of a run is.
LONG = timedelta(hours=8)
AT_ONCE = timedelta(seconds=1)


class Killed(BaseException):
    """The process was killed here."""


class Mortal(Peer):
    """A gateway whose process may be killed while it sends; times: when the network got each message."""

    now: datetime = NOW
    killed: str = ""
    meanwhile: Callable[[list[int]], None] | None = None

    def __init__(self, capabilities: Capabilities) -> None:
        super().__init__(capabilities=capabilities)
        self.times: list[tuple[datetime, int]] = []
        self.given_at = self.now
        self.temper = ["take"]
        self.wrong: list[str] = []

    def _take(self, message: Outbound) -> None:
        before = len(self.sent)
        super()._take(message)
        if len(self.sent) > before:
            self.times.append((self.given_at, message.parts))

    def send(self, messages: Any) -> Any:
        given_at = self.given_at = self.now
        self._look_at(messages)
        if self.killed == "after the claim":
            raise Killed
        if meanwhile := self.meanwhile:
            self.meanwhile = None
            meanwhile([rows(message) for message in messages])
            self.given_at = given_at
        self.script += self.temper * len(messages)
        for answer in super().send(messages):
            if self.killed == "after the gateway took it":
                raise Killed
            yield answer

    def _look_at(self, messages: Sequence[Outbound]) -> None:
        """Record messages that must not be given; an exception here would count as a lost answer."""
        if any(message.expires <= self.now for message in messages):
            self.wrong.append("it was of no use any more")
        kinds = dict(models.Outbound.objects.values_list("id", "kind"))
        order = [(KINDS[kinds[row]].priority, row) for row in map(rows, messages)]
        if order != sorted(order):
            self.wrong.append(f"the less urgent went first: {order}")


def rows(message: Outbound) -> int:
    """Return the row of a message."""
    found = parse_message_id(message.id)
    assert found
    return found[0]


def claims(ids: Collection[int]) -> dict[int, datetime | None]:
    """Return which of these messages are being sent, and since when."""
    return dict(models.Outbound.objects.filter(id__in=ids, state="sending").values_list("id", "tried_at"))


class Sending(RuleBasedStateMachine):
    """An office that sends messages, its gateway, and a clock."""

    @initialize(
        idempotent=SELDOM,
        receipts=MOSTLY,
        batch=st.integers(1, 4),
        most=st.integers(0, 6),
        batches=st.integers(1, 3),
        temper=TEMPERS,
    )
    def begin(self, idempotent: bool, receipts: bool, batch: int, most: int, batches: int, temper: list[str]) -> None:
        for table in (models.Receipt, models.OutboundRef, models.Outbound, models.Breaker):
            table.objects.all().delete()
        self.office = offices.load(offices.keep(demo_office(), NOW))
        self.now = NOW
        self.peer = Mortal(Capabilities(batch, PER_MINUTE if batch > 2 else None, idempotent, receipts, most))
        self.peer.temper = temper
        self.batches = batches
        self.best: dict[int, str] = {}
        self.told: set[tuple[str, str]] = set()
        self.queue("reply", 1)

    # --- what happens ---------------------------------------------------------------------------

    @rule(kind=KIND, parts=st.integers(1, 2), script=st.lists(st.sampled_from(ANSWERS), max_size=3))
    def send(self, kind: str, parts: int, script: list[str]) -> None:
        self.queue(kind, parts)
        self.peer.script = script
        self.look()
        self.peer.script = []

    @rule(kind=KIND, parts=st.integers(1, 3))
    def queue(self, kind: str, parts: int) -> None:
        until = self.now + (LIFETIME if kind == "reply" else LONG)
        route = notify.Route("sim", NUMBER)
        tiding = notify.Notification(kind, "+420602000001", Reply("zprava", 6, parts), until, route=route)
        notify.enqueue(self.office, [tiding], self.now)

    @rule(seconds=st.sampled_from([15, 30, 60, 120, 600, 1800]), script=st.lists(st.sampled_from(ANSWERS), max_size=3))
    def wait(self, seconds: int, script: list[str]) -> None:
        # Somebody looks every now and then, as the service does.
        self.peer.script = script
        for _ in range(0, seconds, 60):
            self.now += timedelta(seconds=min(seconds, 60))
            self.look()
        self.peer.script = []

    @rule(where=st.sampled_from(["after the claim", "after the gateway took it", "before it is kept"]))
    def die(self, where: str) -> None:
        self.peer.killed = where
        self.peer.now = self.now
        try:
            if where == "before it is kept":
                with patch.object(journey, "_store", side_effect=Killed):
                    deliver(self.peer, self.now, self.batches)
            else:
                deliver(self.peer, self.now, self.batches)
        except Killed:
            pass
        self.peer.killed = ""

    @rule(
        kinds=st.lists(KIND, min_size=1, max_size=3),
        looks=st.sampled_from([(AT_ONCE,), (LEASE - AT_ONCE,), (LEASE,), (LEASE, WAIT)]),
        dies=st.booleans(),
        slow=st.sampled_from(["take", "refuse", "refuse for good", "too fast", "lose", "miss"]),
    )
    def two_at_once(self, kinds: list[str], looks: tuple[timedelta, ...], dies: bool, slow: str) -> None:
        """While one process waits for its gateway, another delivers too, once or twice, and may be killed."""
        for kind in kinds:
            self.queue(kind, 1)
        began = self.now
        held: dict[int, datetime | None] = {}

        def other(claimed: list[int]) -> None:
            self.held_to(claims(claimed) == dict.fromkeys(claimed, began), "it was given before it was claimed")
            self.peer.script = []
            for later in looks:
                self.now += later
                self.peer.now = self.now
                self.peer.killed = "after the gateway took it" if dies and later == looks[-1] else ""
                try:
                    deliver(self.peer, self.now, self.batches)
                except Killed:
                    pass
                finally:
                    self.peer.killed = ""
            if self.now < began + LEASE:
                self.held_to(claims(claimed) == dict.fromkeys(claimed, began), "a claim was not respected")
            held.update({row: since for row, since in claims(claimed).items() if since != began})
            self.peer.script = [slow] * len(claimed)

        self.peer.meanwhile, self.peer.now = other, self.now
        deliver(self.peer, self.now, self.batches)
        self.peer.meanwhile = None
        self.peer.script = []
        if slow != "take":
            self.held_to(claims(held) == held, "an answer counted for a claim it does not answer")
        self.nothing_was_given_that_may_not_be()

    def held_to(self, kept: bool, otherwise: str) -> None:
        """Record a guarantee that was broken."""
        if not kept:
            self.peer.wrong.append(otherwise)

    @rule(said=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), STATUS, st.booleans()), min_size=1, max_size=5))
    def poll(self, said: list[tuple[int, int, Any, bool]]) -> None:
        """Receipts of the last messages, in any order."""
        if not self.peer.capabilities.receipts:
            return
        for back, part, status, with_id in said:
            for message in self.peer.sent[::-1][back : back + 1]:
                ref = self.peer.refs(message)[part % message.parts]
                take_in_receipts([Receipt("sim", status, self.now, message.id if with_id else "", ref)], self.now)
                self.what_was_heard_is_never_taken_back()

    def look(self) -> None:
        self.peer.now = self.now
        while deliver(self.peer, self.now, self.batches):
            pass
        tidy(self.now)
        drop_unmatched(self.now)

    # --- what always holds ----------------------------------------------------------------------

    @invariant()
    def nobody_gets_more_copies_than_the_rule_allows(self) -> None:
        if not hasattr(self, "peer"):
            return
        kinds = dict(models.Outbound.objects.values_list("id", "kind"))
        for id_, copies in Counter(message.id for message in self.peer.sent).items():
            found = parse_message_id(id_)
            assert found
            twice = (
                self.peer.capabilities.receipts
                and not self.peer.capabilities.idempotent
                and KINDS[kinds[found[0]]].matters
            )
            assert copies <= (2 if twice else 1)

    @invariant()
    def what_was_heard_is_never_taken_back(self) -> None:
        if not hasattr(self, "peer"):
            return
        for row, state in models.Outbound.objects.values_list("id", "state"):
            before = self.best.get(row, "queued")
            if PRECEDENCE[before] > 0:  # type: ignore[index]  # states as the database gives them
                assert PRECEDENCE[state] >= PRECEDENCE[before]  # type: ignore[index]  # the same
            self.best[row] = state

    @invariant()
    def the_pace_is_kept(self) -> None:
        if not hasattr(self, "peer") or self.peer.capabilities.per_minute is None:
            return
        for at, _ in self.peer.times:
            minute = [parts for when, parts in self.peer.times if at <= when < at + timedelta(minutes=1)]
            assert sum(minute) <= PER_MINUTE

    @invariant()
    def nothing_was_given_that_may_not_be(self) -> None:
        if hasattr(self, "peer"):
            assert self.peer.wrong == []

    @invariant()
    def what_is_called_sent_was_sent(self) -> None:
        if not hasattr(self, "peer"):
            return
        sent = {found[0] for message in self.peer.sent if (found := parse_message_id(message.id))}
        known = models.Outbound.objects.exclude(state__in=["queued", "sending", "unknown", "expired", "failed"])
        assert set(known.values_list("id", flat=True)) <= sent
        lost = models.Outbound.objects.filter(state="expired").values_list("id", flat=True)
        assert not set(lost) & sent, "what was sent is never called expired"

    def teardown(self) -> None:
        """With a working gateway in the end, every message that has not failed for certain is sent, or was."""
        if not hasattr(self, "peer"):
            return
        end = self.now + LIFETIME + LEASE + WAIT
        for _ in range(40):  # first it goes on as it is
            self.now += timedelta(seconds=60)
            self.look()
        self.nobody_gets_more_copies_than_the_rule_allows()
        self.peer.temper, self.peer.script = ["take"], []
        hopeful = set(models.Outbound.objects.filter(state="queued", lost=0).values_list("id", flat=True))
        while self.now < end:
            self.look()
            self.now += timedelta(seconds=110)  # more seldom, and it would take itself for having been away
        self.look()
        self.nobody_gets_more_copies_than_the_rule_allows()
        self.what_is_called_sent_was_sent()
        assert not models.Outbound.objects.filter(state__in=["queued", "sending"]).exists()
        assert not models.Outbound.objects.filter(state="unknown", due_at__isnull=False).exists()
        for row in hopeful:
            message = models.Outbound.objects.get(id=row)
            expired = message.state == "expired" and message.attempts > 0  # its back-off reached beyond its time
            assert expired or PRECEDENCE[message.state] >= 1, message.state  # type: ignore[index]  # as above


@pytest.fixture
def on_no_disk() -> Iterator[None]:
    """Switch off waiting for the disk: processes are killed here, machines are not."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    yield
    connection.close()


@pytest.mark.usefixtures("on_no_disk")
def test_the_promises_hold(whole: bool) -> None:
    """On PostgreSQL, which takes three times as long, with fewer examples in the short form."""
    run_state_machine_as_test(
        Sending,
        settings=settings(
            max_examples=20 if whole or connection.vendor == "sqlite" else 8,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
