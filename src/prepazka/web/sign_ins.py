"""Sign-ins, failed ones and sign-outs in the register of access, whichever way somebody signs in.

Django says them by signals, and every library that signs people in goes through Django's own functions, but for wrong
codes of second factors, which allauth says by a signal of its own.
"""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.signals import authentication_failed
from django.contrib.auth import signals
from django.contrib.auth.models import AbstractBaseUser

from prepazka.store import accounts, register
from prepazka.web import clock


def register_them() -> None:
    """Listen to Django's signals; called once, at the start."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="register")
    signals.user_login_failed.connect(_failed, dispatch_uid="register")
    signals.user_logged_out.connect(_signed_out, dispatch_uid="register")
    authentication_failed.connect(_wrong_code, dispatch_uid="register")


def _signed_in(user: AbstractBaseUser, **_: Any) -> None:
    from prepazka.flows.counters import seat  # noqa: PLC0415 -- every process loads this module, and few sign people in

    register.note(None, clock.now(), user.get_username(), "signed in")
    seat.come_back(user.get_username(), clock.now())


def _signed_out(user: AbstractBaseUser | None, **_: Any) -> None:
    if user is not None:  # a session that had ended before
        register.note(None, clock.now(), user.get_username(), "signed out")


def _wrong_code(user: AbstractBaseUser, **_: Any) -> None:
    note_failed(user.get_username())


# docs/spec/safety.md §5.4: "a name that is no account's is not kept: it may be a password in the wrong field"
def _failed(credentials: Mapping[str, Any], **_: Any) -> None:
    found = accounts.find(str(credentials.get("username") or ""))
    note_failed(found.username if found else "")


def note_failed(name: str) -> None:
    """Count a failed sign-in of this account, "" for none."""
    register.count(None, clock.now(), name, "sign-in failed")
