"""Whoever looks at a person leaves a row in the register, at every door; its readers learn who looked, not at whom."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.booking.cancel_later import carry_out
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import accounts, models, offices, register
from prepazka.store.models import User
from prepazka.web import clock
from tests.web.account.factors import Phone, give_code, give_password, phone
from tests.web.conftest import NOW, NUMBER, TOKEN, gateway
from tests.web.shown import tells_number
from tests.web.staff import FOREIGN, OPERATOR, PASSWORD, SignedIn

__all__ = ["phone"]

CITIZEN, NAME = "+420608414257", "HRUBEŠOVÁ"


@pytest.fixture
def booking(office: Office) -> models.Booking:
    """Somebody booked by SMS."""
    receive([Inbound("test", "r1", CITIZEN, NUMBER, f"OBJ RTP 10.8. 13:30 {NAME}")], NOW)
    return models.Booking.objects.get()


def rows(*but: str) -> list[tuple[str, str, str]]:
    found = models.Access.objects.exclude(what__in=("signed in", *but)).order_by("id")
    return [(row.who, row.what, row.number) for row in found]


def everything_registered() -> str:
    return str(list(models.Access.objects.values())) + str(list(models.Audit.objects.values()))


def page(client: Client, address: str = "/demo/admin/register") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- doors --------------------------------------------------------------------------------------


def test_a_clerk_who_looks_leaves_a_row(signed_in: SignedIn, booking: models.Booking) -> None:
    clerk = signed_in("clerk")
    clerk.get(f"/demo/desk/bookings/{booking.id}/slip")
    assert rows() == [("clerk", "slip opened", "…257")]
    assert models.Access.objects.get(what="slip opened").details == {"booking": booking.id}
    assert not any(secret in everything_registered() for secret in (CITIZEN, CITIZEN[4:], NAME, booking.code))


def test_booking_and_cancelling_for_a_caller_do_too(signed_in: SignedIn, booking: models.Booking) -> None:
    clerk = signed_in("clerk")
    form = {"at": "13:45", "name": "Ivana Hrubešová", "phone": "608 414 258", "key": "0" * 32}
    assert clerk.post("/demo/desk/bookings/new/?service=RTP&day=2026-08-10", form).status_code == 302
    clerk.post("/demo/desk/bookings/new/?service=RTP&day=2026-08-10", form)  # a double click is one act
    clerk.post(f"/demo/desk/bookings/{booking.id}/cancel")
    carry_out(NOW + timedelta(seconds=10))
    assert rows() == [("clerk", "booked for caller", "…258"), ("clerk", "cancelled for caller", "…257")]


def test_a_number_kept_for_calling_only_is_registered_too(signed_in: SignedIn, booking: models.Booking) -> None:
    form = {"at": "13:45", "name": "Ivana Hrubešová", "phone": "541 234 567", "key": "0" * 32}
    clerk = signed_in("clerk")
    assert clerk.post("/demo/desk/bookings/new/?service=RTP&day=2026-08-10", form).status_code == 302
    assert rows() == [("clerk", "booked for caller", "…567")]
    assert register.of_number(booking.office_id, "+420541234567")


def test_a_program_that_books_for_somebody_does_too(client: Client, booking: models.Booking) -> None:
    gateway("first", TOKEN)
    offices.keep(replace(offices.load(booking.office_id), gateways={NUMBER: "first"}), NOW)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    body = {
        "service": "RTP",
        "name": "Ivana Hrubešová",
        "phone": "+420608414258",
        "date": "2026-08-10",
        "time": "13:45",
    }
    address = "/api/v1/offices/demo/bookings"
    assert client.post(address, body, content_type="application/json", headers=headers).status_code == 201
    assert client.delete(f"{address}/{booking.code}?date=2026-08-10", headers=headers).status_code == 200
    assert rows() == [("gateway first", "booked for caller", "…258"), ("gateway first", "cancelled for caller", "…257")]


def test_a_citizens_own_booking_is_no_look(booking: models.Booking) -> None:
    assert rows() == []


def test_lists_are_one_row_an_hour_with_how_often(
    signed_in: SignedIn, booking: models.Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = signed_in("manager")
    for minutes in (0, 7, 59, 61):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: NOW + timedelta(minutes=minutes))
        manager.get("/demo/desk/bookings/?day=2026-08-10")
    counted = models.Access.objects.filter(what="bookings listed").order_by("id")
    assert [(row.count, row.at, row.until) for row in counted] == [
        (3, NOW, NOW + timedelta(minutes=59)),
        (1, NOW + timedelta(minutes=61), NOW + timedelta(minutes=61)),
    ]
    manager.get("/demo/admin/messages/")
    manager.get("/demo/admin/messages/")
    assert models.Access.objects.get(what="messages listed").count == 2


def test_a_search_at_the_desk_is_one_row_an_hour_with_the_finds_that_were_opened(
    signed_in: SignedIn, booking: models.Booking
) -> None:
    clerk = signed_in("clerk")
    for letters in ("hrub", "hrubeš", "414257", "nobody"):
        found = clerk.post("/demo/desk/bookings/find", {"find": letters}).content.decode()
        assert (NAME in found) == (letters != "nobody")
    slip, cancel = f"/demo/desk/bookings/{booking.id}/slip?found", f"/demo/desk/bookings/{booking.id}/cancel?found"
    page_found = clerk.post("/demo/desk/bookings/find", {"find": "hrub"}).content.decode()
    for address in (slip, cancel):
        assert f'href="{address}"' in page_found
        assert clerk.get(address).status_code == 200
    counted = models.Access.objects.filter(what__in=["bookings searched", "find opened"]).order_by("id")
    assert [(row.what, row.count) for row in counted] == [("bookings searched", 5), ("find opened", 2)]
    assert rows("bookings searched", "find opened") == [
        ("clerk", "slip opened", "…257"), ("clerk", "booking opened", "…257"),
    ]  # fmt: skip
    assert not any(letters in everything_registered() for letters in ("hrub", "414257", "nobody"))
    assert clerk.get("/demo/desk/bookings/find?find=hrub")["Location"] == "/demo/desk/bookings/"


def test_the_number_of_a_search_is_not_kept(signed_in: SignedIn, booking: models.Booking) -> None:
    manager = signed_in("manager")
    for typed in ("608 414 257", "Hrubešová", "603 111 000"):
        manager.post("/demo/admin/messages/of", {"number": typed})
    assert [(what, number) for _, what, number in rows()] == [
        ("messages of number", "…257"), ("messages of number", ""), ("messages of number", "…000"),
    ]  # fmt: skip
    assert "rube" not in everything_registered()
    assert models.Access.objects.get(number="", what="messages of number").number_hash == ""
    assert CITIZEN[4:] not in everything_registered()


# --- sign-ins and refusals ----------------------------------------------------------------------


def sign_in(client: Client, name: str, password: str) -> None:
    client.post("/account/sign-in", {"login": name, "password": password})


@pytest.mark.usefixtures("officials")
def test_sign_ins_and_sign_outs_and_failures_are_registered(client: Client) -> None:
    for name, password in [("manager", "spatne"), ("manager", "zase spatne"), ("manager", PASSWORD)]:
        sign_in(client, name, password)
    client.post("/account/sign-out")
    client.post("/account/sign-out")  # nobody is there any more
    found = models.Access.objects.order_by("id").values_list("who", "what", "count")
    assert list(found) == [("manager", "sign-in failed", 2), ("manager", "signed in", 1), ("manager", "signed out", 1)]


@pytest.mark.usefixtures("officials")
def test_a_password_typed_into_the_wrong_field_is_not_kept(client: Client) -> None:
    for name in ("Moje-Tajne-Heslo-1", "jine-tajne-heslo"):
        sign_in(client, name, "manager")
    assert list(models.Access.objects.values_list("who", "what", "count")) == [("", "sign-in failed", 2)]
    assert "ajne" not in everything_registered()


def test_a_wrong_code_and_a_used_one_are_failed_sign_ins(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    phone.enrol(signed_in("clerk"))
    used = phone.code()
    for code in ("000000", used):
        give_password(client, "clerk", PASSWORD)
        give_code(client, code)
    attacker = Client()
    give_password(attacker, "clerk", PASSWORD)
    give_code(attacker, used)
    found = models.Access.objects.filter(what="sign-in failed").values_list("who", "count")
    assert list(found) == [("clerk", 2)]


def test_a_given_password_that_came_too_late_is_a_failed_sign_in(
    client: Client, officials: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.give_password(officials["clerk"], "lavice v aleji", NOW, "administrator", given=True)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=8))
    sign_in(client, "clerk", "lavice v aleji")
    found = models.Access.objects.filter(who="clerk").values_list("what", "count")
    assert list(found) == [("sign-in failed", 1)]


def test_a_refused_page_is_registered_where_it_was_refused(signed_in: SignedIn, office: Office) -> None:
    clerk, stranger = signed_in("clerk"), signed_in(FOREIGN)
    clerk.get("/demo/admin/users/")
    clerk.get("/demo/admin/users/")
    clerk.get("/account/register")
    stranger.get("/demo/desk/")
    stranger.get("/nowhere/desk/")
    clerk.get("/demo/desk/bookings/0/slip")  # there is none, which is no refusal
    found = models.Access.objects.filter(what="refused").order_by("id")
    assert [(row.office_id, row.who, row.details["page"], row.count) for row in found] == [
        (office.id, "clerk", "admin-users", 2), (None, "clerk", "account-register", 1), (office.id, FOREIGN, "desk", 1),
    ]  # fmt: skip


def test_a_token_refused_at_another_office_is_registered_there(client: Client, office: Office) -> None:
    gateway("first", TOKEN)
    address, headers = "/api/v1/offices/demo/bookings/000000?date=2026-08-10", {"Authorization": f"Bearer {TOKEN}"}
    assert client.delete(address, headers=headers).status_code == 404
    (row,) = models.Access.objects.all()
    assert (row.office_id, row.who, row.what) == (office.id, "gateway first", "refused")


# --- who reads it -------------------------------------------------------------------------------


def test_the_data_protection_officer_reads_it_and_nothing_else(signed_in: SignedIn, booking: models.Booking) -> None:
    signed_in("clerk").get(f"/demo/desk/bookings/{booking.id}/slip")
    officer = signed_in("officer")
    read = page(officer)
    for words in ("Otevřen lístek", "clerk", "…257", "Registr nahlížení"):
        assert words in read
    assert not tells_number(read, CITIZEN)
    for closed in (
        "/demo/desk/",
        "/demo/desk/bookings/",
        "/demo/admin/",
        "/demo/admin/messages/",
        "/demo/admin/person",
    ):
        assert officer.get(closed).status_code == 403, closed
        assert f'href="{closed}"' not in read
    assert "/demo/admin/register" in page(officer, "/account/")


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("manager", 403), ("administrator", 200), (FOREIGN, 404)])
def test_others_do_not_read_it(signed_in: SignedIn, booking: models.Booking, who: str, status: int) -> None:
    assert signed_in(who).get("/demo/admin/register").status_code == status
    assert signed_in(who).post("/demo/admin/register/of", {"number": CITIZEN}).status_code == status


def test_an_office_reads_its_own_rows_and_sign_ins_of_its_own_people(
    signed_in: SignedIn, booking: models.Booking
) -> None:
    signed_in("clerk").get(f"/demo/desk/bookings/{booking.id}/slip")
    register.note(None, NOW, FOREIGN, "signed out")
    elsewhere = page(signed_in(FOREIGN), "/other/admin/register")
    assert "…257" not in elsewhere
    assert "clerk" not in elsewhere
    assert "Odhlášení" in elsewhere
    assert "Odhlášení" not in page(signed_in("officer"))
    operator = page(signed_in(OPERATOR), "/account/register")
    assert "…257" in operator
    assert "Odhlášení" in operator


def test_a_person_can_be_told_who_looked(signed_in: SignedIn, booking: models.Booking) -> None:
    other = "+420999414257"  # the same last digits
    register.note(booking.office_id, NOW, "clerk", "slip opened", CITIZEN)
    register.note(booking.office_id, NOW, "manager", "slip opened", other)
    answer = signed_in("officer").post("/demo/admin/register/of", {"number": "608 414 257"})
    told = answer.content.decode()
    assert "clerk" in told
    assert "manager" not in told
    assert rows()[-1] == ("officer", "register of number", "…257")
    hidden = signed_in(FOREIGN).post("/other/admin/register/of", {"number": CITIZEN}).content.decode()
    assert "Otevřen lístek" not in hidden


def test_long_registers_have_pages(signed_in: SignedIn, office: Office) -> None:
    models.Access.objects.bulk_create(
        models.Access(office_id=office.id, at=NOW, who=f"nr-{number}x", what="slip opened") for number in range(60)
    )
    client: Any = signed_in("officer")
    first = page(client)
    address = first.partition("?before=")[2].partition('"')[0]
    second = page(client, f"/demo/admin/register?before={address}")
    assert [f"nr-{number}x" in first + second for number in range(60)] == [True] * 60
    assert "nr-59x" not in second
    assert page(client, "/demo/admin/register?before=x,y")


def test_the_live_queue_is_one_row_an_hour_however_often_it_is_renewed(
    signed_in: SignedIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, manager = signed_in("clerk"), signed_in("manager")
    for _ in range(3):
        clerk.get("/demo/desk/")
        clerk.get("/demo/desk/?live")
    manager.get("/demo/desk/?live")
    shown = models.Access.objects.filter(what="queue shown", office_id=office.id)
    assert sorted(shown.values_list("who", "count")) == [("clerk", 1), ("manager", 1)]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=59))
    clerk.get("/demo/desk/?live")
    assert shown.filter(who="clerk").count() == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=60))
    clerk.get("/demo/desk/?live")
    assert shown.filter(who="clerk").count() == 2
