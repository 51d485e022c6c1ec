"""`prepazka setup` in the directory of an image: what it writes, and how hard its units are."""

import os
import re
import shlex
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from prepazka.commands.setup_files import Installation, planned_files, units
from tests.commands.conftest import Done, Prepazka

HOST = "objednani.hlinsko.example"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "image"


@pytest.fixture
def run(program: Prepazka, root: Path) -> Prepazka:
    def run(*more: str) -> Done:
        return program("setup", "--root", str(root), *more)

    return run


def files(root: Path) -> dict[str, tuple[str, int]]:
    found = [path for path in root.rglob("*") if path.is_file()]
    return {f"/{path.relative_to(root)}": (path.read_text("utf-8"), path.stat().st_mode & 0o777) for path in found}


def test_it_writes_settings_key_units_and_proxy(run: Prepazka, root: Path) -> None:
    done = run("--host", HOST)
    assert (done.code, done.err) == (0, "")
    written = files(root)
    environment, mode = written["/etc/prepazka.env"]
    assert mode == 0o640
    assert f"PREPAZKA_HOSTS={HOST}\n" in environment
    key, mode = written["/etc/prepazka.key"]
    assert (len(key.strip()) >= 50, mode) == (True, 0o640)
    assert key.strip() not in done.out
    assert (root / "var/lib/prepazka").stat().st_mode & 0o777 == 0o700
    assert {f"/etc/systemd/system/{unit}" for unit in units()} <= set(written)
    site = written["/etc/nginx/sites-available/prepazka"][0]
    assert f"server_name {HOST};" in site
    assert re.search(r"board/stream\$ \{[^}]*proxy_buffering off;", site)
    assert site.count("{") == site.count("}")


def test_again_changes_nothing(run: Prepazka, root: Path) -> None:
    run("--host", HOST)
    (root / "etc/prepazka.env").write_text("DATABASE_URL=postgresql://db/urad\n", "utf-8")
    before = files(root)
    again = run("--host", "jina.example", "--proxy", "nginx")
    assert again.code == 0
    assert files(root) == before
    assert [line for line in again.out.splitlines() if line.startswith("now") and " run " not in line] == []


def test_what_was_said_otherwise_before_is_told_because_it_is_kept(run: Prepazka, root: Path) -> None:
    """As in the guide: first without a proxy, later with one, and by the name that people will know."""
    run("--host", "pokus.example", "--proxy", "none")
    done = run("--host", HOST, "--database", "postgresql://db.example/urad")
    told = done.out.partition("kept, and to be changed by you in /etc/prepazka.env")[2].splitlines()[1:]
    assert told == [
        "  DATABASE_URL=postgresql://db.example/urad",
        f"  PREPAZKA_HOSTS=pokus.example,{HOST}",
        "  PREPAZKA_HTTPS=true",
        "  PREPAZKA_PROXIES=127.0.0.1",
    ]
    (root / "etc/prepazka.env").write_text(f"PREPAZKA_HTTPS=True\nPREPAZKA_HOSTS=a.example, {HOST}\n", "utf-8")
    told = run("--host", HOST).out.partition("kept, and to be changed")[2].splitlines()[1:]
    assert told == ["  PREPAZKA_PROXIES=127.0.0.1"]


def test_what_is_as_this_run_wants_it_is_not_told(run: Prepazka) -> None:
    run("--host", HOST)
    for proxy in ("nginx", "caddy", "none"):
        assert "to be changed by you" not in run("--host", HOST, "--proxy", proxy).out


def test_directories_of_the_system_are_open_as_packages_make_them(run: Prepazka, root: Path) -> None:
    """Nginx comes afterwards, and finds its directory there."""
    run("--host", HOST)
    for place in ("etc", "etc/nginx", "etc/nginx/sites-available", "etc/systemd/system"):
        assert (root / place).stat().st_mode & 0o777 == 0o755, place


def test_settings_and_key_that_were_put_back_are_given_to_the_program(run: Prepazka, root: Path) -> None:
    """From the machine that died, as `scp` leaves them: for root alone, or for everybody."""
    run("--host", HOST)
    key, settings = root / "etc/prepazka.key", root / "etc/prepazka.env"
    key.chmod(0o600)
    settings.chmod(0o644)
    done = run("--host", HOST)
    assert {key.stat().st_mode & 0o777, settings.stat().st_mode & 0o777} == {0o640}
    told = [line.split() for line in done.out.splitlines() if " mode " in line]
    assert told == [
        ["now", "mode", f"/etc/{name}", "0640", "root:prepazka"] for name in ("prepazka.key", "prepazka.env")
    ]
    assert " mode " not in run("--host", HOST).out


