"""What a failover of PostgreSQL would cost, as far as the server and the connection tell."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from prepazka.store import marks, processes
from prepazka.store.connections import is_pooler_between
from prepazka.store.models import Gateway
from prepazka.store.sql import rows


@dataclass(frozen=True, slots=True)
class Availability:
    """How the server keeps copies, and how it is reached.

    hosts: those the URL names. seeks_primary: whether only one that takes writes will do. standbys: copies that are
    connected. waits: whether a commit waits for one. synchronous: those it may wait for, None when this user may not
    know. left: when a standby was seen last, where none is there now. pooled: whether a pooler stands between.
    prepares: whether the driver prepares statements. limit, used: of the server's connections, without those kept for
    superusers. processes: those that serve. alone, quiet: configured gateways that have a thread of their own, and
    those that share a few. pool: the most connections of a process whose threads share them, 0 where each thread has
    its own. listens: whether each process has one more, to listen.
    """

    hosts: int = 1
    seeks_primary: bool = False
    standbys: int = 0
    waits: bool = False
    synchronous: int | None = None
    left: datetime | None = None
    pooled: bool = False
    prepares: bool = False
    limit: int = 100
    used: int = 1
    processes: int = 1
    alone: int = 0
    quiet: int = 0
    pool: int = 0
    listens: bool = False


# A copy that is made or a log that is written to a file is no standby, though it is connected as one.
_STANDBYS = """
SELECT count(*) FROM pg_stat_replication
WHERE COALESCE(application_name, '') NOT IN ('pg_basebackup', 'pg_receivewal')
"""

# Autovacuum works in a database too, but in no place of max_connections, and as no user.
_FACTS = """
SELECT (SELECT count(*) FROM pg_stat_replication),
    (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')),
    (SELECT count(*) FROM pg_stat_replication WHERE sync_state IS NULL),
    current_setting('synchronous_standby_names') <> ''
        AND current_setting('synchronous_commit') NOT IN ('off', 'local'),
    CAST(current_setting('max_connections') AS integer)
        - CAST(current_setting('superuser_reserved_connections') AS integer),
    (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL AND usesysid IS NOT NULL),
    pg_is_in_recovery()
"""


def note_standbys(now: datetime) -> None:
    """Keep that there are standbys now, so that they are missed: of those that left the server soon says nothing."""
    if connection.vendor == "postgresql" and rows(_STANDBYS)[0][0]:
        marks.put(marks.STANDBY, now)


def look(quiet_kinds: Collection[str], pool: int, listen_url: str, now: datetime) -> Availability | None:
    """Return what the server tells; None for a file, which has no copies.

    quiet_kinds: of gateways that share threads; pool, listen_url: as the settings have them.
    """
    if connection.vendor != "postgresql":
        return None
    [(standbys, synchronous, hidden, waits, limit, used, is_standby)] = rows(_FACTS)
    options = connection.settings_dict["OPTIONS"]
    served = Gateway.objects.exclude(kind="http")
    seen = marks.moment(marks.STANDBY)
    return Availability(
        hosts=len(str(options.get("host") or connection.settings_dict["HOST"]).split(",")),
        seeks_primary=options.get("target_session_attrs") in {"read-write", "primary"},
        standbys=standbys,
        # Nothing commits on a standby: what the primary waits for, it cannot tell.
        waits=waits or is_standby,
        synchronous=None if hidden or is_standby else synchronous,
        left=seen if seen and not (standbys or is_standby) and now - seen < marks.KEPT else None,
        pooled=is_pooler_between(connection.connection),
        prepares=connection.connection.prepare_threshold is not None,
        limit=limit,
        used=used,
        processes=len(processes.living()),
        alone=served.exclude(kind__in=quiet_kinds).count(),
        quiet=served.filter(kind__in=quiet_kinds).count(),
        pool=pool,
        listens=bool(listen_url),
    )
