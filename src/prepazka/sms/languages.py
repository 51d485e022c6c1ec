"""The languages of messages: one TOML file each, in the folder beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prepazka.sms.vocabulary import Words

FIRST = "cs"
"""The language of a message in which no other language shows itself."""

_FOLDER = Path(__file__).with_name("languages")


@dataclass(frozen=True, slots=True)
class Language:
    """One language file: `words` is what it understands, `replies` and `forms` what it says (template by name)."""

    code: str
    words: Words
    replies: Mapping[str, str]
    forms: Mapping[str, str]


@cache
def load() -> tuple[Language, ...]:
    """Every language there is a file for, `FIRST` first, the others by code.

    Raises ValueError for a file whose words are incomplete or not written as they are compared.
    """
    files = sorted(_FOLDER.glob("*.toml"), key=lambda path: (path.stem != FIRST, path.stem))
    return tuple(_language(path) for path in files)


def _language(path: Path) -> Language:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        words = Words.of(data["words"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Language(path.stem, words, data.get("replies", {}), data.get("forms", {}))
