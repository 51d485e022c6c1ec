"""The hosted gateway as it asks a provider: the place in the list, and every way the list can be wrong."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.hosted.inbox import LONGEST, MOST_PAGES
from prepazka.gateways.values import FetchingGateway, GatewayEvent, Inbound, Receipt, WebhookCall, WebhookRefused
from tests.gateways.peers import CLOSE, Behaviour, Peer, Request, Response, listening
from tests.gateways.test_http import closed_address

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ASKER = "+420604271828"
OFFICE = "+420739100200"
EVERY = timedelta(seconds=15)

BY_ANSWER = """
title = "Schránka"

[[fetch]]
url = "{base}/inbox"
headers = { "X-Key" = "{key}" }
body = { after = "{cursor}" }
each = "messages"
cursor = "next"
start = "0"

[fetch.messages]
id = "id"
sender = "from"
recipient = "to"
text = "text"
time = { field = "at" }

[send]
url = "{base}/send"
headers = { "X-Key" = "{key}" }
"""
BY_ITEM = BY_ANSWER.replace('cursor = "next"', 'last = "id"')
REMOVING = BY_ANSWER.replace('body = { after = "{cursor}" }\n', "").replace(
    'cursor = "next"\nstart = "0"\n',
    'remove = { url = "{base}/inbox/{item}", method = "DELETE", format = "query", item = "id" }\n',
)
IN_XML = REMOVING.replace('each = "messages"', 'each = "r.box.sms"')


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, time: timedelta = EVERY) -> None:
        self.now += time


@dataclass
class Asking:
    """A gateway with the clock it looks at."""

    definition: str
    url: str
    settings: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        given = {"definition": self.definition, "url": self.url, "key": "our-key"} | self.settings
        self.gateway = Hosted("schranka", HostedSettings.model_validate(given), self.clock)

    def poll(self) -> Sequence[GatewayEvent]:
        try:
            return self.gateway.poll(0)
        except OSError:
            return ()

    def taken(self) -> list[str]:
        """Poll, and acknowledge what came as the office does; return the texts."""
        events = self.poll()
        if events or self.gateway.position is not None:
            self.gateway.ack(events)
        return texts(events)

    def health(self) -> tuple[str, str, str]:
        health = self.gateway.health(self.clock.now)
        return health.level, health.summary, health.fix


def texts(events: Iterable[GatewayEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, Inbound)]


def message(id_: object, text: str = "", **more: object) -> dict[str, object]:
    return {
        "id": id_,
        "from": ASKER,
        "to": OFFICE,
        "text": text or f"POMOC {id_}",
        "at": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
    } | more


def page(*messages: dict[str, object], next_: object = None) -> Response:
    return Response(200, json.dumps({"messages": messages, "next": next_}).encode())


def after(request: Request) -> str:
    return parse_qs(urlsplit(request.target).query)["after"][0]


def asked(peer: Peer) -> list[str]:
    return [after(request) for request in peer.requests]


def listing(*messages: dict[str, object]) -> Behaviour:
    """A provider that gives two messages a page behind the place it is asked for."""

    def answer(request: Request) -> Response:
        behind = [one for one in messages if int(str(one["id"])) > int(after(request))][:2]
        return page(*behind, next_=behind[-1]["id"] if behind else after(request))

    return answer


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


# --- lists from which what is stored is removed -------------------------------------------------


def test_what_is_stored_is_removed_and_only_then() -> None:
    with listening(lambda _: page(message("a/1"), message("a2"))) as peer:
        asking = Asking(REMOVING, peer.url)
        events = asking.poll()
        assert [request.method for request in peer.requests] == ["GET"]
        asking.gateway.ack(events[:1])
    assert [(request.method, request.target) for request in peer.requests[1:]] == [("DELETE", "/inbox/a%2F1")]


def test_what_cannot_be_removed_comes_again_under_its_id_and_is_told() -> None:
    with listening(lambda request: Response(403) if request.method == "DELETE" else page(message(7))) as peer:
        asking = Asking(REMOVING, peer.url)
        first = asking.poll()
        asking.gateway.ack(first)
        level, summary, fix = asking.health()
        assert (level, "cannot be deleted there: 403" in summary, "username" in fix) == ("error", True, True)
        asking.clock.pass_()
        assert asking.poll() == first
        peer.behaviour = lambda request: Response(404) if request.method == "DELETE" else page()
        asking.gateway.ack(first)
        asking.clock.pass_()
        assert asking.poll() == ()
        assert asking.health()[0] == "ok", "what is gone already counts as removed"


SMS = "<sms><id>{0}</id><from>+420604271828</from><to>+420739100200</to><text>POMOC &amp; {0}</text></sms>"


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        pytest.param("", [], id="none"),
        pytest.param(SMS.format(1), ["POMOC & 1"], id="one"),
        pytest.param(SMS.format(1) + SMS.format(2), ["POMOC & 1", "POMOC & 2"], id="two"),
    ],
)
def test_a_list_in_xml(inside: str, found: list[str]) -> None:
    whole = f'<?xml version="1.0" encoding="UTF-8"?>\n<r><n>3</n><box>{inside}</box></r>'
    with listening(lambda _: Response(200, whole.encode())) as peer:
        asking = Asking(IN_XML, peer.url)
        assert texts(asking.poll()) == found
        assert asking.health()[0] == "ok"


def test_xml_that_declares_entities_is_not_read() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r><box>&b;</box></r>'
    with listening(lambda _: Response(200, bomb)) as peer:
        asking = Asking(IN_XML, peer.url)
        assert asking.poll() == ()
        assert "declares entities" in asking.health()[1]


# --- signing in ---------------------------------------------------------------------------------

SIGNED_IN = (
    BY_ANSWER.replace('"X-Key" = "{key}"', 'Authorization = "Bearer {token}"')
    + """
