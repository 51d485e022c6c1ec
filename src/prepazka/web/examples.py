"""Every message a citizen may send, from the rows of the commands, with examples that work today.

Each example has its outcome beside it, and a test sends every one of them. The words are those of the language file of
the page's language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from prepazka.core.office.calendar import starts_of
from prepazka.core.office.office import Office, Service
from prepazka.sms.languages import Language
from prepazka.sms.understand.commands import COMMANDS, Command, PageForm
from prepazka.web.titles import language_of_page
from prepazka.web.wording import format_day_count, format_time, format_until


@dataclass(frozen=True, slots=True)
class Sample:
    """A free start for the examples; `soonest` is the first day with a free start, today included."""

    service: Service
    day: date
    at: time
    soonest: date


class PatternWord(NamedTuple):
    """A word of a pattern, and whether it stands for a value."""

    text: str
    is_value: bool


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of message.

    example: such a message; others: the other documented ways to write it. outcome: of each of them
    (docs/spec/messages.md §4).
    """

    title: str
    pattern: tuple[PatternWord, ...]
    gives: str
    example: str
    outcome: str
    others: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[str, ...]:
        """All examples."""
        return (self.example, *self.others)


def make_forms(office: Office, sample: Sample, now: datetime, *, documented: bool) -> tuple[Form, ...]:
    """Return the forms of the town's page, or the further ones."""
    language = language_of_page()
    return tuple(
        _make_form(name, command, form, _Page(office, sample, now, language))
        for name, command in COMMANDS.items()
        for form in command.page
        if form.documented is documented
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The values that all forms of a page share."""

    office: Office
    sample: Sample
    now: datetime
    language: Language


def _make_form(name: str, command: Command, form: PageForm, page: _Page) -> Form:
    texts, settings = page.language.page[form.name], page.office.settings
    pattern = page.language.forms[form.form]
    words = tuple(PatternWord(word.format_map(page.language.page["values"]), "{" in word) for word in pattern.split())
    ways = list(_ways(name, form, pattern, page.language)) if form.documented else [pattern]
    example, *others = (way.format_map(_example_values(page)) for way in dict.fromkeys([pattern, *ways]))
    return Form(
        title=texts["title"],
        pattern=words,
        gives=texts["gives"].format(
            days=format_day_count(settings.soonest_days), time=format_until(settings.offer_minutes)
        ),
        example=example,
        outcome=_expected_outcome(form, page),
        others=tuple(others),
    )


def _ways(name: str, form: PageForm, pattern: str, language: Language) -> Iterator[str]:
    """Yield every documented way to write a form: by each of its words, also behind the word for booking."""
    commands = language.words.commands
    values = [word for word in pattern.split() if "{" in word]
    booking_word = commands["book"][0]
    for word in commands[name]:
        for behind in commands["help"] if form.after_help else ("",):
            for front in ("",) if word == booking_word else ("", booking_word):
                yield " ".join(part for part in (front, behind, word, *values) if part)


def _example_values(page: _Page) -> dict[str, str]:
    sample = page.sample
    return {
        "service": sample.service.code,
        "date": f"{sample.day.day}.{sample.day.month}.",
        "time": format_time(sample.at),
        "name": page.language.words.holes["name"][0],
        "code": page.language.words.holes["code"][0],
        "choice": "2",
    }


def _expected_outcome(form: PageForm, page: _Page) -> str:
    """Return the outcome in the row, or another when nothing is free so soon."""
    office, sample = page.office, page.sample
    today = page.now.astimezone(office.zone).date()
    tomorrow = today + timedelta(days=1)
    match form.name:
        case "soonest" if sample.soonest > today + timedelta(days=office.settings.soonest_days):
            return "no_free_slot"
        case "free_times_tomorrow" if sample.day != tomorrow:
            closed = starts_of(office, sample.service, tomorrow).closed
            return "closed_day" if closed else "no_free_slot"
        case _:
            return form.outcome
