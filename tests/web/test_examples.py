"""Every example on the page is sent, and has the outcome that the page promises."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models
from prepazka.web import clock, pages
from tests.web.conftest import NUMBER

pytestmark = pytest.mark.usefixtures("office")

MOMENTS = [
    pytest.param(datetime(2026, 8, 3, 7, tzinfo=UTC), id="Monday morning"),
    pytest.param(datetime(2026, 8, 3, 21, 59, tzinfo=UTC), id="a minute before midnight"),
    pytest.param(datetime(2026, 8, 7, 16, tzinfo=UTC), id="Friday evening"),
    pytest.param(datetime(2026, 8, 8, 10, tzinfo=UTC), id="Saturday"),
    pytest.param(datetime(2026, 12, 23, 18, tzinfo=UTC), id="before Christmas"),
    pytest.param(datetime(2026, 12, 31, 22, 30, tzinfo=UTC), id="New Year's Eve"),
    pytest.param(datetime(2026, 10, 24, 22, 30, tzinfo=UTC), id="the night the clocks change"),
]


def fill(example: str) -> str:
    """The example as people send it: with their own name in the hole."""
    return example.replace("PRIJMENI", "SVOBODA")


def outcome(text: str, sender: str, now: datetime) -> str:
    (handled,) = receive([Inbound("test", f"{sender} {text}", sender, NUMBER, text)], now)
    assert handled.outcome is not None
    return handled.outcome.outcome


@pytest.mark.parametrize("now", MOMENTS)
def test_every_example_comes_to_what_the_page_says(office: Office, now: datetime) -> None:
    common, more = pages.list_forms(office, now)
    phones = count(420777000001)  # each example is the first message of its phone
    for form in (*common, *more):
        for text in form.messages:
            assert outcome(fill(text), f"+{next(phones)}", now) == form.outcome, text
            models.Booking.objects.all().delete()


def test_examples_avoid_what_is_taken(office: Office) -> None:
    """The start an example names is free even when most of its day is not."""
    now = datetime(2026, 8, 3, 7, tzinfo=UTC)
    starts = [8 * 60 + 15 * place for place in range(12)]
    for place, minutes in enumerate(starts):
        for other, name in enumerate(("NOVAK", "DVORAK")):
            text = f"OBJ ZOP 4.8. {minutes // 60}:{minutes % 60:02} {name}"
            assert outcome(text, f"+4207771{place:02}00{other}", now) == "booked"
    common, _ = pages.list_forms(office, now)
    assert outcome(fill(common[0].example), "+420777999999", now) == "booked"


def test_when_the_week_is_full_the_soonest_is_reported_to_be_none(office: Office) -> None:
    now = datetime(2026, 8, 3, 7, tzinfo=UTC)
    closed = models.Closure(
        office_id=office.id, first=now.date(), last=now.date() + timedelta(days=9), reason="stěhování"
    )
    closed.save()
    models.Office.objects.update(version=99)
    office = pages.office_at("demo")
    common, _ = pages.list_forms(office, now)
    soonest, tomorrow = common[1], common[3]
    assert (soonest.outcome, tomorrow.outcome) == ("no_free_slot", "closed_day")
    assert outcome(fill(soonest.example), "+420777000001", now) == "no_free_slot"
    assert outcome(tomorrow.example, "+420777000001", now) == "closed_day"


@pytest.mark.parametrize(
    "form",
    [
        'OBJ "zkr" "datum" "cas" "jmeno"',
        'OBJ "zkr" "jmeno"',
        *(f"{obj}{word}" for obj in ("OBJ ", "") for word in ("HELP", "POMOC")),
        *(f'{obj}{word} "zkr" "datum"' for obj in ("OBJ ", "") for word in ("TERMIN", "TERMINY")),
        *(f'{obj}{word} "zkr"' for obj in ("OBJ ", "") for word in ("TERMIN", "TERMINY")),
        *(f"{obj}{word} {codes}" for obj in ("OBJ ", "") for word in ("HELP", "POMOC") for codes in ("ZKR", "ZKRATKY")),
        *(f'{obj}{word} "kód" "datum"' for obj in ("OBJ ", "") for word in ("STORNO", "STO")),
    ],
)
def test_every_form_of_the_towns_page_is_on_ours(client: Client, form: str) -> None:
    """On Monday 3 August 2026 the first free day after it is Tuesday, and the middle of its 28 starts is 11:30."""
    values = {'"zkr"': "ZOP", '"datum"': "4.8.", '"cas"': "11:30", '"jmeno"': "PRIJMENI", '"kód"': "KOD"}
    example = " ".join(values.get(word, word) for word in form.split())
    assert f"<code>{example}</code>" in client.get("/demo/").content.decode()


def test_an_office_where_nothing_can_be_booked_shows_no_examples(client: Client) -> None:
    models.WeeklyRule.objects.all().delete()
    models.Office.objects.update(version=99)
    page = client.get("/demo/")
    assert page.status_code == 200
    assert "<code>OBJ" not in page.content.decode()


def test_the_clock_is_the_faces_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 4, 9, tzinfo=UTC))
    assert "OBJ ZOP 5.1. " in client.get("/demo/").content.decode()


def test_several_persons_are_written_as_the_rules_say(office: Office) -> None:
    assert outcome("OBJ ZOP 10.8. 14:00 2X NOVAK", "+420777000001", datetime(2026, 8, 3, 7, tzinfo=UTC)) == "booked"
