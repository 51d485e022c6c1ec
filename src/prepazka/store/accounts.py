"""Accounts and their roles in offices. Every change is in the audit trail."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from prepazka.core.office.roles import Role
from prepazka.store import models, user_sessions
from prepazka.store.models import User

# docs/spec/safety.md §6.3: "A password given by somebody else can be used for 7 days"
GIVEN_LASTS = timedelta(days=7)


class AccountError(Exception):
    """The change is refused; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Post:
    """A role in an office, with the office's slug and name."""

    office_id: int
    slug: str
    office: str
    role: Role


def username(text: str) -> str:
    """Return a name to sign in with as it is stored. Raises: AccountError."""
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,39}", name):
        raise AccountError(f"{text!r} must be 2 to 40 small letters without diacritics, digits, dots or hyphens")
    return name


def find(name: str) -> User | None:
    """Return the account of this name, closed or not."""
    return User.objects.filter(username=name.strip().lower()).first()


def called(names: Iterable[str]) -> dict[str, str]:
    """Return the names people go by, by the names they sign in with; that name where there is no other. One query."""
    wanted = dict.fromkeys(filter(None, names))
    if not wanted:
        return {}
    known = dict(User.objects.filter(username__in=list(wanted)).values_list("username", "name"))
    return {name: known.get(name) or name for name in wanted}


def told_apart(names: Iterable[str]) -> dict[str, str]:
    """Return the names people go by, as `called`; where two go by one name, with the account behind it. One query."""
    found = called(names)
    times = Counter(found.values())
    return {name: shown if times[shown] == 1 else f"{shown} ({name})" for name, shown in found.items()}


def known_role(kept: str) -> Role:
    """Return a role read from the table, with its type."""
    return cast(Role, kept)


def rename(user: User, name: str) -> None:
    """Store the user's own name, unless it is empty."""
    if name:
        user.name = name
        user.save(update_fields=["name"])


def role_in(user: User, office_id: int) -> Role | None:
    """Return the user's role in the office; an operator is administrator everywhere."""
    if user.is_superuser:
        return "administrator"
    found = models.Official.objects.filter(user=user, office_id=office_id, held=False).values_list("role", flat=True)
    return cast(Role | None, found.first())


def has_official(office_id: int, role: Role) -> bool:
    """Whether the office has anybody in this role."""
    return models.Official.objects.filter(office_id=office_id, role=role).exists()


def well_known(user: User) -> tuple[str, ...]:
    """Return what others know of a user: the names, and those of the offices with their addresses.

    Somebody without a role yet will have one in any of the offices: of the first hundred. Two queries.
    """
    offices = models.Office.objects.order_by("id")
    if user.pk and not user.is_superuser and models.Official.objects.filter(user=user).exists():
        offices = offices.filter(officials__user=user)
    rows = offices.values_list("slug", "name", "address")[:100]
    return (user.username, user.name, *(text for row in rows for text in row))


def posts(user: User) -> list[Post]:
    """Return the user's roles in all offices, the oldest office first."""
    if user.is_superuser:
        offices = models.Office.objects.order_by("id").values_list("id", "slug", "name")
        return [Post(*office, "administrator") for office in offices]
    found = models.Official.objects.filter(user=user, held=False).select_related("office").order_by("office_id")
    return [Post(one.office_id, one.office.slug, one.office.name, cast(Role, one.role)) for one in found]


@transaction.atomic
def open_account(name: str, encoded: str, now: datetime, who: str, *, given: bool = True) -> User:
    """Open a new account, or a closed one of the same name again; `encoded` is a password by `make_password`.

    given: somebody else knows the password. It is no office's until it gets a home (`memberships`).

    Raises: AccountError when the name is taken or cannot be one.
    """
    found = User.objects.filter(username=username(name)).first() or User(username=username(name))
    if found.pk and found.is_active:
        raise AccountError(f"there is an account {found.username} already")
    found.is_active, found.is_superuser = True, False
    found.password_given, found.given_until = given, now + GIVEN_LASTS if given else None
    found.password, found.home = encoded, None
    found.save()
    _audit(None, now, who, "account opened", user=found.username)
    return found


@transaction.atomic
def give_password(user: User, password: str, now: datetime, who: str, *, given: bool) -> None:
    """Set a new password, which ends the sessions opened with the old one."""
    user.set_password(password)
    user.password_given, user.given_until = given, now + GIVEN_LASTS if given else None
    user.save(update_fields=["password", "password_given", "given_until"])
    _audit(None, now, who, "password changed", user=user.username)


@transaction.atomic
def withdraw_password(user: User, now: datetime, who: str) -> None:
    """Make a password that others know invalid, which ends the sessions opened with it."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _audit(None, now, who, "published password withdrawn", user=user.username)


@transaction.atomic
def appoint(user: User, office_id: int, role: Role, now: datetime, who: str) -> None:
    """Give the user this role in the office in place of any other there."""
    before = models.Official.objects.filter(user=user, office_id=office_id).values_list("role", flat=True).first()
    models.Official.objects.update_or_create(user=user, office_id=office_id, defaults={"role": role, "held": False})
    _audit(office_id, now, who, "role given", user=user.username, **{"from": before, "to": role})


@transaction.atomic
def dismiss(user: User, office_id: int, now: datetime, who: str) -> bool:
    """Take away the user's role in the office; return whether there was one."""
    found = models.Official.objects.filter(user=user, office_id=office_id).first()
    if found is None:
        return False
    found.delete()
    _audit(office_id, now, who, "role taken", user=user.username, **{"from": found.role, "to": None})
    return True


@transaction.atomic
def close_account(user: User, now: datetime, who: str) -> None:
    """Take away every role, the password and all other ways in, which ends all sessions. The name stays taken.

    Nothing of them may come back when somebody else gets an account of this name.
    """
    for post in models.Official.objects.filter(user=user):
        dismiss(user, post.office_id, now, who)
    user.is_active = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    models.SignInLink.objects.filter(user=user).delete()
    user_sessions.end_all(user)
    _audit(None, now, who, "account closed", user=user.username)


@transaction.atomic
def make_operator(user: User, now: datetime, who: str) -> None:
    """Let the user do everything in every office."""
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])
    _audit(None, now, who, "made operator", user=user.username)


def forget_old_sessions() -> None:
    """Delete sessions that have ended, by the machine's clock, which sets their end even in a rehearsal."""
    SessionStore.clear_expired()
    user_sessions.forget_ended()


def _audit(office_id: int | None, now: datetime, who: str, what: str, **details: object) -> None:
    models.Audit.objects.create(office_id=office_id, at=now, who=who, what=what, details=details)
