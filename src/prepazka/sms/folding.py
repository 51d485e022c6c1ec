"""Folding: the form in which words are compared, so that letter case and diacritics never matter."""

import re
import unicodedata
from hashlib import sha256

_LATIN_MARKS = re.compile("[\u0300-\u036f]")


# docs/spec/messages.md §3.2: "Words and codes are compared without regard to letter case and diacritics."
def fold(text: str) -> str:
    """A text in upper case without diacritics and compatibility forms: "zítra" and "ZITRA" become one."""
    if text.isascii():
        return text.upper()
    bare = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text))
    if bare.isascii():
        return bare.upper()
    return _bare(_bare(bare).casefold()).upper()


# docs/spec/messages.md §6.2: "Letter case, diacritics and the amount of white space make no difference between texts,
# nor between names."
def text_key(text: str) -> str:
    """A key equal for texts that differ only in letter case, diacritics and the amount of white space.

    32 hexadecimal digits; the text cannot be read back from it. "Identical text" in spec/messages.md §4
    (`already_booked`) and §6 (loop guard) means an equal key.
    """
    folded = " ".join(fold(text).split())
    return sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    if apart.isalpha():  # letters alone: no mark among them
        return apart
    return "".join(c for c in apart if not unicodedata.category(c).startswith("M"))
