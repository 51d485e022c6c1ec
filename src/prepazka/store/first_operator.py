"""The first operator of an installation: made by a link that works once, and only while there is no operator."""

from datetime import datetime, timedelta
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import QuerySet

from prepazka.store import accounts, models
from prepazka.store.log import note
from prepazka.store.models import User

# docs/spec/administration.md §1.1: "It is good for one use within one hour"
LINK_LASTS = timedelta(hours=1)


def is_missing() -> bool:
    """Whether nobody is operator who could sign in."""
    return not _except_begun(User.objects.filter(is_superuser=True, is_active=True)).exists()


def nobody_signs_in() -> bool:
    """Whether no account can be used yet."""
    return not _except_begun(User.objects.filter(is_active=True)).exists()


# docs/spec/administration.md §1.1: "An operator who left before the passkey was enrolled is none"
def _begun() -> QuerySet[User]:
    """Return operators who chose a passkey alone and have none yet."""
    keys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).values("user_id")
    alone = User.objects.filter(is_superuser=True, is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return alone.exclude(pk__in=keys).exclude(pk__in=SocialAccount.objects.values("user_id"))


def _except_begun(users: QuerySet[User]) -> QuerySet[User]:
    return users.exclude(pk__in=_begun().values("pk"))


@transaction.atomic
def make_link(token: str, now: datetime, who: str) -> None:
    """Store the link with this token, in place of any before it."""
    values = {"token_sha256": _digest(token), "valid_until": now + LINK_LASTS}
    models.FirstOperatorLink.objects.update_or_create(id=1, defaults=values)
    note(None, now, who, "first operator's link made")


def is_usable(token: str, now: datetime) -> bool:
    """Whether the first operator can be made by this token now."""
    return is_missing() and _valid(token, now).exists()


# docs/spec/administration.md §1.1: "Of two browsers that send the form at once, one makes the operator"
@transaction.atomic
def redeem(token: str, username: str, encoded: str, now: datetime) -> User | None:
    """Use the link up and open the operator's account; None when the link is not usable any more.

    encoded: the password by `make_password`, which is `make_password(None)` for a passkey alone.

    Raises: AccountError when the name is taken, and the link stays.
    """
    if _valid(token, now).delete()[0] != 1 or not is_missing():
        return None
    for begun in _begun():
        accounts.close_account(begun, now, username)
    user = accounts.open_account(username, encoded, now, username, given=False)
    accounts.make_operator(user, now, username)
    return user


def _valid(token: str, now: datetime) -> QuerySet[models.FirstOperatorLink]:
    return models.FirstOperatorLink.objects.filter(token_sha256=_digest(token), valid_until__gt=now)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
