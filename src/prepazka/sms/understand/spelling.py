"""Spelling: the forms under which a word of the shipped lists is looked up, whoever types it and on what keyboard."""

import unicodedata

from prepazka.sms.folding import fold

_APOSTROPHES = str.maketrans("’ʼ‘`´", "'''''")
_STROKES = str.maketrans("ĐŁØ", "DLO")
_UMLAUTS = {"Ä": "AE", "Ö": "OE", "Ü": "UE"}


def key(word: str) -> str:
    """A word as it is compared: folded, with one kind of apostrophe."""
    folded = fold(word)
    return folded if folded.isascii() and "`" not in folded else folded.translate(_APOSTROPHES)


def keys(word: str) -> set[str]:
    """Every key a listed word may be met under.

    Beside its own: without strokes ("Łukasz" as LUKASZ), without an apostrophe, and with umlauts written as two
    letters ("Müller" as MUELLER).
    """
    if word.isascii() and "'" not in word and "`" not in word:
        return {word.upper()}
    found = {key(word)}
    upper = unicodedata.normalize("NFC", word).upper()
    if not _UMLAUTS.keys().isdisjoint(upper):
        for umlaut, letters in _UMLAUTS.items():
            upper = upper.replace(umlaut, letters)
        found.add(key(upper))
    found |= {spelled.translate(_STROKES) for spelled in found if not spelled.isascii()}
    return found | {spelled.replace("'", "") for spelled in found if "'" in spelled}
