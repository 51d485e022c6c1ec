"""docs/ha.md and its Czech twin: the files exist and are named, both tables have every drill, and say the same."""

import re
from string import Template

import pytest
import yaml

from tests.cluster.drills import DRILLS
from tests.cluster.files import FOLDER
from tests.docs.pages import ROOT

PAGES = {page: (ROOT / "docs" / page).read_text("utf-8") for page in ("ha.md", "vysoka-dostupnost.md")}
_DRILL = re.compile(r"^\| `([\w-]+)` \| [^|]+ \|((?: [\d.,]+(?: s)? \|){7})$", re.MULTILINE)


def drills(page: str) -> list[tuple[str, ...]]:
    """The rows of the table of drills: name, times, failovers, silences, load, requests cut, and told to come again."""
    return [(name, *re.findall(r"[\d.]+", row.replace(",", "."))) for name, row in _DRILL.findall(PAGES[page])]


@pytest.mark.parametrize("page", PAGES)
def test_the_table_has_every_drill(page: str) -> None:
    assert [row[0] for row in drills(page)] == list(DRILLS)


def test_a_hundred_failovers_were_played_and_none_was_silent_for_long() -> None:
    rows = drills("ha.md")
    assert sum(int(failovers) for _, _, failovers, *_ in rows) >= 100
    assert max(float(longest) for _, _, _, _, longest, *_ in rows) <= 30


@pytest.mark.parametrize("page", PAGES)
def test_every_file_to_copy_is_named(page: str) -> None:
    assert set(re.findall(r"packaging/ha/([\w.]+)`", PAGES[page])) == {path.name for path in FOLDER.iterdir()}


def test_both_languages_have_the_same_figures() -> None:
    assert drills("ha.md") == drills("vysoka-dostupnost.md")
    code = [re.findall(r"^ {7}(\S.*?)(?:\s{2,}#.*)?$", text, re.MULTILINE) for text in PAGES.values()]
    assert [line.replace("HESLO", "PASSWORD") for line in code[1]] == code[0]


def test_the_lines_of_pgbackrest_fit_into_the_file_of_patroni() -> None:
    """Where the page puts them, they mean what it says."""
    patroni = (FOLDER / "patroni.yml").read_text("utf-8") + (FOLDER / "archive.yml").read_text("utf-8")
    restoring = patroni.replace("bootstrap:\n", "bootstrap:\n" + (FOLDER / "restore.yml").read_text("utf-8"), 1)
    read = yaml.safe_load(Template(restoring).safe_substitute(moment="2026-08-03 09:41:00+02"))
    ours = read["postgresql"]
    assert ours["parameters"]["archive_mode"] == "on"
    assert ours["recovery_conf"]["restore_command"].endswith('archive-get %f "%p"')
    assert ours["parameters"]["password_encryption"] == "scram-sha-256", "what stood there before stays"
    assert '--target="2026-08-03 09:41:00+02"' in read["bootstrap"][read["bootstrap"]["method"]]["command"]
    assert read["bootstrap"]["dcs"]["synchronous_mode"] is True


def test_all_that_reads_the_copies_names_the_same_stanza() -> None:
    (section,) = re.findall(r"^\[(?!global)(\w+)\]$", (FOLDER / "pgbackrest.conf").read_text("utf-8"), re.MULTILINE)
    text = "".join([*PAGES.values(), *((FOLDER / name).read_text("utf-8") for name in ("archive.yml", "restore.yml"))])
    assert set(re.findall(r"--stanza=(\w+)", text)) == {section}


def test_limits_of_patroni_leave_time_to_ask_twice() -> None:
    """Patroni asks for that itself, and otherwise corrects the figures silently."""
    text = (FOLDER / "patroni.yml").read_text("utf-8")
    ttl, loop_wait, retry = (
        int(re.findall(rf"^ +{name}: (\d+)", text, re.MULTILINE)[0]) for name in ("ttl", "loop_wait", "retry_timeout")
    )
    assert loop_wait + 2 * retry <= ttl
