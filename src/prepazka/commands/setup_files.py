"""The files `prepazka setup` writes: the environment, hardened systemd units, and the proxy in front."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from prepazka.commands import UsageError
from prepazka.commands.machine_settings import USER

STATE = "/var/lib/prepazka"
ENVIRONMENT, KEY = "/etc/prepazka.env", "/etc/prepazka.key"
DATABASE = f"sqlite:///{STATE}/urad.sqlite3"
UNITS = "/etc/systemd/system"
PORT = 8000

Proxy = Literal["nginx", "caddy", "none"]


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to be written. group: owned by root and the program's group; keep: never replaced once it is there."""

    path: str
    text: str
    mode: int = 0o644
    group: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Installation:
    """What the files are made from. host: the public name; program: the installed `prepazka`; writes: directories the
    settings name beside the state directory, to be written to.
    """

    host: str
    database: str
    program: Path
    proxy: Proxy
    writes: tuple[str, ...] = ()


# A process that is broken into can neither leave its directories nor become anybody else. gammu-smsd and smsd open the
# modems, so no device is needed here. The clock cannot be set without a capability; it is only asked whether a time
# server keeps it (adjtimex), which ProtectClock would forbid.
_HARDENED = f"""\
User={USER}
Group={USER}
EnvironmentFile={ENVIRONMENT}
WorkingDirectory={STATE}
StateDirectory=prepazka
StateDirectoryMode=0700
UMask=0077
LimitNOFILE=65536
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths={{writes}}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service adjtimex
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
"""
_SPOOL = "/var/spool/sms"
"""Of smstools."""


def _hardened(installation: Installation) -> str:
    writes = " ".join(f"-{place}" for place in (_SPOOL, *installation.writes))
    return _HARDENED.format(writes=writes)


# A backup is kept as many days as the offices' privacy pages say; so is what a killed one left (.….prepazka.part).
_BACKUP = """\
ExecStartPre=/bin/mkdir -p backups
ExecStart=/bin/sh -c 'exec {program} backup backups/$(date +%%F-%%H%%M%%S).prepazka'
ExecStartPost=/bin/sh -c 'exec find backups -name "*.prepazka*" -mtime +$${{PREPAZKA_BACKUP_DAYS:-35}} -delete'
"""
# Each job with when it runs and what.
_JOBS = {
    "backup": ("*-*-* 02:15", _BACKUP),
    "check": ("hourly", "ExecStart={program} check --quiet\n"),
    "erase": ("*-*-* 03:15", "ExecStart={program} erase\n"),
}


def planned_files(installation: Installation) -> list[PlannedFile]:
    """Return all files but the key, in the order they are written."""
    return [
        PlannedFile(ENVIRONMENT, environment_text(installation), 0o640, group=True, keep=True),
        PlannedFile(f"{UNITS}/prepazka.service", _service(installation)),
        *(file for job in _JOBS for file in _job(job, installation)),
        *_proxy(installation),
    ]


def units() -> list[str]:
    """Return the units to be enabled."""
    return ["prepazka.service", *(f"prepazka-{job}.timer" for job in _JOBS)]


def environment_text(installation: Installation) -> str:
    """Return the settings of a new installation."""
    behind_proxy = installation.proxy != "none"
    return (
        "# The settings of this installation; README.md lists all. The units and every\n"
        "# command of root and of the program's user read them.\n"
        f"DATABASE_URL={installation.database}\n"
        f"PREPAZKA_STATE={STATE}\n"
        f"PREPAZKA_HOSTS={installation.host}\n"
        f"PREPAZKA_HTTPS={'true' if behind_proxy else 'false'}\n"
        + ("PREPAZKA_PROXIES=127.0.0.1\n" if behind_proxy else "")
        + f"PREPAZKA_SECRET_KEY_FILE={KEY}\n"
    )


# Where the service sees other files than everybody else, or none at all.
_UNSEEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 -- named to be refused


