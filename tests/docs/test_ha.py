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


@pytest.mark.parametrize("page", PAGES)
def test_whoever_fills_in_a_file_is_told_the_value_of_every_name_in_it(page: str) -> None:
    rows = {name: row for row in PAGES[page].splitlines() for name in re.findall(r"^\| \[`packaging/ha/([\w.]+)`", row)}
    later = {"pgbackrest.conf", "restore.yml", "archive.yml"}  # the section on backups
    assert set(rows) == {path.name for path in FOLDER.iterdir()} - later
    for name, row in rows.items():
        names = Template((FOLDER / name).read_text("utf-8")).get_identifiers()
        assert {one for one in names if one.islower()} <= set(re.findall(r"`(\w+)`", row)), name


def test_haproxy_runs_beside_debians_own_settings_and_tells_how_many_servers_are_up() -> None:
    """In the place of them it would run as root."""
    text = (FOLDER / "haproxy.cfg").read_text("utf-8")
    sections = re.findall(r"^(?:listen|frontend) (\w+)$", text, re.MULTILINE)
    assert sections == ["database", "pages", "figures"]
    for page in PAGES.values():
        assert "-f /etc/haproxy/prepazka.cfg" in page
        assert "`haproxy_backend_active_servers`" in page


def test_a_pooler_has_files_enough_for_all_its_callers() -> None:
    """A service may open 1024: one for each caller and each connection it lends, and some of its own."""
    text = (FOLDER / "pgbouncer.ini").read_text("utf-8")
    callers, pool = (
        int(re.findall(rf"^{name} = (\d+)$", text, re.MULTILINE)[0])
        for name in ("max_client_conn", "default_pool_size")
    )
    assert callers + pool + 50 < 1024


def test_the_unit_of_patroni_is_started_again_for_ever_and_leaves_postgresql_alone() -> None:
    unit = (FOLDER / "patroni.service").read_text("utf-8").splitlines()
    assert {"User=postgres", "KillMode=process", "Restart=always", "StartLimitIntervalSec=0"} <= set(unit)


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


@pytest.mark.parametrize("page", PAGES)
def test_patronictl_is_told_its_file_each_time(page: str) -> None:
    """Without it, it knows no cluster and says so in a warning alone."""
    commands = re.findall(r"(?<!/)patronictl ([^`\n]+)", PAGES[page])
    assert [one for one in commands if not one.startswith("-c /etc/patroni.yml ")] == []


@pytest.mark.parametrize("page", PAGES)
def test_whoever_asks_patroni_asks_where_it_listens(page: str) -> None:
    """At 127.0.0.1 nobody answers, and a nightly copy that waits for an answer is never made."""
    assert "  listen: ${address}:${api_port}\n" in (FOLDER / "patroni.yml").read_text("utf-8")
    asked = re.findall(r"curl .*?http://([\d.]+):8008/", PAGES[page])
    assert len(asked) == 2
    assert not [one for one in asked if one.startswith("127.")]


@pytest.mark.parametrize("page", PAGES)
def test_the_names_of_pgbackrests_file_are_told_where_it_is_to_be_put(page: str) -> None:
    (step,) = re.findall(r"^1\. .*packaging/ha/pgbackrest\.conf.*?\n\n", PAGES[page], re.MULTILINE | re.DOTALL)
    names = Template((FOLDER / "pgbackrest.conf").read_text("utf-8")).get_identifiers()
    assert set(names) <= set(re.findall(r"`(\w+)`", step))


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
