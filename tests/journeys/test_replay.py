"""Ten thousand messages through the real command: the same on both databases, and no change the second time.

In the short form every fifth of them, and the last few repeated.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from prepazka.store import models
from tests.flows.inbound.many_messages import mixed

# There it is compared with SQLite; SQLite with itself would show less.
pytestmark = pytest.mark.postgresql

COUNT = 10_000


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory, whole: bool) -> Path:
    """The messages as a file, without cancellations of real codes, which differ from run to run."""
    file = tmp_path_factory.mktemp("replay") / "messages.jsonl"
    lines = [
        {
            "id": one.id,
            "from": one.sender,
            "to": one.recipient,
            "text": one.text,
            "at": one.sent and one.sent.isoformat(),
        }
        for one in mixed(COUNT)
        if not one.text.startswith(("PRESUN", "STORNO")) or "123456" in one.text
    ]
    if not whole:
        some = lines[::5]
        lines = [*some, *({**line, "id": f"{line['id']} again"} for line in some[-20:])]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return file


def prepazka(url: str, *arguments: object) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "prepazka", *map(str, arguments)],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def without_codes(lines: list[dict[str, Any]]) -> list[Any]:
    """Return what must be equal: everything but the codes drawn."""
    return [
        (
            line["id"],
            line["outcome"],
            line["language"],
            line["septets"],
            line["parts"],
            line["booking"] and {key: value for key, value in line["booking"].items() if key != "code"},
            line["offers"],
        )
        for line in lines
    ]


def count() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in (models.Inbound, models.Booking, models.Outbound)}


def test_the_same_on_each_database_and_nothing_new_a_second_time(
    office_id: int, database_url: str, messages: Path, tmp_path: Path, whole: bool
) -> None:
    assert office_id
    came = prepazka(database_url, "replay", messages)
    outcomes = Counter(line["outcome"] for line in came)
    assert len(came) > COUNT * (0.8 if whole else 0.16)
    assert {"booked", "already_booked", "slot_full", "free_times", "closed_day", "ignored", "bad_date"} <= set(outcomes)
    assert outcomes["booked"] == models.Booking.objects.filter(state="booked").count()

    kept = count()
    again = prepazka(database_url, "replay", messages)
    assert {line["outcome"] for line in again} == {"duplicate"}
    assert {line["reply"] for line in again} == {None}
    assert count() == kept

    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    prepazka(other, "migrate")
    prepazka(other, "load-office", files("prepazka") / "demo.toml")
    assert without_codes(prepazka(other, "replay", messages)) == without_codes(came)
