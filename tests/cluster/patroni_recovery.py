"""The cluster's backups by pgBackRest, and the way back to a moment, as docs/ha.md prints them: for the recovery drill.

Configuration and commands are those of the page and of packaging/ha; only directories and ports are the trial's.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.cluster import drills, files
from tests.cluster.cluster import DEADLINE, Cluster, running
from tests.cluster.machines import Member
from tests.cluster.programs import as_nobody_special
from tests.cluster.recovery import ROOT, SECRET, Failed, Provider, call_of, phone, wait
from tests.waiting import until

_SECTION = "## Backups and recovery to a point in time\n"
_DATA = "/var/lib/postgresql/15/main"


def page_commands() -> list[str]:
    """Return the commands of the section, without their comments."""
    section = (ROOT / "docs/ha.md").read_text("utf-8").partition(_SECTION)[2].partition("\n## ")[0]
    return [line.partition("  #")[0].strip() for line in re.findall(r"^ {7}(\S.*)$", section, re.MULTILINE)]


@dataclass
class ClusterDrill:
    """A cluster whose copies pgBackRest keeps. seconds: what each command took."""

    cluster: Cluster
    provider: Provider
    seconds: dict[str, float] = field(default_factory=dict)
    said: str = ""
    """By `prepazka restored`."""

    # --- backups ----------------------------------------------------------------------------------

    def configure(self) -> None:
        """Give each member its files, as the page tells."""
        (self.cluster.directory / "repository").mkdir()
        for member in self.cluster.members:
            conf = files.fill(
                "pgbackrest.conf", repository=self.cluster.directory / "repository", port=member.port,
                data=self._data(member), sockets=self.cluster.directory,
            )  # fmt: skip
            own = "".join(f"\n{name}-path={self.cluster.directory}" for name in ("log", "lock", "spool"))
            self._conf(member).write_text(conf.replace("[global]", f"[global]{own}"), "utf-8")
            patroni = self._yml(member)
            patroni.write_text(patroni.read_text("utf-8") + self._here(member, files.fill("archive.yml")), "utf-8")

    def follow(self, first: str, last: str) -> None:
        """Run the page's commands from the one that begins so to the one that begins so. Raises: Failed."""
        commands = page_commands()
        begins = next(place for place, one in enumerate(commands) if one.startswith(first))
        ends = next(place for place, one in enumerate(commands) if one.startswith(last) and place >= begins)
        for command in commands[begins : ends + 1]:
            began = time.monotonic()
            self._run(command)
            self.seconds[command] = time.monotonic() - began

    def _run(self, command: str) -> None:
        """Run a command of the page on the member, or on all members, where the page has it run."""
        primary_only = "curl -fso /dev/null http://10.0.0.1:8008/primary && "
        if command.startswith("patronictl"):
            self._patronictl(command)
        elif command.startswith(primary_only):
            for member in self.cluster.members:
                if self.cluster.is_primary(member):
                    self._as_postgres(self._here(member, command.removeprefix(primary_only)))
        elif command.startswith("pgbackrest"):
            self._as_postgres(self._here(self.cluster.primary, command))
        else:
            raise Failed(f"the page has a command this drill does not know: {command}")

    # --- the way back -----------------------------------------------------------------------------

    def back(self, moment: str) -> None:
        """Bring the database back to a moment by the page's commands, and serve again. Raises: Failed."""
        commands = page_commands()
        for command in commands[commands.index("systemctl stop prepazka") :]:
            began = time.monotonic()
            self._step_back(command, moment)
            self.seconds[command] = time.monotonic() - began
        self.cluster.wait_until_whole()

    def _step_back(self, command: str, moment: str) -> None:
        cluster = self.cluster
        first, *others = cluster.members
        match command:
            case "systemctl stop prepazka":
                for node in cluster.nodes:
                    node.serve.stop()
            case "systemctl stop patroni":
                for member in cluster.members:
                    member.patroni.stop()
            case _ if command.startswith("patronictl"):
                self._patronictl(command, given="prepazka\nYes I am aware\n")
            case _ if command == f"mv {_DATA} {_DATA}.before":
                for member in cluster.members:
                    self._data(member).rename(self._data(member).with_suffix(".before"))
            case "systemctl start patroni":
                before = self._begin_at(first, moment)
                first.patroni.start()
                until(lambda: cluster.is_primary(first), "the restored member is primary", DEADLINE)
                self._yml(first).write_text(before, "utf-8")
                for member in others:
                    member.patroni.start()
            case "prepazka restored":
                self.said = cluster.command("restored")
            case "systemctl start prepazka":
                for node in cluster.nodes:
                    node.serve.start()
            case _:
                raise Failed(f"the page has a command this drill does not know: {command}")

    def _begin_at(self, member: Member, moment: str) -> str:
        """Write into a member's file that it begins at a moment; return what was there before."""
        path = self._yml(member)
        before = path.read_text("utf-8")
        lines = self._here(member, files.fill("restore.yml", moment=moment))
        path.write_text(before.replace("bootstrap:\n", f"bootstrap:\n{lines}", 1), "utf-8")
        return before

    # --- what people do ---------------------------------------------------------------------------

    def texts(self, citizens: range, text: str) -> None:
        """Let the provider hand in a message of each citizen by haproxy, until it is taken."""
        for citizen in citizens:
            body = call_of(citizen, text)
            until(partial(self._taken, body), "a message is taken", DEADLINE, 0.2)

    def _taken(self, body: bytes) -> bool:
        try:
            with urlopen(f"{self.cluster.pages}/gateways/brana", body, timeout=30) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def count(self, query: str) -> int:
        """Return what a query counts."""
        return int(self.cluster.sql(query)[0][0])

    # --- where all of it lies ---------------------------------------------------------------------

    def _data(self, member: Member) -> Path:
        return self.cluster.directory / member.name

    def _yml(self, member: Member) -> Path:
        return self.cluster.directory / f"{member.name}.yml"

    def _conf(self, member: Member) -> Path:
        return self.cluster.directory / f"pgbackrest-{member.name}.conf"

    def _here(self, member: Member, text: str) -> str:
        return text.replace("pgbackrest --stanza", f"pgbackrest --config={self._conf(member)} --stanza")

    def _as_postgres(self, command: str) -> None:
        self._call([*as_nobody_special(), *shlex.split(command)])

    def _patronictl(self, command: str, given: str = "") -> None:
        words = shlex.split(command.replace("/etc/patroni.yml", str(self._yml(self.cluster.members[0]))))
        program = shutil.which("patronictl", path=str(Path(sys.executable).parent)) or "patronictl"
        self._call([program, *words[1:]], given)

    def _call(self, command: list[str], given: str = "") -> None:
        done = subprocess.run(
            command, input=given, capture_output=True, text=True, check=False, timeout=DEADLINE,
            cwd=self.cluster.directory,
        )  # fmt: skip
        if done.returncode:
            raise Failed(f"{' '.join(command)}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


# --- the play -------------------------------------------------------------------------------------

_CITIZENS = 20


def play(tell: Callable[[float, str], None]) -> None:
    """Play the drill, and print each step by `tell`. Raises: Failed, AssertionError."""
    with running() as cluster:
        drill = ClusterDrill(cluster, Provider())
        drill.configure()
        drill.follow("patronictl -c /etc/patroni.yml reload", "patronictl -c /etc/patroni.yml restart")
        cluster.wait_until_whole()
        _bind(drill)
        moment = _live(drill)
        sent = len(drill.provider.taken)  # whatever goes out from here on
        drill.back(moment)
        _compare(drill, sent)
        for command, seconds in drill.seconds.items():
            tell(seconds, command)
        tell(0, f"timeline {cluster.failovers()}; {drill.said.strip()}")


def _bind(drill: ClusterDrill) -> None:
    """Let the provider reach the office's number."""
    url = f"url=http://127.0.0.1:{drill.provider.server_port}"
    drill.cluster.command("gateway", "set", "brana", "hosted", "profile=smseagle", url, f"secret={SECRET}", "key=ours")
    drill.cluster.sql("UPDATE number SET gateway_id = (SELECT id FROM gateway WHERE name = 'brana')")


_BEFORE, _SURVIVED, _WAITING, _AFTER, _LATE = (
    range(start, start + _CITIZENS) for start in (1000, 2000, 3000, 4000, 5000)
)


def _live(drill: ClusterDrill) -> str:
    """Back up, lose the primary, and go on; return the moment at which replies waited for a provider that was away."""
    cluster, provider = drill.cluster, drill.provider
    drill.follow("pgbackrest --stanza=objednani stanza-create", "pgbackrest --stanza=objednani check")
    drill.texts(_BEFORE, "OBJ ZOP NOVAK")
    wait(lambda: len(provider.given(_BEFORE)) == _CITIZENS, "the first citizens are answered", 300)
    for backup in (one for one in page_commands() if one.endswith(" backup")):
        drill.follow(backup, backup)
    drills.DRILLS["machine"].breaks(cluster)()
    cluster.wait_until_whole()
    drill.texts(_SURVIVED, "OBJ ZOP VESELY")
    wait(lambda: len(provider.given(_SURVIVED)) == _CITIZENS, "who wrote after the failover is answered", 300)
    provider.away.set()
    drill.texts(_WAITING, "OBJ ZOP DVORAK")
    wait(lambda: drill.count("SELECT count(*) FROM booking WHERE name = 'DVORAK'") == _CITIZENS, "they are booked", 300)
    moment = f"{datetime.now(UTC) + timedelta(seconds=1):%Y-%m-%d %H:%M:%S}+00"
    wait(lambda: f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}+00" > moment, "the moment is over", 30)
    provider.away.clear()
    wait(lambda: len(provider.given(_WAITING)) == _CITIZENS, "the replies that waited go out", 300)
    drill.texts(_AFTER, "OBJ ZOP KRAL")
    wait(lambda: len(provider.given(_AFTER)) == _CITIZENS, "the citizens afterwards are answered", 300)
    cluster.command("person", phone(_BEFORE[0]), "--erase", "--cancel")
    segment = str(cluster.sql("SELECT pg_walfile_name(pg_switch_wal())")[0][0])
    archived = f"SELECT count(*) FROM pg_stat_archiver WHERE last_archived_wal >= '{segment}'"
    wait(lambda: drill.count(archived) == 1, "the log is kept", 120)
    return moment


def _compare(drill: ClusterDrill, sent: int) -> None:
    """Compare the cluster with what people were told before the moment, and see that nothing goes out twice.

    sent: how many messages the provider had taken when the database went back.
    """
    provider = drill.provider
    for citizens, name in ((_SURVIVED, "VESELY"), (_WAITING, "DVORAK"), (range(0), "KRAL")):
        booked = drill.count(f"SELECT count(*) FROM booking WHERE name = '{name}' AND state = 'booked'")
        if booked != len(citizens):
            raise Failed(f"{booked} of {len(citizens)} bookings of {name} are there")
    waited = ", ".join(f"'{phone(one)}'" for one in _WAITING)
    replies = drill.count(f"SELECT count(*) FROM outbound WHERE recipient IN ({waited})")
    if replies != _CITIZENS:
        raise Failed(f"{replies} of {_CITIZENS} replies that waited at the moment are there")
    still = drill.count(
        f"SELECT count(*) FROM outbound WHERE recipient IN ({waited}) AND state IN ('queued', 'sending')"
    )
    if still:
        raise Failed(f"{still} messages that went out after the moment wait to go out a second time")
    if f"{_CITIZENS} messages that waited" not in drill.said:
        raise Failed(f"nothing could have gone out again: {drill.said}")
    if json.loads(drill.cluster.command("person", phone(_BEFORE[0])).partition("prepazka:")[0]).get("bookings"):
        raise Failed("who was erased is there again")
    drill.texts(_LATE, "TERMIN ZOP")
    wait(lambda: len(provider.given(_LATE)) == _CITIZENS, "citizens are answered again", 300)
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > 20, "whatever goes out again has gone", 60)
    late = {phone(one) for one in _LATE}
    if others := [to for to, _ in provider.taken[sent:] if to not in late]:
        raise Failed(f"{len(others)} messages went out a second time")
    full = next(one for one in page_commands() if "--type=full" in one)
    drill.follow(full, full)
