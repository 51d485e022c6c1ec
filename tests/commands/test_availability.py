"""`prepazka check` tells what a failover of PostgreSQL would lose, before there is one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection

from prepazka.commands.availability import weaknesses
from prepazka.commands.checks import run_checks
from prepazka.store import availability
from prepazka.store.availability import Availability

NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)
SAFE = Availability(standbys=2, waits=True, synchronous=1, pooled=True, processes=40, gateways=1000)
ALONE = Availability(processes=2, gateways=3)


def told(found: Availability) -> list[str]:
    lines = list(weaknesses(found))
    assert all(fix for _, fix in lines)
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
            Availability(hosts=2, seeks_primary=True),
            ["several hosts, and a commit waits for no standby"],
            id="nobody is stopped",
        ),
        pytest.param(replace(SAFE, hosts=3), ["also one that only reads"], id="any host will do"),
        pytest.param(replace(SAFE, prepares=True), ["prepared"], id="prepared behind a pooler"),
        pytest.param(Availability(processes=5), [], id="just enough"),
        pytest.param(
            Availability(processes=5, gateways=1, limit=100),
            ["may need 101, and the server takes 100"],
            id="one too many",
        ),
        pytest.param(Availability(limit=97, used=78), ["78 of the 97"], id="nearly all in use"),
    ],
)
def test_each_weakness_is_named(found: Availability, says: list[str]) -> None:
    lines = told(found)
    assert len(lines) == len(says)
    assert all(part in line for part, line in zip(says, lines, strict=True))


def test_statements_may_be_prepared_without_a_pooler() -> None:
    assert told(replace(ALONE, prepares=True)) == []


@pytest.mark.django_db
def test_a_file_has_no_copies() -> None:
    if connection.vendor == "sqlite":
        assert availability.look(NOW) is None


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_server_of_its_own_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = availability.look(NOW)
    assert found is not None
    assert (found.hosts, found.standbys, found.waits, found.pooled) == (1, 0, False, False)
    assert 0 < found.used < found.limit
    monkeypatch.setattr(availability, "look", lambda _now: Availability(standbys=1))
    assert [one.level for one in run_checks() if one.what.startswith("replication: a commit waits")] == ["warning"]
