"""The hosted gateway as it asks a provider: the place in the list, and every way the list can be wrong."""

from datetime import timedelta
from typing import Any

import pytest

from prepazka.gateways.hosted.inbox import LONGEST, MOST_PAGES
from prepazka.gateways.values import FetchingGateway, Inbound
from tests.gateways.fetching import ASKER, BY_ANSWER, EVERY, NOW, OFFICE, Asking, after, listing, message, page, texts
from tests.gateways.peers import CLOSE, Peer, Request, Response, listening
from tests.gateways.test_http import closed_address

BY_ITEM = BY_ANSWER.replace('cursor = "next"', 'last = "id"')


def asked(peer: Peer) -> list[str]:
    return [after(request) for request in peer.requests]


# --- the place ----------------------------------------------------------------------------------


def test_pages_are_read_one_after_another_and_then_it_waits() -> None:
    with listening(listing(*(message(number) for number in range(31, 36)))) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        assert isinstance(asking.gateway, FetchingGateway)
        assert [asking.taken() for _ in range(5)] == [
            ["POMOC 31", "POMOC 32"], ["POMOC 33", "POMOC 34"], ["POMOC 35"], [], [],
        ]  # fmt: skip
        assert asked(peer) == ["0", "32", "34", "35"]
        asking.clock.pass_()
        asking.taken()
        assert asked(peer)[4:] == ["35"]
        assert peer.requests[0].headers["x-key"] == "our-key"


def test_an_event_is_what_the_description_says() -> None:
    with listening(listing(message(31))) as peer:
        (event,) = Asking(BY_ANSWER, peer.url).poll()
    assert event == Inbound("schranka", "31", ASKER, OFFICE, "POMOC 31", NOW)


def test_the_place_moves_only_when_the_page_is_stored() -> None:
    with listening(listing(message(31), message(32), message(33))) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        lost = asking.poll()
        asking.clock.pass_()
        assert asking.poll() == lost, "the database was away; the same page comes again"
        asking.gateway.ack(lost)
        assert asked(peer) == ["0", "0"]
        assert asking.taken() == ["POMOC 33"]


def test_another_process_goes_on_behind_the_stored_place() -> None:
    with listening(listing(message(31), message(32), message(33))) as peer:
        before = Asking(BY_ANSWER, peer.url)
        before.poll()
        place = before.gateway.position
        assert place is not None
        later = Asking(BY_ANSWER, peer.url)
        later.gateway.resume(place)
        assert later.taken() == ["POMOC 33"]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"start_at": "31"}, id="told to begin elsewhere"),
        pytest.param({"definition": BY_ANSWER.replace("/inbox", "/messages")}, id="another address"),
    ],
)
def test_the_place_of_other_settings_does_not_count(changed: dict[str, str]) -> None:
    with listening(listing(message(31), message(32), message(33))) as peer:
        before = Asking(BY_ANSWER, peer.url)
        before.poll()
        later = Asking(changed.pop("definition", BY_ANSWER), peer.url, changed)
        later.gateway.resume(before.gateway.position or "")
        later.poll()
        assert asked(peer)[1] == changed.get("start_at", "0")


def test_the_same_page_twice_is_asked_for_in_peace_and_its_ids_are_the_same() -> None:
    """A provider that does not look at the place it is given."""
    with listening(lambda _: page(message(31), message(32), next_="32")) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        first = asking.poll()
        asking.gateway.ack(first)
        assert asking.poll() == first
        asking.gateway.ack(first)
        assert asking.poll() == ()
        assert len(peer.requests) == 2, "nothing new came, so it waits"
        assert asking.health()[0] == "ok"


def test_out_of_order_the_place_is_behind_the_greatest() -> None:
    with listening(lambda _: page(message(10), message(9), message(101), message(99))) as peer:
        asking = Asking(BY_ITEM, peer.url)
        assert asking.taken() == ["POMOC 10", "POMOC 9", "POMOC 101", "POMOC 99"]
        asking.taken()
        assert asked(peer) == ["0", "101"]


