"""The configuration gammu-smsd needs: its own, its tables, and its systemd units.

Each line has a reason found with the real daemon. Only the SQL service is used. The FILES service of Debian 12's
version (1.42) lets the sender of an SMS run commands where `RunOnReceive` is set, and no hook is needed here.
"""

import re
import shlex
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from prepazka.gateways.gammu.database import CHANNEL

_EXAMPLES = "/usr/share/doc/gammu-smsd/examples"


@dataclass(frozen=True, slots=True)
class ModemConfig:
    """The values of the configuration: the device, the database as in `GammuSettings`, the modem's name, and the
    daemon's user.

    Raises: ValueError naming a value that a configuration cannot hold.
    """

    device: str
    database: str
    phone: str
    user: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"/[A-Za-z0-9/._:@+-]+", self.device):
            raise ValueError(f"device {self.device!r}: a path such as /dev/serial/by-id/usb-…, without spaces")
        if not re.fullmatch(r"/[A-Za-z0-9/._+-]+|postgres(ql)?://[A-Za-z0-9/._:@%+-]+", self.database):
            raise ValueError(f"database {self.database!r}: the path of a file, or postgresql://user:password@host/name")
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", self.phone):
            raise ValueError(f"phone {self.phone!r}: letters, digits and . _ -, at most 40")
        if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}", self.user):
            raise ValueError(f"user {self.user!r}: no name of a user")

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is a file."""
        return self.database.startswith("/")


def config_files(modem: ModemConfig) -> dict[str, tuple[str, str]]:
    """Return the path and the content of each file, by a short name."""
    return {
        "smsdrc": ("/etc/gammu-smsdrc", _smsdrc(modem)),
        "sql": (_sql_door(modem), _SQLITE if modem.on_sqlite else _POSTGRESQL),
        "systemd": ("/etc/systemd/system/gammu-smsd.service.d/prepazka.conf", _drop_in(modem)),
        "watchdog": ("/etc/systemd/system/prepazka-gammu-watchdog.service", _watchdog(modem)),
        "timer": ("/etc/systemd/system/prepazka-gammu-watchdog.timer", _TIMER),
    }


def _smsdrc(modem: ModemConfig) -> str:
    return f"""\
[gammu]
device = {modem.device}
connection = at
# No text of the daemon's log is translated.
gammuloc = /dev/null

[smsd]
Service = sql
{_driver(modem)}
PhoneID = {modem.phone}
# Into the journal, which keeps no more of it than systemd is told to below.
LogFile = syslog
DebugLevel = 0
CommTimeout = 10
SendTimeout = 30
ReceiveFrequency = 2
LoopSleep = 1
# The heartbeat by which `prepazka check` and the watchdog know that the daemon is alive.
StatusFrequency = 30
CheckSecurity = 0
# Two more attempts, a minute apart; then the message has failed.
MaxRetries = 2
RetryTimeout = 60
# Parts of a longer message wait so long for the others.
MultipartTimeout = 300
# Reports of the network are believed for a day.
DeliveryReport = log
DeliveryReportDelay = 86400
"""


def _driver(modem: ModemConfig) -> str:
    if modem.on_sqlite:
        directory, _, name = modem.database.rpartition("/")
        return f"Driver = sqlite3\nDBDir = {directory}\nDatabase = {name}"
    url = urlsplit(modem.database)
    host = f"{url.hostname or 'localhost'}{f':{url.port}' if url.port else ''}"
    lines = ["Driver = native_pgsql", f"Host = {host}"]
    if url.username:
        lines.append(f"User = {unquote(url.username)}")
    if url.password:
        lines.append(f"Password = {unquote(url.password)}")
    return "\n".join([*lines, f"Database = {url.path.removeprefix('/')}"])


def _sql_door(modem: ModemConfig) -> str:
    return f"sqlite3 {modem.database}" if modem.on_sqlite else f"psql {_without_password(modem)}"


def _without_password(modem: ModemConfig) -> str:
    return re.sub(r"(://[^:@/]*):[^@/]*@", r"\1@", modem.database)


_SQLITE = f"""\
-- Readers and writers do not wait for each other.
PRAGMA journal_mode = wal;
-- The tables of the version installed; errors only if they are there already.
.read {_EXAMPLES}/sqlite.sql
CREATE INDEX IF NOT EXISTS prepazka_sentitems ON sentitems (CreatorID);
"""

_POSTGRESQL = f"""\
-- The tables of the version installed; errors only if they are there already, and one about plpgsql.
\\i {_EXAMPLES}/pgsql.sql
CREATE INDEX IF NOT EXISTS prepazka_sentitems ON sentitems ("CreatorID" COLLATE "C");
-- Wakes the office at once instead of within two seconds.
CREATE OR REPLACE FUNCTION prepazka_gammu() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('{CHANNEL}', '');
    RETURN NULL;
  END
