"""`gateway try`: one SMS by a gateway, refusals in one line with the fix, and what was learnt is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prepazka import clock
from prepazka.process.gateway_runner import HELD
from prepazka.store import gateways, models
from tests.commands.conftest import Prepazka
from tests.gateways.smpp.smsc import Smsc

pytestmark = pytest.mark.django_db(transaction=True)
TO = "+420604271828"


@pytest.fixture(scope="module")
def smsc() -> Iterator[Smsc]:
    with Smsc() as running:
        yield running


@pytest.fixture
def operator(smsc: Smsc, tmp_path: Path) -> dict[str, Any]:
    """An account at the SMSC, kept as the gateway `operator`."""
    smsc.anew()
    settings = {
        "host": "127.0.0.1", "port": smsc.port, "system_id": "urad", "password": "secret",
        "journal": str(tmp_path / "journal.sqlite3"), "connect_timeout": 10,
    }  # fmt: skip
    gateways.keep("operator", "smpp", settings, clock.now(), "test")
    return settings


def test_what_was_learnt_is_said_and_kept(smsc: Smsc, operator: dict[str, Any], prepazka: Prepazka) -> None:
    smsc.habits(receipts="text", source=[6, 0])
    command = ["gateway", "try", "operator", "--to", TO, "--from", "+420739100200"]
    said = prepazka(*command).out
    assert "receipt: delivered" in said
    assert "to keep it: prepazka gateway set operator smpp source_ton=6 source_npi=0" in said
    kept = gateways.find("operator")
    assert kept is not None
    assert kept.settings == operator
    assert prepazka(*command, "--set").code == 0
    kept = gateways.find("operator")
    assert kept is not None
    assert kept.settings == operator | {"source_ton": 6, "source_npi": 0}
    assert len(smsc.submits(0)) == 2
    assert models.Outbound.objects.count() == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["nobody", "--to", TO], "there is no gateway nobody"),
        (["operator", "--to", "12"], "is no number an SMS can be sent to"),
        (["operator", "--to", TO], "no number is bound to operator: name the sender's with --from"),
        (["operator", "--to", TO, "--from", "+420739100200", "--wait", "0"], "--wait must be more than 0"),
    ],
)
@pytest.mark.usefixtures("operator")
def test_a_wrong_use_is_one_line(options: list[str], said: str, prepazka: Prepazka) -> None:
    done = prepazka("gateway", "try", *options)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.usefixtures("operator")
def test_a_refused_account_is_one_line_with_the_fix(smsc: Smsc, prepazka: Prepazka) -> None:
    smsc.habits(password="another")
    done = prepazka("gateway", "try", "operator", "--to", TO, "--from", "+420739100200")
    error = done.err
    assert done.code == 1
    assert "Invalid Password" in error
    assert "system_id" in error
    assert [line for line in error.splitlines() if "not sent" in line] == [error.splitlines()[-1]]


@pytest.mark.usefixtures("operator")
def test_a_gateway_another_process_serves_is_left_to_it(smsc: Smsc, prepazka: Prepazka) -> None:
    now = clock.now()
    assert gateways.hold("operator", "elsewhere/1/1", now, now + HELD)
    done = prepazka("gateway", "try", "operator", "--to", TO, "--from", "+420739100200")
    assert (done.code, "a running prepazka serves operator" in done.err) == (1, True)
    assert smsc.state()["binds"] == []
