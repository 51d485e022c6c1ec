"""The checks of `prepazka check` that ask what a failover of PostgreSQL would cost (docs/ha.md)."""

from collections.abc import Iterator

from prepazka.process.gateway_runner import SHARED_THREADS
from prepazka.store.availability import Availability

# Threads of a process that serves: 16 of pages (web/threads.py), 5 of the worker, and one each for streams, readiness,
# the write probe, stalled sessions and the sharing out of gateways.
PER_PROCESS = 26
# Without its file it says nothing.
_PATRONI = "patronictl -c /etc/patroni.yml"


# docs/spec/health.md §8: "`prepazka check` warns of each of these"
def weaknesses(found: Availability) -> Iterator[tuple[str, str]]:
    """Yield what a failover would lose or where it would get stuck, each with its fix."""
    yield from _of_copies(found)
    yield from _of_connections(found)


def _of_copies(found: Availability) -> Iterator[tuple[str, str]]:
    if found.hosts > 1 and not found.waits:
        what = (
            "DATABASE_URL names several hosts, and a commit waits for no standby: a primary that nobody stopped goes on"
        )
        fix = "synchronous replication, or one host: a proxy that asks who is primary (docs/ha.md)"
        yield f"replication: {what} taking messages, and they are lost", fix
    elif found.standbys and not found.waits:
        what = "replication: a commit waits for no standby, so a failover loses what was acknowledged last"
        fix = f"see `{_PATRONI} list`: is one catching up? If not: {_PATRONI} edit-config -s synchronous_mode=true"
        yield what, f"{fix} (docs/ha.md)"
    if found.hosts > 1 and not found.seeks_primary:
        what = "replication: DATABASE_URL names several hosts, and any of them will do, also one that only reads"
        yield what, "add ?target_session_attrs=read-write to DATABASE_URL"
    if found.left and not found.waits:
        # Patroni then lets commits wait for nobody, and forgets the slot of the one that is away: nothing else tells.
        what = f"replication: there is no standby, and there was one at {found.left:%Y-%m-%d %H:%M} UTC"
        fix = f"start it ({_PATRONI} list): the next failure of this server stops all; if it is to stay away, this line"
        yield what, f"{fix} ends after a week (docs/ha.md)"
    if found.waits and found.synchronous == 0:
        what = "replication: there is no synchronous standby now, so whatever is written waits for one"
        yield what, "start the standby, or see in its log why it is not synchronous"


def _of_connections(found: Availability) -> Iterator[tuple[str, str]]:
    if found.pooled and found.prepares:
        what = "connections: statements are prepared, and a pooler gives each to another connection"
        yield what, "take prepare_threshold out of DATABASE_URL"
    # A pooler's own limits are its own affair: its callers wait for a connection.
    needed = found.processes * _of_process(found) + (0 if found.pool else found.alone)
    if not found.pooled and needed > found.limit:
        many = f"{found.processes} processes and {found.alone + found.quiet} gateways may need {needed}"
        share = max((found.limit - 10) // max(found.processes, 1) - 1, 5)
        fix = f"share them within each process, such as by PREPAZKA_POOL={share}, or raise max_connections"
        if found.pool:
            fix = f"lower PREPAZKA_POOL to {share}, or raise max_connections"
        yield f"connections: {many}, and the server takes {found.limit}", f"{fix} (docs/ha.md)"
    elif found.used > found.limit * 0.8:
        fix = "raise max_connections, or see who holds them: SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1"
        yield f"connections: {found.used} of the {found.limit} that the server takes are in use", fix


def _of_process(found: Availability) -> int:
    """Return the most connections of one process, but for those of gateways with a thread of their own."""
    listening = int(found.listens)
    if found.pool:
        return found.pool + listening
    return PER_PROCESS + min(found.quiet, SHARED_THREADS) + listening
