"""How an account comes to work for an office: opened for it, joined with its owner's consent, or by the operator.

Invariant: an administrator of one office neither enters nor learns of an account of another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from prepazka.core.office.roles import Role
from prepazka.store import accounts, models
from prepazka.store.accounts import AccountError
from prepazka.store.log import note
from prepazka.store.models import User

# docs/spec/safety.md §1: "The link works once, within 7 days"
INVITED_FOR = timedelta(days=7)


def name_in(office_id: int, name: str) -> str:
    """Return the name an administrator's new account gets: with the office's address, where there are others.

    So whether a name is free depends on the own office alone, and tells nothing of accounts of another. An account
    that was opened for this office keeps its name. Raises: AccountError when the name is too long.
    """
    found = accounts.find(name)
    if (found and found.home_id == office_id) or not models.Office.objects.exclude(id=office_id).exists():
        return name
    slug = models.Office.objects.values_list("slug", flat=True).get(id=office_id)
    return accounts.username(name if name.endswith(f".{slug}") else f"{name}.{slug}")


def give_home(user: User, office_id: int) -> None:
    """Make a new account that of the office it was opened for."""
    user.home_id = office_id
    user.save(update_fields=["home"])


def own(user: User, office_id: int) -> bool:
    """Whether an office may appoint and reset this account by itself: it was opened for it, and is no operator's."""
    return user.home_id == office_id and not user.is_superuser


# docs/spec/safety.md §1: "the roles of that account in other offices are held"
@transaction.atomic
def hold_elsewhere(user: User, office_id: int, now: datetime, who: str) -> int:
    """Hold the account's roles in other offices, because this office can now enter the account; return how many."""
    others = models.Official.objects.filter(user=user, held=False).exclude(office_id=office_id)
    held = list(others.values_list("office_id", flat=True))
    others.update(held=True)
    for other in held:
        note(other, now, who="", what="role held", user=user.username)
    if held:
        note(None, now, who, "roles held elsewhere", user=user.username)
    return len(held)


# --- invitations --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation offers."""

    office_id: int
    office: str
    slug: str
    role: Role


def invite(office_id: int, role: Role, token: str, now: datetime, who: str) -> None:
    """Offer a role in the office to whoever opens the link with this token first."""
    with transaction.atomic():
        models.Invitation.objects.create(
            office_id=office_id,
            role=role,
            token_sha256=_digest(token),
            made_at=now,
            made_by=who,
            valid_until=now + INVITED_FOR,
        )
        note(office_id, now, who, "invitation made", to=role)


def pending(office_id: int, now: datetime) -> list[models.Invitation]:
    """Return the office's invitations that nobody has answered yet, the oldest first."""
    return list(models.Invitation.objects.filter(office_id=office_id, valid_until__gt=now).order_by("id"))


def withdraw(office_id: int, invitation: int, now: datetime, who: str) -> bool:
    """Make an invitation of the office useless; return whether there was one."""
    with transaction.atomic():
        count, _ = models.Invitation.objects.filter(office_id=office_id, id=invitation).delete()
        if count:
            note(office_id, now, who, "invitation withdrawn")
    return bool(count)


def find(token: str, now: datetime) -> Invited | None:
    """Return what the link with this token offers; None when it was used, withdrawn or is too old."""
    row = models.Invitation.objects.select_related("office").filter(token_sha256=_digest(token), valid_until__gt=now)
    return _invited(found) if (found := row.first()) else None


def answer(token: str, user: User, now: datetime, *, accept: bool) -> Invited:
    """Use up an invitation: give its role to the account of its reader, or to nobody.

    Raises: AccountError when it was used, withdrawn or is too old.
    """
    with transaction.atomic():
        found = models.Invitation.objects.select_for_update().filter(token_sha256=_digest(token), valid_until__gt=now)
        row = found.first()
        if row is None or not models.Invitation.objects.filter(id=row.id).delete()[0]:
            raise AccountError("this link was used, withdrawn or is too old; ask for a new one")
        invited = _invited(row)
        if accept:
            accounts.appoint(user, row.office_id, invited.role, now, user.username)
        else:
            note(row.office_id, now, "", "invitation declined", to=row.role)
    return invited


def erase_invitations(now: datetime) -> int:
    """Delete invitations that are too old; return how many. Index: of `valid_until`."""
    return models.Invitation.objects.filter(valid_until__lte=now).delete()[0]


def _invited(row: models.Invitation) -> Invited:
    return Invited(row.office_id, row.office.name, row.office.slug, accounts.known_role(row.role))


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
