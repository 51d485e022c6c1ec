"""Whether an office's reply texts fit: what is refused when a text is saved (spec/messages.md §5)."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from prepazka.core.booking.misunderstandings import NotUnderstood
from prepazka.core.booking.next_free import Instead
from prepazka.core.office.office import Office
from prepazka.sms import alphabets
from prepazka.sms.alphabets import ALPHABETS, GSM, Alphabet
from prepazka.sms.languages import load
from prepazka.sms.reply import notifications
from prepazka.sms.reply.answers import ANSWERS, TEXTS
from prepazka.sms.reply.fill import filled, fits
from prepazka.sms.reply.listings import services_listed
from prepazka.sms.reply.longest import AT, INBOX_HOURS, REASON, TOKEN, Longest
from prepazka.sms.reply.misunderstandings import to_be_read
from prepazka.sms.reply.render import templates_of
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Fault, faults
from prepazka.sms.reply.values import Answer, how_to_book


@dataclass(frozen=True, slots=True)
class TextProblem:
    """A text that must not be used, with the reason and the fix in plain English.

    septets: what it takes with the longest values of this office (16-bit units in a language of UCS-2), 0 where it
    cannot be filled in; limit: what it may take. kind and subject: as of a `Fault`, or "too_long", "unsendable",
    "no_such_language".
    """

    language: str
    name: str
    septets: int
    limit: int
    why: str
    kind: str
    subject: str = ""


# docs/spec/messages.md §5.3: "A text is refused when it is saved if it lacks a placeholder the reply must carry, uses
# an unknown one, holds a character that cannot be sent, or does not fit with the longest values"
def text_problems(office: Office) -> list[TextProblem]:
    """Every text of the office, or of a language file where the office has none, that cannot be used; best is none."""
    languages = {language.code: language for language in load()}
    found = [
        TextProblem(
            code, "", 0, 0, f"there is no language {code!r}; use one of {', '.join(languages)}", "no_such_language"
        )
        for code in office.texts
        if code not in languages
    ]
    for code, language in languages.items():
        shipped = {name: language.replies[name] for name in TEXTS}
        found.extend(problems_of(office, code, shipped | dict(office.texts.get(code, {}))))
    return found


def problems_of(office: Office, language: str, texts: Mapping[str, str]) -> Iterator[TextProblem]:
    """Yield what is wrong with these texts of a language, by name, as if the office had them."""
    templates = templates_of(office, language)
    alphabet = templates.alphabet
    longest: dict[str, list[Answer]] = defaultdict(list)
    for answer in longest_answers(office, templates):
        longest[answer.text].append(answer)
    for name, text in texts.items():
        limit = alphabet.room(templates.parts_of(TEXTS[name])) if name in TEXTS else 0
        template, wrong = _folded(name, text, alphabet.name)
        if wrong:
            yield from (TextProblem(language, name, 0, limit, one.why, one.kind, one.subject) for one in wrong)
            continue
        used = _longest(template, longest[name], office, templates)
        if used:
            over = max(1, used - limit)
            units = "septets" if alphabet is GSM else "characters"
            why = f"with the longest values it takes {used} {units} and may take {limit}; shorten it by {over}"
            yield TextProblem(language, name, used, limit, why, "too_long")


@lru_cache(maxsize=1024)
def _folded(name: str, text: str, alphabet: str) -> tuple[str, tuple[Fault, ...]]:
    """Return a text folded, and what is wrong with it in any office: thousands have those of the language files."""
    template = ALPHABETS[alphabet].fold(text)
    return template, (*faults(TEXTS.get(name), name, template), *_lost(text, ALPHABETS[alphabet]))


def longest_answers(office: Office, templates: Templates) -> Iterator[Answer]:
    """At least one answer for every reply text, none of them shorter than any the office would really give."""
    longest = Longest.of(office, templates)
    # What is said with the inbox off and on: the settings may change while the texts stay.
    without_inbox = replace(office, settings=replace(office.settings, inbox=False))
    for row in ANSWERS.values():
        for outcome in row.longest(longest):
            if answer := row.answer(outcome, without_inbox, templates):
                yield answer
    yield _longest_services(office, templates)
    for token in (TOKEN, ""):
        yield to_be_read(NotUnderstood(token, longest.draft), INBOX_HOURS, templates)
    yield notifications.notice(longest.service, longest.day, AT, templates)
    yield notifications.reminder(longest.booking, office, templates)
    for instead in (Instead(longest.day), Instead(watched=longest.day), Instead()):
        yield notifications.called_off(longest.booking, REASON, instead, templates)
    yield notifications.apology()


def _longest_services(office: Office, templates: Templates) -> Answer:
    """The list of services: titles may all fall away; a code only where UCS-2 leaves no room, and then visibly."""
    book = how_to_book(templates)
    if templates.alphabet is GSM:
        return Answer("services", ({"list": ", ".join(each.code for each in office.services), "book": book},))
    return Answer("services", services_listed(office.services, book, templates))


def _longest(template: str, answers: Sequence[Answer], office: Office, templates: Templates) -> int:
    """The units of the answer that fits worst, in its briefest form; 0 when all fit."""
    common = {"office": templates.line(office.name)}
    worst = 0
    for answer in answers:
        text = TEXTS[answer.text]
        parts = templates.parts_of(text)
        texts: list[str] = []
        for values in answer.ways:
            texts.append(filled(template, common | values, parts, text.extras))
            if fits(texts[-1], parts):
                break
        else:
            worst = max(worst, min(alphabets.of(text).units(text) for text in texts))
    return worst


def _lost(text: str, alphabet: Alphabet) -> Iterator[Fault]:
    for character in dict.fromkeys(unicodedata.normalize("NFC", text)):
        if not character.isspace() and not alphabet.fold(character):
            why = f"{character!r} cannot be sent in an SMS of plain characters; leave it out"
            yield Fault("unsendable", character, why)
