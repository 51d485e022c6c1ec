"""What goes past a pooler: PostgreSQL's own tools, which copy a database and bring it back, and changes of tables."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from prepazka.commands import CommandFailed
from prepazka.process.listening import hears_us
from prepazka.store.connections import is_pooler_between

# How the driver names a server: host, port, dbname, user, password and all options.
Server = Mapping[str, Any]

# By Django's names of the same.
_OPTION_OF = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}

_POOLED = (
    "a pooler stands between, and what PostgreSQL's tools set for themselves would stay in the connections it lends: "
    "the service would find no table there; name the address past it, for this command as "
    "DATABASE_URL=postgresql://…, or in the settings as PREPAZKA_LISTEN_URL"
)


# docs/spec/delivery.md §10: "go past a pooler"
def past_poolers() -> Server:
    """Return how to reach the database itself: as the settings do, or at `PREPAZKA_LISTEN_URL` where a pooler stands.

    Raises: CommandFailed when only a pooler is named.
    """
    connection.ensure_connection()
    if not is_pooler_between(connection.connection):
        return connection.get_connection_params()
    try:
        if settings.LISTEN_URL and hears_us(settings.LISTEN_URL):
            return conninfo_to_dict(settings.LISTEN_URL)
    except (psycopg.Error, DatabaseError) as error:
        first = str(error).strip().split("\n")[0]
        raise CommandFailed(f"PREPAZKA_LISTEN_URL: {first}; {_POOLED}") from error
    raise CommandFailed(_POOLED)


# docs/spec/contract.md §1.2: "goes past a pooler"
def go_past_a_pooler() -> None:
    """Let the connection of this process lead past a pooler from now on, where the settings have a way and it is right.

    There the options of the connection arrive, which lift the limits that its user has for the sake of the service.
    """
    connection.ensure_connection()
    if not (settings.LISTEN_URL and is_pooler_between(connection.connection)):
        return
    try:
        if not hears_us(settings.LISTEN_URL):
            return
    except (psycopg.Error, DatabaseError):
        return
    there = conninfo_to_dict(settings.LISTEN_URL)
    connection.close()
    ours = connection.settings_dict
    ours.update({name: there.pop(option, "") for name, option in _OPTION_OF.items()})
    ours["OPTIONS"] = {**ours["OPTIONS"], **there}


def run_tool(name: str, server: Server, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on a database. Raises: CommandFailed with the first line of its error."""
    program = shutil.which(name)
    if program is None:
        raise CommandFailed(f"{name} is not installed; it comes with PostgreSQL's client (Debian: postgresql-client)")
    environment = {**os.environ, **({"PGPASSWORD": str(server["password"])} if server.get("password") else {})}
    words = [program, address_option(server), *arguments]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- PostgreSQL's own tool
    if done.returncode:
        first, *_ = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise CommandFailed(f"{name}: {first.removeprefix(f'{name}: ').removeprefix('error: ')}")


def address_option(server: Server) -> str:
    """Return the option of PostgreSQL's tools that names a database, with every option of its address.

    A program's arguments are seen by everybody on the machine, so passwords go in the environment; that of a client's
    certificate has no variable there, so the key it protects has to be readable without.
    """
    known = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"password", "sslpassword"}
    return f"--dbname={make_conninfo(**{name: value for name, value in server.items() if name in known})}"
