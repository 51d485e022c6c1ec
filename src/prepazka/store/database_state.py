"""What the database's server tells of itself: its clock, its directory, its standbys. Only PostgreSQL has a server."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from prepazka.store.sql import listed, rows, run
from prepazka.store.time_limits import TimeLimits

_HERE = {"", "localhost", "127.0.0.1", "::1"}


def clock_difference() -> timedelta:
    """Return how far the server's clock is ahead of this machine's; nothing for a file."""
    if connection.vendor != "postgresql":
        return timedelta()
    before = datetime.now(UTC)
    [(there,)] = rows("SELECT clock_timestamp()")
    after = datetime.now(UTC)
    # The answer was on its way: whatever lies between the two moments is no difference.
    difference: timedelta = min(there - before, timedelta()) or max(there - after, timedelta())
    return difference


def wrong_encoding() -> str:
    """Return the encoding of a database that cannot hold every letter; "" for one that can, as any file can.

    A PostgreSQL whose machine had no locale when it was set up makes databases of bytes.
    """
    if connection.vendor != "postgresql":
        return ""
    [(encoding,)] = rows("SHOW server_encoding")
    return "" if encoding == "UTF8" else str(encoding)


def missing_for_tables() -> str:
    """Return what the making of the first tables would miss, as the server would say it; "" for nothing."""
    if connection.vendor != "postgresql":
        return ""
    [(schema, extension, read_only)] = rows(
        "SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),"
        " CASE WHEN EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') THEN ''"
        " WHEN NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'btree_gist')"
        " THEN 'extension \"btree_gist\" is not available'"
        " WHEN has_database_privilege(current_database(), 'CREATE') THEN ''"
        " ELSE 'permission denied to create extension \"btree_gist\"' END,"
        " current_setting('transaction_read_only')"
    )
    if read_only == "on":
        return "cannot make tables in a read-only transaction"
    return str(extension) if schema else "permission denied for schema public"


def is_recovering() -> bool:
    """Whether the server still reads its log, after a recovery or as a standby: it takes nothing that is written."""
    return connection.vendor == "postgresql" and bool(rows("SELECT pg_is_in_recovery()")[0][0])


def data_directory() -> str:
    """Return the server's directory, where it is on this machine and this user may know it; otherwise ""."""
    host = str(connection.settings_dict["HOST"])
    if connection.vendor != "postgresql" or not (host in _HERE or host.startswith("/")):
        return ""
    # Whoever may not know it sees no row.
    found = rows("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
    return str(found[0][0]) if found else ""


@dataclass(frozen=True, slots=True)
class Standby:
    """A copy of the database. gone: the server keeps its log for it, but nobody reads it."""

    name: str
    lag: timedelta
    gone: bool = False


def standbys() -> list[Standby]:
    """Return the standbys of the server, or itself where it is one. How far one is behind, only some users may know."""
    if connection.vendor != "postgresql":
        return []
    # A standby that has applied all it received is behind by nothing, however long ago that was.
    found = rows(
        "SELECT COALESCE(application_name, 'a standby'), COALESCE(EXTRACT(epoch FROM replay_lag), 0), false "
        "FROM pg_stat_replication "
        # A standby of Patroni keeps one for each other member, in case it becomes the primary.
        "UNION ALL SELECT slot_name, 0, true FROM pg_replication_slots "
        "WHERE NOT active AND slot_type = 'physical' AND NOT pg_is_in_recovery() "
        "UNION ALL SELECT 'this server', COALESCE(EXTRACT(epoch FROM clock_timestamp() - "
        "pg_last_xact_replay_timestamp()), 0), false WHERE pg_is_in_recovery() "
        "AND pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn()"
    )
    return [Standby(str(name), timedelta(seconds=float(lag)), gone) for name, lag, gone in found]


def limits_not_kept(limits: TimeLimits) -> dict[str, int]:
    """Return the server's parameters that differ from the limits in this session, with the right milliseconds."""
    if connection.vendor != "postgresql":
        return {}
    found: dict[str, str] = dict(
        rows("SELECT name, setting FROM pg_settings WHERE {among:name}", [listed(limits.of_server)])
    )
    return {name: wanted for name, wanted in limits.of_server.items() if int(found.get(name, 0)) != wanted}


def tell(channel: str) -> None:
    """Tell something to whoever listens on a channel of PostgreSQL."""
    run("SELECT pg_notify(%s, '')", [channel])