def test_a_dry_run_prints_everything_and_writes_nothing(run: Prepazka, root: Path) -> None:
    done = run("--host", HOST, "--dry-run", "--proxy", "caddy")
    assert done.code == 0
    assert not root.exists()
    for named in (f"PREPAZKA_HOSTS={HOST}", "ProtectSystem=strict", "flush_interval -1", "adduser --system"):
        assert named in done.out, named


def test_removing_it_keeps_what_is_the_offices(run: Prepazka, root: Path) -> None:
    run("--host", HOST)
    assert run("--remove").code == 0
    assert set(files(root)) == {"/etc/prepazka.env", "/etc/prepazka.key", "/etc/nginx/sites-available/prepazka"}
    assert (root / "var/lib/prepazka").is_dir()


def test_the_service_may_write_where_the_settings_say(run: Prepazka, root: Path) -> None:
    run("--host", HOST)
    assert "ReadWritePaths=-/var/spool/sms\n" in files(root)["/etc/systemd/system/prepazka.service"][0]
    (root / "etc/prepazka.env").write_text(
        "DATABASE_URL=sqlite:////srv/urad/urad.sqlite3\nPREPAZKA_ERASURES=/mnt/zalohy/vymazy.jsonl\n"
        "PREPAZKA_DAY_LISTS=/srv/seznamy\nPREPAZKA_STATE=/var/lib/prepazka\n",
        "utf-8",
    )
    (root / "var/lib/prepazka/backups").symlink_to("/mnt/zalohy/prepazka")
    run("--host", HOST)
    for unit in ("prepazka", "prepazka-backup", "prepazka-check", "prepazka-erase"):
        text = files(root)[f"/etc/systemd/system/{unit}.service"][0]
        assert "ReadWritePaths=-/var/spool/sms -/mnt/zalohy -/mnt/zalohy/prepazka -/srv/seznamy -/srv/urad\n" in text


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("DATABASE_URL=sqlite:////home/dvorak/urad.sqlite3", "DATABASE_URL: the service cannot see /home/dvorak"),
        ("PREPAZKA_DAY_LISTS=/tmp/seznamy", "PREPAZKA_DAY_LISTS: the service cannot see /tmp/seznamy"),
        ("PREPAZKA_STATE=var", "PREPAZKA_STATE: write the whole path"),
    ],
)
def test_places_the_service_cannot_use_are_refused(run: Prepazka, root: Path, line: str, named: str) -> None:
    (root / "etc").mkdir(parents=True)
    (root / "etc/prepazka.env").write_text(f"{line}\n", "utf-8")
    done = run("--host", HOST)
    assert done.code in {1, 2}
    assert named in done.err
    assert list(files(root)) == ["/etc/prepazka.env"]


def test_without_a_name_nothing_is_begun(run: Prepazka, root: Path) -> None:
    done = run()
    assert (done.code, "--host objednani.example" in done.err) == (2, True)
    assert not root.exists()


def test_the_settings_it_writes_are_settings(run: Prepazka, program: Prepazka, root: Path, tmp_path: Path) -> None:
    run("--host", HOST)
    text = files(root)["/etc/prepazka.env"][0].replace("/var/lib", str(tmp_path)).replace("/etc/", f"{root}/etc/")
    given = dict(line.split("=", 1) for line in text.splitlines() if not line.startswith("#"))
    (tmp_path / "prepazka").mkdir()
    assert program("migrate", **given).code == 0
    checked = program("check", "--start", **given)
    assert checked.code == 0
    assert "warning" not in checked.out


