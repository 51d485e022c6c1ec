"""The page "Sál teď": what a manager sees and does there, and who may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import TicketRef
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import models, offices
from prepazka.web import clock
from tests.flows.counters.test_arrive import office_like
from tests.flows.counters.working_day import book
from tests.web.conftest import NOW, bind, gateway
from tests.web.staff import FOREIGN, SignedIn

HALL = "/demo/admin/hall/"


@pytest.fixture
def manager(signed_in: SignedIn) -> Client:
    return signed_in("manager")


def shown(client: Client) -> str:
    return client.get(HALL).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def to_counter(manager: Client, act: str, counter: int, clerk: str = "clerk", **more: str) -> str:
    fields = {"act": act, "counter": counter, "clerk": clerk} | more
    return manager.post(f"{HALL}counter", fields, follow=True).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def sit(office: Office, who: str = "clerk") -> int:
    seat.sit_down(office.id, office.counters[0].id, who, NOW)
    return office.counters[0].id


def later(monkeypatch: pytest.MonkeyPatch, **ahead: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(**ahead))


def test_it_says_who_waits_where_and_how_long(manager: Client, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    sit(office)
    for _ in range(2):
        arrive.walk_in(office.id, "ZOP", NOW)
    call.call_next(office.id, "clerk", NOW)
    later(monkeypatch, minutes=41)
    page = shown(manager)
    for words in ("41 min D2", "■ přes limit", "1 z 2", "D1 ZOP", "volá se", "Přepážka 1"):
        assert words in page
    later(monkeypatch, minutes=25)
    assert "▲ blíží se limitu" in shown(manager)


def test_full_names_stand_there_and_no_sign_in_names(manager: Client, office: Office) -> None:
    models.User.objects.filter(username="clerk").update(name="Eva Dvořáková")
    sit(office)
    assert '<td data-head="Kdo">Eva Dvořáková</td>' in shown(manager)


def test_a_break_and_closing_without_a_client_are_one_press(manager: Client, office: Office) -> None:
    counter = sit(office)
    assert "Přepážka má přestávku." in to_counter(manager, "pause", counter)
    assert "přestávka 0 min" in shown(manager)
    assert "Přepážka je zavřená." in to_counter(manager, "close", counter)
    assert not models.Staffing.objects.exists()


def test_closing_with_a_client_is_asked_first(manager: Client, office: Office) -> None:
    counter = sit(office)
    arrive.walk_in(office.id, "ZOP", NOW)
    call.call_next(office.id, "clerk", NOW)
    asked = to_counter(manager, "close", counter)
    assert "D1" in asked
    assert "vrátíme do fronty" in asked
    assert models.Staffing.objects.exists()
    confirmed = {"client": asked.partition('name="client" value="')[2].partition('"')[0]}
    [one] = models.Ticket.objects.all()
    call.serve(office.id, "clerk", TicketRef(one.id, one.version), NOW)
    again = to_counter(manager, "close", counter, **confirmed)
    assert "ukončíme jako vyřízenou" in again, "the client is being served meanwhile"
    assert models.Staffing.objects.exists()
    confirmed = {"client": again.partition('name="client" value="')[2].partition('"')[0]}
    for _ in range(2):
        assert "Přepážka je zavřená." in to_counter(manager, "close", counter, **confirmed)
    assert models.Ticket.objects.get().state == "done"
    assert models.Audit.objects.filter(what="counter closed").count() == 1


def test_a_page_of_before_changes_nothing(manager: Client, office: Office) -> None:
    counter = sit(office, "somebody")
    assert "Nic jsme nezměnili." in to_counter(manager, "close", counter, "clerk")
    assert models.Staffing.objects.get().clerk == "somebody"


@pytest.mark.parametrize("counter", ["", "x", "999999", "9" * 40])
def test_a_form_nobody_made_changes_nothing(manager: Client, office: Office, counter: Any) -> None:
    sit(office)
    assert "Nic jsme nezměnili." in to_counter(manager, "close", counter)
    manager.post(f"{HALL}agenda", {"act": "stop", "agenda": counter})
    assert not models.Agenda.objects.filter(tickets_stopped_on__isnull=False).exists()


def test_the_kiosk_gives_no_more_tickets_and_says_so(manager: Client, office: Office, client: Client) -> None:
    doklady = office.agendas[0].id
    manager.post(f"{HALL}agenda", {"act": "stop", "agenda": doklady})
    assert "dnes už ne" in shown(manager)
    touched = client.post(
        "/demo/kiosk/walk-in", {"service": "ZCD", "key": "5c9f4d8e-6c7b-4b59-9d3e-0b8f2c1d7a64"}, follow=True
    )
    assert "Lístky už dnes nevydáváme" in touched.content.decode()
    manager.post(f"{HALL}agenda", {"act": "resume", "agenda": doklady})
    assert arrive.walk_in(office.id, "ZCD", NOW).outcome == "ticket"


def test_closing_now_asks_then_cancels_and_tells_those_booked_today(manager: Client, office: Office) -> None:
    gateway("modem", "t")
    bind("+420739547765", "modem")
    office = offices.load(office.id)
    begun = book(office, NOW - timedelta(minutes=5), "111111")
    arrive.check_in(office.id, "111111", NOW)
    to_come = book(office, NOW + timedelta(hours=2), "222222")
    tomorrow = book(office, NOW + timedelta(days=1), "333333")
    form = {"agenda": "doklady", "reason": "nejde proud", "seen": seen_of(manager)}
    asked = manager.post("/demo/admin/closures/now", form).content.decode()
    assert "1\N{NO-BREAK SPACE}objednávku" in asked
    assert "pondělí 3. 8. 2026, 9:00–23:59, Doklady: nejde proud" in asked.replace("\N{NO-BREAK SPACE}", " ")
    assert not models.Closure.objects.exists()
    done = manager.post("/demo/admin/closures/now", form | {"confirm": "call_off", "tell": "1", "hit": str(to_come.id)})
    assert done["Location"].endswith("?done=told")
    states = dict(models.Booking.objects.values_list("id", "state"))
    assert states == {begun.id: "booked", to_come.id: "cancelled", tomorrow.id: "booked"}
    [told] = models.Outbound.objects.filter(kind="called_off")
    assert "nejde proud" in told.text
    assert arrive.walk_in(office.id, "ZOP", NOW).outcome == "closed_now"
    assert arrive.walk_in(office.id, "PTP", NOW).outcome == "ticket"


def test_closing_now_is_done_once_also_where_it_is_pressed_again_a_minute_later(
    manager: Client, signed_in: SignedIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway("modem", "t")
    bind("+420739547765", "modem")
    to_come = book(offices.load(office.id), NOW + timedelta(hours=3), "444444")
    form = {"agenda": "doklady", "reason": "praskla hadice", "seen": seen_of(manager)}
    pressed = form | {"confirm": "call_off", "tell": "1", "hit": str(to_come.id)}
    other = signed_in("administrator")
    for minutes, who in ((0, manager), (0, manager), (1, manager), (2, other)):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: NOW + timedelta(minutes=minutes))
        assert who.post("/demo/admin/closures/now", pressed)["Location"].endswith("?done=told"), minutes
    assert models.Closure.objects.count() == models.Outbound.objects.filter(kind="called_off").count() == 1
    whole = {"agenda": "", "reason": "evakuace", "seen": seen_of(manager)}
    assert manager.post("/demo/admin/closures/now", whole).status_code == 302
    assert models.Closure.objects.count() == 2, "the whole office is more than an agenda"


def seen_of(client: Client) -> str:
    page = client.get("/demo/admin/closures/now")
    return str(page.context["form"]["seen"].value())


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), (FOREIGN, 404), ("officer", 403), ("", 302)])
def test_nobody_else_may(signed_in: SignedIn, office: Office, who: str, status: int) -> None:
    client = signed_in(who)
    counter = sit(office)
    assert client.get(HALL).status_code == status
    assert client.get("/demo/admin/closures/now").status_code == status
    fields = {"act": "close", "counter": counter, "clerk": "clerk", "client": ""}
    assert client.post(f"{HALL}counter", fields).status_code == status
    assert client.post(f"{HALL}agenda", {"act": "stop", "agenda": office.agendas[0].id}).status_code == status
    assert client.post("/demo/admin/closures/now", {"reason": "x"}).status_code == status
    assert models.Staffing.objects.exists()
    assert not models.Closure.objects.exists()


def test_a_second_offices_counter_is_out_of_reach(manager: Client, office: Office) -> None:
    other = offices.load(offices.keep(office_like(office, "jinde"), NOW))
    seat.sit_down(other.id, other.counters[0].id, "clerk", NOW)
    assert "Nic jsme nezměnili." in to_counter(manager, "close", other.counters[0].id)
    manager.post(f"{HALL}agenda", {"act": "stop", "agenda": other.agendas[0].id})
    assert models.Staffing.objects.count() == 1
    assert not models.Agenda.objects.filter(tickets_stopped_on__isnull=False).exists()
