"""Reads fields of a form, a query, JSON or XML by their paths, and evaluates conditions on them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from prepazka.gateways.hosted.described import Condition, TimeField
from prepazka.gateways.http import MAX_BODY, HttpResponse
from prepazka.gateways.redaction import redacted

_LONGEST_CODE = 6


class NoDocument(ValueError):
    """The answer holds no fields; the argument says what it is instead. setting: what would mend it, if known."""

    def __init__(self, reason: str, setting: str = "") -> None:
        super().__init__(reason)
        self.setting = setting


def read_document(response: HttpResponse) -> Any:
    """Return the fields of an answer in JSON or XML. Raises: NoDocument."""
    text = response.text.lstrip("\ufeff \t\r\n")
    if len(response.body) >= MAX_BODY:
        raise NoDocument(f"it is longer than {MAX_BODY // 1024} kB", "definition (fetch.body: fewer at once)")
    if text[:100].lower().startswith(("<!doctype html", "<html")):
        raise NoDocument("it is a web page")
    try:
        return _from_xml(text) if text.startswith("<") else json.loads(text)
    except NoDocument:
        raise
    except (ValueError, RecursionError, ET.ParseError):
        raise NoDocument("it is neither JSON nor XML" if text else "it is empty") from None


def _from_xml(text: str) -> dict[str, Any]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NoDocument("it is XML that declares entities")
    root = ET.fromstring(text)  # noqa: S314 -- it declares no entities
    return {root.tag: _content(root)}


def _content(element: ET.Element) -> Any:
    """Return an element's fields, or its text where it has none; elements of one name are a list."""
    if not len(element):
        return element.text or ""
    fields: dict[str, Any] = {}
    for child in element:
        content = _content(child)
        if child.tag not in fields:
            fields[child.tag] = content
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(content)
        else:
            fields[child.tag] = [fields[child.tag], content]
    return fields


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
    for one in path.split("|"):
        if (found := _text(value_at(payload, one) if one else None)) is not None:
            return found
    return None


def _text(value: Any) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return str(value)
        case _:
            return None


def words_at(payload: Any, path: str) -> str:
    """Return a provider's words at a path, fit for logs; a code of up to six digits is no telephone number."""
    text = text_at(payload, path) or ""
    return text if text.isdecimal() and len(text) <= _LONGEST_CODE else redacted(text)


def texts_at(payload: Any, path: str) -> tuple[str, ...]:
    """Return the texts at a path; a step `*` stands for each item of a list."""
    before, star, after = path.partition(".*.")
    if not star:
        text = text_at(payload, path)
        return (text,) if text else ()
    items = value_at(payload, before)
    return tuple(text for item in items if (text := text_at(item, after))) if isinstance(items, list) else ()


def matches(payload: Any, condition: Condition) -> bool:
    """Return whether all fields have the values the condition demands."""
    return all(_fits(text_at(payload, path), pattern) for path, pattern in condition.items())


def _fits(found: str | None, pattern: str) -> bool:
    if pattern.endswith("?"):
        return found in {None, pattern[:-1]}
    if found is None:
        return False
    if pattern.startswith("!"):
        return found != pattern[1:]
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
