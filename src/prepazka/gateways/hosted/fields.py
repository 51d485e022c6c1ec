"""What is in a field: of a form, a query or JSON, and what a condition says of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from prepazka.gateways.hosted.profile import Timed, Where


def at(given: Any, path: str) -> Any:
    """What is at a path such as `accepted.0.message_id`; None where there is nothing."""
    if isinstance(given, Mapping) and path in given:  # forms may have dots in names
        return given[path]
    for step in path.split("."):
        match given:
            case Mapping():
                given = given.get(step)
            case list() if step.isdecimal() and int(step) < len(given):
                given = given[int(step)]
            case _:
                return None
    return given


def text_at(given: Any, path: str) -> str | None:
    """What is at a path, as text; None for nothing, and for what is no single value."""
    match at(given, path) if path else None:
        case bool() as value:
            return "true" if value else "false"
        case str() as value:
            return value
        case int() | float() as value:
            return str(value)
        case _:
            return None


def holds(given: Any, where: Where) -> bool:
    """Whether all fields hold what they must."""
    return all(_fits(text_at(given, path), wanted) for path, wanted in where.items())


def _fits(found: str | None, wanted: str) -> bool:
    if found is None:
        return False
    return found.startswith(wanted[:-1]) if wanted.endswith("*") else found == wanted


def moment_at(given: Any, timed: Timed | None) -> datetime | None:
    """A moment (aware); None for none, and for one that cannot be read: a message is not lost for its time."""
    said = text_at(given, timed.field) if timed else None
    if timed is None or said is None:
        return None
    try:
        match timed.format:
            case "iso":
                moment = datetime.fromisoformat(said)
            case "unix":
                return datetime.fromtimestamp(float(said), UTC)
            case pattern:
                moment = datetime.strptime(said, pattern)  # noqa: DTZ007 -- given its zone below
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timed.tz)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
