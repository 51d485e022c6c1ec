"""Where a user is signed in: the sessions, from when and from where, and how each is ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from prepazka.store.log import note
from prepazka.store.models import User

# A session ends after this time without activity, and in any case after the longer one.
IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
# What a session holds: when it began, and when it was last used.
SINCE, SEEN = "signed_in_at", "seen_at"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session that stands. address, browser: as the sign-in came; mine: the session that asks."""

    id: int
    since: datetime
    seen: datetime
    address: str
    browser: str
    mine: bool


def of_user(user: User, current: str) -> list[SignIn]:
    """Return the user's sessions that have not ended, the newest first. One query; current: the asking one's key."""
    stands = Session.objects.filter(session_key=OuterRef("session_key"))
    found = UserSession.objects.filter(Exists(stands), user=user).order_by("-created_at", "-id")
    return [
        SignIn(one.pk, one.created_at, one.last_seen_at, one.ip, one.user_agent, one.session_key == current)
        for one in found
    ]


@transaction.atomic
def end(user: User, session: int, now: datetime) -> bool:
    """End one session of this user; return whether it was the user's."""
    found = UserSession.objects.filter(user=user, pk=session).first()
    if found is None:
        return False
    Session.objects.filter(session_key=found.session_key).delete()
    found.delete()
    note(None, now, user.username, "sign-in ended", user=user.username)
    return True


@transaction.atomic
def end_all(user: User) -> None:
    """End all sessions of this user that signed in by the pages."""
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    UserSession.objects.filter(user=user).delete()


def signed_out(names: Collection[str], now: datetime) -> frozenset[str]:
    """Return those of these accounts that are signed in nowhere; a name that is no account's is none of them."""
    accounts = set(User.objects.filter(username__in=list(names)).values_list("username", flat=True))
    if not accounts:
        return frozenset()
    keys = dict(
        UserSession.objects.filter(user__username__in=list(accounts)).values_list("session_key", "user__username")
    )
    standing = Session.objects.filter(session_key__in=list(keys))
    return frozenset(accounts - {keys[one.session_key] for one in standing if _stands(one.get_decoded(), now)})


def _stands(kept: dict[str, object], now: datetime) -> bool:
    return all(
        isinstance(moment := kept.get(name), float) and now.timestamp() - moment <= longest.total_seconds()
        for name, longest in ((SINCE, LONGEST), (SEEN, IDLE))
    )


def renew(session: str, before: str, now: datetime) -> None:
    """Record that a session has got another key, and was used now."""
    UserSession.objects.filter(session_key=before).update(session_key=session, last_seen_at=now)


def forget_ended() -> None:
    """Delete what is kept of sessions that are over."""
    stands = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.exclude(Exists(stands)).delete()
