"""Tokens: a message cut at white space, each piece cleaned of what adds nothing and sorted by what it can be.

Nothing with a digit in it is ever dropped, and no letter.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from prepazka.sms.folding import fold

Kind = Literal["word", "number", "decoration", "other"]

SHOWN = 20
"""How many characters of a token a reply shows."""

_QUOTES = "\"'`´„“”‚‘’«»‹›"
_EDGES = _QUOTES + ",;!?()[]…"
_ASIDE = "(["
_WORD_EDGES = _EDGES + "."
_ALONE = _WORD_EDGES + ":-–—"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")
_DIGIT = re.compile(r"[0-9]")
_FIGURES = re.compile(r"[0-9][0-9.:/-]*")
_ALMOST_DIGITS = re.compile(r"[0-9OIL.:,/-]+")
_ROMAN_TWO = re.compile(r"\d\.[Ii]{2}(?!\w)", re.ASCII)
_MEANT = str.maketrans("OIL", "011")
_LONGEST_ABBREVIATION = 4
"""Letters before a full stop that may be a title or an initial ("MUDr.", "J.")."""
_INNER = frozenset("-'’ʼ‐‑–")
_FIRST_EMOJI = "\u2600"
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")


class Token(NamedTuple):
    """One piece of a message.

    text: as written, without quotes and punctuation around it. folded: as it is compared; in a number
    the letters O, l and I typed for 0 and 1 are corrected. kind: "word" can be (part of) a name, "number"
    has a digit, "decoration" is only punctuation or emoji, "other" is none of these. ends: what follows is a new
    sentence or an aside, and so not part of a name begun here.
    """

    text: str
    folded: str
    kind: Kind
    ends: bool = False


# docs/spec/messages.md §3.2: "Any white space separates tokens"
# docs/spec/messages.md §3.2: "Nothing with a digit in it is ever dropped, and no letter."
def tokens(text: str) -> list[Token]:
    """The tokens of a text in order, decoration in a row as one.

    Invisible characters (soft hyphens, direction marks) are not part of any.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    found: list[Token] = []
    for candidate in text.split():
        token = _token(candidate)
        if candidate[0] in _ASIDE and found:
            found[-1] = found[-1]._replace(ends=True)
        if token.kind != "decoration" or not found or found[-1].kind != "decoration":
            found.append(token)
    return found


def shown(token: str) -> str:
    """A token as a reply may show it: at most `SHOWN` characters, all of them printable."""
    return "".join(c if c.isprintable() else "?" for c in token[:SHOWN])


# docs/spec/messages.md §3.2: "In a token made otherwise of digits, the letter O counts as 0, and the letters l and I
# count as 1; but II behind a day and a full stop is the Roman month."
@lru_cache(maxsize=4096)  # the same codes, dates, times and most names come again
def _token(candidate: str) -> Token:
    if candidate.isalpha():
        return Token(candidate, fold(candidate), "word")
    if _FIGURES.fullmatch(candidate):
        return Token(candidate, candidate, "number")
    kept = candidate.strip(_EDGES) if candidate.isascii() else _stripped(candidate)
    if _has_digit(kept):
        folded = fold(kept)
        if _ALMOST_DIGITS.fullmatch(folded) and not _ROMAN_TWO.search(kept):
            folded = folded.translate(_MEANT)
        return Token(kept, folded, "number")
    if not kept.strip(_ALONE):
        return Token(candidate, "", "decoration")
    word = kept.strip(_WORD_EDGES).rstrip(_WORD_EDGES + ":")
    if _is_word(word):
        return Token(word, fold(word), "word", _ends_sentence(word, candidate))
    return Token(candidate, fold(candidate), "other")


def _ends_sentence(word: str, candidate: str) -> bool:
    tail = candidate[candidate.rfind(word[-1]) + 1 :].strip(_QUOTES + ",()")
    return tail != "" and not (tail == "." and len(word) <= _LONGEST_ABBREVIATION)


def _has_digit(candidate: str) -> bool:
    if candidate.isascii():
        return _DIGIT.search(candidate) is not None
    return any(c.isnumeric() and not c.isalpha() for c in candidate)


# docs/spec/messages.md §3.5: "hyphens and apostrophes within a word are allowed, digits are not"
def _is_word(candidate: str) -> bool:
    """Letters, with single hyphens and apostrophes between them (spec/messages.md §3: names)."""
    joined = True
    for c in candidate:
        if c in _INNER:
            if joined:
                return False
            joined = True
        elif c.isalpha() or (not joined and unicodedata.category(c).startswith("M")):
            joined = False
        else:
            return False
    return not joined


def _stripped(candidate: str) -> str:
    start, end = 0, len(candidate)
    while start < end and _adds_nothing(candidate[start]):
        start += 1
    while start < end and _adds_nothing(candidate[end - 1]):
        end -= 1
    return candidate[start:end]


def _adds_nothing(c: str) -> bool:
    return c in _EDGES or (c >= _FIRST_EMOJI and _is_emoji(c))


def _is_emoji(c: str) -> bool:
    # What could not be decoded was a character of the message: it adds something nobody knows.
    return (unicodedata.category(c) == "So" and c != "\ufffd") or _SKIN_TONES[0] <= c <= _SKIN_TONES[1]
