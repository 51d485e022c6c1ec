"""The second factors of accounts: who needs one, who has one, and the end of a lost one. Every change is audited."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from prepazka.core.office.roles import FactorRule, Role, needs_second_factor
from prepazka.store import models
from prepazka.store.log import note
from prepazka.store.models import User
from prepazka.store.sealing import UnreadableError, is_current, seal, unseal
from prepazka.store.user_sessions import end_all


def is_required(user: User, everywhere: FactorRule) -> bool:
    """Return whether the user may work only with a second factor. One query.

    everywhere: the operator's rule for all offices, beside each office's own.
    """
    # docs/spec/safety.md §6.1: "An operator always needs one."
    if user.is_superuser:
        return True
    held = models.Official.objects.filter(user=user, held=False).values_list("role", "office__second_factor")
    return any(
        needs_second_factor(cast(Role, role), cast(FactorRule, rule))
        for role, least in held
        for rule in (least, everywhere)
    )


def has_any(user: User) -> bool:
    """Return whether the user has a second factor; recovery codes alone are none."""
    return bool(kinds(user) - {"recovery_codes"})


# docs/spec/safety.md §6.1: "An operator without a password signs in by a passkey alone"
def by_passkey_alone(user: User) -> bool:
    """Return whether the user's passkey is the whole sign-in: an operator with neither password nor provider."""
    if not (user.is_active and user.is_superuser) or user.has_usable_password():
        return False
    return not SocialAccount.objects.filter(user=user).exists()


def some_by_passkey_alone() -> bool:
    """Return whether anybody signs in so. One query."""
    users = User.objects.filter(is_active=True, is_superuser=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    keys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user__in=users)
    return bool(keys.exclude(user__in=SocialAccount.objects.values("user_id")).exists())


def is_only_way_in(authenticator: Authenticator) -> bool:
    """Return whether its owner could not sign in without it."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type=authenticator.type)
    passkey = authenticator.type == Authenticator.Type.WEBAUTHN
    return passkey and by_passkey_alone(authenticator.user) and not others.exclude(pk=authenticator.pk).exists()


def is_last(authenticator: Authenticator) -> bool:
    """Return whether its owner has no other second factor."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
    return not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


@transaction.atomic
def reset(user: User, now: datetime, who: str) -> bool:
    """Delete the user's second factors and recovery codes, and end all sign-ins; return whether there was anything."""
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    end_all(user)
    if deleted:
        note_change(user, now, who, "second factor reset")
    return bool(deleted)


# docs/spec/safety.md §6.1: "A code counts once, and none counts that is older than one that has counted."
@transaction.atomic
def use_up(user: User, code: str) -> bool:
    """Use up a code of the user's application, alike for every process; return whether it was still good.

    The code has been found right a moment ago; whoever has read it over a shoulder may not use it again.
    """
    row = Authenticator.objects.select_for_update().get(user=user, type=Authenticator.Type.TOTP)
    secret, last = decrypt(row.data["secret"]), row.data.get("last_counter", -1)
    typed = code.replace(" ", "")
    counters = [one for one in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, one)) == typed]
    if not counters or max(counters) <= last:
        return False
    row.data["last_counter"] = max(counters)
    row.save(update_fields=["data"])
    return True


def note_change(user: User, now: datetime, who: str, what: str, **details: object) -> None:
    """Record a change of a user's second factors in the audit trail."""
    note(None, now, who, what, user=user.username, **details)


def outdated() -> int:
    """Return how many factors are not sealed with the secret key of today."""
    return sum(1 for _ in _outdated())


@transaction.atomic
def seal_anew() -> int:
    """Seal what is not sealed with the secret key of today; return how many factors that were.

    What no key opens stays as it is.
    """
    count = 0
    for row, name in _outdated():
        with suppress(UnreadableError):
            row.data[name] = seal(unseal(row.data[name]))
            row.save(update_fields=["data"])
            count += 1
    return count


def _outdated() -> Iterator[tuple[Authenticator, str]]:
    """Yield the factors with what of them is to be sealed: a passkey has no secret."""
    for row in Authenticator.objects.order_by("pk"):
        for name in {"secret", "seed"} & row.data.keys():
            if not is_current(row.data[name]):
                yield row, name


def kinds(user: User) -> set[str]:
    """Return the kinds of the user's factors: "totp" for an application, "webauthn" for passkeys, "recovery_codes"."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def passkeys(user: User) -> list[Authenticator]:
    """Return the user's passkeys, the oldest first."""
    return list(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk"))
