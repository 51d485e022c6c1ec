"""Every message a citizen may send, as the commands' rows say, with examples that work today.

What the page promises of an example is kept beside it as the outcome, and a test sends every one of them. The words are
those of the language file of the page's language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from prepazka.core.booking.codes import SAMPLE_CODE
from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Office, Service
from prepazka.sms.languages import Language
from prepazka.sms.understand.commands import COMMANDS, Command, PageForm
from prepazka.web.titles import language_of_page
from prepazka.web.wording import format_count, format_day_count, format_time


@dataclass(frozen=True, slots=True)
class Sample:
    """A start that is free, to make examples of; `soonest` is the first day with anything free, today included."""

    service: Service
    day: date
    at: time
    soonest: date


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of message.

    pattern: its words, and whether each stands for a value. example: such a message, and others: the further
    documented ways to write the same. outcome: what any of them comes to (docs/spec/messages.md §4).
    """

    title: str
    pattern: tuple[tuple[str, bool], ...]
    gives: str
    example: str
    outcome: str
    others: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[str, ...]:
        """All examples."""
        return (self.example, *self.others)


def forms(office: Office, sample: Sample, now: datetime, *, documented: bool) -> tuple[Form, ...]:
    """The forms of the town's page, or those beyond it."""
    language = language_of_page()
    return tuple(
        _form(name, command, form, _Page(office, sample, now, language))
        for name, command in COMMANDS.items()
        for form in command.page
        if form.documented is documented
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """What all forms of a page have in common."""

    office: Office
    sample: Sample
    now: datetime
    language: Language


def _form(name: str, command: Command, form: PageForm, page: _Page) -> Form:
    texts, settings = page.language.page[form.name], page.office.settings
    pattern = page.language.forms[form.form]
    words = tuple((word.format_map(page.language.page["values"]), "{" in word) for word in pattern.split())
    minutes = format_count(settings.offer_minutes, _("minutu"), _("minuty"), pgettext("pět", "minut"))
    ways = list(_ways(name, form, pattern, page.language)) if form.documented else [pattern]
    example, *others = (way.format_map(_values(page)) for way in dict.fromkeys([pattern, *ways]))
    return Form(
        title=texts["title"],
        pattern=words,
        gives=texts["gives"].format(days=format_day_count(settings.soonest_days), time=minutes),
        example=example,
        outcome=_outcome(form, page),
        others=tuple(others),
    )


def _ways(name: str, form: PageForm, pattern: str, language: Language) -> Iterator[str]:
    """Every documented way to write a form: by each of its words, also behind the word for booking."""
    commands = language.words.commands
    values = [word for word in pattern.split() if "{" in word]
    books = commands["book"][0]
    for word in commands[name]:
        for behind in commands["help"] if form.after_help else ("",):
            for front in ("",) if word == books else ("", books):
                yield " ".join(part for part in (front, behind, word, *values) if part)


def _values(page: _Page) -> dict[str, str]:
    sample = page.sample
    return {
        "service": sample.service.code,
        "date": f"{sample.day.day}.{sample.day.month}.",
        "time": format_time(sample.at),
        "name": page.language.words.sample_name,
        "code": SAMPLE_CODE,
        "choice": "2",
    }


def _outcome(form: PageForm, page: _Page) -> str:
    """What the row says, unless nothing is free so soon."""
    office, sample = page.office, page.sample
    today = page.now.astimezone(office.zone).date()
    tomorrow = today + timedelta(days=1)
    match form.name:
        case "soonest" if sample.soonest > today + timedelta(days=office.settings.soonest_days):
            return "no_free_slot"
        case "free_times_tomorrow" if sample.day != tomorrow:
            closed = starts(office, office.agenda_of[sample.service.agenda], tomorrow).closed
            return "closed_day" if closed else "no_free_slot"
        case _:
            return form.outcome