def test_a_list_that_begins_with_the_newest_is_taken_from_its_end() -> None:
    definition = BY_ITEM.replace('each = "messages"', 'each = "messages"\nnewest_first = true')
    with listening(lambda _: page(message(12), message(11), message(10))) as peer:
        assert texts(Asking(definition, peer.url).poll()) == ["POMOC 10", "POMOC 11", "POMOC 12"]


@pytest.mark.parametrize(("definition", "next_"), [(BY_ANSWER, "4"), (BY_ITEM, None)])
def test_a_place_that_went_back_is_told_and_ours_is_kept(definition: str, next_: str | None) -> None:
    with listening(listing(message(31))) as peer:
        asking = Asking(definition, peer.url)
        asking.taken()
        peer.behaviour = lambda _: page(message(3, "TERMIN ZOP"), next_=next_)
        asking.clock.pass_()
        assert asking.taken() == ["TERMIN ZOP"], "its messages are not lost"
        level, summary, fix = asking.health()
        assert (level, "went back from 31 to" in summary) == ("error", True)
        assert "set start_at=" in fix
        asking.clock.pass_()
        asking.taken()
        assert asked(peer)[-1] == "31"


def test_a_list_without_end_does_not_hold_up_sending() -> None:
    """Each page has something, and there is always another one."""
    numbers = iter(range(1, 10_000))

    def answer(_: Request) -> Response:
        number = next(numbers)
        return page(message(number), next_=str(number))

    with listening(answer) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        for _ in range(3 * MOST_PAGES):
            assert len(asking.poll()) <= 1, "one page a poll, and messages are sent between two"
            asking.gateway.ack(())
        assert len(peer.requests) == MOST_PAGES


def test_at_the_first_fetch_messages_of_long_ago_are_left_alone() -> None:
    old = {"at": f"{NOW - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"}
    with listening(listing(message(1, **old), message(2, **old), message(3, **old), message(4))) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        assert [asking.taken() for _ in range(3)] == [[], ["POMOC 4"], []]


def test_after_the_first_fetch_messages_of_long_ago_are_handed_in() -> None:
    """The office was down for a long weekend."""
    with listening(listing(message(1))) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        asking.taken()
        asking.taken()
        peer.behaviour = listing(message(1), message(2))
        asking.clock.pass_(timedelta(days=4))
        assert asking.taken() == ["POMOC 2"]


# --- what a provider answers instead ------------------------------------------------------------

PAGE_OF_THE_WEB = b"<!DOCTYPE html><html><body>Prihlaste se</body></html>"


