"""What an office answers, each reply text at least once, in situations in which the messages it teaches can be sent.

The outcomes are those of the rows of the replies (`sms.reply.answers`), with a wish's values in place of the longest;
so a new outcome is tested without another line here. What only a real message leads to, or what needs its own values,
stands below.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import time, timedelta

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import MissingCode, MissingDate, NotUnderstood
from prepazka.core.booking.next_free import Instead
from prepazka.core.booking.outcomes import (
    Duplicate,
    FreeTimesListed,
    Held,
    NothingOffered,
    Offer,
    Outcome,
    Proposed,
    SlotFull,
)
from prepazka.core.booking.questions import Chosen, Question
from prepazka.core.booking.snapshot import Snapshot
from prepazka.core.office.office import Office
from prepazka.sms.languages import Language
from prepazka.sms.reply import render
from prepazka.sms.reply.answers import ANSWERS, answer
from prepazka.sms.reply.longest import Longest
from prepazka.sms.reply.render import Reply, templates_of
from prepazka.sms.send_back.conversation import PHONE, InMemory, Said
from prepazka.sms.send_back.wishes import Told, Wish, message, start_after
from prepazka.sms.understand.correction import plain_name
from prepazka.sms.understand.dates import needs_year

# Their rows have values that are long and not true, such as a code that nobody holds.
_OWN_VALUES = {
    "held", "help", "help_info", "free_times", "free_times_to_move", "nothing_offered_so", "nothing_offered_asked",
    "proposed_move", "missing_date", "missing_date_hole", "missing_date_own", "missing_code", "missing_code_hole",
    "not_understood_two",
}  # fmt: skip
_OF_TWO = {"proposed_choice", "proposed_together"}
_GIVEN = frozenset({"service", "persons", "day", "at", "name"})
_REASON = "porucha"
_HELD_AS = "Svobodová"
"""Under another name, so that the wish is no repeat of it."""


@dataclass(frozen=True)
class Situation:
    """One reply text as it is sent: what the phone was told, and the conversation that goes on from there."""

    text: str
    told: Told
    said: Said
    conversation: InMemory


class Scene:
    """A phone that holds one booking and wishes for another, at an office whose limits leave room for both."""

    def __init__(self, office: Office, language: Language, wish: Wish) -> None:
        self.language, self.wish = language, wish
        self.office = roomy(office, language)
        self.conversation = InMemory(self.office, wish.now)
        self.held = self._hold()

    def _hold(self) -> Booking | None:
        """Book the start that the phone holds; None where the office does not understand its own service."""
        day, at = self.wish.held or (self.wish.day, self.wish.at)
        self.conversation.say(message(replace(self.wish, day=day, at=at, name=_HELD_AS), self.language))
        self.conversation.now += timedelta(minutes=11)
        return next(iter(self.conversation.bookings()), None)

    def told(self, *, any_of: bool = False) -> Told:
        """Return what the office was told: nothing, it speaks first; so every value it teaches must be the wish's."""
        code = self.held.code if self.held else ""
        accept = self.language.words.commands["accept"][0]
        return Told(self.wish, code, _GIVEN, any_of=any_of, accept=accept, free=True)

    def cancelling(self, held: Booking) -> Told:
        """Return the same of who wants to cancel what they hold."""
        wish = replace(self.wish, kind="cancel", day=held.day, at=held.at)
        return replace(self.told(), wish=wish, given=frozenset({"command"}))

    def text_of(self, outcome: Outcome) -> str | None:
        """Return the name of the text that answers an outcome; None where nothing is sent."""
        found = answer(outcome, self.office, templates_of(self.office, self.language.code))
        return found.text if found else None

    @contextmanager
    def answered(self, *outcomes: Outcome) -> Iterator[Said]:
        """Answer with these outcomes, one after the other; the last one is said."""
        with self.conversation.aside():
            *_, last = [self.conversation.answer(outcome, self.language.code) for outcome in outcomes]
            yield last

    @contextmanager
    def sent(self, text: str) -> Iterator[Said]:
        """Send a message."""
        with self.conversation.aside():
            yield self.conversation.say(text)


def roomy(office: Office, language: Language) -> Office:
    """Return the office without limits that would stand in the way of a message, answering in one language."""
    settings = replace(
        office.settings,
        open_per_sender=9,
        open_per_sender_and_service=None,
        open_per_sender_and_agenda=None,
        open_per_sender_and_day=None,
        cancel_until_minutes=0,
        languages=(language.code,),
    )
    return replace(office, settings=settings)


def situations(office: Office, language: Language, wish: Wish, names: AbstractSet[str]) -> Iterator[Situation]:
    """Yield the texts of these names as they are sent to somebody with this wish, each while it is the last message."""
    scene = Scene(office, language, wish)
    held = scene.held
    if held is None:
        return
    yield from _by_rows(scene, held, names)
    yield from _by_inbox(office, language, wish, names)
    for found in (_with_own_values(scene, held), _messages(scene), _notifications(scene, held)):
        for situation in found:
            if situation.text in names:
                yield situation


def _by_rows(scene: Scene, held: Booking, names: AbstractSet[str]) -> Iterator[Situation]:
    typical = _typical(scene, held)
    for row in ANSWERS.values():
        for outcome in row.longest(typical) if names & row.texts.keys() - _OWN_VALUES else ():
            text = scene.text_of(outcome)
            if text and text in names and text not in _OWN_VALUES:
                with scene.answered(outcome) as said:
                    yield Situation(text, scene.told(any_of=text in _OF_TWO), said, scene.conversation)