@pytest.mark.parametrize(
    ("option", "given", "fix"),
    [
        ("--host", "https://urad.hlinsko.example/", "write urad.hlinsko.example"),
        ("--host", "urad.hlinsko.example; deny all", "is no host name"),
        ("--host", "urad.hlinsko.example\nPREPAZKA_SIMULATOR=true", "is no host name"),
        ("--host", "*", "is no single name"),
        ("--host", ".hlinsko.example", "is no single name"),
        ("--database", "mysql://urad@db/urad", "--database must be sqlite:///path.db or postgresql://"),
        ("--database", "", "--database must be sqlite:///path.db or postgresql://"),
        ("--database", "postgresql://urad:he@slo@db/urad", "write @ as %40"),
        ("--database", "postgresql://db/urad\nPREPAZKA_HTTPS=false", "write it in one line"),
        ("--root", "", "names no place: it is empty"),
    ],
)
def test_what_no_later_run_would_mend_is_refused_before_anything_is_made(
    run: Prepazka, root: Path, option: str, given: str, fix: str
) -> None:
    done = run("--host", HOST, option, given)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert fix in done.err
    assert "he@slo" not in done.err
    assert not root.exists()


def test_a_name_with_accents_is_written_as_browsers_send_it(run: Prepazka, root: Path) -> None:
    assert run("--host", "úřad.hlinsko.example").code == 0
    written = files(root)
    assert "PREPAZKA_HOSTS=xn--ad-qka49a.hlinsko.example\n" in written["/etc/prepazka.env"][0]
    assert "server_name xn--ad-qka49a.hlinsko.example;" in written["/etc/nginx/sites-available/prepazka"][0]


def test_files_in_another_alphabet_are_told_or_written_anew(run: Prepazka, root: Path) -> None:
    run("--host", HOST)
    unit = root / "etc/systemd/system/prepazka.service"
    before = unit.read_bytes()
    unit.write_bytes("Description=Přepážka".encode("cp1250"))
    assert run("--host", HOST).code == 0
    assert unit.read_bytes() == before
    settings = root / "etc/prepazka.env"
    settings.write_bytes("PREPAZKA_OIDC_NAME=Město".encode("cp1250"))
    done = run("--host", HOST)
    told = "prepazka: /etc/prepazka.env: the file is no text in UTF-8; save it as UTF-8\n"
    assert (done.code, done.out, done.err) == (1, "", told)


@pytest.mark.parametrize(("setting", "kept"), [("", 34), ("9", 8)])
def test_the_nightly_backups_are_kept_as_long_as_the_pages_say(
    run: Prepazka, root: Path, tmp_path: Path, setting: str, kept: int
) -> None:
    """Also what a killed command left of one, which holds names and numbers as well."""
    run("--host", HOST)
    unit = (root / "etc/systemd/system/prepazka-backup.service").read_text("utf-8")
    line = next(one for one in unit.splitlines() if one.startswith("ExecStartPost="))
    program, option, script = shlex.split(line.removeprefix("ExecStartPost=").replace("$$", "$"))
    for days in (kept, kept + 2):
        for name in (f"z-{days}.prepazka", f".z-{days}.prepazka.part"):
            path = tmp_path / "backups" / name
            path.parent.mkdir(exist_ok=True)
            path.touch()
            then = path.stat().st_mtime - timedelta(days=days).total_seconds()
            os.utime(path, (then, then))
    own = {"PATH": os.environ["PATH"]} | ({"PREPAZKA_BACKUP_DAYS": setting} if setting else {})
    subprocess.run([program, option, script], cwd=tmp_path, env=own, check=True)
    assert {path.name for path in (tmp_path / "backups").iterdir()} == {
        f"z-{kept}.prepazka",
        f".z-{kept}.prepazka.part",
    }


SERVICES = [
    file
    for file in planned_files(Installation(HOST, "sqlite:////x", Path("/opt/prepazka/bin/prepazka"), "none"))
    if file.path.endswith(".service")
]


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.path.rpartition("/")[2])
def test_a_unit_is_hard_to_leave(file: object, tmp_path: Path) -> None:
    """Systemd's own measure of what a process could still do: 10 is everything; 2.5 at most here."""
    (service,) = [one for one in SERVICES if one is file]
    unit = tmp_path / service.path.rpartition("/")[2]
    unit.write_text(service.text, "utf-8")
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout.splitlines()[-1:] or done.stderr


def test_a_wrong_name_and_a_wrong_database_are_told_at_once(run: Prepazka) -> None:
    done = run("--host", "10.1.2.3/urad", "--database", "postgresql://db.example:54x/urad")
    assert done.code == 2
    assert [line.split()[1] for line in done.err.splitlines()] == ["--host:", "--database:"]
