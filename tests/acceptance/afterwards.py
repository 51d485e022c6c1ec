"""What the service goes through after its first SMS, on a booted Debian: a year of it in short.

Each step raises StepFailed with what it saw. Times are told, and judged only where a person would give up.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.acceptance.booted import Booted
from tests.acceptance.person import NUMBER
from tests.acceptance.shell import Shell, StepFailed

PAGES = "http://127.0.0.1:8000"
SECOND_NUMBER = "+420739547766"
SENDER = "+420603444777"

# What a sandbox says when it forbids something the program needs.
_REFUSALS = r"Traceback|Permission denied|Operation not permitted|Read-only file system|SIGSYS|core-dump"
# Seconds after which a person gives up.
PATIENCE = 300
_JOBS = ("backup", "check", "erase")


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands by: texts the office and waits for the reply; takes the modem out and plugs it in.

    The emulated modem keeps its line when the machine is off, with whoever had it for himself; a real one forgets that.
    """

    answered: Callable[[str], tuple[float, str]]
    unplug: Callable[[], None]
    plug_in: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Service:
    """The installed service, and how to speak with its machine."""

    machine: Booted
    environment: Mapping[str, str]

    def root(self, commands: str) -> str:
        """Type commands of root; return what they print. Raises: StepFailed."""
        with Shell([*self.machine.enter(), "bash"], self.environment, "/") as shell:
            return shell.run(f"cd /root/prepazka\n{commands}\n")[1]

    def process(self) -> int:
        """Return the service's first process, 0 for none."""
        return int(self.root("systemctl show --property MainPID --value prepazka").strip() or 0)


def afterwards(
    machine: Booted, environment: Mapping[str, str], person: Person, *, deb: bool
) -> Iterator[tuple[float, str]]:
    """Play everything, yielding the seconds of each step and its name. deb: the program is a package."""
    service = Service(machine, environment)
    for step in (
        _units_are_up,
        _timers_work,
        _pages_and_api,
        _setup_again,
        _killed,
        _hanging,
        _stopped,
    ):
        began = time.monotonic()
        told = step(service)
        yield time.monotonic() - began, told
    yield person.answered("TERMIN ZOP")
    began = time.monotonic()
    machine.stop()
    person.unplug()
    person.plug_in()
    machine.start()
    _wait(service, "the service is up after the machine was switched off and on")
    yield time.monotonic() - began, "the machine switched off and on: the service is back by itself"
    yield person.answered("POMOC")
    began = time.monotonic()
    told = _removed(service, deb=deb)
    yield time.monotonic() - began, told


def _units_are_up(service: Service) -> str:
    units = "prepazka.service gammu-smsd.service prepazka-gammu-watchdog.timer"
    timers = " ".join(f"prepazka-{job}.timer" for job in _JOBS)
    service.root(f"for unit in {units} {timers}; do systemctl is-active $unit && systemctl is-enabled $unit; done")
    service.root("systemctl list-timers --no-pager 'prepazka-*'")
    if failed := service.root("systemctl list-units --failed --plain --no-legend").strip():
        raise StepFailed(f"failed units: {failed}")
    security = service.root("systemd-analyze security --no-pager prepazka.service | tail -n 1").strip()
    return f"all units are up; {security.partition(': ')[2] or security}"


def _timers_work(service: Service) -> str:
    for job in _JOBS:
        service.root(f"systemctl start prepazka-{job}.service")
    copies = service.root("ls -l /var/lib/prepazka/backups/*.prepazka").splitlines()
    if not copies or any(not line.startswith("-rw------- 1 prepazka prepazka") for line in copies):
        raise StepFailed(f"backups: {copies}")
    told = {job: service.root(f"journalctl --unit prepazka-{job} --output cat --no-pager") for job in _JOBS}
    if "bytes" not in told["backup"] or "gateways (30 days)" not in told["erase"]:
        raise StepFailed(str(told))
    _nothing_refused(service)
    return f"each timer's work, once: {', '.join(_JOBS)}"


def _nothing_refused(service: Service) -> None:
    """Look through the journal for what the sandbox forbade. Raises: StepFailed."""
    found = service.root(f"journalctl --unit 'prepazka*' --output cat --no-pager | grep -E '{_REFUSALS}' || true")
    if found.strip():
        raise StepFailed(f"in the journal: {found}")


