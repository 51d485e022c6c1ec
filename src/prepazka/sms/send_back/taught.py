"""Finding what a reply teaches in its text alone, knowing only the words of the language files.

A message begins with a command word in capitals and goes on while capitals, digits or the sender's own name follow.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from prepazka.sms.folding import fold
from prepazka.sms.languages import load
from prepazka.sms.reply.phrases import clock, short_day
from prepazka.sms.send_back.wishes import Wish

UNKNOWN = "unknown"
"""The command of a message that begins with no word of the language files: "ZRUS KOD DATUM"."""

_OPENING = "\"'„“‚(["
_ENDING = '!?,;:)"“”'
_CLOSING = "\"'“”‘’)]!?,;:."


@cache
def command_words() -> Mapping[str, str]:
    """Return the command each word of a language file names, folded."""
    return {
        fold(word): name for language in load() for name, words in language.words.commands.items() for word in words
    }


@cache
def hole_words() -> Mapping[str, str]:
    """Return the value each word stands for that replies show in place of one, folded."""
    return {fold(words[0]): slot for language in load() for slot, words in language.words.holes.items()}


@dataclass(frozen=True)
class Taught:
    """A message a reply teaches: as it stands there, and the command it begins with."""

    text: str
    command: str

    @property
    def holes(self) -> Sequence[str]:
        """The slots it leaves open; in POMOC ZKR the second word is a command."""
        if self.command in {"help", "services"}:
            return []
        return [hole_words()[fold(word)] for word in self.text.split() if fold(word) in hole_words()]

    @property
    def dated(self) -> bool:
        """Whether it names a day or a time, or leaves one open."""
        return not {"day", "at"}.isdisjoint(self.holes) or re.search(r"\d[.:]", self.text) is not None


def taught(reply: str, names: Iterable[str] = ()) -> list[Taught]:
    """Return the messages a reply teaches, in order. names: what the sender is called; they may be in any case."""
    own = {fold(word) for name in names for word in name.split()}
    return [found for line in reply.splitlines() for found in _of_line(line.split(), own)]


def _of_line(words: Sequence[str], own: set[str]) -> Iterator[Taught]:
    i = 0
    while i < len(words):
        command = _command(words[i]) or _unknown(words[i : i + 2])
        if command is None:
            i += 1
            continue
        message: list[str] = []
        while i < len(words):
            message.append(_ended(words[i]))
            i += 1
            if _ends(words[i - 1]) or i == len(words) or not _goes_on(words[i], message, own):
                break
        yield Taught(" ".join(message), _inner(command, message))


def _inner(command: str, message: Sequence[str]) -> str:
    """Return the command of a message whose first words are two, as on the town's page: OBJ TERMIN, POMOC ZKR."""
    second = fold(message[1]) if len(message) > 1 else ""
    if command == "help" or (command == "book" and second not in hole_words()):
        return command_words().get(second, command)
    return command


def _command(word: str) -> str | None:
    """Return the command a word is, where it stands as one: in capitals, not in quotes."""
    bare = word.rstrip(_CLOSING)
    if bare[:1] in _OPENING or bare != bare.upper() or fold(bare) in hole_words():
        return None
    return command_words().get(fold(bare))


def _unknown(words: Sequence[str]) -> str | None:
    """Return `UNKNOWN` for a word in capitals that the word for a value follows, though it is no command."""
    bare = words[0].rstrip(_CLOSING)
    if bare != words[0] or not bare.isalpha() or bare != bare.upper() or fold(bare) in hole_words():
        return None
    return UNKNOWN if len(words) > 1 and fold(words[1].rstrip(_CLOSING)) in hole_words() else None


def _goes_on(word: str, message: Sequence[str], own: set[str]) -> bool:
    bare = word.rstrip(_CLOSING)
    if word[0] in _OPENING or not bare:
        return False
    if fold(bare) in own or fold(bare) in hole_words():
        return True
    if _command(word):  # two commands belong together only as on the town's page: OBJ TERMIN, POMOC ZKR
        return len(message) == 1 and command_words().get(fold(message[0])) in {"book", "help"}
    return any(letter.isdigit() for letter in bare) or (bare == bare.upper() and len(bare) > 1)


def _ends(word: str) -> bool:
    """Return whether a sentence or a clause ends here; the full stop of a date ends nothing."""
    return word[-1] in _ENDING or (word[-1] == "." and not re.search(r"\d\.$", word))


def _ended(word: str) -> str:
    return word.rstrip(_ENDING) if re.search(r"\d\.$", word) else word.rstrip(_CLOSING)


def filled(message: Taught, wish: Wish, code: str) -> str:
    """Return the message with its holes filled by the sender."""
    if not message.holes:
        return message.text
    values = {
        "day": short_day(wish.day),
        "at": clock(wish.at),
        "name": wish.name,
        "service": wish.service,
        "code": code,
    }
    return " ".join(values.get(hole_words().get(fold(word), ""), word) for word in message.text.split())
