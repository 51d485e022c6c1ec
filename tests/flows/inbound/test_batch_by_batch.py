"""A batch answers exactly as the same messages one after another, whatever they are and whatever was held before."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prepazka.core.booking.book import Book
from prepazka.core.office.office import Hours, Office, WeeklyRule
from prepazka.core.rate_limits import SMS_REPLIES_A_DAY, SMS_REPLIES_AN_HOUR
from prepazka.flows.booking import waitlist
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound import receive
from prepazka.gateways.values import Inbound
from prepazka.store import inbox, models, offices, reads
from tests.flows.booking.holding import hand_over
from tests.flows.inbound import many_messages
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 6, 42, 17, tzinfo=UTC)
NUMBER = "+420739547765"
PHONES = ("+420731246802", "+420605987654", "+420602444555")
DAY = date(2026, 8, 10)
TIMES = ("9:00", "9:15", "9:30", "9:45")

TEXTS = (
    *("ANO", "ANO", "ANO", "ano 2", "9:15", "NE", "ok", "MOJE", "MOJE"),
    *(f"OBJ PTP 10.8. {at} MALA" for at in TIMES),
    *("OBJ PTP 3.8. 9:00 MALA", "OBJ ZOP MALY", "OBJ PTP 10.8. 9:00 NOVA 2 OSOBY"),
    *("OBJ PTP 17.8. 9:00 MALA", "OBJ PTP MALA", "OBJ ZOP 17.8. 9:15 MALY", "OBJ ZOP 10.8. 9:15 MALY"),
    *("prosim OBJ PTP 10.8. v devet tricet Mala", "OBJ PTP 10.8. MALA", "OBJ PTP 11.8. 9:00 MALA"),
    *("TERMIN PTP 10.8.", "TERMIN PTP 11.8.", "HLIDEJ PTP 10.8.", "POMOC", "FRONTA PTP", "neco jineho"),
    *("STORNO 123456 10.8.", "STORNO {held} 10.8.", "STORNO {held}", "STORNO {made} 10.8.", "STORNO {made} 3.8."),
    *("PRESUN {made} 10.8. 9:30", "PRESUN {held} 10.8. 9:45", "{made}"),
)


@dataclass(frozen=True)
class Chosen:
    """A place chosen on the web so many seconds before the first message."""

    phone: str
    at: str
    before: int


@dataclass(frozen=True)
class Text:
    """A message, so many seconds after the one before; which: of the codes known by then."""

    phone: str
    text: str
    gap: int
    which: int


CHOSEN = st.builds(Chosen, st.sampled_from(PHONES[:2]), st.sampled_from(TIMES), st.integers(0, 500))
TEXT = st.builds(
    Text,
    st.sampled_from(PHONES),
    st.sampled_from(TEXTS),
    st.sampled_from([0, 0, 1, 20, 60, 400, 1_500, 4_000]),
    st.integers(0, 9),
)


def tight_office(reoffer: int = 0) -> Office:
    """The reference office, open for four starts on Mondays, so that every place is wanted twice."""
    office = demo_office()
    hour = (WeeklyRule(0, Hours(time(9), time(10), 15, 1)),)
    return replace(
        office,
        agendas=tuple(replace(agenda, rules=hour) for agenda in office.agendas),
        settings=replace(
            office.settings,
            confirm_web=True,
            reoffer_minutes=reoffer,
            horizon_days=14,
            open_per_sender_and_day=2,
            identical_per_hour=2,
            wrong_codes_per_hour=2,
            not_understood_per_hour=2,
        ),
    )


Answers = tuple[list[Any], list[Any], list[Any]]
Play = Callable[[list[Inbound]], None]


def played(office: int, chosen: list[Chosen], texts: list[Text], play: Play) -> Answers:
    """What was answered to each message, and which bookings and waitlist entries there are then; nothing stays."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patched:
        # What the office tells unasked is decided when a batch is done: it is no answer.
        patched.setattr(waitlist, "notify_of_freed", lambda *_: None)
        patched.setattr(secrets, "randbelow", random.Random(2).randrange)
        for one in sorted(chosen, key=lambda one: -one.before):
            wanted = Book("PTP", DAY, time.fromisoformat(one.at.zfill(5)), "Iva Mala")
            submit(office, BookingRequest(wanted, "web", one.phone, caller="198.51.100.23"), before(one.before))
        hand_over(NOW)
        held = list(models.Booking.objects.order_by("id").values_list("code", flat=True)) or ["111111"]
        patched.setattr(secrets, "randbelow", many_messages.Draws().randbelow)
        play(messages(texts, held))
        answers = models.Inbound.objects.order_by("id").values_list("text", "outcome", "state", "replies__text")
        bookings = models.Booking.objects.order_by("starts_at", "lane", "made_at", "code")
        found = (
            list(answers),
            list(bookings.values_list("code", "starts_at", "agenda_id", "name", "sender", "state")),
            list(models.WaitlistEntry.objects.order_by("id").values_list("sender", "day")),
        )
        transaction.set_rollback(True)
    return found


