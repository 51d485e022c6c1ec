"""Whose a form is: each form on a page of officials carries a mark of whom the page was made for.

A browser may outlive a sign-in: a page of one official is still open when another one has signed in beside it.
"""

import re
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

FIELD: Final = "made_for"
_MARK = re.compile(r"[0-9a-f]{16}", re.ASCII)
_NOTED = "form_owner"


class SomebodyElsesForm(PermissionDenied):
    """The form was made for another official than the one who is signed in now."""


def mark_of(user: AbstractBaseUser) -> str:
    """Return the mark of an official: it tells nobody who it is, and nobody can make one."""
    return _mark(user, settings.SECRET_KEY)


def is_of(user: AbstractBaseUser, mark: str) -> bool:
    """Whether this is the official's mark; also one made before the installation got another key."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(mark, _mark(user, key)) for key in keys)


def note(request: HttpRequest, mark: str) -> None:
    """Let the forms of the page that answers this request carry the mark."""
    setattr(request, _NOTED, mark)


def noted(request: Any) -> str:
    """Return the mark that the forms of this request's page carry; "" for none, as on the pages of citizens."""
    return str(getattr(request, _NOTED, ""))


def of_form(request: HttpRequest) -> str:
    """Return the mark of the form that was sent; "" for a form without."""
    mark = request.POST.get(FIELD, "") if request.method == "POST" else ""
    return mark if _MARK.fullmatch(mark) else ""


# docs/spec/administration.md §1: "A form counts only for the official for whom its page was made"
def is_somebody_elses(request: HttpRequest) -> bool:
    """Whether the form of a request is another official's than the one who is signed in."""
    mark = of_form(request)
    return bool(mark) and not is_of(request.user, mark)  # type: ignore[arg-type]  # whoever is signed in


def _mark(user: AbstractBaseUser, key: str) -> str:
    return salted_hmac("form owner", str(user.pk), secret=key, algorithm="sha256").hexdigest()[:16]
