"""The reply texts there are: what each may say, and what it must (spec/messages.md §4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Text:
    """What one reply text is made of.

    required: placeholders without which the reply would not carry what it must. allowed: all it may use.
    parts: into how many parts the reply may go.
    """

    required: frozenset[str]
    allowed: frozenset[str]
    parts: int = 1


def _text(required: str = "", optional: str = "", parts: int = 1) -> Text:
    must = frozenset(required.split())
    return Text(must, must.union(optional.split(), ["office"]), parts)


TEXTS: Mapping[str, Text] = {
    "booked": _text("service date time name code cancel"),
    "cancelled": _text("service date time name", "code"),
    "moved": _text("service date time name code cancel", "before_date before_time"),
    "help": _text("book", "soonest services free_times cancel"),
    "services": _text("list", "book", parts=3),
    "free_times": _text("service date times", "book", parts=3),
    "mine": _text("bookings"),
    "mine_none": _text(optional="book"),
    "watching": _text("service date"),
    "queue": _text("service waiting wait", "counters"),
    "queue_unattended": _text("service waiting"),
    "queue_closed": _text("service", "book"),
    "stopped": _text(optional="resume"),
    "resumed": _text(optional="stop"),
    "slot_full": _text("service date time message offers"),
    "slot_full_none": _text("service date time", "free_times watch"),
    "no_free_slot_day": _text("service date", "free_times watch"),
    "no_free_slot_range": _text("service last", "first free_times"),
    "closed_weekend": _text("date next", "service"),
    "closed_holiday": _text("date reason next", "service"),
    "closed_closure": _text("date reason next", "service"),
    "closed_no_hours": _text("date service next"),
    "outside_hours": _text("service date hours", "time"),
    "off_grid": _text("near", "service date time"),
    "in_past_day": _text(optional="date"),
    "in_past_time": _text(optional="date time"),
    "in_past_notice": _text("notice", "date time"),
    "too_far": _text("last", "date"),
    "already_booked": _text("service date time name code", "cancel"),
    "limit_sender": _text("limit", "mine cancel"),
    "limit_service": _text("limit", "mine cancel"),
    "limit_agenda": _text("limit", "mine cancel"),
    "limit_day": _text("limit", "mine cancel"),
    "limit_persons": _text("limit", "mine cancel"),
    "unknown_booking": _text("code date"),
    "unknown_booking_mine": _text("code", "mine"),
    "already_cancelled": _text("service date time", "name code"),
    "too_late": _text("service date time", "name code"),
    "nothing_offered": _text(optional="duration book"),
    "too_old": _text(),
    "incomplete": _text(),
    "unknown_service": _text("token near services"),
    "unknown_service_alone": _text("token services"),
    "missing_name": _text("example"),
    "missing_date": _text("example"),
    "missing_time": _text("example"),
    "missing_code": _text("example"),
    "bad_date": _text("token example"),
    "bad_time": _text("token example"),
    "not_understood": _text("token example", "help"),
    "not_understood_empty": _text("example", "help"),
    "notice": _text("service date time book"),
    "reminder": _text("service date time", "name code cancel"),
    "called_off": _text("service date time reason", "name free_times"),
    "apology": _text(),
}
"""By name, as in `[replies]` of a language file and in `Office.texts`: one an outcome, or one each of its variants."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, in words that name the mend.

    kind: stable, so that the administration can say the same in Czech; subject: the placeholder or character meant.
    """

    kind: str
    subject: str
    why: str


def faults(name: str, template: str) -> Iterator[Fault]:
    """What is wrong with a folded text before any value is filled in."""
    text = TEXTS.get(name)
    if text is None:
        yield Fault("no_such_text", name, "there is no reply text of this name; remove it or mend the name")
        return
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        yield Fault("brace", "", "a brace { or } stands alone; write a placeholder as {name}, a brace as {{ or }}")
        return
    if not template.strip():
        yield Fault("empty", "", "the text is empty; write one, or remove it to use the language file's")
        return
    used = {field for _, field, _, _ in pieces if field is not None}
    dressed = sorted(field for _, field, form, conversion in pieces if field is not None and (form or conversion))
    if dressed:
        yield Fault("format", dressed[0], f"{{{dressed[0]}}} has a format; write the plain placeholder only")
    for unknown in sorted(used - text.allowed):
        yield Fault("unknown", unknown, f"{{{unknown}}} is not known here; use {_named(text.allowed)}")
    for missing in sorted(text.required - used):
        yield Fault("missing", missing, f"{{{missing}}} is missing; the reply must carry it")


def _named(placeholders: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(placeholders))