@pytest.mark.parametrize(
    ("response", "summary", "fix"),
    [
        pytest.param(Response(200, PAGE_OF_THE_WEB), "it is a web page", "url", id="a web page"),
        pytest.param(Response(200, b"OK"), "neither JSON nor XML", "url", id="a word"),
        pytest.param(Response(200, b""), "it is empty", "url", id="nothing"),
        pytest.param(Response(200, b"[" * 90_000), "neither JSON nor XML", "url", id="too deep"),
        pytest.param(Response(200, b'{"messages": ['), "neither JSON nor XML", "url", id="half of it"),
        pytest.param(Response(200, b'{"inbox": []}'), "no list at messages", "fetch.each", id="another field"),
        pytest.param(Response(200, b'{"messages": 7}'), "no list at messages", "fetch.each", id="a number"),
        pytest.param(Response(200, b" " * 300_000), "longer than 256 kB", "fetch.body", id="a page without end"),
        pytest.param(Response(404, PAGE_OF_THE_WEB), "404", "url", id="not there"),
        pytest.param(Response(302, b""), "302", "url", id="elsewhere"),
        pytest.param(Response(401, b"{}"), "401", "key", id="who are you"),
        pytest.param(Response(403, b"{}"), "403", "key", id="not you"),
        pytest.param(Response(500, PAGE_OF_THE_WEB), "500", "by itself", id="broken"),
        pytest.param(Response(CLOSE), "the connection broke", "by itself", id="no answer"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_an_error_that_names_the_setting(response: Response, summary: str, fix: str) -> None:
    with listening(lambda _: response) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        with pytest.raises(OSError, match="Schránka"):
            asking.gateway.poll(0)
        assert asking.gateway.position is None
        level, told, mend = asking.health()
        assert (level, summary in told, fix in mend) == ("error", True, True)
        assert asking.poll() == (), "it is not asked again at once"
        assert len(peer.requests) == 1
        peer.behaviour = listing(message(31))
        asking.clock.pass_(LONGEST)
        assert asking.taken() == ["POMOC 31"], "nothing was skipped"
        assert asking.health()[0] == "ok"


def test_a_fault_that_lasts_is_raised_once_and_asked_ever_more_rarely() -> None:
    asking = Asking(BY_ANSWER, closed_address())
    raised = 0
    waits = []
    for _ in range(6):
        begun = asking.clock.now
        try:
            asking.gateway.poll(0)
        except OSError:
            raised += 1
        waits.append(asking.gateway._inbox._lists[0].due - begun)  # type: ignore[operator]
        asking.clock.now = begun + waits[-1]
    assert raised == 1
    assert waits == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 300, 300)]
    assert "no connection" in asking.health()[1]


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        pytest.param("120", timedelta(seconds=120), id="in seconds"),
        pytest.param("Mon, 03 Aug 2026 07:05:00 GMT", timedelta(minutes=5), id="until a time"),
        pytest.param("86400", timedelta(hours=1), id="at most an hour"),
        pytest.param("soon", 2 * EVERY, id="a word"),
    ],
)
def test_too_many_questions_are_followed_by_the_silence_it_wants(header: str, wait: timedelta) -> None:
    with listening(lambda _: Response(429, b"{}", {"Retry-After": header})) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        assert asking.poll() == ()
        level, _, fix = asking.health()
        assert (level, "poll_seconds" in fix) == ("warning", True)
        asking.clock.pass_(wait - timedelta(seconds=1))
        asking.poll()
        assert len(peer.requests) == 1
        asking.clock.pass_(timedelta(seconds=1))
        asking.poll()
        assert len(peer.requests) == 2


# --- items that are not whole -------------------------------------------------------------------


def test_a_message_without_an_id_is_known_by_its_content() -> None:
    with listening(lambda _: page(message(None, "OBJ ZOP KOVAR"), message("", "POMOC"), next_="9")) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        first, again = asking.poll(), None
        asking.clock.pass_(timedelta(hours=1))
        again = asking.poll()
    assert texts(first) == ["OBJ ZOP KOVAR", "POMOC"]
    assert first == again
    assert len({one.id for one in first if isinstance(one, Inbound)}) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(message(32) | {"from": None}, id="without a number"),
        pytest.param(message(32) | {"text": None}, id="without a text"),
        pytest.param(message(32, to=""), id="without our number"),
        pytest.param([message(32)], id="a list in the list"),
    ],
)
def test_an_item_that_is_no_message_is_left_out_and_told_for_a_day(wrong: Any) -> None:
    with listening(lambda _: page(message(31), wrong, message(33), next_="33")) as peer:
        asking = Asking(BY_ANSWER, peer.url)
        assert asking.taken() == ["POMOC 31", "POMOC 33"]
        peer.behaviour = listing()
        asking.clock.pass_(timedelta(hours=23))
        asking.taken()
        level, summary, fix = asking.health()
        assert (level, "1 items" in summary, "definition" in fix) == ("warning", True, True)
        assert ASKER not in summary
        asking.clock.pass_(timedelta(hours=2))
        asking.taken()
        assert asking.health()[0] == "ok"
        assert asked(peer)[-1] == "33"
