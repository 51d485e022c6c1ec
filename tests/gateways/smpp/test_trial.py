"""Trying an SMSC: what it refuses and how it writes is learnt, and the phone never gets two messages."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from prepazka.gateways.smpp import SmppSettings
from prepazka.gateways.trial import Trial, TrialResult
from prepazka.gateways.values import GatewayEvent, LostAnswer, Outbound, SendError, Sent
from tests.gateways.smpp.smsc import Smsc

PHONE = "+420604271828"
TEXT = "Prepazka zkouska 2718: @ $ _"


def attempt(smsc: Smsc, journal: Path, *, answered: bool = False, patience: float = 20, **own: Any) -> TrialResult:
    """Try the SMSC with these settings; events that are not the trial's are kept in `strays`."""
    fields: dict[str, Any] = {
        "host": "127.0.0.1", "port": smsc.port, "system_id": "urad", "password": "secret", "journal": str(journal),
        "response_timeout": 2, "connect_timeout": 10, "retry_first": 0.05, "retry_most": 0.2,
    }  # fmt: skip
    message = Outbound("0-1", "+420739100200", PHONE, TEXT, 1, datetime.now(UTC) + timedelta(minutes=5))
    settings = SmppSettings.model_validate(fields | own)
    return Trial(
        "operator", "smpp", settings, message, patience, lambda _, events: strays.append(events), answered
    ).run()


strays: list[Any] = []


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    strays.clear()
    return tmp_path / "journal.sqlite3"


@pytest.mark.parametrize(
    ("habits", "learnt"),
    [
        ({}, {}),
        ({"source": [6, 0]}, {"source_ton": 6, "source_npi": 0}),
        ({"source": [2, 1]}, {"source_ton": 2, "source_npi": 1}),
        ({"destination": [0, 0]}, {"dest_ton": 0, "dest_npi": 0}),
        ({"noValidity": True}, {"validity": False}),
        (
            {"source": [5, 0], "destination": [2, 1], "noValidity": True},
            {"source_ton": 5, "source_npi": 0, "dest_ton": 2, "dest_npi": 1, "validity": False},
        ),
    ],
    ids=["plain", "short-code", "national", "unknown-type", "no-validity", "all-of-it"],
)
def test_what_the_smsc_wants_is_learnt_by_one_message(
    smsc: Smsc, journal: Path, habits: Mapping[str, Any], learnt: Mapping[str, Any]
) -> None:
    smsc.habits(receipts="text", **habits)
    found = attempt(smsc, journal)
    assert (dict(found.learnt), isinstance(found.result, Sent)) == (learnt, True)
    assert found.receipt is not None
    assert found.receipt.status == "delivered"
    assert [submit["text"] for submit in smsc.submits(0)] == [TEXT]


def test_the_notation_of_ids_is_learnt_from_the_receipt(smsc: Smsc, journal: Path) -> None:
    smsc.habits(receipts="text", hexIds=True)
    for _ in range(10):  # the first ids are the same in both notations
        attempt(smsc, journal, patience=20)
    found = attempt(smsc, journal)
    assert found.learnt == {"message_ids": "hex_then_decimal"}


def test_the_alphabet_is_learnt_from_the_text_the_phone_sends_back(smsc: Smsc, journal: Path) -> None:
    smsc.habits(receipts="parameters", echo=TEXT)
    found = attempt(smsc, journal, answered=True)
    assert found.learnt == {"alphabet": "latin1"}
    assert attempt(smsc, journal, answered=True, alphabet="latin1").learnt == {}


@pytest.mark.parametrize(
    ("habits", "own", "reason"),
    [
        ({}, {"password": "wrong"}, "refuses to bind: Invalid Password (0x0E)"),
        ({"source": [4, 4]}, {}, "Invalid Source address TON (0x48), setting source_ton"),
        ({"reject": 0x15}, {}, "setting service_type"),
        ({"reject": 0x45}, {}, "0x45"),
    ],
    ids=["password", "no-known-type", "service-type", "no-reason"],
)
def test_a_refusal_is_one_line_and_teaches_nothing_wrong(
    smsc: Smsc, journal: Path, habits: Mapping[str, Any], own: Mapping[str, Any], reason: str
) -> None:
    smsc.habits(**habits)
    found = attempt(smsc, journal, **own)
    assert isinstance(found.result, SendError)
    assert reason in found.result.reason
    assert (found.learnt, smsc.submits(0)) == ({}, [])


def test_a_lost_answer_ends_the_trial_with_one_message(smsc: Smsc, journal: Path) -> None:
    smsc.habits(silent=True, source=None)
    found = attempt(smsc, journal, patience=0.2)
    assert isinstance(found.result, LostAnswer)
    assert len(smsc.submits(0)) == 1


def test_what_a_citizen_texts_meanwhile_is_taken_in(smsc: Smsc, journal: Path) -> None:
    smsc.deliver({"from": "+420605161803", "to": "+420739100200", "text": "POMOC"})
    smsc.habits(receipts="text", late=500)
    assert isinstance(attempt(smsc, journal).result, Sent)
    taken: list[GatewayEvent] = [event for batch in strays for event in batch]
    assert [getattr(event, "text", "") for event in taken] == ["POMOC"]
    assert smsc.state()["waiting"] == 0
