"""The configuration of the database, from its URL and the time limits of the settings."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from prepazka.process.environment import Environment, check_database_url
from prepazka.store.time_limits import TimeLimits

_SQLITE: dict[str, Any] = {
    # A transaction takes the write lock at BEGIN, so two of them can never both read and then both write.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    # Erased personal data is overwritten in the file.
    "PRAGMA secure_delete=ON;",
}
# The most seconds a limit may have: more is none.
_LONGEST = 3600


def read_limit(name: str, seconds: int) -> int:
    """Return a time limit in seconds, 0 for none. Raises: ImproperlyConfigured."""
    if not 0 <= seconds <= _LONGEST:
        raise ImproperlyConfigured(f"{name} must be from 0 (no limit) to {_LONGEST} seconds")
    return seconds


# The fewest connections that keep pages, the worker and the gateways of a process from waiting for each other.
_LEAST_POOL, _MOST_POOL = 5, 500


def read_pool(connections: int) -> int:
    """Return the most connections of one process, 0 for no pool. Raises: ImproperlyConfigured."""
    if connections and not _LEAST_POOL <= connections <= _MOST_POOL:
        raise ImproperlyConfigured(
            f"PREPAZKA_POOL must be 0 (each thread has a connection of its own) or from {_LEAST_POOL} to {_MOST_POOL}"
        )
    return connections


def configure(env: Environment, url: str, limits: TimeLimits, pool: int = 0) -> dict[str, Any]:
    """Return Django's configuration of the database at this URL: an SQLite file or a PostgreSQL server.

    pool: the most connections that the threads of a process share, 0 for one of its own for each thread.
    """
    found = _read_url(env, url)
    options = found.get("OPTIONS", {})
    _check_options(found["ENGINE"], options)
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["OPTIONS"] = _SQLITE | options
        # Tests open the database from several processes, so it must be a file.
        found["TEST"] = {"NAME": f"{found['NAME']}.test"}
    else:
        # The server binds the values, so that several statements can be sent at once (store.sql.together).
        found["OPTIONS"] = {"server_side_binding": True} | limits.with_options(options)
        # A pooler lends a connection for one transaction, and a cursor of the server's would stay behind in another's.
        found["DISABLE_SERVER_SIDE_CURSORS"] = True
        if pool:
            found["OPTIONS"]["pool"] = _pool(pool, limits)
            # A thread gives its connection back when it is done; Django refuses a pool that lends for longer.
            return found | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    return found | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def _pool(most: int, limits: TimeLimits) -> dict[str, Any]:
    """Return the options of psycopg_pool: who waits for a connection waits no longer than for a lock."""
    return {
        "min_size": 1,
        "max_size": most,
        "timeout": float(limits.lock or 30),
        "max_idle": 60.0,
        # Its pauses between attempts double: given up early, a database that comes back is found at the next call.
        "reconnect_timeout": 1.0,
        "num_workers": 2,
    }


def _read_url(env: Environment, url: str) -> dict[str, Any]:
    check_database_url(url)
    if url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        with suppress(ValueError):  # such as a port that is no number
            described: dict[str, Any] = env.db_url_config(url)
            if described["NAME"] not in {"", ":memory:"}:
                return described
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:///path.db or postgresql://user@host/name")


# Of Django's, not PostgreSQL's: each would take the place of what this program needs.
_NOT_OF_POSTGRESQL = frozenset({"assume_role", "isolation_level", "pool", "server_side_binding"})


def _check_options(engine: str, options: dict[str, Any]) -> None:
    """Raises: ImproperlyConfigured for an option behind the question mark that would be taken and break all."""
    if engine == "django.db.backends.sqlite3":
        for name, value in options.items():
            if name != "timeout" or isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise ImproperlyConfigured(
                    f"DATABASE_URL: ?{name}={value} is no option; leave it out, and write a ? of a file's name as %3F"
                )
    for name in sorted(_NOT_OF_POSTGRESQL & options.keys()):
        fix = "; PREPAZKA_POOL sets the connections of a process" if name == "pool" else ""
        raise ImproperlyConfigured(f"DATABASE_URL: {name} is no option of PostgreSQL; leave it out{fix}")


def read_listen_url(url: str, of_database: str) -> str:
    """Return the address to listen at, "" for none. Raises: ImproperlyConfigured; the line does not tell it."""
    schemes = ("postgresql://", "postgres://")
    if url and not of_database.startswith(schemes):
        raise ImproperlyConfigured(
            "PREPAZKA_LISTEN_URL leads past any pooler to PostgreSQL, and DATABASE_URL names none; leave it out"
        )
    if url and not url.startswith(schemes):
        raise ImproperlyConfigured("PREPAZKA_LISTEN_URL must be postgresql://user@host/name, past any pooler")
    return url