def _by_inbox(office: Office, language: Language, wish: Wish, names: AbstractSet[str]) -> Iterator[Situation]:
    """Of what is not understood, what is said where clerks read it, and where they do not: settings may change."""
    inbox = not office.settings.inbox
    hours = office.settings.inbox_hours or "8-14 h"
    other = replace(office, settings=replace(office.settings, inbox=inbox, inbox_hours=hours))
    if names & ANSWERS[NotUnderstood].texts.keys():
        scene = Scene(other, language, wish)
        if scene.held:
            yield from _by_rows(scene, scene.held, names & ANSWERS[NotUnderstood].texts.keys())


def _typical(scene: Scene, held: Booking) -> Longest:
    """Return the wish's values as the rows take them."""
    wish, service = scene.wish, scene.office.service_of[scene.wish.service]
    year = needs_year(wish.day, wish.now.date())
    after = start_after(scene.office, service, wish.day, wish.at) or wish.at
    return Longest(
        service=replace(service, bring={}),  # with what to bring, nothing else could be told of it
        day=wish.day,
        booking=held,
        settings=scene.office.settings,
        draft=Draft("book", service=wish.service, day=wish.day, at=wish.at, with_year=year),
        offer=_offer(scene, wish.at),
        agenda=service.agenda,
        later=_offer(scene, after),
    )


def _offer(scene: Scene, at: time) -> Offer:
    return Offer(scene.wish.service, scene.wish.day, at, scene.wish.name)


def _with_own_values(scene: Scene, held: Booking) -> Iterator[Situation]:
    wish, holes = scene.wish, scene.language.words.holes
    offer = _offer(scene, wish.at)
    full = SlotFull(scene.office.service_of[wish.service], wish.day, wish.at, (offer,))
    with scene.answered(full, NothingOffered((offer,))) as said:
        yield Situation("nothing_offered_so", scene.told(), said, scene.conversation)
    with scene.answered(full, NothingOffered(still_open=(offer,))) as said:
        yield Situation("nothing_offered_asked", scene.told(), said, scene.conversation)
    moving = replace(offer, moving=held.code)
    told = replace(scene.told(), wish=replace(wish, name=held.name))
    with scene.answered(Proposed((moving,))) as said:
        yield Situation("proposed_move", told, said, scene.conversation)
    with scene.answered(FreeTimesListed(full.service, wish.day, (wish.at,), wish=moving)) as said:
        yield Situation("free_times_to_move", told, said, scene.conversation)
    book, cancel = (
        Draft("book", service=wish.service, at=wish.at, name=plain_name(wish.name)),
        Draft("cancel", day=held.day),
    )
    new = Draft("book", service=wish.service, day=wish.day, at=wish.at, with_year=needs_year(wish.day, wish.now.date()))
    missing = [
        (NotUnderstood("", replace(cancel, code=held.code), new), scene.told()),
        (MissingDate(book), scene.told()),
        (MissingDate(book, holes["day"][0]), scene.told()),
        (MissingDate(replace(cancel, code=held.code)), scene.cancelling(held)),
        (MissingCode(cancel), scene.cancelling(held)),
        (MissingCode(cancel, hole=holes["code"][0]), scene.cancelling(held)),
    ]
    for outcome, told in missing:
        with scene.answered(outcome) as said:
            yield Situation(scene.text_of(outcome) or "", told, said, scene.conversation)


def _messages(scene: Scene) -> Iterator[Situation]:
    words = scene.language.words.commands
    free = replace(scene.wish, kind="free")
    asked = replace(scene.told(), wish=free, given=frozenset({"command", "service", "day"}))
    sent = [(message(free, scene.language), asked)]
    sent += [(words[command][0], scene.told()) for command in ("help", "info", "services")]
    for text, told in sent:
        with scene.sent(text) as said:
            yield Situation(scene.text_of(said.result) or "", told, said, scene.conversation)


def _notifications(scene: Scene, held: Booking) -> Iterator[Situation]:
    """What the office itself has to say; the notice of a freed place is a question that a yes answers."""
    office, code, wish = scene.office, scene.language.code, scene.wish
    service = office.service_of[wish.service]
    sent = [
        ("notice", render.notice(service, wish.day, wish.at, office, code)),
        ("reminder", render.reminder(held, office, code)),
        ("called_off", render.called_off(held, _REASON, Instead(wish.day), office, code)),
        ("called_off_full", render.called_off(held, _REASON, Instead(watched=wish.day), office, code)),
        ("called_off_nowhere", render.called_off(held, _REASON, Instead(), office, code)),
        ("apology", render.apology(office, code)),
    ]
    kept = replace(held, id=1)
    for text, reply in sent:
        question = {PHONE: Question(wish.now, "freed", (_offer(scene, wish.at),))} if text == "notice" else {}
        conversation = InMemory(office, wish.now, snapshot=Snapshot(open=[kept], coded=[kept], questions=question))
        yield Situation(text, scene.told(), _unasked(reply), conversation)
    yield from _of_held_place(scene, replace(kept, state="held"))


def _of_held_place(scene: Scene, held: Booking) -> Iterator[Situation]:
    """A place taken on the web is free again unless its phone says yes."""
    chosen = {PHONE: [Chosen(held, scene.wish.now)]}
    conversation = InMemory(scene.office, scene.wish.now, snapshot=Snapshot(chosen=chosen))
    told = replace(scene.told(), wish=replace(scene.wish, day=held.day, at=held.at, name=held.name))
    if reply := render.render(Held(held), scene.office, scene.language.code):
        yield Situation("held", told, _unasked(reply), conversation)


def _unasked(reply: Reply) -> Said:
    return Said.of("", Duplicate(), reply, (), ())
