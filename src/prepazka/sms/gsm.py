"""GSM 03.38: folding any text to the characters every phone shows, counting septets, and splitting into parts."""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

from anyascii import anyascii

ONE_PART = 160
"""Septets in a message of one part."""

EACH_OF_SEVERAL = 153
"""Septets in each part of a longer message; the rest carries the number of the part."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_TWO_SEPTETS = re.compile(r"[\f^{}\\[~\]|€]")

_ALL = _BASIC | _EXTENSION
_KEPT = _ALL - {"\r", "\f"}
_FOREIGN = re.compile(f"[^{re.escape(''.join(sorted(_KEPT)))}]")
_EMOJI_NAME = re.compile(r":\w+:")


# docs/spec/messages.md §5.1: "Accents fall away but on é and É, other alphabets are written in Latin letters."
def fold(text: str) -> str:
    """The text in GSM 03.38 characters only: accents fall away but on é and É, other alphabets go Latin.

    White space other than a line feed becomes a space; control characters and emoji are dropped.
    Folding what is folded changes nothing.
    """
    if text.isascii() and text.isprintable() and "`" not in text:
        return text
    return _FOREIGN.sub(_native, unicodedata.normalize("NFC", text))


def _native(foreign: re.Match[str]) -> str:
    return _fold_character(foreign[0])


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character.isspace():
        return "" if character == "\r" else " "
    if unicodedata.category(character).startswith("C"):
        return ""
    spelt = anyascii(character)
    return "" if _EMOJI_NAME.fullmatch(spelt) else spelt.replace("`", "'")


def septets(text: str) -> int:
    """How many septets a folded text takes; the characters of the extension table take two."""
    return len(text) + len(_TWO_SEPTETS.findall(text))


def line(text: str) -> str:
    """A value of whatever origin as it may stand in a reply: folded, on one line, single spaces between words."""
    return " ".join(fold(text).split())


def clip(text: str, room: int) -> str:
    """The beginning of a folded text that takes at most `room` septets, without white space at its end."""
    return _beginning(text, room).rstrip()


def _beginning(text: str, room: int) -> str:
    if septets(text) <= room:
        return text
    ends = accumulate(map(septets, text))
    return text[: sum(end <= room for end in ends)]


def cut(text: str, room: int) -> str:
    """A folded text of at most `room` (3 or more) septets; what was cut off shows as "..."."""
    return text if septets(text) <= room else clip(text, room - 3) + "..."


def is_gsm(text: str) -> bool:
    """Whether every character is in GSM 03.38, so that no part of the message has to be sent as UCS-2."""
    return _ALL.issuperset(text)


# docs/spec/messages.md §5.1: "take two septets, and such a pair is never split between parts"
def split(text: str) -> list[str]:
    """The parts a folded text is sent in: one of up to 160 septets, or several of up to 153, no escape pair split."""
    used = septets(text)
    if used <= ONE_PART:
        return [text]
    if used == len(text):
        return [text[start : start + EACH_OF_SEVERAL] for start in range(0, used, EACH_OF_SEVERAL)]
    parts = []
    while text:
        parts.append(_beginning(text, EACH_OF_SEVERAL))
        text = text[len(parts[-1]) :]
    return parts
