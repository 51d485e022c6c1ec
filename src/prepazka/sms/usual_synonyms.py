"""Usual synonyms: the words people use for the common services of Czech towns, offered to whoever sets a service up."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prepazka.core.office.office import Office
from prepazka.sms.folding import fold
from prepazka.sms.understand.synonyms import folded, synonyms

_FILE = Path(__file__).with_name("usual_synonyms.toml")


@dataclass(frozen=True, slots=True)
class UsualService:
    """A common service.

    titles: beginnings of words, folded: all of one group stand in the title of such a service. without: beginnings of
    which none may. synonyms: as people write them.
    """

    titles: tuple[tuple[str, ...], ...]
    without: tuple[str, ...]
    synonyms: tuple[str, ...]


@cache
def load() -> tuple[UsualService, ...]:
    """Return every common service of the file, in its order: the first that matches a title decides."""
    listed = tomllib.loads(_FILE.read_text("utf-8"))["services"]
    return tuple(
        UsualService(tuple(map(tuple, one["titles"])), tuple(one.get("without", ())), tuple(one["synonyms"]))
        for one in listed
    )


def usual_synonyms(title: str, code: str, office: Office) -> tuple[str, ...]:
    """Return the usual synonyms of a service of this title that no other service of the office has.

    code: of the service, "" for one that is not saved yet.
    """
    others = {said for said, of in synonyms(office).items() if of != code}
    others |= office.service_of.keys()
    usual = next((one for one in load() if _matches(one, fold(title).split())), None)
    return tuple(one for one in usual.synonyms if folded(one) not in others) if usual else ()


def _matches(usual: UsualService, words: list[str]) -> bool:
    if any(_stands(one, words) for one in usual.without):
        return False
    return any(all(_stands(one, words) for one in group) for group in usual.titles)


def _stands(beginning: str, words: list[str]) -> bool:
    return any(word.strip(",.;()").startswith(beginning) for word in words)
