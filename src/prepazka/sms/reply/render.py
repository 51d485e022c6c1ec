"""From an outcome to the text of the reply: plain GSM 03.38, and never longer than it may be (spec/messages.md §5)."""

from dataclasses import dataclass, replace
from datetime import date, time
from functools import lru_cache
from itertools import tee

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.office.office import Office, Service
from prepazka.sms import gsm
from prepazka.sms.languages import FIRST, answering, load
from prepazka.sms.reply import answers
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.fill import filled, fits
from prepazka.sms.reply.phrases import Phrases
from prepazka.sms.reply.taught import Forms
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import faults
from prepazka.sms.reply.values import Answer


@dataclass(frozen=True, slots=True)
class Reply:
    """A text to send: folded, with the septets and the parts it takes."""

    text: str
    septets: int
    parts: int


def templates_of(office: Office, language: str) -> Templates:
    """The texts, forms and phrases of an office; those of the first language where there is no file for this one."""
    texts = office.texts.get(language)
    return _with_own(language, frozenset(texts.items())) if texts else _of_language(language)


def _speaking(office: Office, language: str) -> Templates:
    """Return the texts to answer somebody with who wrote in this language."""
    return templates_of(office, answering(office, language))


@lru_cache(maxsize=1024)
def _with_own(language: str, texts: frozenset[tuple[str, str]]) -> Templates:
    plain = _of_language(language)
    folded = {name: gsm.fold(text) for name, text in texts}
    own = {name: text for name, text in folded.items() if not any(faults(TEXTS.get(name), name, text))}
    return replace(plain, own=own)


@lru_cache(maxsize=64)
def _of_language(language: str) -> Templates:
    found = {each.code: each for each in load()}.get(language)
    if found is None:
        return _of_language(FIRST)
    return Templates(
        language=found.code,
        phrases=Phrases.of(found.replies),
        forms=Forms(found.forms, {slot: words[0] for slot, words in found.words.holes.items()}),
        own={},
        shipped={name: gsm.fold(found.replies[name]) for name in TEXTS},
    )


# docs/spec/messages.md §5.1: "A reply holds only characters of GSM 03.38 after folding."
def render(outcome: Outcome, office: Office, language: str) -> Reply | None:
    """The reply to an outcome, in the office's own words where it has any; None where nothing is to be sent."""
    speaking = _speaking(office, language)
    answer = answers.answer(outcome, office, speaking)
    return _reply(answer, office, speaking) if answer else None


def notice(service: Service, day: date, at: time, office: Office, language: str) -> Reply:
    """To somebody who waits for a freed place: the place, and the message that books it."""
    speaking = _speaking(office, language)
    return _reply(answers.notice(service, day, at, speaking), office, speaking)


def reminder(booking: Booking, office: Office, language: str) -> Reply:
    """To somebody who comes the next day: when, with which code, and how to cancel."""
    speaking = _speaking(office, language)
    return _reply(answers.reminder(booking, office, speaking), office, speaking)


def called_off(booking: Booking, reason: str, instead: date, office: Office, language: str) -> Reply:
    """To somebody whose booking the office itself cancels: exactly which, why, and how to find another time.

    instead: the day whose free times they may ask for; one on which the office is open.
    """
    speaking = _speaking(office, language)
    return _reply(answers.called_off(booking, reason, instead, speaking), office, speaking)


def apology(office: Office, language: str) -> Reply:
    """To somebody whose message could not be handled: nothing was done, and where to turn."""
    return _reply(answers.apology(), office, _speaking(office, language))


# docs/spec/messages.md §5.3: "Should an own text no longer fit later, because a service got a longer code, the text of
# the language file is sent."
def _reply(answer: Answer, office: Office, speaking: Templates) -> Reply:
    """The answer as full as fits, in the office's own words; failing that, in those of the language file.

    An own text may have fitted when it was saved and not any more, once a service got a longer code.
    """
    parts = TEXTS[answer.text].parts
    common = {"office": gsm.line(office.name)}
    templates = [texts[answer.text] for texts in (speaking.own, speaking.shipped) if answer.text in texts]
    text = ""
    for template, ways in zip(templates, tee(answer.ways, len(templates)), strict=True):
        for values in ways:
            text = filled(template, common | values, parts)
            if fits(text, parts):
                return _counted(text)
    return _counted(gsm.cut(text, gsm.ONE_PART))


def _counted(text: str) -> Reply:
    septets = gsm.septets(text)
    return Reply(text, septets, 1 if septets <= gsm.ONE_PART else len(gsm.split(text)))
