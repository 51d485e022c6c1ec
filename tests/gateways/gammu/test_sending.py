"""Sending by the tables of gammu-smsd, and the health they tell."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from prepazka.gateways.gammu import Gammu, GammuSettings, outbox
from prepazka.gateways.gammu.database import Database, WrongSchema
from prepazka.gateways.values import Outbound, Receipt, SendError, Sent
from tests.gateways.gammu.rows import CITIZEN, NOW, Clock, settings, stored
from tests.gateways.smsd import PHONE

pytestmark = pytest.mark.both_databases


# --- sending -----------------------------------------------------------------------------------


def outbound(id_: str = "17", text: str = "Objednano", recipient: str = CITIZEN) -> Outbound:
    return Outbound(id_, "+420739547765", recipient, text, 1, NOW + timedelta(hours=4))


def waiting(tables: Database) -> list[tuple[Any, ...]]:
    return tables.rows('SELECT "DestinationNumber", "TextDecoded", "Coding", "UDH", "SenderID" FROM outbox ORDER BY 2')


def set_state(tables: Database, status: str, part: int = 1, **columns: object) -> None:
    """Record the first message of the outbox as sent or failed, as smsd does."""
    row, mark = tables.rows('SELECT "ID", "CreatorID" FROM outbox')[0]
    values = {"ID": row, "CreatorID": mark, "SequencePosition": part, "Status": status, "SenderID": PHONE}
    values |= {"Text": "", "UDH": "", **columns}
    names = ", ".join(f'"{name}"' for name in values)
    tables.run(f"INSERT INTO sentitems ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


@pytest.mark.parametrize("number", [CITIZEN, None])
def test_what_is_done_is_erased_and_what_is_on_its_way_stays(
    tables: Database, gateway: Gammu, number: str | None
) -> None:
    """Of a person, or of everybody once it is old; our id stays, so that the message is not sent again."""
    stored(tables, Processed="true")
    stored(tables, "MOJE")
    stored(tables, "HIS", Processed="true", SenderNumber="+420777123457", ReceivingDateTime="2026-08-20 06:00:00")
    assert list(gateway.send([outbound()])) == [Sent("17")]
    set_state(
        tables, "SendingOK", DestinationNumber=CITIZEN, TextDecoded="Objednano", SendingDateTime="2026-08-03 07:00:00"
    )
    tables.run("DELETE FROM outbox")
    assert gateway.forget(number, NOW + timedelta(days=7)) == 2
    assert tables.rows('SELECT "TextDecoded" FROM inbox ORDER BY "ID"') == [("MOJE",), ("HIS",)]
    assert tables.rows('SELECT "DestinationNumber", "TextDecoded" FROM sentitems') == [("", "")]
    assert gateway.forget(number, NOW + timedelta(days=7)) == 0
    assert list(gateway.send([outbound()])) == [Sent("17")]
    assert waiting(tables) == []


def new_receipts(gateway: Gammu) -> list[tuple[str, str]]:
    """Return the new receipts, acknowledged."""
    events = gateway.poll(0)
    gateway.ack(events)
    return [(one.id, one.status) for one in events if isinstance(one, Receipt)]


def test_one_row_for_each_id(tables: Database, gateway: Gammu, address: str) -> None:
    assert list(gateway.send([outbound(), outbound()])) == [Sent("17"), Sent("17")]
    with closing(Gammu("modem", settings(address), Clock())) as after_a_kill:
        assert list(after_a_kill.send([outbound()])) == [Sent("17")]
    assert waiting(tables) == [(CITIZEN, "Objednano", "Default_No_Compression", "", PHONE)]


@pytest.mark.parametrize("state", ["SendingOK", "DeliveryOK", "SendingError"])
def test_nor_is_it_sent_again_after_it_has_left_the_outbox(tables: Database, gateway: Gammu, state: str) -> None:
    list(gateway.send([outbound()]))
    set_state(tables, state)
    tables.run("DELETE FROM outbox")
    for _ in range(2):
        assert list(gateway.send([outbound()])) == [Sent("17")]
        assert waiting(tables) == []
        new_receipts(gateway)


@pytest.mark.parametrize(
    ("one", "other"), [("1", "11"), ("1", "1:2"), ("a", "A"), ("a%", "ab"), ("a_", "ab"), ("ž", "z")]
)
def test_ids_that_resemble_each_other_are_two(tables: Database, gateway: Gammu, one: str, other: str) -> None:
    for id_ in (one, other):
        assert list(gateway.send([outbound(id_)])) == [Sent(id_)]
    assert len(waiting(tables)) == 2


@pytest.mark.parametrize(
    "number", ["", "12", "T-Mobile", "+420 777", "+42077712345678901", "1;DROP TABLE inbox", "٣٤٥٦"]
)
def test_an_invalid_number_is_refused(tables: Database, gateway: Gammu, number: str) -> None:
    (answer,) = gateway.send([outbound(recipient=number)])
    assert isinstance(answer, SendError)
    assert not answer.retryable
    assert waiting(tables) == []


def test_too_long_or_too_late_is_refused(tables: Database, gateway: Gammu, clock: Clock) -> None:
    (too_long,) = gateway.send([outbound(text="x" * 153 * 51)])
    clock.now += timedelta(hours=4)
    (too_late,) = gateway.send([outbound()])
    assert too_long == SendError("17", "too long", retryable=False, cause="text")
    assert too_late == SendError("17", "expired", retryable=False, cause="late")
    assert waiting(tables) == []


@pytest.mark.parametrize(
    ("left", "validity"),
    [
        (timedelta(minutes=1), 0),
        (timedelta(hours=1), 11),
        (timedelta(hours=12), 143),
        (timedelta(hours=13), 145),
        (timedelta(days=2), 168),
        (timedelta(days=30), 196),
        (timedelta(days=35), 197),
        (timedelta(days=9999), 255),
    ],
)
def test_the_validity_period(left: timedelta, validity: int) -> None:
    assert outbox.relative_validity(NOW + left, NOW) == validity


def test_an_expired_message_is_withdrawn_unless_the_modem_has_begun(
    tables: Database, gateway: Gammu, clock: Clock
) -> None:
    list(gateway.send([outbound("1", "x" * 200), outbound("2")]))
    tables.run(
        'UPDATE outbox SET "SendingTimeOut" = ? WHERE "CreatorID" LIKE ?', ["2026-08-03 11:01:00", "prepazka:2:%"]
    )
    assert gateway.poll(0) == []
    clock.now += timedelta(hours=4)
    for _ in range(2):  # until it is acknowledged
        (event,) = gateway.poll(0)
        assert event == Receipt("modem", "failed", clock.now, "1", reason="expired before the modem could send it")
    gateway.ack([event])
    assert gateway.poll(0) == []
    assert [text for _, text, *_ in waiting(tables)] == ["Objednano"]
    assert tables.rows("SELECT * FROM outbox_multipart") == []


def test_each_state_is_reported_once_and_only_after_smsd(tables: Database, gateway: Gammu) -> None:
    list(gateway.send([outbound()]))
    set_state(tables, "SendingOK")
    assert new_receipts(gateway) == []
    tables.run("DELETE FROM outbox")
    assert new_receipts(gateway) == [("17", "sent")]
    assert new_receipts(gateway) == []
    tables.run("""UPDATE sentitems SET "Status" = 'DeliveryPending'""")
    assert new_receipts(gateway) == []
    tables.run("""UPDATE sentitems SET "Status" = 'DeliveryOK'""")
    assert gateway.poll(0) == gateway.poll(0), "until it is acknowledged"
    assert new_receipts(gateway) == [("17", "delivered")]
    assert new_receipts(gateway) == []


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (["DeliveryOK", "SendingOK"], "sent"),
        (["DeliveryOK", "DeliveryOK"], "delivered"),
        (["DeliveryFailed", "SendingOK"], "undelivered"),
        (["SendingOK", "SendingError"], "failed"),
        (["SendingOKNoReport", "SendingOKNoReport"], "sent"),
        (["DeliveryUnknown", "DeliveryOK"], "sent"),
    ],
)
def test_the_state_of_a_message_follows_from_its_parts(
    tables: Database, gateway: Gammu, states: list[str], status: str
) -> None:
    list(gateway.send([outbound(text="x" * 200)]))
    for number, state in enumerate(states, 1):
        set_state(tables, state, number)
    tables.run("DELETE FROM outbox")
    assert new_receipts(gateway) == [("17", status)]
    assert new_receipts(gateway) == []


def test_messages_of_other_programs_are_ignored(tables: Database, gateway: Gammu) -> None:
    list(gateway.send([outbound()]))
    for place, mark in enumerate(["Gammu 1.42.0", "prepazka:", "prepazka:x", "prepazka:%:0:sent:x", ""]):
        set_state(tables, "SendingOK", place + 1, CreatorID=mark, ID=100 + place)
    assert new_receipts(gateway) == []


# --- health ------------------------------------------------------------------------------------


def alive(tables: Database, **columns: object) -> None:
    """Write smsd's heartbeat."""
    tables.run("DELETE FROM phones")
    values = {"ID": PHONE, "IMEI": "1", "IMSI": "2", "Client": "Gammu", "Send": "yes", "Receive": "yes", "Signal": 60}
    values |= columns
    names = ", ".join(f'"{name}"' for name in values)
    tables.run(f"INSERT INTO phones ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


@pytest.mark.parametrize(
    ("columns", "after", "expected"),
    [
        ({}, 0, ("ok", "gammu-smsd urad: network unknown, signal 60 %, 0 waiting")),
        ({"Signal": -1}, 100, ("ok", "gammu-smsd urad: network unknown, signal unknown, 0 waiting")),
        ({"Signal": 5}, 0, ("warning", "signal 5 %")),
        ({"Signal": 0}, 0, ("error", "the modem has no signal, or gammu-smsd does not hear it")),
        ({}, 300, ("error", "gammu-smsd is dead or deaf: silent for 5 min")),
        ({}, 3 * 3600, ("error", "gammu-smsd is dead or deaf: silent for 3 h")),
        ({"Send": "no"}, 0, ("error", "gammu-smsd does not send and receive")),
        ({"ID": "another"}, 0, ("error", "no gammu-smsd has ever come up as urad")),
    ],
    ids=str,
)
def test_how_it_is(
    tables: Database, gateway: Gammu, columns: dict[str, object], after: int, expected: tuple[str, str]
) -> None:
    level, summary = expected
    alive(tables, **columns)
    health = gateway.health(datetime.now(UTC) + timedelta(seconds=after))
    assert (health.level, health.summary.replace("ERROR", "network unknown")) == (level, summary)
    assert bool(health.fix) == (level != "ok")


def test_a_file_everybody_may_read_is_a_warning(tables: Database, gateway: Gammu, address: str) -> None:
    alive(tables)
    if not address.startswith("/"):  # a server keeps its own files
        assert gateway.health(datetime.now(UTC)).level == "ok"
        return
    Path(address).chmod(0o664)
    health = gateway.health(datetime.now(UTC))
    assert (health.level, health.fix) == ("warning", f"chmod 660 {address}")
    Path(address).chmod(0o660)
    assert gateway.health(datetime.now(UTC)).level == "ok"


def test_messages_that_wait_too_long_are_a_warning(tables: Database, gateway: Gammu) -> None:
    alive(tables)
    list(gateway.send([outbound()]))
    tables.run('UPDATE outbox SET "InsertIntoDB" = ?', ["2001-01-01 00:00:00"])
    health = gateway.health(datetime.now(UTC))
    assert health.level == "warning"
    assert health.summary.startswith("1 messages wait for the modem, the first for ")


@pytest.mark.parametrize("version", [16, 19])
def test_tables_of_an_unknown_version_are_refused(tables: Database, address: str, version: int) -> None:
    known = tables.schema()
    tables.run('UPDATE gammu SET "Version" = ?', [version])
    try:
        with closing(Gammu("modem", settings(address))) as gateway:
            with pytest.raises(WrongSchema):
                gateway.poll(0)
            (answer,) = gateway.send([outbound()])
            assert isinstance(answer, SendError)
            assert answer.retryable
            health = gateway.health(NOW)
    finally:
        tables.run('UPDATE gammu SET "Version" = ?', [known])
    assert (health.level, health.summary) == (
        "error",
        f"database of gammu-smsd: tables of version {version}; 17 and 18 are known",
    )


@pytest.mark.parametrize("away", ["/nowhere/gammu.sqlite3", "postgresql://nobody@127.0.0.1:1/gammu"])
def test_a_database_that_is_away(away: str) -> None:
    with closing(Gammu("modem", settings(away))) as gateway:
        health = gateway.health(NOW)
        assert health.level == "error"
        assert health.summary.startswith("database of gammu-smsd: ")
        (answer,) = gateway.send([outbound()])
        assert answer == SendError("17", "the database of gammu-smsd cannot be opened", cause="unreachable")
        with pytest.raises(Exception, match=r"unable to open|refused"):
            gateway.poll(0)
    assert not Path("/nowhere").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"database": "gammu.sqlite3"},
        {"database": "mysql://x/y"},
        {"phone": ""},
        {"phone": "a\nRunOnReceive = rm"},
        {"timezone": "Praha"},
        {"timezone": "../etc"},
        {"per_minute": 0},
        {"pasword": "x"},
    ],
    ids=str,
)
def test_settings_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        GammuSettings.model_validate({"database": "/var/lib/gammu.sqlite3", "phone": PHONE, **wrong})


def test_a_password_in_the_address_moves_to_the_secrets() -> None:
    given = {"database": "postgresql://gammu:h%40slo@db.example/smsd", "phone": PHONE}
    found = GammuSettings.model_validate(given)
    assert (found.database, found.password.get_secret_value()) == ("postgresql://gammu@db.example/smsd", "h@slo")
    assert "h@slo" not in repr(found)
    assert GammuSettings.model_validate(given | {"password": "jine"}).password.get_secret_value() == "jine"
    assert GammuSettings.model_validate(given | {"database": "postgresql://u@h:5432/d"}).database.endswith(":5432/d")
