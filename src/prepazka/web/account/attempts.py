"""Wrong passwords and codes: the next try waits, and nobody is locked out. The limits are in `core/rate_limits.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.forms import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from prepazka.core.rate_limits import SIGN_IN, Bucket
from prepazka.store import rate_limits
from prepazka.store.models import User
from prepazka.web import callers, clock, sign_in_limits

WAIT = "wait"
"""The code of the error of a try that came too early."""


@dataclass
class Attempt:
    """One try; right: whether the password or the code was the right one, which takes the try back."""

    right: bool = False


@contextmanager
def guard_password(request: HttpRequest, name: str) -> Iterator[Attempt]:
    """Count a try of a password for this name. Raises: ValidationError when it came too early."""
    _refuse_early(callers.seconds(sign_in_limits.begin(request, name, clock.now())))
    attempt = Attempt()
    yield attempt
    if attempt.right:
        sign_in_limits.succeeded(request, name)


# docs/spec/safety.md §6.1: "Wrong codes make the next one wait as wrong passwords do."
@contextmanager
def guard_code(user: User) -> Iterator[Attempt]:
    """Count a try of a code of this user, from wherever: who may try has the password already."""
    bucket = Bucket(SIGN_IN, f"code of {user.pk}")
    _refuse_early(callers.seconds(rate_limits.attempt([bucket], clock.now())))
    attempt = Attempt()
    yield attempt
    if attempt.right:
        rate_limits.forget([bucket])


def _refuse_early(seconds: int) -> None:
    if seconds:
        text = _("Po několika chybných pokusech je třeba chvíli počkat (%(seconds)d s). Pak to zkuste znovu.")
        raise ValidationError(text % {"seconds": seconds}, code=WAIT)
