"""Messages to numbers not bound to their gateway: nothing is done about them until an operator assigns them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from prepazka.flows.inbound.intake import PARTS_WAIT, poll, store, tidy
from prepazka.flows.inbound.receive import work
from prepazka.flows.inbound.strays import NotAssignable, assign
from prepazka.flows.retention import STRAYS_KEPT, forget
from prepazka.gateways.values import Inbound, Part
from prepazka.store import models, offices, strays
from prepazka.store.strays import StrayGroup
from tests.flows.inbound.polled_gateway import PolledGateway
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
OURS, THEIRS, NEW = "+420739547765", "+420739000222", "+420739000333"
ME = "+420777654321"
REQUEST = "OBJ ZOP 11.8. 9:15 DVORAK"


@pytest.fixture(autouse=True)
def _two_offices() -> None:
    for name in ("modem", "other-modem"):
        models.Gateway.objects.create(name=name, kind="test", made_at=NOW)
    offices.keep(replace(demo_office(), gateways={OURS: "modem"}), NOW)
    other = replace(demo_office(), slug="lhota", name="Obec Lhota", numbers=(THEIRS,))
    offices.keep(replace(other, gateways={THEIRS: "other-modem"}), NOW)


def message(recipient: str, id_: str = "1", text: str = REQUEST, gateway: str = "modem", **more: str) -> Inbound:
    return Inbound(gateway, id_, ME, recipient, text, NOW, **more)


def add_number(number: str, gateway: str | None) -> None:
    office = offices.load(models.Office.objects.get(slug="lhota").id)
    gateways = {**office.gateways, **({number: gateway} if gateway else {})}
    offices.keep(replace(office, numbers=(*office.numbers, number), gateways=gateways), NOW)


def handled() -> list[tuple[str, str]]:
    """What came of the messages in all inboxes: office and outcome."""
    while work(NOW + timedelta(hours=1)):
        pass
    return list(models.Inbound.objects.order_by("id").values_list("office__slug", "outcome"))


@pytest.mark.parametrize(
    "recipient",
    [
        pytest.param(THEIRS, id="the number of another office"),
        pytest.param("739000222", id="the same as people write it"),
        pytest.param(NEW, id="a number of no office"),
        pytest.param("URAD", id="no number"),
    ],
)
def test_a_polled_gateway_acknowledges_what_is_not_its_own_and_nothing_is_done(recipient: str) -> None:
    modem = PolledGateway(message(recipient))
    assert poll(modem, NOW) == 1
    assert modem.waiting == []
    assert handled() == []
    assert models.Booking.objects.count() == models.Outbound.objects.count() == 0
    assert models.Stray.objects.get().text == REQUEST


def test_a_number_without_a_gateway_takes_nothing_from_any() -> None:
    add_number(NEW, None)
    store([message(NEW)], NOW)
    assert handled() == []


def test_what_is_the_gateways_own_is_handled_beside_a_stray() -> None:
    store([message(THEIRS, "1"), message(OURS, "2")], NOW)
    assert handled() == [("demo", "booked")]
    assert models.Stray.objects.count() == 1


def test_parts_of_a_long_message_to_another_gateways_number_are_one_stray() -> None:
    halves = [Part("modem", f"p{number}", ME, THEIRS, text, 9, 2, number) for number, text in ((1, "STO"), (2, "RNO"))]
    store(halves[:1], NOW)
    store(halves[1:], NOW)
    assert models.Stray.objects.get().text == "STORNO"
    assert handled() == []


def test_a_stray_that_was_cut_is_never_acted_on(office_of_new: None) -> None:
    store([Part("modem", "p1", ME, NEW, REQUEST, 9, 2, 1)], NOW)
    tidy(NOW + PARTS_WAIT)
    bind_new()
    assert assign(NEW, NOW, "operator") == 1
    assert handled() == [("lhota", "incomplete")]
    assert models.Booking.objects.count() == 0


@pytest.fixture
def office_of_new() -> None:
    add_number(NEW, None)


def bind_new() -> None:
    office = offices.load(models.Office.objects.get(slug="lhota").id)
    offices.keep(replace(office, gateways={**office.gateways, NEW: "modem"}), NOW)


# --- assigned -----------------------------------------------------------------------------------


def test_a_stray_waits_for_its_number_and_for_the_operator() -> None:
    store([message(NEW)], NOW)
    add_number(NEW, "modem")
    tidy(NOW)
    assert handled() == [], "adding the number alone gives nobody old messages"
    assert assign(NEW, NOW, "operator") == 1
    assert handled() == [("lhota", "booked")]
    assert strays.count() == 0


def test_an_assigned_message_is_handled_once_however_often_it_comes_and_is_assigned() -> None:
    store([message(NEW, "7")], NOW)
    add_number(NEW, "modem")
    store([message(NEW, "7")], NOW)
    assert [assign(NEW, NOW, "operator"), assign(NEW, NOW, "operator")] == [1, 0]
    store([message(NEW, "7")], NOW)
    assert handled() == [("lhota", "booked")]


def test_copies_under_several_ids_are_one_message() -> None:
    store([message(NEW, id_, fingerprint="f" * 64) for id_ in ("1", "2", "3")], NOW)
    add_number(NEW, "modem")
    assign(NEW, NOW, "operator")
    assert handled() == [("lhota", "booked")]


def test_the_message_of_a_sim_goes_to_the_number_bound_to_its_modem() -> None:
    models.Gateway.objects.create(name="sim", kind="test", made_at=NOW)
    store([message("", gateway="sim")], NOW)
    assert strays.groups() == [StrayGroup("sim", "", 1, NOW)]
    add_number(NEW, "sim")
    assert strays.groups() == [StrayGroup("sim", "", 1, NOW, NEW, "Obec Lhota")]
    assert assign(NEW, NOW, "operator") == 1
    assert handled() == [("lhota", "booked")]


def test_strays_of_another_gateway_to_the_same_number_stay() -> None:
    store([message(NEW, gateway="other-modem")], NOW)
    add_number(NEW, "modem")
    assert assign(NEW, NOW, "operator") == 0
    assert handled() == []


@pytest.mark.parametrize(("number", "why"), [(NEW, "of no office"), ("+420739000444", "bound to no gateway")])
def test_what_belongs_to_nobody_cannot_be_assigned(number: str, why: str) -> None:
    store([message(number)], NOW)
    add_number("+420739000444", None)
    with pytest.raises(NotAssignable, match=why):
        assign(number, NOW, "operator")
    assert strays.count() == 1


def test_more_strays_than_one_batch_are_all_assigned_in_their_order() -> None:
    store([message(NEW, str(number), "POMOC") for number in range(strays.BATCH + 5)], NOW)
    add_number(NEW, "modem")
    assert assign(NEW, NOW, "operator") == strays.BATCH + 5
    ids = list(models.Inbound.objects.order_by("id").values_list("gateway_id", flat=True))
    assert ids == [str(number) for number in range(strays.BATCH + 5)]


def test_the_audit_trail_of_the_office_tells_who_assigned_how_many() -> None:
    store([message(NEW)], NOW)
    add_number(NEW, "modem")
    assign(NEW, NOW, "vrchni")
    entry = models.Audit.objects.get(what="strays assigned")
    assert (entry.office and entry.office.slug, entry.who) == ("lhota", "vrchni")
    assert entry.details == {"number": NEW, "count": 1}


def test_a_message_that_waited_too_long_is_answered_so() -> None:
    store([message(NEW)], NOW)
    add_number(NEW, "modem")
    later = NOW + timedelta(days=2)
    assign(NEW, later, "operator")
    while work(later):
        pass
    assert models.Inbound.objects.get().outcome == "too_old"


# --- erased -------------------------------------------------------------------------------------


def test_strays_are_erased_after_a_week() -> None:
    store([message(NEW)], NOW)
    assert forget(NOW + STRAYS_KEPT).strays == 0
    assert forget(NOW + STRAYS_KEPT + timedelta(seconds=1)).strays == 1
    assert strays.count() == 0
    assert timedelta(days=7) == STRAYS_KEPT
