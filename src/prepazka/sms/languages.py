"""The languages of messages: one TOML file each, in the folder beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prepazka.core.office.office import Office
from prepazka.sms.alphabets import ALPHABETS, GSM, MOST_PARTS, Alphabet
from prepazka.sms.per_office import per_office
from prepazka.sms.vocabulary import Words

FIRST = "cs"
"""The language of a message in which no other language shows itself."""

_FOLDER = Path(__file__).with_name("languages")


@dataclass(frozen=True, slots=True)
class Language:
    """One language file.

    name: what it is called, in itself. alphabet: what its replies are written in; parts: how many parts any of them may
    take. words: what it understands. replies, forms: what it says (template by name).
    titles: what the administration calls each reply text and each outcome. page: by name of a form
    (`understand.commands.PageForm`), what the office's page says of it.
    """

    code: str
    name: str
    alphabet: Alphabet
    parts: int
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


def offered(office: Office) -> tuple[Language, ...]:
    """Return the languages the office answers in, in its own order; all of them where it chose none."""
    known = {language.code: language for language in load()}
    chosen = [known[code] for code in office.settings.languages if code in known]
    return tuple(chosen) or load()


# docs/spec/messages.md §5.2: "Where the office does not offer that language, the reply is in the first one it offers."
def answering(office: Office, language: str) -> str:
    """Return the code of the language to answer in: this one if the office offers it, else the first that it offers.

    The first is `FIRST` wherever the office offers it, in whatever order.
    """
    codes = _codes(office)
    return language if language in codes else codes[0]


@per_office
def _codes(office: Office) -> tuple[str, ...]:
    """The codes of the languages the office answers in, `FIRST` first where it is among them."""
    return tuple(sorted((one.code for one in offered(office)), key=lambda code: code != FIRST))


def _language(path: Path) -> Language:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        alphabet, parts = ALPHABETS[data.get("alphabet", GSM.name)], int(data.get("parts", 1))
        if not 1 <= parts <= MOST_PARTS:
            raise ValueError(f"parts = {parts}: a reply takes 1 to {MOST_PARTS}")
        words = Words.of(data["words"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Language(
        code=path.stem,
        name=data.get("name", path.stem),
        alphabet=alphabet,
        parts=parts,
        words=words,
        replies=data.get("replies", {}),
        forms=data.get("forms", {}),
        titles=data.get("titles", {}),
        page=data.get("page", {}),
    )