def before(seconds: int) -> datetime:
    return NOW - timedelta(seconds=seconds)


def messages(texts: list[Text], held: list[str]) -> list[Inbound]:
    """The messages with the codes that are known when they are written."""
    made, at, found = many_messages.codes(len(texts)), NOW, []
    for place, one in enumerate(texts):
        at += timedelta(seconds=one.gap)
        text = one.text.format(held=held[one.which % len(held)], made=made[one.which % max(place, 1)])
        found.append(Inbound("test", f"m{place}", one.phone, NUMBER, text, at))
    return found


def at_once(inbounds: list[Inbound]) -> None:
    """One batch; each message is decided at its own time."""
    receive.receive(inbounds)


def one_after_another(inbounds: list[Inbound]) -> None:
    for one in inbounds:
        receive.receive([one])


def waited(batch: int, minutes: int) -> Play:
    """Messages that were stored while nobody handled them, and are handled by the worker so many minutes later."""

    def play(inbounds: list[Inbound]) -> None:
        [office] = models.Office.objects.values_list("id", flat=True)
        inbox.take_in(office, [receive.arrival(one, one.sent or NOW) for one in inbounds])
        later = max(one.sent or NOW for one in inbounds) + timedelta(minutes=minutes)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(receive, "BATCH", batch)
            while receive.work(later):
                pass

    return play


PLAYS = [
    pytest.param(at_once, one_after_another, id="as they come"),
    pytest.param(waited(100, 3), waited(1, 3), id="waited a little"),
    pytest.param(waited(100, 130), waited(1, 130), id="waited for hours"),
]


@pytest.mark.parametrize(("together", "alone"), PLAYS)
@pytest.mark.parametrize("reoffer", [0, 30])
def test_a_batch_answers_as_the_same_messages_one_after_another(
    together: Play, alone: Play, reoffer: int, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.SIMULATOR", True)
    monkeypatch.setattr(reads, "figure", {SMS_REPLIES_AN_HOUR: 5, SMS_REPLIES_A_DAY: 7}.get)
    office = offices.keep(tight_office(reoffer), NOW - timedelta(days=1))

    # The visit is over before the second message: its booking is told by neither.
    @example([], [Text(PHONES[0], "OBJ PTP 3.8. 9:00 MALA", 0, 0), Text(PHONES[0], "STORNO {made} 10.8.", 4_000, 0)])
    # A place confirmed behind a new booking of the same time: both are listed alike to a NO.
    @example(
        [Chosen(PHONES[1], "9:00", 0)],
        [Text(PHONES[1], text, gap, 0) for text, gap in (("OBJ ZOP MALY", 0), ("ANO", 0), ("NE", 400))],
    )
    # The later one of two visits was booked first: what is booked already is the sooner one, whenever it was booked.
    @example([], [Text(PHONES[2], f"OBJ ZOP {day}HRUBY", 60, 0) for day in ("17.8. 9:30 ", "10.8. 9:45 ", "")])
    @given(st.lists(CHOSEN, max_size=3), st.lists(TEXT, min_size=2, max_size=12))
    @settings(max_examples=1_000 if whole else 20, deadline=None, suppress_health_check=list(HealthCheck))
    def check(chosen: list[Chosen], texts: list[Text]) -> None:
        assert played(office, chosen, texts, together) == played(office, chosen, texts, alone)

    check()
