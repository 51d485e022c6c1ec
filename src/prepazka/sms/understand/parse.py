"""Understanding a message: any text becomes one request or one typed misunderstanding.

The iron rule (spec/messages.md §3): every token is accounted for, or nothing happens. So a message is never
searched for what it might contain; all ways to cover *all* its tokens with a command, its values and a name are
found (`parses`), and one of them must be what was meant (`meaning`):

- a single cover is it;
- of several complete ones, the one in the documented order (date, time, name) is it;
- where one cover lacks something or has a date that does not exist, while another would be complete, or where two
  complete ones differ, nothing is guessed: the reply asks.

Beside values and names two things are accounted for: decoration (`tokens`) and courtesy (`pleasantries`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import (
    BadDate,
    BadTime,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    Misunderstanding,
    NotUnderstood,
    UnknownService,
)
from prepazka.core.booking.requests import Request
from prepazka.core.office.office import Office
from prepazka.sms.folding import fold, text_key
from prepazka.sms.languages import FIRST, answering, load
from prepazka.sms.understand.candidates import Candidates, Fills, Name
from prepazka.sms.understand.commands import COMMANDS, Lack
from prepazka.sms.understand.correction import draft
from prepazka.sms.understand.meaning import Ambiguous, Lacking, NoSuchDay, NoSuchTime, given, meaning
from prepazka.sms.understand.parses import Parses
from prepazka.sms.understand.pleasantries import without_pleasantries
from prepazka.sms.understand.tokens import SHOWN, Token, shown, tokens
from prepazka.sms.vocabulary import CommandName, Vocabulary

__all__ = ["MOST_CHARACTERS", "Reading", "parse", "text_key"]

MOST_CHARACTERS = 1000
"""A longer text (more than six parts) is not a message to an office."""

_NEAR = 0.6
"""Similarity of a typing error: one error in three letters, two in six."""
_LEFT_OUT = 3
"""Tokens left out at most to find an example."""

_WORDS_OF = {language.code: language.words for language in load()}
VOCABULARY = Vocabulary.of(_WORDS_OF.items(), [name for name, command in COMMANDS.items() if command.changes])
_CORRECTABLE = tuple(word for word, command in VOCABULARY.commands.items() if COMMANDS[command].may_be_meant)
"""Command words that a typing error may have been meant for; a yes is never supposed."""

_UNREAD = NotUnderstood("", None)
_SLOTS = {name: frozenset(command.slots) for name, command in COMMANDS.items()}
_MISSING: Mapping[Lack, type[MissingName | MissingDate | MissingTime | MissingCode]] = {
    "name": MissingName,
    "day": MissingDate,
    "at": MissingTime,
    "code": MissingCode,
}


class Reading(NamedTuple):
    """What a text asks, and the language to reply in: the first one unless words of another that the office offers
    were used."""

    request: Request | Misunderstanding
    language: str


# docs/spec/messages.md §3.1: "A message that is understood only in part is never acted on."
# docs/spec/messages.md §3.1: "Every text, however long or odd, has exactly one result: a reading, or a misunderstanding
# of a known type."
def parse(text: str, office: Office, today: date, *, drafted: bool = True) -> Reading:
    """The one reading of any text whatever; never an exception.

    today: the office's local day on which the message was sent; day words and dates without a year count from it.
    drafted: whether a message that is no request is corrected; else it is only said to be none, in half the time.
    """
    request, language = _read(text, office, today, drafted)
    return Reading(request, answering(office, language))


def _read(text: str, office: Office, today: date, drafted: bool) -> tuple[Request | Misunderstanding, str]:
    if len(text) > MOST_CHARACTERS:
        return NotUnderstood(shown(text.lstrip()), None), FIRST
    written = tokens(text)
    message = without_pleasantries(written, VOCABULARY)
    if not message:
        return NotUnderstood(shown(written[0].text) if written else "", None), _language(written)
    found = _Parser(office, today, drafted).found(message)
    return found.request, found.language


class _Head(NamedTuple):
    """What a message begins with; `length` is its number of tokens."""

    command: CommandName
    service: str
    length: int


class _Found(NamedTuple):
    """A reading with what it was made of; head is None where there is nothing to make an example of."""

    request: Request | Misunderstanding
    language: str
    head: _Head | None
    fills: Fills


_NO_REQUEST = _Found(_UNREAD, FIRST, None, {})


class _Parser:
    """Reads messages to one office on one day."""

    def __init__(self, office: Office, today: date, drafted: bool) -> None:
        self._office = office
        self._today = today
        self._drafted = drafted

    def found(self, message: Sequence[Token]) -> _Found:
        """The reading of a message of at least one token."""
        command, length = _command(message)
        if command is None:
            return self._unknown_command(message)
        if not COMMANDS[command].takes_service:
            return self._values(_Head(command, "", length), message)
        length = _skipped(message, length)
        if length == len(message):
            return self._no_service(command, message)
        service = self._service(message[length])
        if service is None:
            return self._unknown_service(command, message, length) if self._drafted else _NO_REQUEST
        return self._values(_Head(command, service, length + 1), message)

    # --- the head: command and service ------------------------------------------------------------

    # docs/spec/messages.md §3.7: "A command word with a typing error is not acted on; the reply shows the message as it
    # was probably meant."
    def _unknown_command(self, message: Sequence[Token]) -> _Found:
        first = message[0]
        if self._service(first) is not None:
            meant = self.found([_word(_WORDS_OF[FIRST].commands["book"][0]), *message])
        elif near := process.extractOne(
            first.folded[:SHOWN], _CORRECTABLE, scorer=OSA.normalized_similarity, score_cutoff=_NEAR
        ):
            # Nobody wrote the word that was meant: it says nothing of the sender's language.
            meant = self.found([_word(near[0]), *message[1:]])._replace(language=_language(message[1:]))
        else:
            return _Found(NotUnderstood(shown(first.text), None), FIRST, None, {})
        return meant._replace(request=NotUnderstood(shown(first.text), self._draft(meant)))

    def _no_service(self, command: CommandName, message: Sequence[Token]) -> _Found:
        found = _Found(_UNREAD, _language(message), _Head(command, "", 0), {})
        return found._replace(request=NotUnderstood(shown(message[0].text), self._draft(found, dated=True)))

    # docs/spec/messages.md §4: "up to 3 codes it may be a typing error of"
    def _unknown_service(self, command: CommandName, message: Sequence[Token], place: int) -> _Found:
        codes = list(self._office.service_of)
        typed = fold(message[place].text)[: max(map(len, codes), default=0) + 1]
        near = tuple(
            code
            for code, *_ in process.extract(typed, codes, scorer=OSA.normalized_similarity, score_cutoff=_NEAR, limit=3)
        )
        meant = self._values(_Head(command, near[0] if near else "", place + 1), message)
        request = UnknownService(shown(message[place].text), near, self._draft(meant))
        return _Found(request, _language(message[:place]), None, {})

    def _service(self, token: Token) -> str | None:
        """The service code a token is, compared also as typed: the correction of numbers may have changed it."""
        known = self._office.service_of
        if token.folded in known:
            return token.folded
        typed = fold(token.text)
        return typed if typed in known else None

    # --- the values -------------------------------------------------------------------------------

    def _values(self, head: _Head, message: Sequence[Token]) -> _Found:
        rest = message[head.length :]
        parses = self._parses(head, rest)
        if not parses.full:
            return self._not_parsed(head, message, parses) if self._drafted else _NO_REQUEST
        verdict, fills = meaning(COMMANDS[head.command], head.service, parses.full, self._today)
        language = _language(_used(head, message, fills))
        if isinstance(verdict, Request):
            return _Found(verdict, language, head, fills)
        found = _Found(_UNREAD, language, head, fills)
        match verdict:
            case Lacking(slot):
                request: Misunderstanding = _MISSING[slot](self._own(found))
            case NoSuchDay(token):
                request = BadDate(shown(token), self._own(found))
            case NoSuchTime(token):
                request = BadTime(shown(token), self._own(found))
            case Ambiguous():
                request = NotUnderstood(shown(_ambiguous(rest).text), self._draft(found))
        return found._replace(request=request)

    def _parses(self, head: _Head, rest: Sequence[Token]) -> Parses:
        return Parses(Candidates(rest, _SLOTS[head.command], VOCABULARY, self._today), len(rest))

    # docs/spec/messages.md §3.1: "Either every token of a message has a meaning, or the office does nothing but reply
    # with the token it did not understand and a corrected example."
    def _not_parsed(self, head: _Head, message: Sequence[Token], parses: Parses) -> _Found:
        """Names the first token no reading gets past; the example leaves it out, and a second request altogether."""
        rest = list(message[head.length :])
        first = rest[parses.furthest] if parses.furthest < len(rest) else _ambiguous(rest)
        understood = _used(head, message[: head.length + parses.furthest], parses.reached)
        for _ in range(_LEFT_OUT):
            if parses.full or parses.furthest >= len(rest):
                break
            del rest[parses.furthest : None if first.folded in VOCABULARY.requests else parses.furthest + 1]
            parses = self._parses(head, rest)
        fills = parses.reached
        if parses.full:
            _, fills = meaning(COMMANDS[head.command], head.service, parses.full, self._today)
        found = _Found(_UNREAD, _language(understood), head, fills)
        dated = any(token.kind == "number" for token in message[head.length :])
        return found._replace(request=NotUnderstood(shown(first.text), self._draft(found, dated)))

    def _own(self, found: _Found) -> Draft:
        """The draft of a message that has a command."""
        own = self._draft(found)
        if own is None:
            raise AssertionError("a message of values has a head")
        return own

    def _draft(self, found: _Found, dated: bool = False) -> Draft | None:
        head = found.head
        if head is None:
            return None
        dated = dated or "day" in found.fills or "at" in found.fills
        return draft(head.command, given(head.service, found.fills), dated=dated, today=self._today)


def _command(message: Sequence[Token]) -> tuple[CommandName | None, int]:
    """The command a message begins with and the tokens it takes.

    The word for booking may stand before every other command, as on the town's page: "OBJ TERMIN".
    """
    commands = VOCABULARY.commands
    command = commands.get(message[0].folded)
    length = 1
    if command == "book":
        second = _skipped(message, 1)
        if second < len(message) and (inner := commands.get(message[second].folded, "book")) != "book":
            command, length = inner, second + 1
    if command == "help":
        last = _skipped(message, length)
        if last < len(message) and commands.get(message[last].folded) == "services":
            command, length = "services", last + 1
    return command, length


def _skipped(message: Sequence[Token], i: int) -> int:
    """The first token from `i` on that is not decoration."""
    return i + 1 if i < len(message) and message[i].kind == "decoration" else i


def _word(folded: str) -> Token:
    return Token(folded, folded, "word")


def _ambiguous(tokens: Sequence[Token]) -> Token:
    """The token that may mean several things: the first word with a meaning of its own, or else the first number."""
    special = (token for token in tokens if token.folded in VOCABULARY.special)
    numbers = (token for token in tokens if token.kind == "number")
    return next(special, None) or next(numbers, tokens[0])


def _used(head: _Head, message: Sequence[Token], fills: Fills) -> list[Token]:
    """The tokens that were read as words of a language: neither the service code nor the name."""
    name = fills.get("name")
    rest = message[head.length :]
    before = message[: head.length - 1] if head.service else message[: head.length]
    if not isinstance(name, Name):
        return [*before, *rest]
    return [*before, *rest[: name.first], *rest[name.end :]]


def _language(tokens: Sequence[Token]) -> str:
    for token in tokens:
        if token.folded in VOCABULARY.foreign:
            return VOCABULARY.foreign[token.folded]
    return FIRST
