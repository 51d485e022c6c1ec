"""The demo's users: with the published password on one's own machine, with fresh ones everywhere else."""

import secrets
from collections.abc import Iterator

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password

from prepazka import clock, officefile
from prepazka.commands import DEMO_PASSWORD, DEMO_USERS
from prepazka.commands.exposure import may_publish
from prepazka.store import accounts, memberships, offices
from prepazka.store.models import User


def make_with_published_passwords(who: str) -> None:
    """Create them, but only where nobody configured anything, and nobody has an account yet."""
    office_id = offices.find(officefile.load_demo().slug)
    if not may_publish() or office_id is None or User.objects.exists():
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
    office_id = offices.find(officefile.load_demo().slug)
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


def with_published_password() -> Iterator[User]:
    """Yield the active users who have the published password."""
    for user in User.objects.filter(username__in=DEMO_USERS, is_active=True):
        if user.check_password(DEMO_PASSWORD):
            yield user
