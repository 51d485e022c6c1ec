"""A node that differs from those that serve the same database is told by `prepazka check`, and does not start."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prepazka.commands import CommandFailed
from prepazka.commands.other_nodes import refuse_wrong_key
from prepazka.commands.start_checks import Finding, check_start
from prepazka.process.identity import me
from prepazka.store import database_state, gateways, processes, sealing
from tests.commands.conftest import Prepazka

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

THERE = "machine-b/4711/1"
LONG_AGO = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    """The machine's, by which the database judges who lives."""
    return datetime.now(UTC)


def told(about: str) -> list[Finding]:
    return [finding for finding in check_start() if finding.what.startswith(about)]


@pytest.fixture
def another_key(now: datetime, settings: Any) -> str:
    """The fingerprint of the key of a node that serves; its beat is fresh."""
    with_it = settings.SECRET_KEY
    settings.SECRET_KEY = "z" * 60
    fingerprint = sealing.fingerprint()
    settings.SECRET_KEY = with_it
    processes.beat(THERE, now, key=fingerprint)
    return fingerprint


def test_one_with_another_key_does_not_start(another_key: str, prepazka: Prepazka) -> None:
    [finding] = told("secret key: not")
    assert (finding.level, finding.what) == (
        "error",
        "secret key: not that of machine-b, which serves this database too",
    )
    assert "PREPAZKA_SECRET_KEY" in finding.fix
    done = prepazka("check", "--start", "--prepare")
    assert done.code == 1
    assert "not that of machine-b" in done.err


def test_it_encrypts_no_gateway_that_the_others_could_not_open(another_key: str, prepazka: Prepazka) -> None:
    done = prepazka("gateway", "set", "modem", "gammu", "database=/srv/gammu")
    assert (done.code, gateways.find("modem")) == (1, None)
    assert "not that of machine-b" in done.err


def test_a_key_that_is_being_changed_is_no_other(another_key: str, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = ["z" * 60]
    assert told("secret key: not") == []
    refuse_wrong_key()


@pytest.mark.parametrize(
    ("process", "ago"),
    [
        pytest.param(THERE, LONG_AGO, id="gone"),
        pytest.param(THERE, -LONG_AGO, id="its clock is not right"),
        pytest.param(f"{me().rpartition('/')[0]}/1", timedelta(), id="killed on this machine"),
    ],
)
def test_who_does_not_live_is_not_asked(now: datetime, process: str, ago: timedelta) -> None:
    processes.beat(process, now - ago, key="another", version="0.0.1")
    assert told("secret key: not") == told("version") == []


def test_the_version_before_tells_no_key(now: datetime) -> None:
    processes.beat(THERE, now)
    assert told("secret key: not") == told("version") == []


def test_another_version_beside_is_told_and_stops_nobody(now: datetime) -> None:
    processes.beat(THERE, now, version="0.0.1")
    [finding] = told("version")
    assert finding.level == "warning"
    assert finding.what.startswith("version: machine-b serves with 0.0.1, this is ")


@pytest.fixture
def clock_behind(monkeypatch: pytest.MonkeyPatch) -> timedelta:
    """This machine's clock is an hour behind the database's."""
    monkeypatch.setattr(database_state, "clock_difference", lambda: timedelta(hours=1))
    return timedelta(hours=1)


@pytest.mark.usefixtures("clock_behind")
def test_one_whose_clock_is_wrong_does_not_start(now: datetime) -> None:
    processes.beat(THERE, now)
    [finding] = told("clock")
    assert (finding.level, finding.what) == (
        "error",
        "clock: 3600 s from the database's and from that of other nodes",
    )


def test_where_nobody_agrees_with_the_database_nobody_knows_who_is_right(
    now: datetime, clock_behind: timedelta
) -> None:
    assert told("clock") == []
    processes.beat(THERE, now - clock_behind)
    assert told("clock") == []


def test_a_rehearsal_is_not_held_where_others_serve(now: datetime, settings: Any, tmp_path: Any) -> None:
    settings.CLOCK = str(tmp_path / "clock")
    (tmp_path / "clock").write_text("2026-08-03T08:00+02:00", "utf-8")
    assert [finding.level for finding in told("clock")] == ["warning"]
    processes.beat(THERE, now)
    assert [finding.what for finding in told("clock") if finding.level == "error"] == [
        "clock: a rehearsal, on a database that machine-b serves for real"
    ]


def test_refusing_names_what_to_set(another_key: str) -> None:
    with pytest.raises(CommandFailed, match="the same PREPAZKA_SECRET_KEY on every node"):
        refuse_wrong_key()
