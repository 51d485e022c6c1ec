"""The name somebody is booked under: typed into a field of its own, and compared with another (spec/messages.md §3)."""

import unicodedata

from prepazka.core.office.lengths import PERSON_NAME

_BESIDE_LETTERS = frozenset(" -'’ʼ‐‑–.")


# docs/spec/messages.md §3.5: "A name is one or more words of letters; diacritics are kept"
def name_of(text: str) -> str | None:
    """The name as it is kept, white space folded; None for what is no name.

    One or more words of letters, diacritics kept, hyphens and apostrophes allowed, no digits; at most 60 characters. A
    comma, as before a title, parts words. Marks belong to letters, as in Hindi.
    """
    name = " ".join(unicodedata.normalize("NFC", text).replace(",", " ").split())
    if not name or len(name) > PERSON_NAME or not any(character.isalpha() for character in name):
        return None
    return name if all(_may_stand(character) for character in name) else None


def _may_stand(character: str) -> bool:
    return character.isalpha() or character in _BESIDE_LETTERS or unicodedata.category(character) in {"Mn", "Mc"}


# docs/spec/messages.md §6.2: "Letter case, diacritics and the amount of white space make no difference between texts,
# nor between names."
def folded(name: str) -> str:
    """The name as it is compared."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
