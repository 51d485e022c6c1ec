"""Displaced bookings: exactly those shown are cancelled, and each sender is notified once, of that booking."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import transaction

from prepazka.core.actor import Actor
from prepazka.core.booking.booking import Booking
from prepazka.core.office.office import Closure, ExtraDay, Hours, Office
from prepazka.flows.booking import displaced
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.resend import resend
from prepazka.gateways.values import Inbound
from prepazka.store import log, models, offices
from tests.made_once import kept_once
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
DAY = date(2026, 8, 10)
BY = Actor("vedouci", NOW)


@pytest.fixture
def office(transactional_db: None, settings: Any) -> Office:
    settings.SIMULATOR = True
    return kept_once(demo_office(), NOW)


def book(number: int, text: str) -> None:
    receive([Inbound("phone", f"m{number}", f"+42077700000{number}", "+420739547765", text)], NOW)


@pytest.fixture
def booked(office: Office) -> Office:
    """An office with three bookings on the day (one of another agenda, one in English) and one the day after."""
    book(1, "OBJ ZOP 10.8. 9:00 NOVAK")
    book(2, "BOOK PTP 10.8. 10:00 SMITH")
    book(3, "OBJ ZOP 10.8. 10:45 DVORAK")
    book(4, "OBJ ZOP 11.8. 9:00 CERNY")
    return office


def shut(office: Office, agenda: str = "", since: time | None = None, until: time | None = None) -> Closure:
    ids = {one.key: one.id for one in office.agendas}
    return Closure(DAY, DAY, "Porucha", ids.get(agenda), since, until)


def closed_on(office: Office, closure: Closure, now: datetime) -> list[Booking]:
    return displaced.displaced_by(office, replace(office, closures=(closure,)), now)


@pytest.mark.parametrize(
    ("agenda", "since", "until", "hit"),
    [
        ("", None, None, ["NOVAK", "SMITH", "DVORAK"]),
        ("doklady", None, None, ["NOVAK", "DVORAK"]),
        ("", time(9, 15), time(10), []),
        ("", time(9, 14), time(10, 1), ["NOVAK", "SMITH"]),
        ("", time(10, 50), time(17), ["DVORAK"]),
    ],
)
def test_a_closure_hits_what_it_leaves_without_a_counter(
    booked: Office, agenda: str, since: time | None, until: time | None, hit: list[str]
) -> None:
    assert [one.name for one in closed_on(booked, shut(booked, agenda, since, until), NOW)] == hit


def test_what_is_over_is_not_hit(booked: Office) -> None:
    later = datetime(2026, 8, 10, 8, 30, tzinfo=UTC)  # 10:30 in the office
    assert [one.name for one in closed_on(booked, shut(booked), later)] == ["DVORAK"]


def call_off(office: Office, closure: Closure, *, tell: bool = True, seen: list[int] | None = None) -> tuple[int, int]:
    ids = seen if seen is not None else [one.id for one in closed_on(office, closure, NOW) if one.id]
    with transaction.atomic():
        locked = offices.lock(office.id)
        calling = displaced.Cancellation(closure.reason, tell)
        return displaced.displace(locked, replace(locked.office, closures=(closure,)), ids, BY, calling)


def test_each_is_told_what_was_cancelled_and_why_in_the_own_language(booked: Office) -> None:
    assert call_off(booked, shut(booked)) == (3, 3)
    assert set(models.Booking.objects.filter(state="booked").values_list("name", flat=True)) == {"CERNY"}
    told = dict(models.Outbound.objects.filter(kind="called_off").values_list("recipient", "text"))
    assert "ZOP pon 10.8. 9:00" in told["+420777000001"]
    assert "we must cancel PTP Mon 10 Aug" in told["+420777000002"]
    assert all("Porucha" in text for text in told.values())
    assert set(models.Outbound.objects.filter(kind="called_off").values_list("state", flat=True)) == {"queued"}
    assert models.Audit.objects.get(what="bookings called off").details["told"] == 3


def test_the_day_to_ask_for_instead_is_one_when_the_office_is_open(office: Office) -> None:
    book(1, "OBJ ZOP 13.8. 9:00 NOVAK")  # Thursday; the office shuts until Saturday
    call_off(office, replace(shut(office), first=date(2026, 8, 13), last=date(2026, 8, 15)))
    assert models.Outbound.objects.get(kind="called_off").text.endswith("TERMIN ZOP 17.8.")


def test_the_official_may_leave_the_telling_to_people(booked: Office) -> None:
    assert call_off(booked, shut(booked), tell=False) == (3, 0)
    assert not models.Outbound.objects.filter(kind="called_off").exists()


def test_who_books_meanwhile_is_not_cancelled_unseen(booked: Office) -> None:
    seen = [one.id for one in closed_on(booked, shut(booked), NOW) if one.id]
    book(5, "OBJ ZOP 10.8. 14:00 POZDNI")
    with pytest.raises(displaced.OthersDisplaced):
        call_off(booked, shut(booked), seen=seen)
    assert models.Booking.objects.filter(state="booked").count() == 5
    assert not models.Outbound.objects.filter(kind="called_off").exists()


# --- other hours -------------------------------------------------------------------------------------


def with_hours(office: Office, **changed: Any) -> Office:
    """Return the office with other hours on Mondays at the first agenda, and with other ids, as read from a file."""
    agenda = office.agendas[0]
    rules = tuple(
        replace(rule, hours=replace(rule.hours, **changed)) if rule.weekday == 0 else rule for rule in agenda.rules
    )
    return replace(
        office,
        id=0,
        agendas=(replace(agenda, id=77, rules=rules), *office.agendas[1:]),
        services=tuple(replace(one, agenda=77) for one in office.services if one.agenda == agenda.id),
    )


def left(office: Office, after: Office) -> list[str]:
    return [one.name for one in displaced.displaced_by(office, after, NOW)]


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        pytest.param({"opens": time(10)}, ["NOVAK"], id="opens later"),
        pytest.param({"closes": time(10, 59), "breaks": ()}, ["DVORAK"], id="closes within a visit"),
        pytest.param({"closes": time(11), "breaks": ()}, [], id="closes as the last visit ends"),
        pytest.param({"breaks": ((time(8, 50), time(9, 10)),)}, ["NOVAK"], id="a break"),
        pytest.param({"lanes": 1}, [], id="fewer places, but nobody beside another"),
        pytest.param({"lanes": 0}, ["NOVAK", "DVORAK"], id="nobody by appointment any more"),
        pytest.param({"step": 20}, [], id="another grid takes nothing from who has a place"),
    ],
)
def test_other_hours_hit_whom_they_leave_outside(booked: Office, changed: dict[str, Any], names: list[str]) -> None:
    assert left(booked, with_hours(booked, **changed)) == names


def test_with_fewer_places_those_booked_first_keep_theirs(booked: Office) -> None:
    book(5, "OBJ ZOP 10.8. 9:00 HORAK")
    assert left(booked, with_hours(booked, lanes=1)) == ["HORAK"]


def test_an_extra_day_replaces_the_usual_hours(booked: Office) -> None:
    agenda = replace(booked.agendas[0], extra_days=(ExtraDay(DAY, Hours(time(10), time(12), 15, 2)),))
    assert left(booked, replace(booked, agendas=(agenda, *booked.agendas[1:]))) == ["NOVAK"]


def test_who_was_left_before_is_not_asked_about_again_unless_the_office_shuts(booked: Office) -> None:
    later = with_hours(booked, opens=time(10))
    offices.keep(
        replace(
            later,
            id=booked.id,
            services=booked.services,
            agendas=(replace(later.agendas[0], id=booked.agendas[0].id), *booked.agendas[1:]),
        ),
        NOW,
    )
    office = offices.load(booked.id)
    assert left(office, with_hours(office, closes=time(16))) == []
    assert [one.name for one in closed_on(office, shut(office), NOW)] == ["NOVAK", "SMITH", "DVORAK"]


def test_whom_the_official_keeps_stays_booked_and_that_is_noted(booked: Office) -> None:
    after = with_hours(booked, opens=time(10))
    seen = [one.id for one in displaced.displaced_by(booked, after, NOW) if one.id]
    with transaction.atomic():
        locked = offices.lock(booked.id)
        assert displaced.displace(locked, after, seen, BY, None) == (0, 0)
    assert models.Booking.objects.filter(state="booked").count() == 4
    assert models.Audit.objects.get(what="bookings kept").details == {"bookings": seen}


def test_nobody_is_kept_unseen(booked: Office) -> None:
    with pytest.raises(displaced.OthersDisplaced) as others, transaction.atomic():
        displaced.displace(offices.lock(booked.id), with_hours(booked, opens=time(10)), [], BY, None)
    assert [one.name for one in others.value.bookings] == ["NOVAK"]


# --- sending once more -------------------------------------------------------------------------------


def failed(office: Office) -> models.Outbound:
    models.Outbound.objects.filter(recipient="+420777000001").update(state="failed", due_at=None)
    return models.Outbound.objects.get(recipient="+420777000001")


def test_what_did_not_get_through_is_sent_once_more_however_often_it_is_pressed(booked: Office) -> None:
    message = failed(booked)
    assert [resend(booked.id, message.id, NOW, "vedouci") for _ in range(3)] == [None, "sent_again", "sent_again"]
    again = models.Outbound.objects.get(kind="resent")
    assert (again.text, again.recipient, again.state) == (message.text, message.recipient, "queued")
    assert models.Audit.objects.filter(what="message sent again", who="vedouci").count() == 1


def test_what_got_through_was_erased_or_is_anothers_is_not_sent_again(booked: Office) -> None:
    message = failed(booked)
    other = offices.keep(replace(demo_office(), slug="other", numbers=("+420739000000",)), NOW)
    assert resend(other, message.id, NOW, "x") == "erased"
    models.Outbound.objects.filter(id=message.id).update(state="delivered")
    assert resend(booked.id, message.id, NOW, "x") == "not_lost"
    models.Outbound.objects.filter(id=message.id).update(state="failed", text="", recipient="")
    assert resend(booked.id, message.id, NOW, "x") == "erased"
    assert resend(booked.id, 0, NOW, "x") == "erased"
    assert not models.Outbound.objects.filter(kind="resent").exists()


# --- the log -------------------------------------------------------------------------------------------


def test_the_log_is_paged_by_key_without_gaps_or_repeats(booked: Office) -> None:
    whole = log.messages(booked.id, "", None, 100)
    assert (len(whole.entries), whole.next) == (8, None)
    pages: list[log.Entry] = []
    before = None
    while True:
        page = log.messages(booked.id, "", before, 3)
        pages += page.entries
        before = page.next
        if before is None:
            break
    assert sorted((one.ours, one.id) for one in pages) == sorted((one.ours, one.id) for one in whole.entries)
    assert [one.at for one in pages] == sorted((one.at for one in pages), reverse=True)
    only = log.messages(booked.id, "+420777000002", None, 100).entries
    assert [(one.ours, one.number) for one in only] == [(True, "+420777000002"), (False, "+420777000002")]
