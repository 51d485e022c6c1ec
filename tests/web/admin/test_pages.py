"""The overview, the log of messages and its audit trail."""

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from prepazka.web.first_steps import setup_steps
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.shown import tells_number
from tests.web.staff import SignedIn


@pytest.fixture
def client(signed_in: SignedIn) -> Client:
    return signed_in("manager")


@pytest.fixture
def wrote(officials: object) -> None:
    receive([Inbound("phone", "1", ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    receive([Inbound("phone", "2", "+420602111222", NUMBER, "POMOC")], NOW)


def test_a_new_office_is_reported_what_it_needs(officials: object) -> None:
    from prepazka import officefile  # noqa: PLC0415 -- only here

    bare = officefile.read({"office": {"slug": "nova-ves", "name": "Nová Ves"}})
    steps = list(setup_steps(offices.load(offices.keep(bare, NOW))))
    assert [step.done for step in steps] == [False] * 7
    demo = offices.load(offices.find("demo") or 0)
    assert [step.title for step in setup_steps(demo) if not step.done] == ["Brána, přes kterou chodí zprávy"]


@pytest.mark.usefixtures("wrote")
def test_the_overview_counts_todays_bookings_and_says_when_messages_wait(client: Client) -> None:
    models.Booking.objects.update(day=NOW.date())
    assert '<dd class="big">1</dd>' in client.get("/demo/admin/").content.decode()
    assert "nezpracovávají" not in client.get("/demo/admin/").content.decode()
    models.Inbound.objects.update(state="waiting", received_at=NOW.replace(year=2025))
    assert "nezpracovávají" in client.get("/demo/admin/").content.decode()


@pytest.mark.usefixtures("wrote")
def test_looking_a_number_up_shows_both_directions_and_is_noted_with_whom(client: Client) -> None:
    everything = client.get("/demo/admin/messages/").content.decode()
    assert "POMOC" in everything
    assert not models.Access.objects.filter(what="messages of number").exists()
    page = client.post("/demo/admin/messages/of", {"number": "777 123 456"}).content.decode()
    assert "OBJ ZOP 10.8. 14:00 NOVAK" in page
    assert "Objednano: ZOP" in page
    assert "Pište" not in page
    assert not tells_number(page, "+420602111222")
    noted = models.Access.objects.get(what="messages of number")
    assert (noted.who, noted.number, noted.details) == ("manager", "…456", {})


@pytest.mark.usefixtures("wrote")
def test_messages_and_the_trail_of_another_office_are_not_seen(officials: object, signed_in: SignedIn) -> None:
    foreign = signed_in("foreign")
    assert "POMOC" not in foreign.get("/other/admin/messages/").content.decode()
    outbound = models.Outbound.objects.first()
    assert outbound
    models.Outbound.objects.update(state="failed", due_at=None)
    foreign.post(f"/other/admin/messages/{outbound.id}/again")
    assert not models.Outbound.objects.filter(kind="resent").exists()


@pytest.mark.parametrize("before", ["x", "1", "1,2,3", "99999999999999999999,1", "-1,5", "1.5,2"])
@pytest.mark.parametrize("page", ["messages/", "audit"])
def test_a_page_nobody_linked_to_is_the_first(client: Client, office: Office, page: str, before: str) -> None:
    assert client.get(f"/demo/admin/{page}", {"before": before}).status_code == 200


def test_the_trail_goes_on_on_the_next_page(client: Client) -> None:
    demo = offices.find("demo")
    models.Audit.objects.bulk_create(
        models.Audit(office_id=demo, at=NOW, who=f"nr-{number}", what="role given") for number in range(60)
    )
    first = client.get("/demo/admin/audit").content.decode()
    assert ">nr-59</td>" in first
    assert ">nr-5</td>" not in first
    link = first.split('href="?before=')[1].split('"')[0]
    second = client.get(f"/demo/admin/audit?before={link}").content.decode()
    assert ">nr-5</td>" in second
    assert ">nr-59</td>" not in second


@pytest.mark.usefixtures("wrote")
def test_who_books_while_the_closure_is_looked_at_is_shown_before_anything_happens(client: Client) -> None:
    form = {"first": "2026-08-10", "reason": "Porucha", "seen": ""}
    path = "/demo/admin/closures/new"
    form["seen"] = client.get(path).content.decode().split('name="seen" value="')[1].split('"')[0]
    ids = client.post(path, form).content.decode().split('name="hit" value="')[1].split('"')[0]
    receive([Inbound("phone", "3", "+420602111222", NUMBER, "OBJ ZOP 10.8. 15:00 POZDNI")], NOW)
    page = client.post(path, form | {"hit": ids, "confirm": "call_off", "tell": "1"}).content.decode()
    assert "Mezitím se objednávky změnily" in page
    assert "POZDNI" in page
    assert not offices.load(offices.find("demo") or 0).closures
    ids = page.split('name="hit" value="')[1].split('"')[0]
    done = client.post(path, form | {"hit": ids, "confirm": "call_off"}, follow=True)
    assert "zprávy jsme neposlali" in done.content.decode()
    assert not models.Booking.objects.filter(state="booked").exists()
    assert not models.Outbound.objects.filter(kind="called_off").exists()