[login]
url = "{base}/login"
body = { user = "{username}", password = "{password}" }
values = { token = "token" }
seconds = 3600
"""
)


class Guarded:
    """A provider that gives a token and knows only the last one."""

    def __init__(self) -> None:
        self.tokens = 0
        self.lets_in = True

    def __call__(self, request: Request) -> Response:
        if request.target == "/login":
            self.tokens += 1
            return Response(200 if self.lets_in else 401, json.dumps({"token": f"t{self.tokens}"}).encode())
        if request.headers.get("authorization") != f"Bearer t{self.tokens}":
            return Response(401, b"{}")
        return page(message(30 + self.tokens), next_=str(30 + self.tokens))


def test_it_signs_in_once_and_again_when_the_token_is_refused() -> None:
    guarded = Guarded()
    with listening(guarded) as peer:
        asking = Asking(SIGNED_IN, peer.url, {"username": "urad", "password": "tajne"})
        assert asking.taken() == ["POMOC 31"]
        asking.clock.pass_()
        asking.taken()
        assert guarded.tokens == 1
        guarded.tokens = 6  # the device was switched off and on
        asking.clock.pass_()
        assert asking.taken() == ["POMOC 37"]
        assert json.loads(peer.requests[0].body) == {"user": "urad", "password": "tajne"}


def test_a_refused_sign_in_names_the_name_and_the_password() -> None:
    guarded = Guarded()
    guarded.lets_in = False
    with listening(guarded) as peer:
        asking = Asking(SIGNED_IN, peer.url, {"username": "urad", "password": "spatne"})
        assert asking.poll() == ()
        level, summary, fix = asking.health()
        assert (level, fix) == ("error", "correct username, password")
        assert "signing in was refused (401)" in summary
        assert [request.target for request in peer.requests] == ["/login"]


# --- together with calls ------------------------------------------------------------------------

RECEIPTS_BY_CALL = (
    BY_ANSWER
    + """
[calls]
[calls.receipts]
ref = "ref"
status = "state"
statuses = { ok = "delivered" }
"""
)


def test_messages_are_fetched_while_receipts_come_by_calls() -> None:
    secret = "sixteen-letters-or-more"
    with listening(listing(message(31))) as peer:
        asking = Asking(RECEIPTS_BY_CALL, peer.url, {"secret": secret})
        body, headers = b'{"ref": "r1", "state": "ok"}', {"content-type": "application/json"}
        call = WebhookCall("POST", {}, headers, body, "192.0.2.1", secret)
        assert asking.gateway.receive_call(call, NOW).events == [Receipt("schranka", "delivered", NOW, ref="r1")]
        assert asking.gateway.capabilities.receipts
        assert asking.taken() == ["POMOC 31"]


def test_a_provider_that_is_asked_may_not_call() -> None:
    asking = Asking(BY_ANSWER, "http://127.0.0.1:9")
    with pytest.raises(WebhookRefused, match="does not call"):
        asking.gateway.receive_call(WebhookCall("POST", {}, {}, b"{}", "192.0.2.1", "x"), NOW)


# --- descriptions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "settings", "says"),
    [
        pytest.param(BY_ANSWER, {"url": ""}, "url: fill in", id="no address"),
        pytest.param(BY_ANSWER.replace('cursor = "next"\n', ""), {}, "belong together", id="a place from nowhere"),
        pytest.param(BY_ANSWER.replace("{cursor}", "1"), {}, "belong together", id="a place nobody is asked for"),
        pytest.param(
            BY_ANSWER.replace('cursor = "next"', 'cursor = "next"\nlast = "id"'), {}, "not in both", id="two places"
        ),
        pytest.param(
            REMOVING.partition("remove =")[0] + REMOVING.partition("remove =")[2].partition("\n")[2],
            {},
            "again and again",
            id="neither a place nor removing",
        ),
        pytest.param(BY_ANSWER.replace("{key}", "{token}"), {}, "table login", id="a token from nowhere"),
        pytest.param(BY_ANSWER.replace('"{key}"', '"{account}"'), {}, "account: fill it in", id="no account"),
        pytest.param(BY_ANSWER.replace('"{key}"', '"{cursor}"'), {}, "{cursor}", id="a place in a header"),
        pytest.param(BY_ANSWER, {"poll_seconds": 0}, "poll_seconds", id="without a pause"),
    ],
)
def test_descriptions_that_cannot_be_are_named(definition: str, settings: dict[str, Any], says: str) -> None:
    given = {"definition": definition, "url": "http://127.0.0.1:9", "key": "k"} | settings
    with pytest.raises(ValueError, match="error") as told:
        HostedSettings.model_validate(given)
    assert says in str(told.value)
