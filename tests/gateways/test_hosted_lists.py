"""Lists from which what is stored is removed, signing in to them, and descriptions that cannot be."""

import json
from typing import Any

import pytest

from prepazka.gateways.hosted import HostedSettings
from prepazka.gateways.values import Receipt, WebhookCall, WebhookRefused
from tests.gateways.fetching import (
    BY_ANSWER,
    NOW,
    REMOVING,
    Asking,
    listing,
    message,
    page,
    texts,
)
from tests.gateways.peers import Request, Response, listening

IN_XML = REMOVING.replace('each = "messages"', 'each = "r.box.sms"')


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
