"""The check of an office's own texts, codes and synonyms by the send-back test (docs/spec/conversation.md §7)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from prepazka.core.booking.draft import Draft
from prepazka.core.office.office import Office, Service
from prepazka.sms.languages import Language, offered
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.render import templates_of
from prepazka.sms.reply.templates import Templates
from prepazka.sms.send_back.conversation import InMemory, Said
from prepazka.sms.send_back.judge import Complaint, of_reply
from prepazka.sms.send_back.situations import roomy, situations
from prepazka.sms.send_back.taught import UNKNOWN
from prepazka.sms.send_back.wishes import COMMAND, Kind, Told, Wish, message, slots_of, wishes
from prepazka.sms.understand.synonyms import folded

MONTHS = 12
"""Wishes an own text is tried with, one in each month of a year."""

AT_ONCE = 3
"""Wishes a text is tried with while somebody waits."""

_SHIPPED = 4
"""Wishes a text of a language file is tried with: it is the office's codes that are in question."""

_DONE: Mapping[Kind, Collection[str]] = {
    "book": ("booked",),
    "soonest": ("booked", "no_free_slot", "closed_day"),
    "free": ("free_times",),
    "watch": ("watching", "free_times"),
}
"""What comes of a message that names a service, as far as it is understood."""

_PLACEHOLDERS: Mapping[str, Sequence[str]] = {
    "book": ("example", "book", "soonest", "later", "message", "offers"),
    "cancel": ("cancel", "messages", "example"),
    "free": ("free_times", "example"),
    "accept": ("accept", "offers"),
    "stop": ("stop", "resume"),
    "resume": ("resume", "stop"),
}
"""The placeholders that stand for a message of a command; of any other command, the one of its name."""


@dataclass(frozen=True, slots=True)
class TaughtProblem:
    """A message that a reply teaches, or that names a service, and that does not do what it is sent for.

    text: the name of the reply text, "" where the office's codes and synonyms are in question. service: the code it was
    tried with; word: what the message calls it. sent: the message; came: its outcome. what: what is wrong, as of a
    `judge.Complaint`. instead: what to write in the text: placeholders, or a message that is right.
    """

    language: str
    text: str
    service: str
    word: str
    sent: str
    came: str
    what: str
    instead: Sequence[str] = ()

    @property
    def fix(self) -> str:
        """What to do, in plain English."""
        if not self.text:
            return "choose another code" if self.word == self.service else "choose another synonym, or another code"
        if self.instead:
            return f"write {' or '.join(self.instead)} there, alone on its line"
        return "leave that message out"

    def __str__(self) -> str:
        if self.text:
            return f'the text {self.language} {self.text} {self.what}: "{self.sent}"'
        return f'{self.word}: the message "{self.sent}" does not do what it says: {self.came}'


@dataclass(frozen=True, slots=True)
class Trial:
    """One step of the check: texts of one language with one wish, or the messages that name one service."""

    office: Office
    language: Language
    wish: Wish
    names: frozenset[str]
    words: tuple[str, ...] = ()

    def problems(self) -> Iterator[TaughtProblem]:
        """Yield what is wrong."""
        for word in self.words:
            yield from _of_word(self.office, self.language, self.wish, word)
        own = self.office.texts.get(self.language.code, {})
        for situation in situations(self.office, self.language, self.wish, self.names):
            for found in of_reply(situation.conversation, situation.told, situation.said):
                name = situation.text if situation.text in own else ""
                yield self._problem(name, found)

    def _problem(self, name: str, found: Complaint) -> TaughtProblem:
        code, language = self.wish.service, self.language.code
        instead = _instead(name, found.command, templates_of(self.office, language)) if name else ()
        return TaughtProblem(language, name, code, code, found.sent, found.came, found.what, instead)


def _instead(text: str, command: str, templates: Templates) -> Sequence[str]:
    """Return what to write into a text: its placeholders for such a message, or else the form with holes."""
    usable = [name for name in _PLACEHOLDERS.get(command, (command,)) if name in TEXTS[text].allowed]
    if usable:
        return [f"{{{name}}}" for name in usable]
    if command in {"accept", UNKNOWN}:  # no question is open; nobody knows what is meant
        return ()
    return [f'"{templates.forms.draft(Draft({"free": "free_times"}.get(command, command)))}"']


