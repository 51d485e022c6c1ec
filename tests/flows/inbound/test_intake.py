"""Intake from a gateway: stored once, then acknowledged; parts joined or given up; strays taken in later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prepazka.flows.inbound.intake import PARTS_KNOWN, PARTS_REPEAT, PARTS_WAIT, forget, poll, store, tidy
from prepazka.flows.inbound.receive import work
from prepazka.gateways.values import (
    Inbound,
    Part,
    fingerprint,
)
from prepazka.store import models
from tests.flows.inbound.polled_gateway import PolledGateway
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"
ME, OTHER = "+420777123456", "+420602111222"
WISH = "OBJ ZOP 10.8. 14:00 NOVAK"


@pytest.fixture(autouse=True)
def office() -> int:
    models.Gateway.objects.create(name="modem", kind="test", made_at=NOW)
    return kept_once(replace(demo_office(), gateways={NUMBER: "modem"}), NOW).id


def message(id_: str = "1", text: str = WISH, recipient: str = NUMBER, **more: str) -> Inbound:
    return Inbound("modem", id_, ME, recipient, text, NOW, **more)


def parts(*texts: str, sender: str = ME, reference: int = 7, first_id: int = 1) -> list[Part]:
    return [
        Part("modem", f"p{id_}", sender, NUMBER, text, reference, len(texts), number)
        for id_, (number, text) in enumerate(enumerate(texts, 1), first_id)
    ]


def inbox() -> list[tuple[str, bool]]:
    return list(models.Inbound.objects.order_by("id").values_list("text", "whole"))


def outcomes() -> list[str]:
    while work(NOW):
        pass
    return list(models.Inbound.objects.order_by("id").values_list("outcome", flat=True))


def test_what_is_heard_is_stored_then_acknowledged_then_handled() -> None:
    gateway = PolledGateway(message())
    assert poll(gateway, NOW) == 1
    assert gateway.waiting == []
    assert inbox() == [(WISH, True)]
    assert outcomes() == ["booked"]


def test_nothing_is_acknowledged_that_was_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_office: int, _arrivals: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr("prepazka.store.inbox.take_in", fail)
    gateway = PolledGateway(message())
    with pytest.raises(RuntimeError):
        poll(gateway, NOW)
    assert gateway.waiting == [message()]
    assert inbox() == []


def test_what_is_heard_again_after_a_kill_before_the_acknowledgement_is_one_message() -> None:
    store([message()], NOW)
    poll(PolledGateway(message()), NOW)
    assert outcomes() == ["booked"]
    poll(PolledGateway(message()), NOW)
    assert outcomes() == ["booked"]


def test_a_copy_under_another_id_is_known_by_its_fingerprint() -> None:
    same = fingerprint(ME, NUMBER, NOW, WISH)
    store([message("1", fingerprint=same), message("2", fingerprint=same)], NOW)
    store([message("3", fingerprint=same)], NOW)
    assert inbox() == [(WISH, True)]


def test_a_sims_messages_are_to_the_number_bound_to_its_gateway() -> None:
    store([message(recipient="")], NOW)
    assert models.Inbound.objects.get().recipient == NUMBER


@pytest.mark.parametrize("id_", ["x" * 300, "a\0b", "\ud800", ""])
def test_an_id_of_any_kind_is_kept_and_known_again(id_: str) -> None:
    store([message(id_)], NOW)
    store([message(id_)], NOW)
    assert len(inbox()) == 1


# --- parts -------------------------------------------------------------------------------------

HALVES = ("OBJ ZOP 10.8. ", "14:00 NOVAK")


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_parts_are_joined_in_whatever_order_they_come(order: tuple[int, ...]) -> None:
    three = parts("OBJ ZOP ", "10.8. 14:00", " NOVAK")
    for place in order:
        poll(PolledGateway(three[place]), NOW)
    assert inbox() == [(WISH, True)]


def test_two_senders_parts_of_one_reference_are_not_mixed() -> None:
    mine, theirs = parts(*HALVES), parts("OBJ PTP 11.8. ", "9:00 DVORAK", sender=OTHER, first_id=10)
    store([mine[0], theirs[1], theirs[0], mine[1]], NOW)
    assert sorted(inbox()) == [("OBJ PTP 11.8. 9:00 DVORAK", True), (WISH, True)]


def test_half_a_character_at_the_end_of_a_part_finds_its_other_half() -> None:
    store(parts("Ahoj \ud83d", "\ude00"), NOW)
    assert inbox() == [("Ahoj 😀", True)]


def test_parts_delivered_again_are_no_new_message() -> None:
    store(parts(*HALVES), NOW)
    store(parts(*HALVES, first_id=20), NOW + timedelta(minutes=5))
    assert inbox() == [(WISH, True)]


@pytest.mark.parametrize("after", [PARTS_REPEAT, PARTS_KNOWN - timedelta(seconds=1)])
def test_a_part_delivered_again_by_its_id_is_known_as_long_as_networks_try(after: timedelta) -> None:
    store(parts(*HALVES), NOW)
    forget(NOW + after)
    store(parts(*HALVES)[1:], NOW + after)
    tidy(NOW + after + PARTS_WAIT)
    assert inbox() == [(WISH, True)]


def test_the_same_long_text_written_again_the_next_day_is_a_message_of_its_own() -> None:
    store(parts(*HALVES), NOW)
    store(parts(*HALVES, first_id=20), NOW + timedelta(days=1))
    assert inbox() == [(WISH, True), (WISH, True)]


def test_the_same_long_text_again_within_the_hour_is_a_message_of_its_own_where_the_ids_prove_it() -> None:
    """An SMSC's phone counts its references round; a person sends the text again because no answer came."""
    first = [replace(part, distinct=True) for part in parts(*HALVES)]
    second = [replace(part, distinct=True) for part in parts(*HALVES, first_id=20)]
    store(first, NOW)
    store(first[1:], NOW + timedelta(minutes=4))  # delivered again, under the id it had
    store(second[:1], NOW + timedelta(minutes=5))
    store(second[1:], NOW + timedelta(minutes=7))
    assert inbox() == [(WISH, True), (WISH, True)]


