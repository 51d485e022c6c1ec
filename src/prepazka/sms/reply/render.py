"""From an outcome to the text of the reply, in its alphabet and never longer than it may be (spec/messages.md §5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from functools import lru_cache
from itertools import tee
from typing import NamedTuple

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.next_free import Instead
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.office.office import Office, Service
from prepazka.sms import alphabets
from prepazka.sms.alphabets import GSM, UCS2
from prepazka.sms.languages import FIRST, answering, load
from prepazka.sms.reply import answers, notifications
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.fill import filled, whole
from prepazka.sms.reply.phrases import Phrases
from prepazka.sms.reply.taught import Forms
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import faults
from prepazka.sms.reply.values import Answer, Values

ACCENTED_PARTS = 2
"""Parts a reply with all accents may take."""


class Reply(NamedTuple):
    """A text to send, with the parts it takes.

    septets: the units it takes in its encoding: septets of GSM 03.38, or 16-bit units of UCS-2.
    """

    text: str
    septets: int
    parts: int

    @classmethod
    def of(cls, text: str) -> "Reply":
        """A folded text, counted in the alphabet it is sent in."""
        return cls(text, *alphabets.of(text).measure(text))

    @property
    def encoding(self) -> str:
        """The alphabet it is sent in: "gsm" or "ucs2"."""
        return alphabets.of(self.text).name


def templates_of(office: Office, language: str, *, accented: bool = False) -> Templates:
    """The texts, forms and phrases of an office; those of the first language where there is no file for this one.

    accented: with all accents, whatever that costs.
    """
    texts = office.texts.get(language)
    return _with_own(language, accented, frozenset(texts.items())) if texts else _of_language(language, accented)


@lru_cache(maxsize=1024)
def _with_own(language: str, accented: bool, texts: frozenset[tuple[str, str]]) -> Templates:
    plain = _of_language(language, accented)
    folded = {name: plain.alphabet.fold(text) for name, text in texts}
    own = {name: text for name, text in folded.items() if not any(faults(TEXTS.get(name), name, text))}
    return replace(plain, own=own)


@lru_cache(maxsize=64)
def _of_language(language: str, accented: bool) -> Templates:
    found = {each.code: each for each in load()}.get(language)
    if found is None:
        return _of_language(FIRST, accented)
    alphabet = UCS2 if accented else found.alphabet
    return Templates(
        language=found.code,
        alphabet=alphabet,
        parts=found.parts,
        phrases=Phrases.of(found.replies, alphabet),
        forms=Forms(found.forms, {slot: words[0] for slot, words in found.words.holes.items()}, alphabet),
        own={},
        shipped={name: alphabet.fold(found.replies[name]) for name in TEXTS},
    )


# docs/spec/messages.md §5.1: "A reply holds only plain characters of GSM 03.38 after folding."
def render(outcome: Outcome, office: Office, language: str) -> Reply | None:
    """The reply to an outcome, in the office's own words where it has any; None where nothing is to be sent."""
    return _reply(lambda templates: answers.answer(outcome, office, templates), office, language)


def notice(service: Service, day: date, at: time, office: Office, language: str) -> Reply:
    """To somebody who waits for a freed place: the place, and the message that books it."""
    return _sent(_reply(lambda templates: notifications.notice(service, day, at, templates), office, language))


def reminder(booking: Booking, office: Office, language: str) -> Reply:
    """To somebody who comes the next day: when, with which code, and how to cancel."""
    return _sent(_reply(lambda templates: notifications.reminder(booking, office, templates), office, language))


def called_off(booking: Booking, reason: str, instead: Instead, office: Office, language: str) -> Reply:
    """To somebody whose booking the office itself cancels: exactly which, why, and how to find another time."""
    return _sent(
        _reply(lambda templates: notifications.called_off(booking, reason, instead, templates), office, language)
    )


def apology(office: Office, language: str) -> Reply:
    """To somebody whose message could not be handled: nothing was done, and where to turn."""
    return _sent(_reply(lambda templates: notifications.apology(), office, language))


def _sent(reply: Reply | None) -> Reply:
    if reply is None:
        raise AssertionError("what the office has to say is sent")
    return reply


def _reply(make: Callable[[Templates], Answer | None], office: Office, language: str) -> Reply | None:
    """Word an answer, in the language it is given in where the office offers that."""
    code = answering(office, language)
    plain = templates_of(office, code)
    if office.settings.accents == "full" and plain.alphabet is GSM:
        accented = templates_of(office, code, accented=True)
        if (answer := make(accented)) and (reply := with_accents(answer, office, accented)):
            return reply
    answer = make(plain)
    return as_sent(answer, office, plain) if answer else None


# docs/spec/messages.md §5.1: "A reply that would lose anything by it is sent without accents."
def with_accents(answer: Answer, office: Office, templates: Templates) -> Reply | None:
    """Return the whole answer with all accents; None where it does not fit."""
    template, text = templates.own.get(answer.text, templates.shipped[answer.text]), TEXTS[answer.text]
    for values in answer.ways:
        said = whole(template, _common(office, templates) | values, ACCENTED_PARTS, text.extras)
        reply = Reply.of(said)
        return reply if reply.parts <= (ACCENTED_PARTS if reply.encoding == UCS2.name else text.parts) else None
    return None


# docs/spec/messages.md §5.3: "Should an own text no longer fit later, because a service got a longer code, the text of
# the language file is sent."
def as_sent(answer: Answer, office: Office, templates: Templates) -> Reply:
    """Return the answer as full as fits, in the office's own words; failing that, in those of the language file.

    An own text may have fitted when it was saved and not any more, once a service got a longer code.
    """
    wanted = TEXTS[answer.text]
    parts = templates.parts_of(wanted)
    texts = [source[answer.text] for source in (templates.own, templates.shipped) if answer.text in source]
    common, text = _common(office, templates), ""
    for template, ways in zip(texts, tee(answer.ways, len(texts)), strict=True):
        for own in ways:
            values = common | own
            text = template.format_map(values)
            reply = Reply.of(text)
            if reply.parts > parts:
                text = filled(template, values, parts, wanted.extras)
                reply = Reply.of(text)
            if reply.parts <= parts:
                return reply
    alphabet = alphabets.of(text)
    return Reply.of(alphabet.cut(text, alphabet.one_part))


def _common(office: Office, templates: Templates) -> Values:
    return {"office": templates.own_line(office.name)}
