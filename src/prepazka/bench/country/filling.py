"""A country in a scratch database: each office open, its number bound, a clerk signed in at a counter, a kiosk."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as wall

from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from prepazka.bench import scratch
from prepazka.core.office.office import Counter, Hours, Office, WeeklyRule
from prepazka.flows.counters import arrive
from prepazka.store import gateways, models
from prepazka.store.user_sessions import SEEN, SINCE

GATEWAYS = 20
"""Gateways of the country; each has its share of the numbers."""

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 -- of a scratch database, on the loopback
SERVICE = "ZOP"
_NO_PASSWORD = "!"  # noqa: S105 -- by which nobody signs in
_BATCH = 500
# Minutes of a visit, and between two starts.
_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Town:
    """What those who call need of an office. session, kiosk: the cookies of its clerk and of its device."""

    slug: str
    number: str
    gateway: str
    session: str
    kiosk: str


def fill(number_of_towns: int, smsbox: int, now: datetime) -> list[Town]:
    """Fill the database and return the towns. smsbox: the port at which its gateways' peer takes messages."""
    ids = scratch.store_towns(number_of_towns, like=_town())
    found = list(models.Office.objects.filter(id__in=ids).order_by("id").values_list("id", "slug", "numbers__e164"))
    names = _bind_numbers(smsbox, now)
    sessions = _sign_in([(id_, slug) for id_, slug, _ in found], now)
    kiosks = [
        models.Kiosk(office_id=id_, name="hala", token_sha256=_digest(slug), made_at=now) for id_, slug, _ in found
    ]
    models.Kiosk.objects.bulk_create(kiosks, batch_size=_BATCH)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [
        Town(slug, number, names[place % GATEWAYS], sessions[slug], _kiosk_token(slug))
        for place, (_, slug, number) in enumerate(found)
    ]


def let_people_come(towns: int, now: datetime) -> int:
    """Have somebody wait in each of the first towns; return in how many."""
    ids = list(models.Office.objects.order_by("id").values_list("id", flat=True)[:towns])
    for office_id in ids:
        arrive.add_walk_in(office_id, SERVICE, now, "bench")
    return len(ids)


def _town() -> Office:
    """Return an office that is open day and night, so that the hour of the measurement does not matter."""
    town = scratch.make_town(1, step=_MINUTES)
    (agenda,) = town.agendas
    always = tuple(WeeklyRule(day, Hours(wall(0), wall(23, 30), _MINUTES, 4)) for day in range(7))
    return replace(
        town,
        agendas=(replace(agenda, rules=always),),
        counters=(Counter(1, "jedna", "Přepážka 1", (agenda.id,)),),
        settings=replace(town.settings, confirm_web=True),
    )


def _bind_numbers(smsbox: int, now: datetime) -> list[str]:
    """Make the gateways and share the numbers out among them; return their names."""
    names = [f"brana-{place}" for place in range(GATEWAYS)]
    for name in names:
        given = {
            "secret": SECRET,
            "username": "prepazka",
            "password": "bench",
            "url": f"http://127.0.0.1:{smsbox}/cgi-bin/sendsms",
        }
        gateways.keep(name, "kannel-http", given, now, "bench")
    ids = dict(models.Gateway.objects.values_list("name", "id"))
    numbers = list(models.Number.objects.order_by("office_id").values_list("id", flat=True))
    for place, name in enumerate(names):
        models.Number.objects.filter(id__in=numbers[place::GATEWAYS]).update(gateway_id=ids[name])
    return names


def _sign_in(towns: Sequence[tuple[int, str]], now: datetime) -> dict[str, str]:
    """Seat a clerk in each office, signed in as by its pages; return the session of each by the office's slug."""
    users = [models.User(username=f"urednik-{slug}", password=_NO_PASSWORD, home_id=id_) for id_, slug in towns]
    models.User.objects.bulk_create(users, batch_size=_BATCH)
    models.Official.objects.bulk_create(
        [models.Official(user=user, office_id=id_, role="clerk") for user, (id_, _) in zip(users, towns, strict=True)],
        batch_size=_BATCH,
    )
    counters = dict(models.Counter.objects.values_list("office_id", "id"))
    models.Staffing.objects.bulk_create(
        [
            models.Staffing(office_id=id_, counter_id=counters[id_], clerk=user.username, since=now, acted_at=now)
            for user, (id_, _) in zip(users, towns, strict=True)
        ],
        batch_size=_BATCH,
    )
    keys = {slug: hashlib.sha256(f"session {slug}".encode()).hexdigest()[:32] for _, slug in towns}
    signed_in = list(zip(users, keys.values(), strict=True))
    Session.objects.bulk_create([_session(user, key, now) for user, key in signed_in], batch_size=_BATCH)
    UserSession.objects.bulk_create(
        [UserSession(user=user, session_key=key, ip="127.0.0.1", user_agent="bench") for user, key in signed_in],
        batch_size=_BATCH,
    )
    return keys


def _session(user: models.User, key: str, now: datetime) -> Session:
    held = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        SINCE: now.timestamp(),
        SEEN: now.timestamp(),
    }
    return Session(session_key=key, session_data=SessionStore().encode(held), expire_date=now + timedelta(hours=12))


def _kiosk_token(slug: str) -> str:
    return f"kiosk-of-{slug}"


def _digest(slug: str) -> str:
    return hashlib.sha256(_kiosk_token(slug).encode()).hexdigest()
