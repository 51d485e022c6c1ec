"""Whatever breaks, the books are exact: what callers were told is what the database holds, and no place is sold twice.

The set-up is that of docs/ha.md, from the same files. `make test-ha` plays all drills, several times, and prints the
table; every run of the tests plays three of them.
"""

import os
from collections.abc import Iterator
from itertools import count
from statistics import median

import pytest

from tests.cluster.books import differences
from tests.cluster.callers import Told
from tests.cluster.cluster import Cluster, running
from tests.cluster.drills import DRILLS, SHORT, Result, play

pytestmark = pytest.mark.postgresql

# How often `make test-ha` plays each drill.
ROUNDS = int(os.environ.get("HA_ROUNDS", "1"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "drill" in metafunc.fixturenames:
        names = list(DRILLS) if metafunc.config.getoption("--long") else SHORT
        plays = [(name, round_) for round_ in range(1, ROUNDS + 1) for name in names]
        metafunc.parametrize(("drill", "round_"), plays, ids=[f"{name}-{round_}" for name, round_ in plays])


class Season:
    """All drills played on one cluster, and all that was told in them."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.results: dict[str, list[Result]] = {}
        self.callers = count(0, 10)

    def table(self) -> str:
        """The table of docs/ha.md: the median silence, each of them, and the requests that were not answered."""
        lines = ["| drill | what | silence | each time | cut | later |", "|---|---|---|---|---|---|"]
        for name, results in self.results.items():
            every = " ".join(f"{one.silence:.1f}" for one in results)
            middle = median(one.silence for one in results)
            cut, refused = (sum(getattr(one, what) for one in results) for what in ("cut", "refused"))
            lines.append(f"| `{name}` | {DRILLS[name].title} | {middle:.1f} s | {every} | {cut} | {refused} |")
        return "\n".join([*lines, f"{len(self.told)} messages acknowledged"])


@pytest.fixture(scope="module")
def season() -> Iterator[Season]:
    season = Season()
    yield season
    print(f"\n{season.table()}")  # noqa: T201 -- `make test-ha` is played for this table


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running("2026-08-03T08:00+02:00") as cluster:
        yield cluster


def test_the_books_are_exact(cluster: Cluster, season: Season, drill: str, round_: int) -> None:
    result = play(cluster, drill, next(season.callers))
    season.told += result.told
    season.results.setdefault(drill, []).append(result)
    assert differences(cluster, season.told) == []
    assert result.wrong == []
