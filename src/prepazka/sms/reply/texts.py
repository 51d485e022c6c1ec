"""Reply texts: what each may say and must, and what is wrong with one (docs/spec/messages.md §5.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Text:
    """What one reply text is made of.

    required: placeholders without which the reply would not carry what it must. allowed: all it may use. extras: those
    that are left out where the reply would not fit. parts: into how many parts the reply may go.
    """

    required: frozenset[str]
    allowed: frozenset[str]
    extras: tuple[str, ...] = ()
    parts: int = 1

    @classmethod
    def of(cls, required: str = "", optional: str = "", *, extras: str = "", parts: int = 1) -> "Text":
        """A text with these placeholders, separated by spaces; the office's name may always be used."""
        must, may_go = frozenset(required.split()), tuple(extras.split())
        return cls(must, must.union(optional.split(), may_go, ["office"]), may_go, parts)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, in words that name the fix.

    kind: stable, so that the administration can say the same in Czech; subject: the placeholder or character meant.
    """

    kind: str
    subject: str
    why: str


def faults(text: Text | None, name: str, template: str) -> Iterator[Fault]:
    """What is wrong with a folded text before any value is filled in; text: None when there is none of this name."""
    if text is None:
        yield Fault("no_such_text", name, "there is no reply text of this name; remove it or correct the name")
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
