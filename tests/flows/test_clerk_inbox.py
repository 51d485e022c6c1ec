"""The clerk's inbox: what opening, answering and marking as seen to leaves behind, and what it never does twice."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from prepazka.core.delivery import KINDS
from prepazka.core.office.office import Office
from prepazka.flows import clerk_inbox
from prepazka.flows.clerk_inbox import Seen, Thread, answer, mark_done, open_thread, reopen
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.retention import erase
from prepazka.gateways.values import Inbound
from prepazka.sms.reply.free_text import free_text
from prepazka.store import clerk_inbox as store
from prepazka.store import models, offices, persons
from tests.flows.outbound.fake_gateway import Peer
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ME, NUMBER = "+420777123456", "+420739547765"
LATER = NOW + timedelta(minutes=30)
TEXT = free_text("Ano, přijďte i s dětmi.", demo_office())


@pytest.fixture(autouse=True)
def simulator(settings: Any) -> Any:
    """The phone simulator is a way back, whatever database the tests run with; the settings, to change that."""
    settings.SIMULATOR = True
    return settings


@pytest.fixture
def office(transactional_db: None) -> Office:
    on = replace(demo_office(), settings=replace(demo_office().settings, inbox=True, inbox_hours="8-15"))
    return kept_once(on, NOW)


def ask(text: str = "Muzu prijit s detmi na pas?", sender: str = ME, now: datetime = NOW) -> int:
    number = models.Inbound.objects.count()
    receive([Inbound("sim", f"m{number}", sender, NUMBER, text)], now)
    row = models.Inbound.objects.latest("id")
    assert row.outcome == "not_understood"
    return row.id


def opened(office: Office, message: int, who: str = "eva", now: datetime = LATER) -> Thread:
    found = open_thread(office.id, message, who, now)
    assert found is not None
    return found


def answers() -> list[models.Outbound]:
    return list(models.Outbound.objects.filter(kind="answer").order_by("id"))


def looks() -> list[tuple[str, str]]:
    return list(models.Access.objects.filter(what="thread opened").order_by("id").values_list("who", "number"))


def acts() -> list[tuple[str, str]]:
    of_inbox = models.Audit.objects.filter(what__startswith="inbox").order_by("id")
    return [(one.who, one.what) for one in of_inbox]


# --- answering ---------------------------------------------------------------------------------


def test_an_answer_goes_back_as_a_reply_does(office: Office) -> None:
    message = ask()
    seen = opened(office, message).seen
    assert answer(office.id, message, TEXT, seen, ("eva", LATER)) == "answered"
    [sent] = answers()
    assert (sent.gateway, sent.sender, sent.recipient) == ("phone", NUMBER, ME)
    assert (sent.text, sent.septets, sent.parts, sent.state) == ("Ano, prijdte i s detmi.", 23, 1, "queued")
    assert KINDS["answer"].matters
    assert KINDS["answer"].priority == KINDS["reply"].priority
    assert store.waiting(office.id) == 0


def test_it_leaves_by_the_gateway_the_message_came_by(office: Office) -> None:
    models.Gateway.objects.create(name="first", kind="kannel", made_at=NOW)
    models.Gateway.objects.create(name="sim", kind="kannel", made_at=NOW)
    offices.keep(replace(office, gateways={NUMBER: "first"}), NOW)
    message = ask()
    assert answer(office.id, message, TEXT, opened(office, message).seen, ("eva", LATER)) == "answered"
    assert answers()[0].gateway == "sim"
    peer = Peer()
    while deliver(peer, LATER):
        pass
    assert TEXT.text in [one.text for one in peer.sent]


def test_pressed_twice_it_is_sent_once(office: Office) -> None:
    message = ask()
    seen = opened(office, message).seen
    for _ in range(2):
        assert answer(office.id, message, TEXT, seen, ("eva", LATER)) == "answered"
    assert len(answers()) == 1
    assert acts() == [("eva", "inbox answered")]


def test_of_two_clerks_the_second_is_told(office: Office) -> None:
    message = ask()
    seen = opened(office, message).seen
    assert answer(office.id, message, TEXT, seen, ("eva", LATER)) == "answered"
    assert answer(office.id, message, free_text("Ne.", demo_office()), seen, ("petr", LATER)) == "answered_before"
    assert answer(office.id, message, TEXT, seen, ("petr", LATER)) == "answered_before"
    assert [one.text for one in answers()] == [TEXT.text]


def test_at_the_same_moment_one_is_sent(office: Office) -> None:
    message = ask()
    seen = opened(office, message).seen
    came: list[str] = []

    def press(who: str) -> None:
        try:
            came.append(answer(office.id, message, TEXT, seen, (who, LATER)))
        finally:
            connection.close()

    presses = [threading.Thread(target=press, args=(who,)) for who in ("eva", "petr", "jana")]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(came) == ["answered", "answered_before", "answered_before"]
    assert len(answers()) == 1


def test_whoever_has_read_the_answer_may_write_once_more(office: Office) -> None:
    message = ask()
    answer(office.id, message, TEXT, opened(office, message).seen, ("eva", LATER))
    again = opened(office, message, "petr")
    assert (
        answer(office.id, message, free_text("Vezměte rodný list.", demo_office()), again.seen, ("petr", LATER))
        == "answered"
    )
    assert len(answers()) == 2


def test_what_the_clerk_has_not_seen_still_waits(office: Office) -> None:
    message = ask()
    seen = opened(office, message).seen
    newer = ask("A kolik to stoji prosim?")
    answer(office.id, message, TEXT, seen, ("eva", LATER))
    assert [one.id for one in store.unread(office.id, 2**62, 10)] == [newer]


@pytest.mark.parametrize("text", ["", "x" * 460])
def test_nothing_and_too_much_are_not_sent(office: Office, text: str) -> None:
    message = ask()
    assert answer(office.id, message, free_text(text, demo_office()), Seen(message, 0), ("eva", LATER)) == "unsendable"
    assert answers() == []
    assert store.waiting(office.id) == 1


def test_without_a_way_back_nothing_is_marked(office: Office, simulator: Any) -> None:
    message = ask()
    simulator.SIMULATOR = False
    assert answer(office.id, message, TEXT, Seen(message, 0), ("eva", LATER)) == "unsendable"
    assert store.waiting(office.id) == 1


# --- who may -----------------------------------------------------------------------------------


def test_another_office_opens_and_answers_nothing(office: Office) -> None:
    other = offices.keep(replace(office, slug="jinde", numbers=("+420739000000",)), NOW)
    message = ask()
    assert open_thread(other, message, "cizi", LATER) is None
    assert answer(other, message, TEXT, Seen(message, 0), ("cizi", LATER)) == "gone"
    assert not mark_done(other, message, Seen(message, 0), "cizi", LATER)
    assert not reopen(other, message, "cizi", LATER)
    assert answers() == []
    assert acts() == []


def test_where_it_is_off_there_is_no_inbox(office: Office) -> None:
    message = ask()
    offices.keep(replace(office, settings=replace(office.settings, inbox=False)), NOW)
    assert open_thread(office.id, message, "eva", LATER) is None
    assert answer(office.id, message, TEXT, Seen(message, 0), ("eva", LATER)) == "gone"
    assert not mark_done(office.id, message, Seen(message, 0), "eva", LATER)


def test_a_message_that_was_understood_opens_no_conversation(office: Office) -> None:
    receive([Inbound("sim", "b", ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    assert open_thread(office.id, models.Inbound.objects.get().id, "eva", LATER) is None


# --- conversations -----------------------------------------------------------------------------


def test_a_conversation_holds_what_came_before_and_after(office: Office) -> None:
    receive([Inbound("sim", "b", ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    message = ask()
    answer(office.id, message, TEXT, opened(office, message).seen, ("eva", LATER))
    receive([Inbound("sim", "c", ME, NUMBER, "MOJE")], LATER + timedelta(minutes=1))
    thread = opened(office, message)
    assert [line.what for line in thread.lines] == [
        "booked",
        "reply",
        "not_understood",
        "reply",
        "answer",
        "mine",
        "reply",
    ]
    assert [one.service.code for one in thread.bookings] == ["ZOP"]
    assert thread.seen == Seen(models.Inbound.objects.latest("id").id, answers()[0].id)


def test_who_else_reads_it_is_told(office: Office) -> None:
    message, later = ask(), ask("A kolik to stoji prosim?")
    assert opened(office, message, "eva").readers == []
    assert opened(office, later, "petr").readers == ["eva"]
    assert opened(office, message, "eva", LATER + clerk_inbox.READING + timedelta(seconds=1)).readers == []


# --- done and back -----------------------------------------------------------------------------


def test_done_and_taken_back(office: Office) -> None:
    message = ask()
    for _ in range(2):
        assert mark_done(office.id, message, Seen(message, 0), "eva", LATER)
    assert store.waiting(office.id) == 0
    assert reopen(office.id, message, "petr", LATER)
    assert store.waiting(office.id) == 1
    assert reopen(office.id, message, "petr", LATER)
    assert acts() == [("eva", "inbox done"), ("petr", "inbox reopened")]


# --- what is noted, and what is erased ---------------------------------------------------------


def test_the_audit_trail_names_no_number_and_no_text(office: Office) -> None:
    message = ask()
    answer(office.id, message, TEXT, opened(office, message).seen, ("eva", LATER))
    (noted,) = models.Audit.objects.filter(what__startswith="inbox")
    assert noted.details == {"message": message, "number": "…456"}
    assert looks() == [("eva", "…456")]


def test_opening_is_noted_once_in_a_while(office: Office) -> None:
    message = ask()
    for minutes in (0, 5, 10, 11):
        opened(office, message, now=LATER + timedelta(minutes=minutes))
    assert looks() == [("eva", "…456")] * 2


def test_alike_numbers_are_noted_each(office: Office) -> None:
    for sender in (ME, "+420602000456"):
        opened(office, ask(sender=sender))
    assert looks() == [("eva", "…456")] * 2
    hashes = models.Access.objects.filter(what="thread opened").values_list("number_hash", flat=True)
    assert len(set(hashes)) == 2


def test_an_answer_is_erased_on_schedule(office: Office) -> None:
    message = ask()
    answer(office.id, message, TEXT, opened(office, message).seen, ("eva", LATER))
    erase(office.id, LATER + timedelta(days=office.settings.erase_after_days, seconds=1))
    assert [(one.recipient, one.text) for one in models.Outbound.objects.all()] == [("", "")] * 2
    assert open_thread(office.id, message, "eva", LATER) is None
    assert store.done(office.id, 10) == []


def test_an_answer_is_shown_and_erased_on_request(office: Office) -> None:
    message = ask()
    answer(office.id, message, TEXT, opened(office, message).seen, ("eva", LATER))
    assert TEXT.text in [one["text"] for one in persons.held(ME, office.id)["messages to"]]
    persons.erase(ME, office.id, LATER)
    assert [one.text for one in models.Outbound.objects.all()] == ["", ""]


# --- the citizen is told -----------------------------------------------------------------------


def test_the_reply_says_that_somebody_will_read_it_only_where_it_is_so(office: Office) -> None:
    ask()
    assert "(8-15)" in models.Outbound.objects.get().text
    for settings in (replace(office.settings, inbox=False), replace(office.settings, inbox_hours="")):
        offices.keep(replace(office, settings=settings), NOW)
        ask("A kolik to stoji prosim?", sender="+420602000009")
        assert "8-15" not in models.Outbound.objects.latest("id").text
        models.Inbound.objects.filter(sender="+420602000009").update(received_at=NOW - timedelta(days=1))
