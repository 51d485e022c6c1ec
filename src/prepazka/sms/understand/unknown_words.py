"""Words of a message that mean nothing to the office: what its manager may make synonyms of."""

from collections.abc import Iterator
from functools import cache

from prepazka.core.office.office import Office
from prepazka.sms.understand import names, small_words
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.spelling import key, keys
from prepazka.sms.understand.synonyms import synonyms
from prepazka.sms.understand.tokens import tokens

_SHORTEST = 2
_LONGEST = 30
"""Characters of a word that is told: a longer one is no word anybody would send again."""


# docs/spec/administration.md §7: "Numbers, and words that stand on the lists of names, are never shown"
def unknown_words(text: str, office: Office) -> list[tuple[str, ...]]:
    """Return the unknown words of a text, folded, those that stand side by side together.

    Not told is what has a digit, what stands on a list of names, and what the office or a language knows.
    """
    own = {*office.service_of, *(word for phrase in synonyms(office) for word in phrase.split())}
    return list(_runs(text, own))


def _runs(text: str, own: set[str]) -> Iterator[tuple[str, ...]]:
    run: list[str] = []
    for token in tokens(text):
        word = key(token.text)
        if token.kind == "word" and _SHORTEST <= len(word) <= _LONGEST and word not in own and word not in _known():
            run.append(word)
            if not token.ends:
                continue
        if run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


@cache
def _known() -> frozenset[str]:
    """Return the words the languages know, and all names there are lists of."""
    listed = names.load()
    small = {word for one in small_words.load() for spelled in one.natural for word in spelled.split()}
    spoken = {spelled for word in small for spelled in keys(word)}
    commands = {*VOCABULARY.commands, *VOCABULARY.special}
    return frozenset().union(spoken, commands, listed.surnames, listed.given)
