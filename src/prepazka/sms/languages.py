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
    """One language file.

    name: what it is called, in itself. words: what it understands. replies, forms: what it says (template by name).
    titles: what the administration calls each reply text and each outcome. page: by name of a form
    (`understand.commands.PageForm`), what the office's page says of it.
    """

    code: str
    name: str
    words: Words
    replies: Mapping[str, str]
    forms: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]
    page: Mapping[str, Mapping[str, str]]


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
    return Language(
        code=path.stem,
        name=data.get("name", path.stem),
        words=words,
        replies=data.get("replies", {}),
        forms=data.get("forms", {}),
        titles=data.get("titles", {}),
        page=data.get("page", {}),
    )
