"""The one way in which pages change an office: by the sections and the checks of its file.

Invariant: a stored office passes all checks of the office file, and its form was filled from the stored state. Of two
officials who edit the same part, the second gets an error, so nobody overwrites a change unseen.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from prepazka import officefile
from prepazka.core.office.office import Office
from prepazka.sms.own_words import new_word_problems
from prepazka.sms.reply.fit import TextProblem, text_problems
from prepazka.sms.send_back.check import TaughtProblem, new_taught_problems
from prepazka.store import accounts, models, offices
from prepazka.store.offices import Locked
from prepazka.web import office_errors
from prepazka.web.access import Official

OfficeDocument = dict[str, Any]
"""The sections of an office file (`officefile.to_document`)."""


@dataclass(frozen=True, slots=True)
class SeenPart:
    """The part of the office that a form shows. read: takes it out of the document. digest: of it in the form."""

    read: Callable[[OfficeDocument], object]
    digest: str

    def unchanged(self, document: OfficeDocument) -> bool:
        """Return whether the part is still as the form showed it."""
        return digest(self.read(document)) == self.digest


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why nothing was stored: the place in the file's sections ("" for no single place), and the explanation."""

    place: str
    words: str


class ChangeRefused(Exception):
    """The change has mistakes; nothing was stored."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(mistakes)
        self.mistakes = tuple(mistakes)


def digest(part: object) -> str:
    """Return a short digest of a part of a document, to recognise whether it has changed."""
    return sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()[:16]


def change_office(
    official: Official,
    edit: Callable[[OfficeDocument], None],
    now: datetime,
    seen: SeenPart,
    after_change: Callable[[Locked, Office], None] | None = None,
) -> Office:
    """Change the office by editing its document, and return the stored office.

    seen: the part the form shows. after_change: called in the same transaction with the office before and after the
    change (whose parts have ids of their own).

    Raises: ChangeRefused when the seen part has changed since, or the result is no valid office.
    """
    _check_taught(official.office, edit, seen, now)
    with transaction.atomic():
        locked = offices.lock(official.office.id)
        before = locked.office
        document = officefile.to_document(before)
        if not seen.unchanged(document):
            # docs/spec/administration.md §4: "A form that is sent twice changes or adds one thing"
            if seen.digest and _changes_nothing(document, edit):
                return before
            raise ChangeRefused([Mistake("", describe_conflict(before.id, official.who))])
        edit(document)
        if document == officefile.to_document(before):
            return before
        after = _read_document(document, before)
        try:
            offices.keep(after, now, official.who)
        except offices.OfficeError as error:
            raise ChangeRefused([Mistake("", office_errors.describe_problem(error))]) from None
        if after_change:
            after_change(locked, after)
    return offices.load(official.office.id)


def _changes_nothing(document: OfficeDocument, edit: Callable[[OfficeDocument], None]) -> bool:
    """Whether all that an edit says is stored already."""
    changed = deepcopy(document)
    try:
        edit(changed)
        return officefile.to_document(officefile.read(changed)) == document
    except (LookupError, officefile.OfficeFileError):  # what it is about is not there any more
        return False


def describe_conflict(office_id: int, who: str) -> str:
    """Return the message for an official whose form shows a state that has changed since, by anybody."""
    last = models.Audit.objects.filter(office_id=office_id, what="office changed").order_by("-at", "-id").first()
    if last and last.who == who:
        return _(
            "Mezitím jste to změnili vy sami, třeba v jiném okně. Abychom tu změnu nepřepsali, tuto jsme neuložili. "
            "Otevřete prosím stránku znovu a zadejte ji ještě jednou."
        )
    return _(
        "Mezitím to změnil uživatel %(who)s. Abychom jeho změnu nepřepsali, vaši jsme neuložili. "
        "Otevřete prosím stránku znovu a změnu zadejte ještě jednou."
    ) % {"who": accounts.called([last.who]).get(last.who, "?") if last else "?"}


def add_errors(form: forms.BaseForm, mistakes: Sequence[Mistake], place: str) -> None:
    """Add mistakes to their fields; place: the part of the document that the form edits, such as "services[2]"."""
    for mistake in mistakes:
        within = mistake.place == place or mistake.place.startswith((f"{place}.", f"{place}["))
        rest = mistake.place[len(place) :].lstrip(".").partition("[")[0] if within else ""
        field = next((name for name in (rest, rest.partition(".")[0]) if name in form.fields), None)
        if mistake.words not in form.errors.get(field or "__all__", []):
            form.add_error(field, mistake.words)


def _check_taught(before: Office, edit: Callable[[OfficeDocument], None], seen: SeenPart, now: datetime) -> None:
    """Send back what new texts and words of the office teach: before the lock, for messages wait for that.

    Whatever else is wrong with the change is found under the lock.

    Raises: ChangeRefused.
    """
    document = officefile.to_document(before)
    if not seen.unchanged(document):
        return
    edit(document)
    try:
        after = officefile.read(document)
    except officefile.OfficeFileError:
        return
    if new_word_problems(after, before):  # which are why a message is not understood
        return
    if untrue := new_taught_problems(after, before, now):
        raise ChangeRefused([_taught_mistake(problem, after) for problem in untrue])


def _read_document(document: Mapping[str, Any], before: Office) -> Office:
    try:
        after = officefile.read(document)
    except officefile.OfficeFileError as error:
        raise ChangeRefused(
            [Mistake(problem.place, office_errors.describe_problem(problem)) for problem in error.found]
        ) from None
    if words := new_word_problems(after, before):
        raise ChangeRefused([Mistake(problem.place, office_errors.describe_word_problem(problem)) for problem in words])
    known = set(map(_identity, text_problems(before)))
    if new := [problem for problem in text_problems(after) if _identity(problem) not in known]:
        raise ChangeRefused([_text_mistake(problem, after) for problem in new])
    return after


def _identity(problem: TextProblem) -> tuple[object, ...]:
    return problem.language, problem.name, problem.kind, problem.subject


def _text_mistake(problem: TextProblem, office: Office) -> Mistake:
    place = f"texts.{problem.language}.{problem.name}"
    words = office_errors.describe_text_problem(problem)
    own = problem.name in office.texts.get(problem.language, {})
    return Mistake(place, words if own else f"{problem.name}: {words}")


def _taught_mistake(problem: TaughtProblem, office: Office) -> Mistake:
    words = office_errors.describe_taught_problem(problem)
    if problem.text:
        return Mistake(f"texts.{problem.language}.{problem.text}", words)
    position = next(place for place, service in enumerate(office.services) if service.code == problem.service)
    key = "code" if problem.word == problem.service else "synonyms"
    return Mistake(f"services[{position}].{key}", words)
