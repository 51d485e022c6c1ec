"""Receiving: a message we fail on takes no other with it, and batches change nothing."""

import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.office.office import Office
from prepazka.flows.inbound import handle
from prepazka.flows.inbound import receive as journey
from prepazka.flows.inbound.receive import ATTEMPTS, receive, work
from prepazka.gateways.values import Inbound
from prepazka.sms.understand.read import read
from prepazka.store import inbox, models
from prepazka.store.database_errors import DATABASE_AWAY
from tests.flows.inbound import many_messages
from tests.flows.inbound.texted import ME, NOW, NUMBER, outcome, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]


# --- one message may not take the others with it ---------------------------------------------


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make reading fail for some texts."""

    def faulty(text: str, *args: Any) -> Any:
        if "POISON" in text:
            raise ZeroDivisionError
        return read(text, *args)

    monkeypatch.setattr(handle, "read", faulty)


@pytest.mark.usefixtures("poison")
def test_a_message_we_fail_on_does_not_take_others_with_it() -> None:
    texts = ["OBJ ZOP 10.8. 14:00 NOVAK", "POISON", "HELP"]
    handled = receive([Inbound("test", text, ME, NUMBER, text) for text in texts], NOW)
    assert [one.outcome and one.outcome.outcome for one in handled] == ["booked", None, "help"]
    assert models.Inbound.objects.get(text="POISON").state == "waiting"


@pytest.mark.usefixtures("poison")
def test_a_message_we_keep_failing_on_is_given_up_with_one_apology() -> None:
    say("POISON")
    for _ in range(ATTEMPTS + 2):
        assert work(NOW) == 0
    assert models.Inbound.objects.get().state == "failed"
    assert models.Outbound.objects.get().state == "queued"


@pytest.mark.usefixtures("poison")
def test_a_message_we_failed_on_is_handled_when_the_fault_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    say("OBJ ZOP 10.8. 14:00 POISON")
    monkeypatch.undo()
    assert work(NOW) == 1
    assert models.Inbound.objects.get().outcome == "booked"
    assert models.Outbound.objects.get().state == "queued"


# A primary that became a standby in the middle of it says InternalError: "cannot execute INSERT in a read-only …".
@pytest.mark.parametrize("error", DATABASE_AWAY)
def test_without_the_database_nothing_is_acknowledged(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any) -> Any:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "answer", away)
        with pytest.raises(error):
            say("OBJ ZOP 10.8. 14:00 NOVAK", id_="m1")
    assert not models.Inbound.objects.exists()
    assert outcome(say("OBJ ZOP 10.8. 14:00 NOVAK", id_="m1")) == "booked"


@pytest.mark.parametrize("error", DATABASE_AWAY)
def test_a_database_that_is_away_is_no_failure_of_a_message(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = Inbound("test", "m1", "+420603000001", NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")
    inbox.take_in(models.Office.objects.get().id, [journey.arrival(message, NOW)])

    def away(*_args: Any) -> Any:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "answer", away)
        for _ in range(ATTEMPTS + 1):
            with pytest.raises(error):
                work(NOW)
    assert work(NOW) == 1
    assert models.Inbound.objects.get().outcome == "booked"


# --- batches ---------------------------------------------------------------------------------------


def queries(what: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        what()
    return len(captured)


def test_a_batch_takes_as_many_statements_as_one_message() -> None:
    say("HELP")  # the office is known from here on

    def hand_in(count: int) -> Callable[[], object]:
        messages = [
            Inbound("test", f"{count}-{n}", f"+420603{count % 7:02d}{n:04d}", NUMBER, "OBJ ZOP NOVAK")
            for n in range(count)
        ]
        return lambda: receive(messages, NOW)

    assert queries(hand_in(1)) == queries(hand_in(100)) <= 16


def test_outcomes_do_not_depend_on_the_batches(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    """Any division of the same messages into batches gives the same outcomes, replies and bookings."""
    messages = list(many_messages.mixed(600))

    def day(size: int) -> tuple[list[Any], list[Any]]:
        for table in (models.Outbound, models.Inbound, models.Booking, models.WaitlistEntry):
            table.objects.all().delete()
        monkeypatch.setattr(secrets, "randbelow", many_messages.Draws().randbelow)
        handled = [
            one for first in range(0, len(messages), size) for one in receive(messages[first : first + size], None)
        ]
        said = [(one.id, one.outcome and one.outcome.outcome, one.reply and one.reply.text) for one in handled]
        held = models.Booking.objects.order_by("starts_at", "agenda_id", "lane", "id")
        return said, list(held.values_list("code", "starts_at", "agenda_id", "lane", "name", "sender", "state"))

    alone = day(1)
    assert day(7) == alone
    assert day(100) == alone
    found = Counter(name for _, name, _ in alone[0])
    assert {"booked", "cancelled", "moved", "slot_full", "not_understood", "ignored", "free_times"} <= set(found)
