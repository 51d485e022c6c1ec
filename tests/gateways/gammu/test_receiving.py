"""The gammu gateway on its tables alone: rows of the daemon, also of a killed, a newer and a deceived one."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prepazka.gateways.gammu import Gammu, database
from prepazka.gateways.gammu.database import Database
from prepazka.gateways.values import GatewayEvent, Inbound, Part
from tests.gateways.gammu.rows import (
    BOOKING,
    CITIZEN,
    Clock,
    left,
    part,
    stored,
)

pytestmark = pytest.mark.both_databases


def texts(events: Any) -> list[str]:
    return [one.text for one in events]


# --- receiving ---------------------------------------------------------------------------------


def test_a_message_is_returned_until_it_is_acknowledged(tables: Database, gateway: Gammu) -> None:
    stored(tables)
    (event,) = gateway.poll(0)
    assert isinstance(event, Inbound)
    assert (event.sender, event.recipient, event.text) == (CITIZEN, "", BOOKING)
    assert event.sent == datetime(2026, 8, 3, 6, 59, 30, tzinfo=UTC)
    assert gateway.poll(0) == [event]
    gateway.ack([event])
    assert gateway.poll(0) == []
    assert left(tables) == 0


def test_rows_appear_one_by_one_and_half_a_character_finds_its_other_half(tables: Database, gateway: Gammu) -> None:
    stored(tables, "Ahoj \ud83d", part(1))
    assert gateway.poll(0) == []
    stored(tables, "!", part(3))
    assert gateway.poll(0) == []
    stored(tables, "\ude00", part(2))
    events = gateway.poll(0)
    assert texts(events) == ["Ahoj 😀!"]
    gateway.ack(events)
    assert left(tables) == 0


def test_killed_amid_the_rows_of_a_message_it_is_one_message(tables: Database, gateway: Gammu) -> None:
    for number in (1, 2, 1, 2, 3):
        stored(tables, f"{number}.", part(number))
    events = gateway.poll(0)
    assert texts(events) == ["1.2.3."]
    gateway.ack(events)
    assert left(tables) == 0


def test_a_copy_beside_the_first_is_dropped_and_a_later_one_has_its_fingerprint(
    tables: Database, gateway: Gammu
) -> None:
    for number in (1, 2, 3, 1, 2, 3):
        stored(tables, f"{number}.", part(number))
    (first,) = gateway.poll(0)
    gateway.ack([first])
    assert left(tables) == 0
    for number in (1, 2, 3):
        stored(tables, f"{number}.", part(number))
    (second,) = gateway.poll(0)
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert first.id != second.id
    assert first.fingerprint == second.fingerprint


def test_parts_of_two_phones_with_one_reference_are_not_mixed(tables: Database, gateway: Gammu) -> None:
    for number in (1, 2):
        stored(tables, f"my {number} ", part(number, 2))
        stored(tables, f"their {number} ", part(number, 2), SenderNumber="+420602111222")
    assert texts(gateway.poll(0)) == ["my 1 my 2 ", "their 1 their 2 "]


def test_a_reference_used_again_is_another_message(tables: Database, gateway: Gammu, clock: Clock) -> None:
    stored(tables, "lost ", part(1, 2))
    stored(tables, "a", part(1, 2))
    stored(tables, "b", part(2, 2))
    assert texts(gateway.poll(0)) == ["ab"]
    clock.now += timedelta(seconds=121)
    assert texts(gateway.poll(0)) == ["lost ", "ab"]


def test_an_incomplete_message_is_returned_part_by_part_once(tables: Database, gateway: Gammu, clock: Clock) -> None:
    stored(tables, "1.", part(1))
    stored(tables, "1.", part(1))
    stored(tables, "3.", part(3))
    assert gateway.poll(0) == []
    clock.now += timedelta(seconds=120)
    events = gateway.poll(0)
    assert [(one.number, one.total, one.reference, one.text) for one in events if isinstance(one, Part)] == [
        (1, 3, 7, "1."),
        (3, 3, 7, "3."),
    ]
    gateway.ack(events)
    assert left(tables) == 0
    stored(tables, "1.", part(1))
    clock.now += timedelta(seconds=1)
    assert gateway.poll(0) == []
    clock.now += timedelta(seconds=120)
    (again,) = gateway.poll(0)
    assert again == events[0], "a second copy has the id of the first"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Text": ""}, [""]),
        ({"Text": "nonsense"}, [""]),
        ({"Text": "0041004"}, [""]),
        ({"Text": "D83D"}, ["\ud83d"]),
        ({"UDH": "050003070204"}, [BOOKING]),  # the fourth of two
        ({"UDH": "FF"}, [BOOKING]),
        ({"UDH": "quack"}, [BOOKING]),
        ({"UDH": "0500030701" + "01"}, [BOOKING]),
        ({"SenderNumber": "`touch zz`"}, [BOOKING]),
        ({"SenderNumber": ""}, [BOOKING]),
        ({"Coding": "8bit", "Text": "0605040B8423F0"}, []),  # an MMS notice
        ({"RecipientID": "another"}, []),
        ({"Processed": "true"}, []),
    ],
    ids=str,
)
def test_damaged_and_binary_rows(
    tables: Database, gateway: Gammu, columns: dict[str, Any], expected: list[str]
) -> None:
    stored(tables, **columns)
    received = gateway.poll(0)
    assert texts(received) == expected
    gateway.ack(received)
    assert left(tables) == (1 if columns.get("RecipientID") == "another" else 0)


def test_a_time_no_calendar_has_is_none(tables: Database, gateway: Gammu) -> None:
    stored(tables, ReceivingDateTime="infinity")
    (event,) = gateway.poll(0)
    assert isinstance(event, Inbound)
    assert event.sent is None
    assert event.fingerprint


def test_a_database_made_anew_repeats_no_id(tables: Database, gateway: Gammu) -> None:
    ids = set()
    for text in ("first", "second"):
        stored(tables, text, ID=1)
        (event,) = gateway.poll(0)
        assert isinstance(event, Inbound)
        ids.add(event.id)
        tables.run("DELETE FROM inbox")
    assert len(ids) == 2


def test_it_wakes_on_a_new_row(tables: Database, gateway: Gammu, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_LOOK_ANYWAY", 60.0)  # so that only a notification can wake it
    assert gateway.poll(0) == []
    events: list[GatewayEvent] = []
    listener = threading.Thread(target=lambda: events.extend(gateway.poll(60)), daemon=True)
    listener.start()
    stored(tables)
    listener.join(20)
    assert texts(events) == [BOOKING]