def written_places(settings: Mapping[str, str], backups: str) -> Iterator[str]:
    """Yield the directories beside the state directory that the settings let the service write to.

    backups: where its backups lie. Raises: UsageError for a place that the service cannot see.
    """
    named = {name: settings.get(name, "") for name in ("PREPAZKA_STATE", "PREPAZKA_DAY_LISTS")}
    named["PREPAZKA_ERASURES"] = _directory_of(settings.get("PREPAZKA_ERASURES", ""))
    url = settings.get("DATABASE_URL", "")
    named["DATABASE_URL"] = _directory_of(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else ""
    named["the backups"] = backups
    places = set[str]()
    for name, place in named.items():
        if is_unseen(place):
            raise UsageError(f"{name}: the service cannot see {place}; choose a place such as {STATE} or /srv/{USER}")
        if place.startswith("/") and not _is_in(place, STATE):
            places.add(place)
    yield from sorted(places)


def is_unseen(place: str) -> bool:
    """Whether the service cannot see a place."""
    return any(_is_in(place, directory) for directory in _UNSEEN)


def _directory_of(file: str) -> str:
    return str(PurePosixPath(file).parent) if file else ""


def _is_in(place: str, directory: str) -> bool:
    return PurePosixPath(place).is_relative_to(directory)


def _service(installation: Installation) -> str:
    return (
        "[Unit]\nDescription=Prepazka: an office's appointments by SMS\n"
        "After=network-online.target postgresql.service\nWants=network-online.target\n\n"
        f"[Service]\nExecStartPre={installation.program} migrate\n"
        f"ExecStart={installation.program} serve --port {PORT}\n"
        # Tables of a year may take long to bring up to date, and a process that hangs is as bad as one that ended.
        "Type=notify\nTimeoutStartSec=infinity\nWatchdogSec=180\nWatchdogSignal=SIGTERM\n"
        f"Restart=always\nRestartSec=2\n{_hardened(installation)}\n"
        "[Install]\nWantedBy=multi-user.target\n"
    )


def _job(job: str, installation: Installation) -> list[PlannedFile]:
    when, runs = _JOBS[job]
    service = (
        f"[Unit]\nDescription=Prepazka: {job}\n\n[Service]\nType=oneshot\n"
        f"{runs.format(program=installation.program)}{_hardened(installation)}"
    )
    timer = (
        f"[Unit]\nDescription=Prepazka: {job}\n\n"
        f"[Timer]\nOnCalendar={when}\nPersistent=true\nRandomizedDelaySec=5min\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    return [
        PlannedFile(f"{UNITS}/prepazka-{job}.service", service),
        PlannedFile(f"{UNITS}/prepazka-{job}.timer", timer),
    ]


def _proxy(installation: Installation) -> list[PlannedFile]:
    match installation.proxy:
        case "nginx":
            return [PlannedFile("/etc/nginx/sites-available/prepazka", _nginx(installation.host), keep=True)]
        case "caddy":
            text = f"{installation.host} {{\n\treverse_proxy 127.0.0.1:{PORT} {{\n\t\tflush_interval -1\n\t}}\n}}\n"
            return [PlannedFile("/etc/caddy/prepazka.caddy", text, keep=True)]
        case "none":
            return []


def _nginx(host: str) -> str:
    """Return a site that passes on who calls, and holds back no event stream; certbot adds HTTPS to it."""
    passed = (
        f"        proxy_pass http://127.0.0.1:{PORT};\n"
        "        proxy_http_version 1.1;\n"
        '        proxy_set_header Connection "";\n'
        "        proxy_set_header Host $host;\n"
        "        proxy_set_header X-Forwarded-For $remote_addr;\n"
        "        proxy_set_header X-Forwarded-Proto $scheme;\n"
    )
    return (
        f"server {{\n    listen 80;\n    listen [::]:80;\n    server_name {host};\n    client_max_body_size 8m;\n\n"
        f"    location / {{\n{passed}    }}\n\n"
        "    location ~ ^/api/v1/offices/[^/]+/board/stream$ {\n"
        f"{passed}        proxy_buffering off;\n        proxy_read_timeout 1h;\n    }}\n}}\n"
    )
