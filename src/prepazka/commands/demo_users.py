"""The demo's users: with the published password on one's own machine, with fresh ones everywhere else."""

import secrets
from argparse import Namespace
from collections.abc import Iterator

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import DatabaseError

from prepazka import clock
from prepazka.commands import DEMO_PASSWORD, DEMO_USERS
from prepazka.commands.exposure import may_publish
from prepazka.commands.who import operator_name
from prepazka.store import accounts, memberships
from prepazka.store.models import User


def make_with_published_passwords(who: str) -> None:
    """Create them, but only where nobody configured anything, and nobody has an account yet."""
    if not may_publish() or User.objects.exists():
        return
    office_id = demo_office()
    if office_id is None:
        return
    now = clock.now()
    # One thousand rounds are fast; the password is public anyway.
    hasher = PBKDF2PasswordHasher()
    encoded = hasher.encode(DEMO_PASSWORD, hasher.salt(), iterations=1000)
    for name, role in DEMO_USERS.items():
        user = accounts.open_account(name, encoded, now, who, given=False)
        memberships.give_home(user, office_id)
        accounts.appoint(user, office_id, role, now, who)


def make_with_fresh_passwords(who: str) -> None:
    """Create them, or give those there are new passwords; print each this once."""
    office_id = demo_office()
    if office_id is None:
        return
    now = clock.now()
    for name, role in DEMO_USERS.items():
        fresh, user = secrets.token_urlsafe(12), accounts.find(name)
        if user is None or not user.is_active:
            user = accounts.open_account(name, make_password(fresh), now, who, given=False)
            memberships.give_home(user, office_id)
        else:
            accounts.give_password(user, fresh, now, who, given=False)
        accounts.appoint(user, office_id, role, now, who)
        print(f"password of {name}: {fresh}")


def demo_office() -> int | None:
    """Return the demo office, where there is one."""
    from prepazka import officefile  # noqa: PLC0415 -- every start of `serve` asks below, and few make these users
    from prepazka.store import offices  # noqa: PLC0415 -- the same

    return offices.find(officefile.load_demo().slug)


def list_published(_: Namespace) -> int:
    """Run `prepazka user list --published`: print who has the demo's published password."""
    print(*(user.username for user in with_published_password()), sep="\n")
    return 0


def withdraw_published(_: Namespace) -> int:
    """Run `prepazka user withdraw-published`: end the demo's published passwords, and say how to set new ones."""
    try:
        found = list(with_published_password())
    except DatabaseError:
        return 0  # no tables, or those of an older version: `check` says so
    for user in found:
        accounts.withdraw_password(user, clock.now(), operator_name())
        print(f"{user.username} had the demo's published password, which is invalid now; to set a new one:")
        print(f"  prepazka user password {user.username}")
    return 0


def with_published_password() -> Iterator[User]:
    """Yield the active users who have the published password."""
    for user in User.objects.filter(username__in=DEMO_USERS, is_active=True):
        # Without a password of its own an account would be asked for as long as with one, to tell nobody which it is.
        if user.has_usable_password() and user.check_password(DEMO_PASSWORD):
            yield user
