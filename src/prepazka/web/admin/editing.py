"""The one way an office is changed from the pages: by the same sections and the same checks as its file.

Invariant: what is kept satisfies all the office file's checks, and was made of the very state its form was filled
from: whoever saves second is told, and nothing is overwritten unseen.
"""

import json
from collections.abc import Callable, Mapping, Sequence
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
from prepazka.store import models, offices
from prepazka.web import office_errors
from prepazka.web.access import Official

Table = dict[str, Any]
"""The sections of an office file (`officefile.table`)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why nothing was kept: where in the file's sections ("" when in no one place), and the words."""

    place: str
    words: str


class ChangeRefused(Exception):
    """Nothing was changed."""

    def __init__(self, found: Sequence[Mistake]) -> None:
        super().__init__(found)
        self.found = tuple(found)


def digest(part: object) -> str:
    """A part of a table as it was when a form was filled from it."""
    return sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()[:16]


def change(
    official: Official,
    edit: Callable[[Table], None],
    now: datetime,
    seen: tuple[Callable[[Table], object], str],
    then: Callable[[Office, Office], None] | None = None,
) -> Office:
    """Change the office by editing its table.

    seen: the part the form was filled from, and its digest then. then: what goes with the change, in its transaction,
    from the office as it was and as it will be (its parts under ids of their own).

    The office given back is the one kept.

    Raises: Refused when that part is another now, or the result is no office.
    """
    with transaction.atomic():
        before = offices.locked(official.office.id, offices.lock(official.office.id))
        table = officefile.table(before)
        part, known = seen
        if digest(part(table)) != known:
            raise ChangeRefused([Mistake("", meanwhile(before.id))])
        edit(table)
        after = _read(table, before)
        try:
            offices.keep(after, now, official.who)
        except offices.OfficeError as error:
            raise ChangeRefused([Mistake("", office_errors.told(error))]) from None
        if then:
            then(before, after)
    return offices.load(official.office.id)


def meanwhile(office_id: int) -> str:
    """The words for who comes second."""
    last = models.Audit.objects.filter(office_id=office_id, what="office changed").order_by("-at", "-id").first()
    return _(
        "Mezitím to změnil uživatel %(who)s. Abychom jeho změnu nepřepsali, vaši jsme neuložili. "
        "Otevřete prosím stránku znovu a proveďte ji v aktuálním stavu."
    ) % {"who": last.who if last else "?"}


def tell(form: forms.BaseForm, found: Sequence[Mistake], place: str) -> None:
    """Put mistakes at the fields they are of; place: of the table the form edits, such as "services[2]"."""
    for mistake in found:
        within = mistake.place == place or mistake.place.startswith((f"{place}.", f"{place}["))
        name = mistake.place[len(place) :].lstrip(".").partition("[")[0].partition(".")[0] if within else ""
        field = name if name in form.fields else None
        if mistake.words not in form.errors.get(field or "__all__", []):
            form.add_error(field, mistake.words)


def _read(table: Mapping[str, Any], before: Office) -> Office:
    try:
        after = officefile.read(table)
    except officefile.OfficeFileError as error:
        raise ChangeRefused([Mistake(problem.place, office_errors.told(problem)) for problem in error.found]) from None
    if wrong := new_word_problems(after, before):
        raise ChangeRefused([Mistake(one.place, office_errors.of_word(one)) for one in wrong])
    known = set(map(_named, text_problems(before)))
    if new := [one for one in text_problems(after) if _named(one) not in known]:
        raise ChangeRefused([_of_fit(one, after) for one in new])
    return after


def _named(misfit: TextProblem) -> tuple[object, ...]:
    return misfit.language, misfit.name, misfit.kind, misfit.subject


def _of_fit(misfit: TextProblem, office: Office) -> Mistake:
    place = f"texts.{misfit.language}.{misfit.name}"
    words = office_errors.of_fit(misfit)
    own = misfit.name in office.texts.get(misfit.language, {})
    return Mistake(place, words if own else f"{misfit.name}: {words}")
