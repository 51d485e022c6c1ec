"""`prepazka check` tells what a failover of PostgreSQL would lose, before there is one."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from prepazka import clock
from prepazka.commands.availability import weaknesses
from prepazka.commands.checks import run_checks
from prepazka.store import availability, gateways, processes
from prepazka.store.availability import Availability

NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)
SAFE = Availability(standbys=2, waits=True, synchronous=1, pooled=True, processes=40, alone=1000)
ALONE = Availability(processes=2, alone=3, quiet=2)


def told(found: Availability) -> list[str]:
    lines = list(weaknesses(found))
    assert all(fix for _, fix in lines)
    assert not [fix for _, fix in lines if re.search(r"patronictl (?!-c /etc/)", fix)], "it knows no cluster by itself"
    return [what for what, _ in lines]


@pytest.mark.parametrize("found", [SAFE, ALONE, replace(SAFE, synchronous=None)])
def test_a_sound_set_up_is_told_nothing(found: Availability) -> None:
    assert told(found) == []


@pytest.mark.parametrize(
    ("found", "says"),
    [
        pytest.param(replace(SAFE, waits=False), ["waits for no standby"], id="asynchronous"),
        pytest.param(replace(SAFE, synchronous=0), ["no synchronous standby now"], id="the standby is away"),
        pytest.param(
            replace(ALONE, left=NOW), ["no standby, and there was one at 2026-08-03 09:00"], id="all are away"
        ),
        pytest.param(
            replace(SAFE, standbys=0, synchronous=0, left=NOW), ["no synchronous standby now"], id="and waited for"
        ),
        pytest.param(
            Availability(hosts=2, seeks_primary=True),
            ["several hosts, and a commit waits for no standby"],
            id="nobody is stopped",
        ),
        pytest.param(replace(SAFE, hosts=3), ["also one that only reads"], id="any host will do"),
        pytest.param(replace(SAFE, prepares=True), ["prepared"], id="prepared behind a pooler"),
        pytest.param(Availability(processes=3, alone=22), [], id="just enough"),
        pytest.param(
            Availability(processes=3, alone=23),
            ["may need 101, and the server takes 100"],
            id="one too many",
        ),
        pytest.param(Availability(processes=2, quiet=1000, alone=16), [], id="quiet gateways share threads"),
        pytest.param(Availability(processes=2, quiet=17, alone=17), ["2 processes and 34 gateways"], id="but not all"),
        pytest.param(
            Availability(processes=4, alone=500, quiet=500, pool=24, listens=True), [], id="a pool bounds all"
        ),
        pytest.param(Availability(processes=4, pool=25, listens=True), ["may need 104"], id="too large a pool"),
        pytest.param(Availability(limit=97, used=78), ["78 of the 97"], id="nearly all in use"),
    ],
)
def test_each_weakness_is_named(found: Availability, says: list[str]) -> None:
    lines = told(found)
    assert len(lines) == len(says)
    assert all(part in line for part, line in zip(says, lines, strict=True))


@pytest.mark.parametrize("pool", [0, 60])
def test_the_pool_that_is_named_suffices(pool: int) -> None:
    found = Availability(processes=4, alone=200, pool=pool, listens=True)
    [(_, fix)] = weaknesses(found)
    named = re.search(r"PREPAZKA_POOL(?:=| to )(\d+)", fix)
    assert named
    assert told(replace(found, pool=int(named[1]))) == []


def test_statements_may_be_prepared_without_a_pooler() -> None:
    assert told(replace(ALONE, prepares=True)) == []


@pytest.mark.django_db
def test_a_file_has_no_copies() -> None:
    if connection.vendor == "sqlite":
        assert availability.look([], 0, "", NOW) is None


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_server_of_its_own_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    gateways.keep("modem", "gammu", {}, NOW, "test")
    gateways.keep("provider", "hosted", {}, NOW, "test")
    for name, ago in (("vm/11/1", timedelta()), ("vm/12/2", timedelta(seconds=40))):  # the second one was killed
        processes.beat(name, clock.now() - ago)
    processes.beat("vm/13/3", clock.now())
    processes.leave("vm/13/3")
    found = availability.look(["hosted"], 0, "", NOW)
    assert found is not None
    assert (found.hosts, found.standbys, found.waits, found.pooled) == (1, 0, False, False)
    assert (found.processes, found.alone, found.quiet, found.pool, found.listens) == (1, 1, 1, 0, False)
    assert 0 < found.used < found.limit
    monkeypatch.setattr(availability, "look", lambda *_: Availability(standbys=1))
    assert [one.level for one in run_checks() if one.what.startswith("replication: a commit waits")] == ["warning"]


@pytest.mark.postgresql
@pytest.mark.django_db
def test_standbys_that_were_there_are_missed_for_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    def left(later: timedelta) -> datetime | None:
        found = availability.look([], 0, "", NOW + later)
        assert found is not None
        return found.left

    availability.note_standbys(NOW)
    assert left(timedelta(minutes=5)) is None, "a server that never had one is told nothing"
    monkeypatch.setattr(availability, "_STANDBYS", "SELECT 2")
    availability.note_standbys(NOW)
    assert left(timedelta(minutes=31)) == NOW
    assert left(timedelta(days=6, hours=23)) == NOW
    assert left(timedelta(days=7)) is None