$$;
DROP TRIGGER IF EXISTS prepazka_gammu ON inbox;
CREATE TRIGGER prepazka_gammu AFTER INSERT ON inbox FOR EACH STATEMENT EXECUTE PROCEDURE prepazka_gammu();
DROP TRIGGER IF EXISTS prepazka_gammu ON sentitems;
CREATE TRIGGER prepazka_gammu AFTER INSERT OR UPDATE OF "Status" ON sentitems
  FOR EACH STATEMENT EXECUTE PROCEDURE prepazka_gammu();
"""


# What neither the daemon nor its watchdog ever needs. The devices are left as they are: a modem that is plugged in
# later has a number nobody knows beforehand, and ProtectClock would name the devices too.
# PrivateIPC is needed, too: the package starts the daemon as root; without a modem it ends and leaves shared memory,
# whose key is the inode of its configuration. A file in its place often has that inode, and who is not root is refused.
_HARDENED = """\
NoNewPrivileges=yes
AmbientCapabilities=
ProtectSystem=strict
PrivateTmp=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProcSubset=pid
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
PrivateIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
UMask=0077
"""


def _drop_in(modem: ModemConfig) -> str:
    writes = f"ReadWritePaths={modem.database.rpartition('/')[0]}\n" if modem.on_sqlite else ""
    return f"""\
[Unit]
StartLimitIntervalSec=0

[Service]
Type=simple
PIDFile=
ExecStart=
ExecStart=/usr/bin/gammu-smsd --config /etc/gammu-smsdrc
ExecStopPost=
User={modem.user}
SupplementaryGroups=dialout
# One clock for all times of the database.
Environment=TZ=UTC LC_ALL=C.UTF-8
# It ends when its database is away, and must come back.
Restart=always
RestartSec=5
TimeoutStopSec=20
# A modem pulled out makes it write without end.
LogRateLimitIntervalSec=30s
LogRateLimitBurst=200
# Whoever breaks into it by an SMS can reach the modem and its database, and nothing else.
CapabilityBoundingSet=
ProtectHome=yes
ProtectProc=invisible
{writes}{_HARDENED}"""


def _watchdog(modem: ModemConfig) -> str:
    fresh = (
        f"SELECT count(*) FROM phones WHERE ID = '{modem.phone}' AND Signal <> 0"
        " AND UpdatedInDB > datetime('now', '-3 minutes')"
        if modem.on_sqlite
        else f"""SELECT count(*) FROM phones WHERE "ID" = '{modem.phone}' AND "Signal" <> 0"""
        """ AND "UpdatedInDB" > LOCALTIMESTAMP - interval '3 minutes'"""
    )
    ask = (
        f"sqlite3 -readonly {modem.database} {shlex.quote(fresh)}"
        if modem.on_sqlite
        else f"psql -X -A -t -d {_without_password(modem)} -c {shlex.quote(fresh)}"
    )
    # Percent and dollar signs are doubled, because systemd expands single ones.
    script = f'test "$({ask})" != 0 || systemctl restart gammu-smsd'
    script = script.replace("%", "%%").replace("$", "$$").replace('"', '\\"')
    return f"""\
# Restarts a gammu-smsd that lives but no longer hears its modem, as after the modem was pulled out and put back.
[Unit]
Description=Restart gammu-smsd when its modem no longer answers
After=gammu-smsd.service

[Service]
Type=oneshot
ExecStart=/bin/sh -c "{script}"
# It reads a database that is somebody else's, and asks systemd by its socket, which obeys whoever has CAP_SYS_ADMIN.
CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_ADMIN
ProtectProc=invisible
ProtectHome=read-only
PrivateDevices=yes
DevicePolicy=closed
ProtectClock=yes
{_HARDENED}"""


_TIMER = """\
[Unit]
Description=Look every two minutes whether gammu-smsd hears its modem

[Timer]
OnBootSec=5min
OnUnitActiveSec=2min
AccuracySec=10s

[Install]
WantedBy=timers.target
"""
