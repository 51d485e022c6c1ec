"""The checks of `prepazka check` that compare this node with the others that serve the same database.

What would do harm beside them is an error, so that `prepazka serve` does not start.
"""

from collections.abc import Iterator
from importlib.metadata import version

from prepazka import clock
from prepazka.commands import CommandFailed
from prepazka.flows.health.alarms import ALARMS
from prepazka.flows.health.clock_watch import apart_from_others
from prepazka.process.identity import dead
from prepazka.store import processes, sealing
from prepazka.store.processes import Beat

_SAME_KEY = "set the same PREPAZKA_SECRET_KEY on every node; to change it, see docs/operations.md"


# docs/spec/health.md §11: "is told by `prepazka check`"
def faults() -> Iterator[tuple[str, str]]:
    """Yield what keeps this node from serving beside the others, each with its fix."""
    others = _others()
    if what := wrong_key(others):
        yield what, _SAME_KEY
    if not clock.is_rehearsal():
        if wrong := apart_from_others():
            seconds = f"{abs(wrong).total_seconds():.0f}"
            yield f"clock: {seconds} s from the database's and from that of other nodes", ALARMS["clock_database"].fix
    elif others:
        what = f"clock: a rehearsal, on a database that {_named(others)} serves for real"
        yield what, "unset PREPAZKA_CLOCK, or rehearse on a copy of the database"


def oddities() -> Iterator[tuple[str, str]]:
    """Yield what is allowed beside the others, for a while."""
    ours = version("prepazka")
    if others := {name: one for name, one in _others().items() if one.version not in {"", ours}}:
        theirs = ", ".join(sorted({one.version for one in others.values()}))
        what = f"version: {_named(others)} serves with {theirs}, this is {ours}"
        yield what, "update node by node until all have the same"


def wrong_key(others: dict[str, Beat] | None = None) -> str:
    """Return which node has another secret key than this one, "" for none; keys before today's are no others."""
    ours = {"", *sealing.fingerprints()}
    strangers = {name: one for name, one in (_others() if others is None else others).items() if one.key not in ours}
    return f"secret key: not that of {_named(strangers)}, which serves this database too" if strangers else ""


def refuse_wrong_key() -> None:
    """Raises: CommandFailed when the nodes that serve could not read what a command encrypts here."""
    if what := wrong_key():
        raise CommandFailed(f"{what}; {_SAME_KEY}")


def _others() -> dict[str, Beat]:
    return {name: one for name, one in processes.living().items() if not dead(name)}


def _named(found: dict[str, Beat]) -> str:
    """Return the machines of these processes."""
    return ", ".join(sorted({name.split("/", maxsplit=1)[0] for name in found}))
