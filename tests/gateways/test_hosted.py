"""The hosted gateway: payloads from the providers' documentation, every proof, and custom descriptions."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from prepazka.gateways.hosted.profile import builtin_profiles
from prepazka.gateways.values import (
    GatewayEvent,
    Inbound,
    LostAnswer,
    Receipt,
    SendError,
    Sent,
    WebhookCall,
    WebhookGateway,
)
from tests.gateways.described import (
    IPEX,
    ME,
    NOW,
    OFFICE,
    OUT,
    SECRET,
    SMSEAGLE,
    SMSMANAGER_IN,
    SMSMANAGER_OUT,
    TEXT,
    UNIX,
    content,
    events_of,
    form,
    gateway,
    posted,
    query,
)
from tests.gateways.peers import CLOSE, Response, listening
from tests.gateways.test_http import closed_address

DELIVERED = Receipt("brana", "delivered", NOW, ref="e27ff0ac-87b5-4e1d-b644-5fc6029e2a11", reason="[0] Delivered")

# --- built-in profiles, by their documentation --------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "call", "message"),
    [
        pytest.param(
            "smsmanager", posted([SMSMANAGER_IN]), ("420777123456", "420739547765", TEXT, NOW), id="smsmanager"
        ),
        pytest.param(
            "smsmanager",
            posted([SMSMANAGER_IN | {"request_id": "r", "message_id": "m", "payload": {}}]),
            ("420777123456", "420739547765", TEXT, NOW),
            id="smsmanager, replying to a message of ours",
        ),
        pytest.param(
            "centrumsms",
            posted({"api_key": SECRET, "sender": ME, "message": TEXT}, path=""),
            (ME, "", TEXT, None),
            id="centrumsms as JSON",
        ),
        pytest.param(
            "centrumsms",
            form({"api_key": SECRET, "sender": ME, "message": "Žluťoučký"}),
            (ME, "", "Žluťoučký", None),
            id="centrumsms as a form",
        ),
        pytest.param("ipex", posted(IPEX), (ME, OFFICE, TEXT, None), id="ipex"),
        pytest.param("smseagle", query(SMSEAGLE), (ME, "", TEXT, NOW), id="smseagle by GET"),
        pytest.param("smseagle", form(SMSEAGLE), (ME, "", TEXT, NOW), id="smseagle by POST"),
    ],
)
def test_a_message(profile: str, call: WebhookCall, message: tuple[str, str, str, datetime | None]) -> None:
    (one,) = events_of(gateway(profile), call)
    assert content(one) == message


@pytest.mark.parametrize(
    ("profile", "call", "receipts"),
    [
        pytest.param("smsmanager", posted([SMSMANAGER_OUT]), [DELIVERED], id="delivered"),
        pytest.param(
            "smsmanager",
            posted([SMSMANAGER_OUT | {"result": "rejected", "result_info": "[307] Insufficient credit"}]),
            [replace(DELIVERED, status="failed", reason="[307] Insufficient credit")],
            id="rejected",
        ),
        pytest.param("smsmanager", posted([SMSMANAGER_OUT | {"result": "sending"}]), [], id="still under way"),
        pytest.param("smsmanager", posted([SMSMANAGER_IN | {"gateway": "whatsapp"}]), [], id="WhatsApp"),
        pytest.param(
            "centrumsms", posted({"api_key": SECRET, "recipient": ME, "status": "delivered"}), [], id="unnamed"
        ),
        pytest.param("ipex", posted(IPEX | {"direction": "OUT"}), [], id="what cannot be matched"),
    ],
)
def test_receipts_and_ignored_events(profile: str, call: WebhookCall, receipts: Sequence[GatewayEvent]) -> None:
    assert events_of(gateway(profile), call) == receipts


def test_several_events_of_one_call_stay_in_order() -> None:
    events = events_of(gateway("smsmanager"), posted([SMSMANAGER_OUT, SMSMANAGER_IN]))
    assert [type(one) for one in events] == [Receipt, Inbound]


@pytest.mark.parametrize("profile", builtin_profiles())
def test_every_builtin_profile_names_its_documentation_and_is_untried(profile: str) -> None:
    described = builtin_profiles()[profile]
    assert described.made_from.startswith("https://")
    assert not described.tried
    assert described.send is not None
    assert isinstance(gateway(profile), WebhookGateway)


@pytest.mark.parametrize(
    ("profile", "method", "body"),
    [
        pytest.param(
            "smsmanager",
            "POST",
            {
                "body": "Objednano & hotovo",
                "to": [{"phone_number": "420777123456"}],
                "tag": "transactional",
                "flow": [{"sms": {"sender": "420739547765", "gateway": "direct", "type": "sms"}}],
            },
            id="smsmanager",
        ),
        pytest.param(
            "centrumsms",
            "POST",
            {"api_key": "our-key", "recipient": ME, "message": "Objednano & hotovo"},
            id="centrumsms",
        ),
        pytest.param("ipex", "POST", {"from": OFFICE, "to": ME, "text": "Objednano & hotovo"}, id="ipex"),
        pytest.param(
            "smseagle", "GET", {"access_token": "our-key", "to": ME, "message": "Objednano & hotovo"}, id="smseagle"
        ),
    ],
)
def test_the_request_to_each_provider(profile: str, method: str, body: dict[str, Any]) -> None:
    with listening(lambda _: Response(200)) as peer:
        list(gateway(profile, url=f"{peer.url}/send").send([OUT]))
    (request,) = peer.requests
    given = json.loads(request.body) if request.body else dict(parse_qsl(urlsplit(request.target).query))
    assert (request.method, given) == (method, body)


def test_smsmanager_is_shown_our_key_in_a_header() -> None:
    assert builtin_profiles()["smsmanager"].send is not None
    with listening(lambda _: Response(200)) as peer:
        list(gateway("smsmanager", url=peer.url).send([OUT]))
    assert peer.requests[0].headers["x-api-key"] == "our-key"


REJECTED = b'{"request_id":"r","accepted":[],"rejected":[{"key":"0"}]}'
ACCEPTED = b'{"request_id":"r","accepted":[{"key":"0","message_id":"e27f"}],"rejected":[]}'


@pytest.mark.parametrize(
    ("profile", "response", "answer"),
    [
        pytest.param("smsmanager", Response(200, ACCEPTED), Sent(OUT.id, ("e27f",)), id="smsmanager takes it"),
        pytest.param(
            "smsmanager", Response(200, REJECTED), SendError(OUT.id, "refused (200)"), id="smsmanager rejects it"
        ),
        pytest.param("centrumsms", Response(200, b'{"success":true}'), Sent(OUT.id), id="centrumsms takes it"),
        pytest.param(
            "centrumsms",
            Response(200, b'{"success":false,"error":"invalid_recipient"}'),
            SendError(OUT.id, "refused (200): invalid_recipient", retryable=False),
            id="centrumsms knows no such number",
        ),
        pytest.param(
            "centrumsms",
            Response(200, b'{"success":false,"error":"gateway_failed"}'),
            SendError(OUT.id, "refused (200): gateway_failed"),
            id="the phone of centrumsms is away",
        ),
        pytest.param("ipex", Response(201, b"{}"), Sent(OUT.id), id="ipex takes it"),
        pytest.param("smseagle", Response(200, b"OK; ID=297"), Sent(OUT.id), id="smseagle takes it"),
        pytest.param(
            "smseagle",
            Response(200, b"Invalid login or password"),
            SendError(OUT.id, "refused (200): Invalid login or password"),
            id="smseagle does not know us",
        ),
        pytest.param(
            "smseagle",
            Response(200, b"Wrong parameters"),
            SendError(OUT.id, "refused (200): Wrong parameters", retryable=False),
            id="smseagle does not like it",
        ),
        pytest.param(
            "ipex", Response(429), SendError(OUT.id, "refused (429)", throttled=True, cause="throttled"), id="too fast"
        ),
        pytest.param("ipex", Response(400), SendError(OUT.id, "refused (400)", retryable=False), id="not this message"),
        pytest.param("ipex", Response(401), SendError(OUT.id, "refused (401)"), id="not us"),
        pytest.param("ipex", Response(302), SendError(OUT.id, "refused (302)"), id="elsewhere"),
        pytest.param("ipex", Response(503), SendError(OUT.id, "refused (503)"), id="not now"),
        pytest.param("ipex", Response(500), LostAnswer(OUT.id, "refused (500)"), id="broken in the middle"),
        pytest.param("ipex", Response(CLOSE), LostAnswer(OUT.id, "the connection broke"), id="no answer"),
    ],
)
def test_the_results_of_answers(profile: str, response: Response, answer: object) -> None:
    with listening(lambda _: response) as peer:
        assert list(gateway(profile, url=peer.url).send([OUT])) == [answer]


def test_a_closed_port_means_not_accepted() -> None:
    assert list(gateway("ipex", url=closed_address()).send([OUT])) == [
        SendError(OUT.id, "no connection to it", cause="unreachable")
    ]


def test_a_key_that_no_header_can_hold_is_an_error() -> None:
    with listening(lambda _: Response(200)) as peer:
        (answer,) = gateway("ipex", url=peer.url, key="one\ntwo").send([OUT])
        assert peer.requests == []
    assert answer == SendError(
        OUT.id, "a name, a password or a key has letters that cannot be sent", cause="unreachable"
    )


# --- messages without an id ---------------------------------------------------------------------


def test_equal_messages_differ_by_their_time() -> None:
    (first,) = events_of(gateway("smsmanager"), posted([SMSMANAGER_IN]))
    (again,) = events_of(gateway("smsmanager"), posted([SMSMANAGER_IN]), NOW + timedelta(hours=5))
    (later,) = events_of(gateway("smsmanager"), posted([SMSMANAGER_IN | {"timestamp": UNIX + 1}]))
    assert isinstance(first, Inbound)
    assert isinstance(later, Inbound)
    assert first == again
    assert first.id != later.id


def test_without_a_time_equal_messages_of_a_minute_are_one() -> None:
    call = posted({"api_key": SECRET, "sender": ME, "message": TEXT})
    (first,) = events_of(gateway("centrumsms"), call)
    (again,) = events_of(gateway("centrumsms"), call, NOW + timedelta(seconds=59))
    (later,) = events_of(gateway("centrumsms"), call, NOW + timedelta(seconds=60))
    assert isinstance(first, Inbound)
    assert isinstance(later, Inbound)
    assert first == again
    assert first.id != later.id
