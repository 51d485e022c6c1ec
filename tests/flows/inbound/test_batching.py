"""Concurrent callers share one call of `receive`, and each gets its own results."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Semaphore

import pytest
from django.db import connection

from prepazka.core.booking.outcomes import Duplicate, HelpGiven
from prepazka.flows.inbound import batching
from prepazka.flows.inbound.batching import Batcher
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import UnknownNumber
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"
CALLERS = 8


def message(id_: str, to: str = NUMBER) -> Inbound:
    return Inbound("test", id_, "+420777123456", to, "POMOC")


class Office:
    """Stands for `receive`: records its calls, and blocks the first one until it is released."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.moments: list[datetime] = []
        self.entered, self.let_go = Event(), Event()
        self.fails: Exception | None = None

    def receive(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        self.calls.append([inbound.id for inbound in inbounds])
        self.moments.append(now)
        if len(self.calls) == 1:
            self.entered.set()
            assert self.let_go.wait(30)
        for inbound in inbounds:
            if inbound.recipient != NUMBER:
                raise UnknownNumber(inbound.recipient)
        if self.fails:
            raise self.fails
        return [Handled(inbound.id, HelpGiven()) for inbound in inbounds]


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(CALLERS + 1) as pool:
        yield pool


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> Semaphore:
    """Counts the callers that wait for the call of another one."""
    queued = Semaphore(0)

    class Counted(Event):
        def wait(self, timeout: float | None = None) -> bool:
            queued.release()
            return super().wait(timeout)

    monkeypatch.setattr(batching, "Event", Counted)
    return queued


@pytest.fixture
def meanwhile(threads: ThreadPoolExecutor, queued: Semaphore) -> Callable[..., list[Future[list[Handled]]]]:
    """Start all other callers during the first call; return their futures."""

    def meanwhile(office: Office, others: Sequence[Sequence[Inbound]]) -> list[Future[list[Handled]]]:
        gather = Batcher(office.receive)
        first = threads.submit(gather.hand_in, [message("first")], NOW)
        assert office.entered.wait(30)
        futures = []
        for place, inbounds in enumerate(others):
            futures.append(threads.submit(gather.hand_in, inbounds, NOW + timedelta(seconds=place)))
            assert queued.acquire(timeout=30)
        office.let_go.set()
        assert [handled.id for handled in first.result(30)] == ["first"]
        return futures

    return meanwhile


def test_after_several_at_once_the_next_call_waits_for_company(
    threads: ThreadPoolExecutor, queued: Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait after a single caller, and never longer than a share of the last call."""
    waits: list[float] = []
    monkeypatch.setattr(batching, "sleep", waits.append)
    office = Office()
    gather = Batcher(office.receive)
    futures = [threads.submit(gather.hand_in, [message("first")], NOW)]
    assert office.entered.wait(30)
    for id_ in ("second", "third"):
        futures.append(threads.submit(gather.hand_in, [message(id_)], NOW))
        assert queued.acquire(timeout=30)
    office.let_go.set()
    for future in futures:
        future.result(30)
    assert waits == []
    gather.hand_in([message("fourth")], NOW)
    gather.hand_in([message("fifth")], NOW)
    assert len(waits) == 1
    assert 0 < waits[0] <= batching.COUNTED_AT_MOST * batching.WAIT_SHARE


def test_who_is_alone_does_not_wait() -> None:
    office = Office()
    office.let_go.set()
    gather = Batcher(office.receive)
    assert [handled.id for handled in gather.hand_in([message("a"), message("b")], NOW)] == ["a", "b"]
    assert [handled.id for handled in gather.hand_in([message("c")], NOW)] == ["c"]
    assert office.calls == [["a", "b"], ["c"]]


def test_all_who_come_meanwhile_share_the_next_call(meanwhile: Callable[..., list[Future[list[Handled]]]]) -> None:
    office = Office()
    others = [[message(f"{caller}-{turn}") for turn in range(caller)] for caller in range(1, CALLERS)]
    results = [future.result(30) for future in meanwhile(office, others)]
    assert [[handled.id for handled in result] for result in results] == [[one.id for one in own] for own in others]
    assert office.calls == [["first"], [one.id for own in others for one in own]]


def test_the_shared_call_is_made_at_the_latest_moment(meanwhile: Callable[..., list[Future[list[Handled]]]]) -> None:
    office = Office()
    for future in meanwhile(office, [[message(str(caller))] for caller in range(3)]):
        future.result(30)
    assert office.moments == [NOW, NOW + timedelta(seconds=2)]


def test_an_unknown_number_hits_only_who_named_it(meanwhile: Callable[..., list[Future[list[Handled]]]]) -> None:
    good, bad, other = meanwhile(Office(), [[message("a")], [message("b", "+420111111111")], [message("c")]])
    assert [handled.id for handled in good.result(30)] == ["a"]
    with pytest.raises(UnknownNumber, match="111111111"):
        bad.result(30)
    assert [handled.id for handled in other.result(30)] == ["c"]


def test_a_failure_is_told_to_all_who_shared_the_call(meanwhile: Callable[..., list[Future[list[Handled]]]]) -> None:
    office = Office()
    futures = []

    def fail_from_now_on(inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        handled = Office.receive(office, inbounds, now)
        office.fails = ConnectionError("away")
        return handled

    office.receive = fail_from_now_on  # type: ignore[method-assign]
    futures = meanwhile(office, [[message("a")], [message("b")]])
    for future in futures:
        with pytest.raises(ConnectionError, match="away"):
            future.result(30)


def test_after_a_failure_the_next_caller_is_served() -> None:
    office = Office()
    office.let_go.set()
    gather = Batcher(office.receive)
    office.fails = ConnectionError("away")
    with pytest.raises(ConnectionError):
        gather.hand_in([message("a")], NOW)
    office.fails = None
    assert [handled.id for handled in gather.hand_in([message("a")], NOW)] == ["a"]


@pytest.mark.django_db(transaction=True)
def test_threads_that_bring_the_same_message_bring_one(threads: ThreadPoolExecutor) -> None:
    models.Gateway.objects.create(name="test", made_at=NOW)
    offices.keep(replace(demo_office(), gateways={NUMBER: "test"}), NOW)
    gather, together = Batcher(), Barrier(CALLERS)

    def bring(caller: int) -> list[Handled]:
        together.wait(30)
        try:
            return gather.hand_in([message("same"), message(f"own {caller}")], NOW)
        finally:
            connection.close()

    results = list(threads.map(bring, range(CALLERS)))
    firsts = [same for same, _ in results if not isinstance(same.outcome, Duplicate)]
    assert len(firsts) == 1
    assert [own.id for _, own in results] == [f"own {caller}" for caller in range(CALLERS)]
    assert models.Inbound.objects.count() == CALLERS + 1
