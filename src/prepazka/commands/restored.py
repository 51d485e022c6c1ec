"""`restored`: what follows a database that went back in time, by a backup or by PostgreSQL's own recovery."""

import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from prepazka import clock
from prepazka.commands import CommandFailed
from prepazka.commands.migrating import migrate
from prepazka.commands.serving_mark import end_restore, is_served
from prepazka.commands.who import operator_name
from prepazka.flows import erasure_list
from prepazka.flows.erasure_list import reapply
from prepazka.flows.recovery import stop_what_may_have_gone
from prepazka.store import database_state, models, offices, schema
from prepazka.store.erasures import ErasedRow

_SERVED = "the office is being served from this database"


# docs/spec/delivery.md §10: "`prepazka restored` after a recovery with PostgreSQL's own tools"
def restored(arguments: Namespace) -> int:
    """Run `prepazka restored`: the database was brought back by other means, to a point in time."""
    wait_for_recovery()
    if not schema.applied():
        raise CommandFailed("the database has no tables of ours: nothing was recovered; DATABASE_URL says which it is")
    check_unused()
    erased = erasure_list.read(Path(arguments.erasures)) if arguments.erasures else []
    migrate()
    finish("recovered to a point in time", erased)
    return 0


# docs/spec/delivery.md §10: "waits until the recovery has ended"
def wait_for_recovery(sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait until PostgreSQL has read its log to the end: it answers before, and takes nothing that is written."""
    if not database_state.is_recovering():
        return
    print("the database is still recovering, or is a standby; waiting for it, Ctrl-C ends that", file=sys.stderr)
    while database_state.is_recovering():
        sleep(1)


def check_unused() -> None:
    """Raises: CommandFailed when a process serves this database, or one of its gateways, now."""
    if is_served():
        raise CommandFailed(f"{_SERVED}; end `prepazka serve` first")
    if "gateway" not in connection.introspection.table_names():
        return
    held = models.Gateway.objects.filter(held_until__gt=clock.now()).order_by("-held_until").first()
    if held and held.held_until:
        until = f"{held.held_until:%H:%M:%S} UTC"
        raise CommandFailed(f"{_SERVED}; end `prepazka serve` first; if it has ended: wait until {until}")


def finish(what: str, erased: list[ErasedRow]) -> None:
    """Do and print what every database needs that is an older one than it was. what: the words of the audit trail."""
    # docs/spec/delivery.md §10: "what is due by now is decided now, and then not sent"
    stopped = stop_what_may_have_gone(clock.now(), operator_name(), what)
    print(f"restored; offices: {', '.join(offices.slugs()) or 'none'}")
    again = reapply(clock.now(), erased)
    end_restore()
    print(f"erased again, as on the list of erasures: {again} rows")
    if not (erased or settings.ERASURES.exists()):
        print("no list of erasures was found; if there is one elsewhere: --erasures FILE", file=sys.stderr)
    if stopped.waiting:
        print(f"{stopped.waiting} messages that waited to be sent at that time are not sent again")
    if stopped.due:
        print(f"{stopped.due} messages that became due since, such as reminders, may have gone out and are not sent")