def trials(office: Office, now: datetime) -> list[Trial]:
    """Return all steps of the check: each service by code and synonyms, each text, each language on offer."""
    found: list[Trial] = []
    office = _bookable(office)
    for language in offered(office):
        own = frozenset(office.texts.get(language.code, {})) & TEXTS.keys()
        for service in office.services:
            words = words_of(service)
            found += [Trial(office, language, wish, frozenset(), words) for wish in wishes(office, service, now, 1)]
        found += _of_texts(office, language, frozenset(TEXTS) - own, now, _SHIPPED)
        found += _of_texts(office, language, own, now, MONTHS)
    return found


# docs/spec/administration.md §4: "A text is also refused that teaches a message which, sent back, does something else"
def new_taught_problems(after: Office, before: Office | None, now: datetime) -> list[TaughtProblem]:
    """Return what is wrong with the texts, codes and synonyms of the office that it did not have before."""
    steps: list[Trial] = []
    after = _bookable(after)
    for language in offered(after):
        own = after.texts.get(language.code, {})
        known = before.texts.get(language.code, {}) if before else {}
        changed = frozenset(name for name, text in own.items() if name in TEXTS and known.get(name) != text)
        steps += _of_texts(after, language, changed, now, AT_ONCE)
        for service in after.services:
            if new := _new_words(service, before):
                steps += [Trial(after, language, wish, frozenset(), new) for wish in wishes(after, service, now, 1)]
    return find(steps)


def _bookable(office: Office) -> Office:
    """Return the office with all its services offered, as the texts are to be true when they are."""
    every = tuple(replace(service, weekdays=(), paused_from=None) for service in office.services)
    return replace(office, services=every)


def _new_words(service: Service, before: Office | None) -> tuple[str, ...]:
    known = before.service_of.get(service.code) if before else None
    return tuple(word for word in words_of(service) if known is None or word not in words_of(known))


def words_of(service: Service) -> tuple[str, ...]:
    """Return what messages may call a service."""
    return (service.code, *service.synonyms)


def find(steps: Iterable[Trial]) -> list[TaughtProblem]:
    """Return what is wrong, once for each text and each word."""
    found: dict[tuple[str, str, str], TaughtProblem] = {}
    for problem in chain.from_iterable(step.problems() for step in steps):
        found.setdefault((problem.language, problem.text, "" if problem.text else problem.word), problem)
    return list(found.values())


def _of_texts(office: Office, language: Language, names: frozenset[str], now: datetime, number: int) -> Iterator[Trial]:
    """Yield trials of these texts: as many as wishes, or as services where there are more wishes than those."""
    if not names or not office.services:
        return
    by_service = [list(wishes(office, service, now, number)) for service in _a_few(office.services, number)]
    for count in range(number):
        found = by_service[count % len(by_service)]
        if found:
            yield Trial(office, language, found[count % len(found)], names)


def _a_few(services: Sequence[Service], number: int) -> Sequence[Service]:
    """Return the services tried: those with the longest codes first, which leave the least room for the rest."""
    return sorted(services, key=lambda service: -len(service.code))[:number]


# docs/spec/conversation.md §4: "A booking made by a synonym is confirmed with the code."
def _of_word(office: Office, language: Language, wish: Wish, word: str) -> Iterator[TaughtProblem]:
    """A message that names the service by this word does what the documented form says, and its reply teaches truly."""
    for kind in _DONE:
        one = replace(wish, kind=kind)
        conversation = InMemory(roomy(office, language), wish.now)
        said = conversation.say(message(one, language, service=folded(word)))
        if said.outcome not in _DONE[kind] or not _names(said, wish.service):
            yield TaughtProblem(language.code, "", wish.service, word, said.text, said.outcome, "is not done")
            return
        given = frozenset(slot for slot, _ in slots_of(one, language.words.commands[COMMAND[kind]][0]))
        told = Told(one, given=given, accept=language.words.commands["accept"][0])
        for found in of_reply(conversation, told, said):
            yield TaughtProblem(language.code, "", wish.service, word, found.sent, found.came, found.what)


def _names(said: Said, code: str) -> bool:
    """Return whether what came of a message is about this service."""
    about = said.booking or said.result
    service = getattr(about, "service", None)
    return getattr(service, "code", service) in {code, None}
