"""Reads fields of a form, a query or JSON by their paths, and evaluates conditions on them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from prepazka.gateways.hosted.profile import Condition, TimeField


def value_at(payload: Any, path: str) -> Any:
    """Return the value at a path such as `accepted.0.message_id`; None where there is none."""
    if isinstance(payload, Mapping) and path in payload:  # names in forms may contain dots
        return payload[path]
    for step in path.split("."):
        match payload:
            case Mapping():
                payload = payload.get(step)
            case list() if step.isdecimal() and int(step) < len(payload):
                payload = payload[int(step)]
            case _:
                return None
    return payload


def text_at(payload: Any, path: str) -> str | None:
    """Return the value at a path as text; None for no value and for a list or a mapping."""
    match value_at(payload, path) if path else None:
        case bool() as value:
            return "true" if value else "false"
        case str() as value:
            return value
        case int() | float() as value:
            return str(value)
        case _:
            return None


def matches(payload: Any, condition: Condition) -> bool:
    """Return whether all fields have the values the condition demands."""
    return all(_fits(text_at(payload, path), pattern) for path, pattern in condition.items())


def _fits(found: str | None, pattern: str) -> bool:
    if found is None:
        return False
    return found.startswith(pattern[:-1]) if pattern.endswith("*") else found == pattern


def time_at(payload: Any, time_field: TimeField | None) -> datetime | None:
    """Return a time (aware); None for an absent or unreadable one, because the message matters more than its time."""
    text = text_at(payload, time_field.field) if time_field else None
    if time_field is None or text is None:
        return None
    try:
        match time_field.format:
            case "iso":
                time = datetime.fromisoformat(text)
            case "unix":
                return datetime.fromtimestamp(float(text), UTC)
            case pattern:
                time = datetime.strptime(text, pattern)  # noqa: DTZ007 -- the zone is added below
        time = time if time.tzinfo else time.replace(tzinfo=time_field.tz)
        return time.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
