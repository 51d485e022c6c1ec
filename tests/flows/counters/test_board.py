"""The board and STAV: one source, numbers only, up to date after every click."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.office.office import Office
from prepazka.core.queue.board import AgendaFigures, Board, CounterShown, LastCall
from prepazka.core.queue.tickets import Wait
from prepazka.flows.counters import arrive, board, call, seat
from prepazka.flows.inbound.receive import receive
from prepazka.flows.json_lines import board_line
from prepazka.gateways.values import Inbound
from prepazka.store import offices
from tests.flows.counters.test_arrive import office_like
from tests.flows.counters.working_day import at, book, called, kept_office, served, sit, ticket, walk_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_office()


def doklady(office: Office, minutes: int) -> AgendaFigures:
    return board.board(office, at(9, minutes)).agendas[0]


def test_the_board_of_an_empty_morning(office: Office) -> None:
    shown = board.board(office, at(9))
    assert shown == Board(
        office="demo",
        name="Městský úřad",
        agendas=tuple(
            AgendaFigures(agenda.id, agenda.key, agenda.title, 0, 0, None, True) for agenda in office.agendas
        ),
        calling=(),
        last=(),
        counters=tuple(CounterShown(one.key, one.title, "closed", "") for one in office.counters),
        at=at(9),
        version=0,
    )


@pytest.mark.parametrize(
    ("hour", "minutes", "is_open"), [(7, 59, False), (12, 0, True), (17, 0, False), (21, 40, False)]
)
def test_closed_is_closed_whoever_forgot_to_leave_the_counter(
    office: Office, hour: int, minutes: int, is_open: bool
) -> None:
    sit(office, 0, "zapomnetlivy")
    shown = board.board(office, at(hour, minutes)).agendas[0]
    assert (shown.open, shown.wait is not None) == (is_open, is_open)
    text = Inbound("sim", f"stav-{hour}-{minutes}", "+420739000123", office.numbers[0], "STAV ZOP")
    [told] = receive([text], at(hour, minutes))
    assert told.reply is not None
    assert ("zavreno" in told.reply.text.lower()) is not is_open


def test_who_waits_and_who_serves(office: Office) -> None:
    for _ in range(3):
        walk_in(office, at(9))
    walk_in(office, at(9), "PTP")
    sit(office, 0, "novak")
    sit(office, 1, "svoboda")
    shown = board.board(office, at(9))
    assert [(one.waiting, one.counters) for one in shown.agendas] == [(3, 2), (1, 1)]
    seat.pause(office.id, "svoboda", at(9), paused=True)
    assert [one.counters for one in board.board(office, at(9)).agendas] == [1, 0]


def test_a_call_is_on_the_board_with_its_counter(office: Office) -> None:
    walk_in(office, at(9))
    sit(office, 0, "novak")
    one = called(office, "novak", at(9, 1))
    expected = LastCall("D1", "Přepážka 1", "doklady", at(9, 1), 1)
    shown = board.board(office, at(9, 1))
    assert (shown.calling, shown.last) == ((expected,), (expected,))
    one = ticket(call.recall(office.id, "novak", one.ref, at(9, 2)))
    assert board.board(office, at(9, 2)).calling == (LastCall("D1", "Přepážka 1", "doklady", at(9, 2), 2),)
    call.serve(office.id, "novak", one.ref, at(9, 3))
    shown = board.board(office, at(9, 3))
    assert (shown.calling, [one.number for one in shown.last]) == ((), ["D1"])


def test_the_last_calls_have_the_newest_first_and_no_more_than_eight(office: Office) -> None:
    sit(office, 0, "novak")
    for minute in range(10):
        walk_in(office, at(9, minute))
        served(office, "novak", at(9, minute), at(9, minute))
    assert [one.number for one in board.board(office, at(10)).last] == [f"D{number}" for number in range(10, 2, -1)]
    assert board.board(office, at(10) + timedelta(days=1)).last == (), "only today's"


def test_a_wait_is_the_usual_time_of_those_before_at_first(office: Office) -> None:
    sit(office, 0, "novak")
    assert doklady(office, 0).wait == Wait(0, 0)
    for _ in range(4):
        walk_in(office, at(9))
    assert doklady(office, 0).wait == Wait(32, 48)
    sit(office, 1, "svoboda")
    assert doklady(office, 0).wait == Wait(16, 24)


def test_a_wait_follows_what_the_last_clients_took(office: Office) -> None:
    sit(office, 0, "novak")
    for minute in range(20):
        walk_in(office, at(8, minute))
        served(office, "novak", at(8, minute), at(8, minute) + timedelta(minutes=5))
    for _ in range(4):
        walk_in(office, at(9))
    assert doklady(office, 0).wait == Wait(16, 24)


def test_bookings_to_come_enter_at_their_time(office: Office) -> None:
    sit(office, 0, "novak")
    walk_in(office, at(9))
    walk_in(office, at(9))
    assert doklady(office, 0).wait == Wait(16, 24)
    book(office, at(9, 10), "111111")
    book(office, at(9, 40), "222222")
    assert doklady(office, 0).wait == Wait(24, 36), "the one at 9:10 goes before, the one at 9:40 comes later"
    ticket(arrive.check_in(office.id, "111111", at(9, 0)))
    assert doklady(office, 0).wait == Wait(24, 36), "checked in, it is counted once"


def test_the_board_costs_the_same_however_many_wait(office: Office) -> None:
    sit(office, 0, "novak")
    counts = []
    for crowd in (1, 30):
        for _ in range(crowd):
            walk_in(office, at(9))
        board.board(office, at(9))
        with CaptureQueriesContext(connection) as queries:
            board.board(office, at(9, 1))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_an_office_sees_its_own_queue_only(office: Office) -> None:
    other = offices.load(offices.keep(office_like(office, "jinde"), at(6)))
    walk_in(office, at(9))
    sit(office, 0, "novak")
    called(office, "novak", at(9))
    shown = board.board(other, at(9))
    assert (shown.calling, shown.last, shown.version) == ((), (), 0)
    assert all(one.waiting == one.counters == 0 for one in shown.agendas)


def test_every_change_has_a_new_version(office: Office) -> None:
    seen = [board.versions([office.id])[office.id]]

    def changed() -> None:
        seen.append(board.versions([office.id])[office.id])
        assert seen[-1] > seen[-2]

    walk_in(office, at(9))
    changed()
    sit(office, 0, "novak")
    changed()
    one = called(office, "novak", at(9))
    changed()
    one = ticket(call.recall(office.id, "novak", one.ref, at(9)))
    changed()
    one = ticket(call.serve(office.id, "novak", one.ref, at(9)))
    changed()
    call.done(office.id, "novak", one.ref, at(9))
    changed()
    seat.pause(office.id, "novak", at(9), paused=True)
    changed()
    seat.stand_up(office.id, "novak", at(9))
    changed()
    seat.stand_up(office.id, "novak", at(9))
    assert board.versions([office.id, -1]) == {office.id: seen[-1], -1: 0}, "nothing changed, and an office without any"


def test_outside_programs_read_numbers_only(office: Office) -> None:
    book(office, at(9), "111111", name="Tajná")
    ticket(arrive.check_in(office.id, "111111", at(9)))
    walk_in(office, at(9))
    sit(office, 0, "novak")
    called(office, "novak", at(9, 1))
    told = board_line(board.board(office, at(9, 1)), office.zone)
    assert told == {
        "office": "demo",
        "name": "Městský úřad",
        "at": "2026-08-03T09:01:00+02:00",
        "version": 4,
        "agendas": [
            {
                "key": "doklady",
                "title": "Doklady",
                "open": True,
                "waiting": 1,
                "counters": 1,
                "wait_minutes": {"low": 16, "high": 24, "indicative": True},
            },
            {
                "key": "evidence",
                "title": "Evidence obyvatel",
                "open": True,
                "waiting": 0,
                "counters": 0,
                "wait_minutes": None,
            },
        ],
        "calling": [
            {
                "number": "D1",
                "counter": "Přepážka 1",
                "agenda": "doklady",
                "at": "2026-08-03T09:01:00.000+02:00",
                "times": 1,
            }
        ],
        "last": told["calling"],
        "counters": [
            {"key": "prepazka-1", "title": "Přepážka 1", "state": "called", "number": "D1"},
            {"key": "prepazka-2", "title": "Přepážka 2", "state": "closed", "number": None},
            {"key": "prepazka-3", "title": "Přepážka 3", "state": "closed", "number": None},
        ],
    }
    assert not {"Tajná", "novak", "111111", "+420777123456"} & set(str(told).replace("'", " ").split())


def say(text: str, minutes: int) -> tuple[str, str]:
    (handled,) = receive([Inbound("test", text, "+420777123456", "+420739547765", text)], at(9, minutes))
    assert handled.outcome is not None
    assert handled.reply is not None
    return handled.outcome.outcome, handled.reply.text


def test_stav_says_by_sms_what_the_board_shows(office: Office) -> None:
    for _ in range(4):
        walk_in(office, at(9))
    assert say("STAV ZOP", 1) == ("queue", "ZOP: lidi ve fronte 4, u prepazek ted nikdo neobsluhuje.")
    sit(office, 0, "novak")
    assert doklady(office, 2).wait == Wait(32, 48)
    told = "ZOP: lidi ve fronte 4, otevrenych prepazek 1. Bez objednani se ceka asi 32-48 min."
    assert say("stav zop prosim", 2) == ("queue", told)
    assert say("QUEUE PTP", 2)[1] == "PTP: people waiting 0, nobody is serving at the counters now."
    assert say("STAV PTP", 60 * 9)[1].startswith("PTP: ted mame zavreno.")
