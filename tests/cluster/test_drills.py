"""Whatever breaks, the books are exact: what callers were told is what the database holds, and no place is sold twice.

The set-up is that of docs/ha.md, from the same files. `make test-ha` plays all drills, several times, and prints the
table; every run of the tests plays three of them.
"""

import os
from collections.abc import Iterator
from itertools import count
from statistics import median

import pytest
from django.db import connection

from tests.cluster.books import differences
from tests.cluster.callers import LINES, Told
from tests.cluster.cluster import Cluster, running
from tests.cluster.drills import DRILLS, SHORT, Result, play

pytestmark = pytest.mark.postgresql

# How often `make test-ha` plays each drill, and which, by their names with commas between; "" for all.
ROUNDS = int(os.environ.get("HA_ROUNDS", "1"))
CHOSEN = os.environ.get("HA_DRILLS", "").replace(",", " ").split()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "drill" in metafunc.fixturenames:
        names = CHOSEN or (DRILLS if metafunc.config.getoption("--long") else SHORT)
        assert set(names) <= set(DRILLS), f"HA_DRILLS may name {', '.join(DRILLS)}"
        plays = [(name, round_) for round_ in range(1, ROUNDS + 1) for name in names]
        metafunc.parametrize(("drill", "round_"), plays, ids=[f"{name}-{round_}" for name, round_ in plays])


class Season:
    """All drills played on one cluster, and all that was told in them."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.results: dict[str, list[Result]] = {}
        self.callers = count(0, LINES)

    def table(self) -> str:
        """The table of docs/ha.md, and what was played in all."""
        lines = [
            "| drill | what | played | failovers | silence: median | longest | load | cut | later |",
            "|---|---|---|---|---|---|---|---|---|",
            *(self._row(name) for name in DRILLS if name in self.results),
        ]
        failovers = sum(one.failovers for results in self.results.values() for one in results)
        return "\n".join([*lines, f"{failovers} failovers, {len(self.told)} messages acknowledged"])

    def _row(self, name: str) -> str:
        results = self.results[name]
        silences = [one.silence for one in results]
        failovers, cut, refused = (
            sum(getattr(one, what) for one in results) for what in ("failovers", "cut", "refused")
        )
        load = median(one.load for one in results)
        return (
            f"| `{name}` | {DRILLS[name].title} | {len(results)} | {failovers} | {median(silences):.1f} s "
            f"| {max(silences):.1f} s | {load:.1f} | {cut} | {refused} |"
        )


@pytest.fixture(scope="module")
def season() -> Iterator[Season]:
    season = Season()
    yield season
    print(f"\n{season.table()}")  # noqa: T201 -- `make test-ha` is played for this table


@pytest.fixture(scope="module")
def cluster(django_db_setup: None) -> Iterator[Cluster]:
    used = connection.settings_dict
    tables = f"postgresql://{used['USER']}@{used['HOST']}:{used['PORT']}/{used['NAME']}"
    with running("2026-08-03T08:00+02:00", tables=tables) as cluster:
        yield cluster


def test_the_books_are_exact(cluster: Cluster, season: Season, drill: str, round_: int) -> None:
    result = play(cluster, drill, next(season.callers))
    season.told += result.told
    season.results.setdefault(drill, []).append(result)
    print(f"{drill} {round_}: {result.line()}")  # noqa: T201 -- the same
    assert differences(cluster, season.told) == []
    assert result.wrong == []
