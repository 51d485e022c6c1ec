"""What a reply teaches, found in its text alone: knowing the language files' words and nothing of the code behind it.

A message begins with a command word in capitals and goes on while capitals, digits or the sender's own name follow.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.conversation.office import LANGUAGES, fold
from tests.conversation.wishes import Wish, clock, day_month

COMMANDS = {
    fold(word): name for speech in LANGUAGES.values() for name, words in speech.commands.items() for word in words
}
HOLES = {fold(word): slot for speech in LANGUAGES.values() for slot, word in speech.holes.items()}

_OPENING = "\"'„“‚(["
_ENDING = '!?,;:)"“”'
_CLOSING = "\"'“”‘’)]!?,;:."


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
        return [HOLES[fold(word)] for word in self.text.split() if fold(word) in HOLES]


def taught(reply: str, names: Iterable[str] = ()) -> list[Taught]:
    """The messages a reply teaches, in order. names: what the sender is called, that goes on a message in any case."""
    own = {fold(word) for name in names for word in name.split()}
    return [message for line in reply.splitlines() for message in _of_line(line.split(), own)]


def _of_line(words: Sequence[str], own: set[str]) -> Iterator[Taught]:
    i = 0
    while i < len(words):
        command = _command(words[i])
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
    """The command of a message whose first words are two, as on the town's page: OBJ TERMIN, POMOC ZKR."""
    second = fold(message[1]) if len(message) > 1 else ""
    if command == "help" or (command == "book" and second not in HOLES):
        return COMMANDS.get(second, command)
    return command


def _command(word: str) -> str | None:
    """The command a word is, where it stands as one: in capitals, not in quotes."""
    bare = word.rstrip(_CLOSING)
    if bare[:1] in _OPENING or bare != bare.upper() or fold(bare) in HOLES:
        return None
    return COMMANDS.get(fold(bare))


def _goes_on(word: str, message: Sequence[str], own: set[str]) -> bool:
    bare = word.rstrip(_CLOSING)
    if word[0] in _OPENING or not bare:
        return False
    if fold(bare) in own or fold(bare) in HOLES:
        return True
    if _command(word):  # two commands belong together only as on the town's page: OBJ TERMIN, POMOC ZKR
        return len(message) == 1 and COMMANDS.get(fold(message[0])) in {"book", "help"}
    return any(letter.isdigit() for letter in bare) or (bare == bare.upper() and len(bare) > 1)


def _ends(word: str) -> bool:
    """Whether a sentence or a clause ends here; the full stop of a date ends nothing."""
    return word[-1] in _ENDING or (word[-1] == "." and not re.search(r"\d\.$", word))


def _ended(word: str) -> str:
    return word.rstrip(_ENDING) if re.search(r"\d\.$", word) else word.rstrip(_CLOSING)


def filled(message: Taught, wish: Wish, code: str) -> str:
    """The message with its holes filled by the sender."""
    if not message.holes:
        return message.text
    values = {
        "day": day_month(wish.day),
        "at": clock(wish.at),
        "name": wish.name,
        "service": wish.service,
        "code": code,
    }
    return " ".join(values.get(HOLES.get(fold(word), ""), word) for word in message.text.split())
