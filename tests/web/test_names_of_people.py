"""Who works at the office is called by name; what they sign in with stands only where that is the matter."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted
from prepazka.flows import clerk_inbox
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import accounts, log, models, offices, register
from prepazka.web.desk.words import describe_result
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.staff import OPERATOR, PASSWORD, SignedIn
from tests.web.test_authorisation import ALL, address

ACCOUNT, CALLED = "kd-4711", "Klára Dvořáková"
SIGNING_IN = {"admin-users", "admin-user", "admin-audit", "admin-register", "account-register", "account-events"}
"""Lists of accounts, and the trails that tell from which account something was done."""


@pytest.fixture
def colleague(officials: object, office: Office) -> str:
    """Somebody who sits at a counter, has served and answered people, has looked at one, and changed the office."""
    found = accounts.open_account(ACCOUNT, make_password(PASSWORD), NOW, "test", given=False)
    accounts.rename(found, CALLED)
    accounts.appoint(found, office.id, "manager", NOW, "test")
    settings = replace(office.settings, clerk_figures=True, inbox=True, inbox_hours="8-15")
    offices.keep(replace(office, settings=settings), NOW, ACCOUNT)
    for id_, text in (("1", "OBJ ZOP 10.8. 14:00 NOVAK"), ("2", "muzu prijit s detmi")):
        receive([Inbound("phone", id_, ME, NUMBER, text)], NOW)
    clerk_inbox.mark_done(
        office.id, models.Inbound.objects.get(gateway_id="2").id, clerk_inbox.Seen(10**9, 0), ACCOUNT, NOW
    )
    register.note(office.id, NOW, ACCOUNT, "slip opened", ME)
    log.note(office.id, NOW, "administrator", "counter closed", counter="Přepážka 1", clerk=ACCOUNT)
    seat.sit_down(office.id, office.counters[0].id, ACCOUNT, NOW)
    for minutes in (0, 20):
        arrive.walk_in(office.id, "ZOP", NOW + timedelta(minutes=minutes))
        begun = call.call_next(office.id, ACCOUNT, NOW + timedelta(minutes=minutes + 1))
        assert isinstance(begun, Acted)
        served = call.serve(office.id, ACCOUNT, begun.ticket.ref, NOW + timedelta(minutes=minutes + 2))
        assert isinstance(served, Acted)
        if not minutes:
            call.done(office.id, ACCOUNT, served.ticket.ref, NOW + timedelta(minutes=9))
    return ACCOUNT


def words(content: bytes) -> str:
    """What a page says to who reads it, without its forms' hidden values."""
    return unescape(re.sub(r"<[^>]*>", " ", content.decode()))


def test_no_page_calls_people_by_what_they_sign_in_with(colleague: str, signed_in: SignedIn) -> None:
    client = signed_in(OPERATOR)
    paths = {pattern.name: address(route, pattern) for route, pattern in ALL if "desk" in route or "admin" in route}
    asked = {name: path for name, path in paths.items() if name not in SIGNING_IN}
    asked |= {"month": "/demo/admin/report/?month=2026-08", "done": "/demo/desk/inbox/?done"}
    said = {
        name: words(got.content)
        for name, path in asked.items()
        if (got := client.get(path)).status_code == 200 and is_page(got)
    }
    assert [name for name, text in said.items() if ACCOUNT in text] == []
    assert len(said) > 30
    for name in ("desk", "admin-hall", "month", "done"):
        assert CALLED in said[str(name)], name


def is_page(answer: object) -> bool:
    return answer.headers["Content-Type"].startswith("text/html")  # type: ignore[attr-defined, no-any-return]  # a response


def test_the_register_tells_names_with_the_accounts(colleague: str, signed_in: SignedIn) -> None:
    officer = signed_in("officer")
    assert f"{CALLED} ({ACCOUNT})" in words(officer.get("/demo/admin/register").content)
    assert f"{CALLED} ({ACCOUNT})" in words(officer.post("/demo/admin/register/of", {"number": ME}).content)
    assert f"{CALLED} ({ACCOUNT})" in words(signed_in(OPERATOR).get("/account/register").content)


def test_files_of_the_report_call_clerks_by_name(colleague: str, signed_in: SignedIn) -> None:
    manager = signed_in("manager")
    table = manager.get("/demo/admin/report/report.csv?month=2026-08").content.decode()
    with zipfile.ZipFile(io.BytesIO(manager.get("/demo/admin/report/report.xlsx?month=2026-08").content)) as book:
        sheets = "".join(book.read(name).decode() for name in book.namelist())
    for written in (table, sheets):
        assert CALLED in written
        assert ACCOUNT not in written


def test_two_of_one_name_are_told_apart(colleague: str) -> None:
    for name in ("jan-1", "jan-2", "sam"):
        accounts.open_account(name, "", NOW, "test")
    for name in ("jan-1", "jan-2"):
        account = accounts.find(name)
        assert account
        accounts.rename(account, "Jan Malý")
    assert accounts.told_apart(["jan-1", "jan-2", ACCOUNT, "sam", ""]) == {
        "jan-1": "Jan Malý (jan-1)",
        "jan-2": "Jan Malý (jan-2)",
        ACCOUNT: CALLED,
        "sam": "sam",
    }


def test_who_asks_what_is_held_of_them_gets_names(colleague: str, signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    for form in ({"number": ME}, {"number": ME, "save": "1"}):
        held = client.post("/demo/admin/person", form).content.decode()
        assert CALLED in held
        assert ACCOUNT not in held


def test_mistakes_name_the_colleague(colleague: str, office: Office, client: Client, signed_in: SignedIn) -> None:
    administrator = signed_in("administrator")
    page_of = f"/demo/admin/counters/{office.counters[0].key}"
    page = administrator.get(page_of).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    refused = words(
        administrator.post(f"/demo/admin/counters/{office.counters[0].key}", {"remove": "1", "seen": seen}).content
    )
    assert f"obsluhuje tam {CALLED}." in refused
    agenda = {"title": "Doklady", "walk_ins_stop_minutes": "0", "service_minutes": "10", "seen": "0" * 16}
    old = words(administrator.post("/demo/admin/agendas/doklady", agenda).content)
    assert f"Mezitím to změnil uživatel {CALLED}." in old
    occupied = seat.sit_down(office.id, office.counters[0].id, "clerk", NOW)
    assert CALLED in describe_result(occupied, office)
    assert ACCOUNT not in refused + old