def _pages_and_api(service: Service) -> str:
    """The first operator's page, and a message by the HTTP API to a second number of the office."""
    link = service.root("prepazka user first-link").strip()
    page = _get(link.replace("https://objednani.example", PAGES) if link.startswith("http") else f"{PAGES}{link}")
    if 'name="password1"' not in page:
        raise StepFailed(f"the first operator's page: {page[:2000]}")
    second = f'numbers = [{{ number = "{NUMBER}", gateway = "modem" }}, "{SECOND_NUMBER}"]'
    service.root(f"sed -i 's/^numbers = .*/{second}/' urad.toml && prepazka load-office - < urad.toml")
    told = service.root(f"prepazka gateway token kanal --number {SECOND_NUMBER} --purpose messages --purpose replies")
    token = next(line for line in told.splitlines() if " " not in line)
    message = {"id": "p-1", "from": SENDER, "to": SECOND_NUMBER, "text": "OBJ ZOP KOLAROVA"}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    reply = _get(f"{PAGES}/api/v1/messages", json.dumps(message).encode(), headers)
    if "Objednano: ZOP" not in reply:
        raise StepFailed(f"the API: {reply}")
    return "the first operator's page, and a booking by the HTTP API"


def _setup_again(service: Service) -> str:
    """Nothing is changed by a second run, and nobody else can read what is secret."""
    program = '$(readlink -f "$(command -v prepazka)")'
    told = service.root(f"{program} setup --host objednani.example --proxy none")
    if changed := [line for line in told.splitlines() if line.startswith("now") and " run " not in line]:
        raise StepFailed(f"changed by a second run: {changed}")
    modes = service.root("stat --format '%a %U %G %n' /etc/prepazka.env /etc/prepazka.key /var/lib/prepazka")
    if [line.split()[0] for line in modes.splitlines()] != ["640", "640", "700"]:
        raise StepFailed(modes)
    return "setup again changes nothing"


def _killed(service: Service) -> str:
    before = service.process()
    service.root(f"kill -KILL {before}")
    _wait(service, "the service is back", other_than=before)
    if service.process() == before:
        raise StepFailed("the service was not killed")
    return "the service killed: it is back"


def _hanging(service: Service) -> str:
    """The processes that answer are frozen: systemd hears no sign of life, ends the service and starts it again."""
    quick = "/run/systemd/system/prepazka.service.d/quick.conf"
    service.root(f"mkdir -p $(dirname {quick}) && printf '[Service]\\nWatchdogSec=12\\n' > {quick}")
    service.root("systemctl daemon-reload && systemctl restart prepazka")
    before = service.process()
    service.root(f"kill -STOP $(cat /proc/{before}/task/{before}/children)")
    _wait(service, "the service that hung is back", other_than=before)
    service.root(f"rm -r $(dirname {quick}) && systemctl daemon-reload && systemctl restart prepazka")
    return "the service frozen: its watchdog has started it again"


def _stopped(service: Service) -> str:
    """It ends in time and in order, and `start` returns when it answers."""
    began = time.monotonic()
    service.root("systemctl stop prepazka")
    stopping = time.monotonic() - began
    told = service.root("systemctl show --property Result --property ExecMainStatus prepazka")
    if "Result=success" not in told or stopping > 20:
        raise StepFailed(f"stopped in {stopping:.1f} s: {told}")
    began = time.monotonic()
    service.root("systemctl start prepazka")
    starting = time.monotonic() - began
    _get(f"{PAGES}/healthz")
    _nothing_refused(service)
    return f"stopped in {stopping:.1f} s, started in {starting:.1f} s, and it answers at once"


def _removed(service: Service, *, deb: bool) -> str:
    if deb:
        told = service.root("apt-get purge prepazka 2>&1")
        if "kept: /var/lib/prepazka" not in told:
            raise StepFailed(told)
    else:
        service.root("/opt/prepazka/bin/prepazka setup --remove")
    left = service.root("ls /etc/systemd/system | grep '^prepazka' | grep -v gammu || true").strip()
    if left:
        raise StepFailed(f"left: {left}")
    service.root("test -s /var/lib/prepazka/urad.sqlite3 && test -s /etc/prepazka.key")
    if service.root("systemctl is-active prepazka || true").strip() == "active":
        raise StepFailed("it still runs")
    return f"{'the package purged' if deb else 'the service removed'}: its units are gone, the data are there"


def _wait(service: Service, what: str, other_than: int = 0) -> None:
    """Wait until the service answers, by another process. Raises: StepFailed."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if service.process() not in {0, other_than}:
            try:
                _get(f"{PAGES}/readyz", patience=5)
            except StepFailed:
                pass
            else:
                return
        time.sleep(0.5)
    raise StepFailed(f"waited in vain until {what}:\n{service.root('journalctl --unit prepazka --no-pager -n 40')}")


def _get(address: str, body: bytes | None = None, headers: Mapping[str, str] = {}, patience: float = 60) -> str:
    """Return what the service answers. Raises: StepFailed."""
    try:
        with urlopen(Request(address, body, dict(headers)), timeout=patience) as answer:
            return str(answer.read().decode())
    except (URLError, OSError) as error:
        raise StepFailed(f"{address}: {error}") from error
