"""The gammu gateway on its tables alone: rows of the daemon, also of a killed, a newer and a deceived one."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from prepazka.gateways.gammu import Gammu, GammuSettings, database, outbox
from prepazka.gateways.gammu.database import Database, WrongSchema, connect
from prepazka.gateways.parts import Header, encode_header
from prepazka.gateways.values import GatewayEvent, Inbound, Outbound, Part, Receipt, SendError, Sent
from tests.gateways.smsd import PHONE
from tests.gateways.smsd import database as made

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
CITIZEN = "+420777123456"
BOOKING = "OBJ ZOP 10.8. 14:00 NOVAK"


class Clock:
    """The gateway's clock and stopwatch."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def timestamp(self) -> float:
        return self.now.timestamp()


@pytest.fixture(scope="module", params=[17, 18])
def address(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """The tables of version 17, which Debian has, and the additions of version 18."""
    with made(tmp_path_factory.mktemp("gammu")) as path:
        if request.param == 18:
            with closing(connect(settings(path))) as opened:
                for column in ("MessageID", "SequencePosition", "PartCount"):
                    opened.run(f'ALTER TABLE inbox ADD COLUMN "{column}" integer NOT NULL DEFAULT 1')
                opened.run('ALTER TABLE outbox ADD COLUMN "SendDays" integer NOT NULL DEFAULT 127')
                opened.run('UPDATE gammu SET "Version" = 18')
        yield path


@pytest.fixture
def tables(address: str) -> Iterator[Database]:
    with closing(connect(settings(address))) as opened:
        for table in ("inbox", "outbox", "outbox_multipart", "sentitems", "phones"):
            opened.run(f"DELETE FROM {table}")
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gateway(tables: Database, address: str, clock: Clock) -> Iterator[Gammu]:
    with closing(Gammu("modem", settings(address), clock)) as opened:
        opened._inbox._clock = clock.timestamp
        yield opened


def settings(address: str, **more: object) -> GammuSettings:
    return GammuSettings.model_validate({"database": address, "phone": PHONE, **more})


def stored(tables: Database, text: str = BOOKING, udh: bytes = b"", **columns: Any) -> None:
    """Store one SMS as smsd does."""
    row = {
        "SenderNumber": CITIZEN,
        "ReceivingDateTime": "2026-08-03 06:59:30",
        "Text": text.encode("utf-16-be", "surrogatepass").hex().upper(),
        "TextDecoded": text if not udh else "",
        "UDH": udh.hex().upper(),
        "RecipientID": PHONE,
        **columns,
    }
    names = ", ".join(f'"{name}"' for name in row)
    tables.run(f"INSERT INTO inbox ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def part(number: int, total: int = 3, reference: int = 7) -> bytes:
    return encode_header(Header(reference, total, number))


def left(tables: Database) -> int:
    """Return the number of rows not processed yet."""
    ((count,),) = tables.rows("""SELECT COUNT(*) FROM inbox WHERE "Processed" = 'false'""")
    return int(count)


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
