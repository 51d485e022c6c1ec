"""Accounts tied to their owners' identities at the organisation's provider, by a link that works once."""

import hashlib
from datetime import datetime, timedelta

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import QuerySet

from prepazka.store import models
from prepazka.store.log import note
from prepazka.store.models import User

# How long a link can be used.
LINK_LASTS = timedelta(days=7)


@transaction.atomic
def make_link(user: User, token: str, now: datetime, who: str) -> None:
    """Store a link for this account; one made before ends."""
    values = {"token_sha256": _digest(token), "valid_until": now + LINK_LASTS}
    models.SignInLink.objects.update_or_create(user=user, defaults=values)
    note(None, now, who, "sign-in link made", user=user.username)


def find_user(token: str, now: datetime) -> User | None:
    """Return whose link this is, while it can be used."""
    found = _valid(token, now).select_related("user").first()
    return found.user if found else None


@transaction.atomic
def redeem(token: str, provider: str, identity: str, now: datetime) -> User | None:
    """Tie the link's account to this identity, in place of any other, and use the link up; None when it is not valid.

    The account has no password of its own from then on, so whoever leaves the organisation has no other way in; an
    operator keeps it, for the day the provider is down.
    """
    user = find_user(token, now)
    if user is None or _valid(token, now).delete()[0] != 1:
        return None
    SocialAccount.objects.filter(user=user).delete()
    SocialAccount.objects.create(user=user, provider=provider, uid=identity)
    # docs/spec/safety.md §6.2: "The local password of an operator stays, as the way in when the provider is down."
    if not user.is_superuser:
        user.set_unusable_password()
        user.password_given = False
        user.save(update_fields=["password", "password_given"])
    note(None, now, user.username, "account linked", user=user.username)
    return user


def is_linked(user: User) -> bool:
    """Return whether the account is tied to an identity."""
    return bool(SocialAccount.objects.filter(user=user).exists())


def forget_details(provider: str, identity: str) -> None:
    """Delete what the provider told of the person beside the identity: names and addresses are not needed."""
    SocialAccount.objects.filter(provider=provider, uid=identity).update(extra_data={})


def _valid(token: str, now: datetime) -> QuerySet[models.SignInLink]:
    return models.SignInLink.objects.filter(token_sha256=_digest(token), valid_until__gt=now, user__is_active=True)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
