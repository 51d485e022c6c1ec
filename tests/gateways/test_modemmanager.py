"""The gateway of ModemManager, with a program that answers as mmcli does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from prepazka.gateways.modemmanager import ModemManager, ModemManagerSettings
from prepazka.gateways.modemmanager.gateway import KEPT, PATIENCE
from prepazka.gateways.values import (
    GatewayEvent,
    Inbound,
    KeepingGateway,
    LostAnswer,
    Outbound,
    Receipt,
    SendError,
    Sent,
)
from tests.gateways import mmcli
from tests.gateways.mmcli import Modem, plugged

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ASKER = "+420604271828"
OUT = Outbound("1f-6398c", "+420739100200", ASKER, "Objednano: ZOP", 1, NOW + timedelta(hours=4))


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def modem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Modem:
    monkeypatch.setattr("prepazka.gateways.modemmanager.commands.subprocess.run", mmcli.run)
    return plugged(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(modem: Modem, clock: Clock, **settings: Any) -> ModemManager:
    given = {"program": modem.program} | settings
    return ModemManager("sim", ModemManagerSettings.model_validate(given), clock)


@pytest.fixture
def gateway(modem: Modem, clock: Clock) -> ModemManager:
    return opened(modem, clock)


def arrive(modem: Modem, text: str = "POMOC", **more: str) -> str:
    fields = {
        "number": ASKER, "text": text, "state": "received", "pdu_type": "deliver",
        "timestamp": "2026-08-03T08:59:58+02:00", "storage": "sm",
    }  # fmt: skip
    return modem.put(**{**fields, **more})


def poll(gateway: ModemManager, clock: Clock) -> Sequence[GatewayEvent]:
    clock.now += timedelta(minutes=1)
    return gateway.poll(0)


# --- receiving ----------------------------------------------------------------------------------


def test_a_message_is_handed_in_and_deleted_only_after_it_is_stored(
    modem: Modem, gateway: ModemManager, clock: Clock
) -> None:
    arrive(modem, "OBJ ZOP 10.8. 14:00 KOVAR")
    (event,) = poll(gateway, clock)
    assert isinstance(event, Inbound)
    assert (event.gateway, event.sender, event.recipient, event.text) == ("sim", ASKER, "", "OBJ ZOP 10.8. 14:00 KOVAR")
    assert event.sent == datetime(2026, 8, 3, 6, 59, 58, tzinfo=UTC)
    assert poll(gateway, clock) == [event], "until it is stored, it comes again"
    gateway.ack([event])
    assert modem.paths == []
    assert poll(gateway, clock) == []


def test_after_a_kill_the_same_message_has_the_same_id_though_its_place_is_another(modem: Modem, clock: Clock) -> None:
    arrive(modem)
    (before,) = poll(opened(modem, clock), clock)
    modem.change(lambda kept: kept.update(sms={}, next=900))  # ModemManager was restarted and counts anew
    arrive(modem)
    (after,) = poll(opened(modem, clock), clock)
    assert before == after


def test_messages_come_in_the_order_of_their_places(modem: Modem, gateway: ModemManager, clock: Clock) -> None:
    for text in ("prvni", "druha", "treti"):
        arrive(modem, text)
    modem.change(lambda kept: kept.update(next=10))
    arrive(modem, "ctvrta")
    assert [one.text for one in poll(gateway, clock) if isinstance(one, Inbound)] == [
        "prvni", "druha", "treti", "ctvrta",
    ]  # fmt: skip


def test_a_long_message_waits_for_its_parts_and_is_told_when_one_never_comes(
    modem: Modem, gateway: ModemManager, clock: Clock
) -> None:
    path = arrive(modem, "--", state="receiving")
    assert poll(gateway, clock) == []
    assert gateway.health(clock.now).level == "ok"
    clock.now += PATIENCE
    poll(gateway, clock)
    health = gateway.health(clock.now)
    assert (health.level, health.name) == ("warning", "modem_incomplete")
    modem.change(lambda kept: kept["sms"][path].update(text="cely dlouhy text", state="received"))
    (event,) = poll(gateway, clock)
    assert isinstance(event, Inbound)
    assert event.text == "cely dlouhy text"
    assert gateway.health(clock.now).level == "ok"


def test_what_has_no_text_is_deleted(modem: Modem, gateway: ModemManager, clock: Clock) -> None:
    """An MMS notice, of which ModemManager shows only data."""
    arrive(modem, "--", data="01060301AE")
    assert poll(gateway, clock) == []
    assert modem.paths == []


@pytest.mark.parametrize("timestamp", ["--", "yesterday", "2026-08-03T08:59:58"])
def test_a_message_without_a_network_time_is_handed_in_all_the_same(
    modem: Modem, gateway: ModemManager, clock: Clock, timestamp: str
) -> None:
    arrive(modem, timestamp=timestamp)
    (event,) = poll(gateway, clock)
    assert isinstance(event, Inbound)
    assert event.sent is None
    assert poll(gateway, clock) == [event]


def test_a_message_deleted_meanwhile_holds_up_no_other(modem: Modem, clock: Clock) -> None:
    arrive(modem, "POMOC")
    gateway = opened(modem, clock)
    gateway._mmcli = replace(gateway._mmcli, modem="any")
    modem.change(lambda kept: kept.update(fails={"show": "couldn't find SMS at '/3': 'not found in any modem'"}))
    assert poll(gateway, clock) == []
    modem.set(fails={})
    assert len(poll(gateway, clock)) == 1


def test_it_is_not_asked_more_often_than_set(modem: Modem, clock: Clock) -> None:
    gateway = opened(modem, clock, poll_seconds=10)
    poll(gateway, clock)
    arrive(modem)
    clock.now += timedelta(seconds=9)
    assert gateway.poll(0) == ()
    clock.now += timedelta(seconds=1)
    assert len(gateway.poll(0)) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"state": "gone"}, "couldn't find modem", id="pulled out"),
        pytest.param({"state": "locked"}, "no messaging", id="locked"),
        pytest.param({"fails": {"list": "couldn't create manager: Timeout was reached"}}, "manager", id="no manager"),
    ],
)
def test_a_modem_that_cannot_be_asked_is_a_fault(
    modem: Modem, gateway: ModemManager, clock: Clock, change: dict[str, Any], says: str
) -> None:
    modem.set(**change)
    with pytest.raises(OSError, match=says):
        poll(gateway, clock)


# --- sending ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "aired"),
    [
        pytest.param("Objednano: ZOP pon 10.8. 14:00", None, id="plain"),
        pytest.param("Kod: 839938, smsc='+420999'", None, id="with commas and single quotes"),
        pytest.param('Uvedte "ANO", prosim', None, id="with double quotes"),
        pytest.param('"O\'Neill"\nZOP', "'O'Neill'\nZOP", id="with both"),
        pytest.param("Žluťoučký kůň", None, id="with letters beyond the alphabet"),
    ],
)
def test_a_text_is_sent_as_it_is(modem: Modem, gateway: ModemManager, text: str, aired: str | None) -> None:
    (result,) = gateway.send([replace(OUT, text=text)])
    assert isinstance(result, Sent)
    assert len(result.refs) == 1
    assert modem.aired == [[ASKER, aired or text]]


def report(modem: Modem, state: str, reference: str = "251", number: str = ASKER) -> None:
    modem.put(
        number=number, state="received", pdu_type="status-report", message_reference=reference,
        delivery_state=state, discharge_timestamp="2026-08-03T09:01:00+02",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("completed-received", "delivered"),
        ("error-no-longer-exists", "undelivered"),
        ("temporary-fatal-error-in-sme", "undelivered"),
        ("completed-forwarded-unconfirmed", "sent"),
    ],
)
def test_a_report_of_the_network_finds_its_message(
    modem: Modem, gateway: ModemManager, clock: Clock, word: str, status: str
) -> None:
    (sent,) = gateway.send([OUT])
    assert isinstance(sent, Sent)
    report(modem, word)
    (receipt,) = poll(gateway, clock)
    at = datetime(2026, 8, 3, 7, 1, tzinfo=UTC)
    assert isinstance(receipt, Receipt)
    assert (receipt.ref, receipt.status, receipt.at) == (sent.refs[0], status, at)
    gateway.ack([receipt])
    assert len(modem.paths) == (1 if status == "sent" else 0), "a final report and its message are deleted"


def test_another_process_finds_the_message_of_a_report_too(modem: Modem, clock: Clock) -> None:
    (sent,) = opened(modem, clock).send([OUT])
    assert isinstance(sent, Sent)
    report(modem, "completed-received")
    (receipt,) = poll(opened(modem, clock), clock)
    assert isinstance(receipt, Receipt)
    assert receipt.ref == sent.refs[0]


@pytest.mark.parametrize(
    ("reference", "number"),
    [pytest.param("9", ASKER, id="another reference"), pytest.param("251", "+420777000111", id="another number")],
)
def test_a_report_on_no_message_of_ours_is_deleted(
    modem: Modem, gateway: ModemManager, clock: Clock, reference: str, number: str
) -> None:
    list(gateway.send([OUT]))
    report(modem, "completed-received", reference, number)
    assert poll(gateway, clock) == []
    assert len(modem.paths) == 1


def test_a_report_while_the_network_still_tries_says_nothing(modem: Modem, gateway: ModemManager, clock: Clock) -> None:
    list(gateway.send([OUT]))
    report(modem, "temporary-error-no-response-from-sme")
    assert poll(gateway, clock) == []
    report(modem, "completed-received")
    assert len(poll(gateway, clock)) == 1


def test_a_reference_used_again_means_the_last_message(modem: Modem, gateway: ModemManager, clock: Clock) -> None:
    (first,) = gateway.send([OUT])
    modem.set(reference=250)
    (second,) = gateway.send([OUT])
    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    assert first.refs != second.refs
    report(modem, "completed-received")
    (receipt,) = poll(gateway, clock)
    assert isinstance(receipt, Receipt)
    assert receipt.ref == second.refs[0]


def test_a_message_without_any_report_is_deleted_in_the_end(modem: Modem, gateway: ModemManager, clock: Clock) -> None:
    list(gateway.send([OUT]))
    poll(gateway, clock)
    clock.now += KEPT
    poll(gateway, clock)
    assert modem.paths == []


def test_what_was_sent_to_a_person_is_erased_with_the_person(modem: Modem, gateway: ModemManager, clock: Clock) -> None:
    list(gateway.send([OUT, replace(OUT, recipient="+420777000111")]))
    arrive(modem)
    assert isinstance(gateway, KeepingGateway)
    assert gateway.forget(ASKER, NOW) == 1
    kept = [(sms["number"], sms["pdu_type"]) for sms in modem.kept["sms"].values()]
    assert kept == [("+420777000111", "submit"), (ASKER, "deliver")], "a message on its way in stays"
    modem.set(state="gone")
    with pytest.raises(OSError, match="couldn't find"):
        gateway.forget(ASKER, NOW)


FAILED = "couldn't send the SMS: 'GDBus.Error:org.freedesktop.ModemManager1.Error."


@pytest.mark.parametrize(
    ("fails", "parts", "result"),
    [
        pytest.param(
            {"create": "couldn't find modem"},
            1,
            SendError(OUT.id, "couldn't find modem", cause="unreachable"),
            id="no modem",
        ),
        pytest.param(
            {"--send": f"{FAILED}MobileEquipment.NoNetwork: No network'"},
            1,
            SendError(OUT.id, "couldn't send the SMS: 'MobileEquipment.NoNetwork: No network'"),
            id="the network refused it",
        ),
        pytest.param(
            {"--send": f"{FAILED}Core.Failed: Unknown'"},
            2,
            LostAnswer(OUT.id, "couldn't send the SMS: 'Core.Failed: Unknown'", cause="partly"),
            id="some of its parts may have been sent",
        ),
        pytest.param(
            {"--send": "couldn't send the SMS: 'Timeout was reached'"},
            1,
            LostAnswer(OUT.id, "couldn't send the SMS: 'Timeout was reached'"),
            id="no answer",
        ),
    ],
)
def test_what_was_not_sent(
    modem: Modem, gateway: ModemManager, fails: dict[str, str], parts: int, result: SendError | LostAnswer
) -> None:
    modem.set(fails=fails)
    assert list(gateway.send([replace(OUT, parts=parts)])) == [result]
    assert modem.aired == []
    modem.set(fails={})
    assert modem.paths == [], "another attempt makes another message"


def test_a_modem_that_knows_no_reports_is_not_asked_for_them(modem: Modem, clock: Clock) -> None:
    gateway = opened(modem, clock, receipts=False)
    list(gateway.send([OUT]))
    assert not gateway.capabilities.receipts
    assert [sms["delivery_report"] for sms in modem.kept["sms"].values()] == ["not requested"]


def test_a_program_that_is_not_there(tmp_path: Path, clock: Clock) -> None:
    gateway = ModemManager("sim", ModemManagerSettings(program=str(tmp_path / "none")), clock)
    (result,) = gateway.send([OUT])
    assert result == SendError(OUT.id, "No such file or directory", cause="unreachable")
    assert gateway.health(NOW).name == "modem_no_program"
    with pytest.raises(OSError, match="No such file"):
        gateway.poll(0)


def test_the_program_is_run_as_a_program(tmp_path: Path, clock: Clock) -> None:
    modem = plugged(tmp_path)
    gateway = opened(modem, clock)
    arrive(modem, "Žluťoučký")
    (event,) = poll(gateway, clock)
    assert isinstance(event, Inbound)
    assert event.text == "Žluťoučký"
    gateway.ack([event])
    assert modem.paths == []
    modem.set(state="gone")
    with pytest.raises(OSError, match="couldn't find modem"):
        poll(gateway, clock)


# --- health -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "level", "says"),
    [
        pytest.param({}, "ok", "O2.CZ, signal 67 %", id="well"),
        pytest.param({"state": "gone"}, "error", "couldn't find modem", id="pulled out"),
        pytest.param({"state": "locked", "lock": "sim-pin"}, "error", "sim-pin", id="wants its PIN"),
        pytest.param({"state": "failed", "reason": "sim-missing"}, "error", "sim-missing", id="without a SIM"),
        pytest.param({"state": "disabled"}, "error", "switched off", id="not enabled"),
        pytest.param({"state": "searching"}, "error", "no network", id="without a network"),
        pytest.param({"no_messaging": True}, "error", "no messaging capabilities", id="without SMS"),
    ],
)
def test_its_health(modem: Modem, gateway: ModemManager, change: dict[str, Any], level: str, says: str) -> None:
    modem.set(**change)
    health = gateway.health(NOW)
    assert (health.level, says in health.summary, bool(health.fix)) == (level, True, level != "ok")
