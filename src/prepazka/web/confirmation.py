"""The step that limits ask for instead of refusing: the form again, to be confirmed after a few seconds.

A browser does some work in place of waiting (`web/proof.py`) and sends the form itself. Without scripts a person reads
the page and presses once more. A robot has to load a page and work or wait for each form it sends, because the stamp in
the page is good for that one form only.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from django.http import HttpRequest

from prepazka.web import proof, signed

# A stamp is good from this age, in which nobody can have read the page, up to this one.
READ_IN = timedelta(seconds=3)
GOOD_FOR = timedelta(minutes=15)
FIELD = "stamp"
_SALT = "confirmation"


# docs/spec/safety.md §2.2: "the form is shown again, to be confirmed"
def stamp_needed(request: HttpRequest, form: str, now: datetime, asked: Callable[[], bool]) -> str:
    """Return the stamp with which the form must be shown again; "" when it may be carried out.

    form: what tells this form from every other, such as its key; asked: whether a form without a stamp needs one; it is
    called only for such a form.
    """
    given = request.POST.get(FIELD, "")
    age = _age(given, form, now)
    if age is not None and (age >= READ_IN or proof.is_done(request, given)):
        return ""
    if age is not None:
        return given
    return _stamp(form, now) if asked() else ""


def _stamp(form: str, now: datetime) -> str:
    return signed.sign(_digest(form), _SALT, now)


def _age(stamp: str, form: str, now: datetime) -> timedelta | None:
    """Return how old the stamp is; None for one that is not ours, not of this form, too old, or from the future."""
    found = signed.read(stamp, _SALT, now, GOOD_FOR)
    return found.age if found and found.value == _digest(form) else None


def _digest(form: str) -> str:
    return sha256(form.encode("utf-8", "replace")).hexdigest()
