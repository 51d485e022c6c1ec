"""GSM 03.38: folding any text to plain characters that every phone shows, and counting septets."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_TWO_SEPTETS = re.compile(r"[\f^{}\\[~\]|€]")

_ALL = _BASIC | _EXTENSION
# A run of a character class is counted several times faster than a text is compared with a set, one by one.
_ALL_GSM = re.compile(f"[{re.escape(''.join(sorted(_ALL)))}]*")
_ONE_SEPTET_EACH = re.compile(f"[{re.escape(''.join(sorted(_BASIC)))}]*")
_PLAIN = frozenset(character for character in _ALL - {"\r", "\f"} if character.isascii() or not character.isalpha())
_FOREIGN = re.compile(f"[^{re.escape(''.join(sorted(_PLAIN)))}]")
_EMOJI_NAME = re.compile(r":\w+:")


# docs/spec/messages.md §5.1: "All accents fall away, on names too, and other alphabets are written in Latin letters."
def fold(text: str) -> str:
    """The text in plain characters of GSM 03.38: all accents fall away, other alphabets go Latin.

    GSM 03.38 holds é, but none of the other letters with Czech accents: it alone would look like a mistake.

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
    return len(text) if _ONE_SEPTET_EACH.fullmatch(text) else len(text) + len(_TWO_SEPTETS.findall(text))


def is_gsm(text: str) -> bool:
    """Whether every character is in GSM 03.38, so that no part of the message has to be sent as UCS-2."""
    return _ALL_GSM.fullmatch(text) is not None