@pytest.mark.parametrize(("later", "messages"), [(0, 1), (90, 2)])
def test_the_networks_times_tell_a_text_written_again_from_a_copy(later: int, messages: int) -> None:
    first = [replace(part, sent=NOW) for part in parts(*HALVES)]
    again = [replace(part, sent=NOW + timedelta(seconds=later)) for part in parts(*HALVES, first_id=20)]
    store(first, NOW)
    store(again, NOW + timedelta(minutes=5))
    assert inbox() == [(WISH, True)] * messages


def test_what_never_becomes_whole_is_answered_and_not_acted_on() -> None:
    store(parts(WISH, "OVA")[:1], NOW)
    assert tidy(NOW + PARTS_WAIT - timedelta(seconds=1)) == 0
    assert tidy(NOW + PARTS_WAIT) == 1
    assert inbox() == [(WISH, False)]
    assert outcomes() == ["incomplete"]
    assert models.Booking.objects.count() == 0
    assert "neprisla cela" in models.Outbound.objects.get().text
    assert tidy(NOW + PARTS_WAIT) == 0


def test_a_part_that_comes_too_late_is_not_answered_again() -> None:
    first, second = parts(*HALVES)
    store([first], NOW)
    tidy(NOW + PARTS_WAIT)
    store([second], NOW + PARTS_WAIT + timedelta(minutes=1))
    assert tidy(NOW + 3 * PARTS_WAIT) == 0
    assert outcomes() == ["incomplete"]


def test_a_reference_used_again_gives_up_on_the_message_before() -> None:
    store(parts(*HALVES)[:1], NOW)
    store(parts("OBJ PTP 11.8. ", "9:00 NOVAK", first_id=30), NOW + timedelta(minutes=1))
    assert inbox() == [("OBJ ZOP 10.8. ", False), ("OBJ PTP 11.8. 9:00 NOVAK", True)]


def test_a_reference_used_again_after_its_message_was_joined_is_a_new_message() -> None:
    store(parts(*HALVES), NOW)
    store(parts("OBJ PTP 11.8. ", "9:00 NOVAK", first_id=30), NOW + timedelta(minutes=1))
    assert inbox() == [(WISH, True), ("OBJ PTP 11.8. 9:00 NOVAK", True)]


@pytest.mark.parametrize(("total", "number"), [(0, 0), (2, 3), (2, 0), (300, 1)])
def test_a_header_that_cannot_be_is_no_header(total: int, number: int) -> None:
    store([Part("modem", "1", ME, NUMBER, WISH, 7, total, number)], NOW)
    assert inbox() == [(WISH, True)]


def test_joined_parts_are_forgotten_after_a_while() -> None:
    store(parts(*HALVES), NOW)
    forget(NOW + PARTS_KNOWN)
    assert models.InboundPart.objects.count() == 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_every_message_in_parts_is_in_the_inbox_once(data: st.DataObject) -> None:
    """In any order and batches, with any repeats; incomplete ones are given up once they are overdue."""
    models.Inbound.objects.all().delete()
    models.InboundPart.objects.all().delete()
    sets = st.tuples(st.sampled_from([ME, OTHER]), st.integers(0, 2), st.integers(2, 3))
    drawn = data.draw(st.lists(sets, max_size=4, unique_by=lambda one: one[:2]))
    messages = {
        (sender, reference): parts(
            *[f"{sender}{reference}{number} " for number in range(total)],
            sender=sender,
            reference=reference,
            first_id=10 * place,
        )
        for place, (sender, reference, total) in enumerate(drawn)
    }
    lost = {key: data.draw(st.sets(st.sampled_from(range(len(one) - 1)))) for key, one in messages.items()}
    coming = [part for key, one in messages.items() for place, part in enumerate(one) if place not in lost[key]]
    again = data.draw(st.lists(st.sampled_from(coming), max_size=4)) if coming else []
    arriving = data.draw(st.permutations([*coming, *again]))
    while arriving:
        size = data.draw(st.integers(1, len(arriving)))
        store(arriving[:size], NOW)
        arriving = arriving[size:]
    while tidy(NOW + PARTS_WAIT):
        pass
    expected = sorted(
        ("".join(part.text for place, part in enumerate(one) if place not in lost[key]), not lost[key])
        for key, one in messages.items()
    )
    assert sorted(inbox()) == expected
