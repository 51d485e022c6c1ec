"""The hosted gateway: payloads from the providers' documentation, every proof, and custom descriptions."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.hosted.profile import builtin_profiles
from prepazka.gateways.http import basic_auth
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Inbound,
    LostAnswer,
    Outbound,
    Receipt,
    SendError,
    Sent,
    WebhookCall,
    WebhookGateway,
    WebhookRefused,
)
from tests.gateways.peers import CLOSE, Response, listening
from tests.gateways.test_http import closed_address

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
UNIX = int(NOW.timestamp())
ME = "+420777123456"
OFFICE = "+420739547765"
TEXT = "OBJ ZOP 10.8. 14:00 NOVAK"
SECRET = "sixteen-letters-"


DOOR = "https://objednani.example/gateways/brana"
NEEDED: dict[str, dict[str, str]] = {
    "gosms": {"account": "7"},
    "infobip": {"url": "https://xyz.api.infobip.example"},
    "link-mobility": {"account": "4711"},
    "teltonika": {"account": "3-1", "url": "http://192.0.2.1"},
    "huawei-hilink": {"url": "http://192.0.2.1"},
    "mikrotik": {"account": "lte1", "url": "http://192.0.2.1"},
    "twilio": {"public_url": DOOR},
}


def gateway(profile: str = "", definition: str = "", **settings: Any) -> Hosted:
    needed = NEEDED.get(profile, {}) | settings
    given = {"profile": profile, "definition": definition, "secret": SECRET, "key": "our-key"} | needed
    return Hosted("brana", HostedSettings.model_validate(given))


def posted(given: Any, path: str = SECRET, **changes: Any) -> WebhookCall:
    body = json.dumps(given).encode()
    return replace(WebhookCall("POST", {}, {"content-type": "application/json"}, body, "192.0.2.1", path), **changes)


def form(fields: dict[str, str], charset: str = "utf-8", **changes: Any) -> WebhookCall:
    headers = {"content-type": f"application/x-www-form-urlencoded; charset={charset}"}
    return replace(
        WebhookCall("POST", {}, headers, urlencode(fields, encoding=charset).encode(), "192.0.2.1"), **changes
    )


def query(fields: dict[str, str], **changes: Any) -> WebhookCall:
    return replace(WebhookCall("GET", fields, {}, b"", "192.0.2.1"), **changes)


def events_of(gateway: Hosted, call: WebhookCall, now: datetime = NOW) -> list[GatewayEvent]:
    return list(gateway.receive_call(call, now).events)


# --- built-in profiles, by their documentation --------------------------------------------------

SMSMANAGER_IN = {
    "gateway": "sms",
    "timestamp": UNIX,
    "type": "incoming",
    "sender": "420777123456",
    "recipient": "420739547765",
    "body": TEXT,
}
SMSMANAGER_OUT = {
    "request_id": "bc36f3d1-d284-463a-921b-a3560c154649",
    "message_id": "e27ff0ac-87b5-4e1d-b644-5fc6029e2a11",
    "gateway": "sms",
    "timestamp": UNIX,
    "payload": {},
    "type": "outgoing",
    "to": {"phone_number": "420777123456"},
    "result": "delivered",
    "result_info": "[0] Delivered",
}
DELIVERED = Receipt("brana", "delivered", NOW, ref="e27ff0ac-87b5-4e1d-b644-5fc6029e2a11", reason="[0] Delivered")
SMSEAGLE = {"sender": ME, "timestamp": "20260803090000", "text": TEXT, "msgid": "431", "apikey": SECRET}
IPEX = {
    "id": "6131", "from": ME, "to": OFFICE, "text": TEXT, "direction": "IN", "state": "DELIVERED", "createdAt": "?"
}  # fmt: skip


def content(one: GatewayEvent) -> tuple[str, str, str, datetime | None]:
    assert isinstance(one, Inbound)
    return one.sender, one.recipient, one.text, one.sent


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


OUT = Outbound("1f-6398c", OFFICE, ME, "Objednano & hotovo", 1, NOW + timedelta(hours=4))
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


# --- custom descriptions ------------------------------------------------------------------------

OWN = """
title = "Vlastní"

[calls]
{calls}

[calls.messages]
id = "id"
sender = "from"
text = "text"
time = {{ field = "at", format = "iso" }}

{more}

[send]
url = "https://brana.example/{{recipient_digits}}?k={{key}}"
{send}
"""


def own(calls: str = "", more: str = "", send: str = "", **settings: Any) -> Hosted:
    return gateway(definition=OWN.format(calls=calls, more=more, send=send), **settings)


FIELDS = {"id": "7", "from": ME, "text": TEXT}


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        pytest.param("2026-08-03T09:00:00+02:00", NOW, id="with an offset"),
        pytest.param("2026-08-03T09:00:00", NOW, id="of the office's zone"),
        pytest.param("2026-08-03 09:00:00", NOW, id="with a space"),
        pytest.param("yesterday", None, id="no time: the message is accepted anyway"),
        pytest.param("9999-12-31T23:59:59-14:00", None, id="after all moments"),
        pytest.param(None, None, id="none"),
    ],
)
def test_moments(at: str | None, sent: datetime | None) -> None:
    (one,) = events_of(own(), posted(FIELDS | {"at": at}))
    assert content(one)[3] == sent


def test_a_charset_of_old_systems() -> None:
    call = form(FIELDS | {"text": "Žluťoučký"}, charset="cp1250", path=SECRET)
    (one,) = events_of(own('charset = "cp1250"'), call)
    assert content(one)[2] == "Žluťoučký"


def test_a_query_in_another_charset_is_read_in_it() -> None:
    given = FIELDS | {"text": "Žluť".encode("cp1250").decode("utf-8", "surrogateescape")}
    (one,) = events_of(own('charset = "cp1250"'), query(given, path=SECRET))
    assert content(one)[2] == "Žluť"


def test_events_in_a_nested_list() -> None:
    events = events_of(own('each = "data.list"'), posted({"data": {"list": [FIELDS, FIELDS | {"id": "8"}]}}))
    assert [one.id for one in events if isinstance(one, Inbound)] == ["7", "8"]


def test_long_ids_stay_distinct() -> None:
    ids = [events_of(own(), posted(FIELDS | {"id": "x" * 300 + end}))[0] for end in "ab"]
    assert len({one.id for one in ids if isinstance(one, Inbound)}) == 2
    assert all(len(one.id) <= 200 for one in ids if isinstance(one, Inbound))


def test_a_reply_in_the_answer() -> None:
    described = own('reply = "body"\nanswer = "SMS {text}"\nsilence = "NIC"')
    received = described.receive_call(posted(FIELDS), NOW)
    assert received.replies_inline
    assert (received.reply(["Objednano {text}"]).body, received.reply([None]).body) == ("SMS Objednano {text}", "NIC")


def test_a_reply_in_an_answer_of_json() -> None:
    described = own('reply = "body"\nanswer = { reply = "{text}" }\nsilence = { reply = "" }')
    reply = described.receive_call(posted(FIELDS), NOW).reply(['"žluť"'])
    assert reply.content_type == "application/json"
    assert json.loads(reply.body) == {"reply": '"žluť"'}


def test_of_several_messages_the_replies_go_by_calls() -> None:
    received = own('reply = "body"\nanswer = "{text}"').receive_call(posted([FIELDS, FIELDS | {"id": "8"}]), NOW)
    assert not received.replies_inline


def test_an_acknowledgement_the_provider_waits_for() -> None:
    assert own('answer = "OK"').receive_call(posted(FIELDS), NOW).reply(()).body == "OK"


def request_of(described: Hosted, message: Outbound) -> dict[str, Any]:
    assert described._profile.send is not None
    return described._account.filled(described._profile.send, described._values(message))


def test_a_request_is_filled_safely() -> None:
    described = own(send='format = "form"\nbody = { t = "{text}", s = "{sender_digits}" }')
    request = request_of(described, replace(OUT, text="a&b {key} +"))
    assert request["url"] == "https://brana.example/420777123456?k=our-key"
    assert dict(parse_qsl(request["body"].decode())) == {"t": "a&b {key} +", "s": "420739547765"}


def test_a_name_and_a_password_for_sending() -> None:
    described = own(send="basic = true", username="urad", password="žluť")
    request = request_of(described, OUT)
    assert request["headers"]["Authorization"] == basic_auth("urad", "žluť")


def test_capabilities_follow_from_the_description() -> None:
    receipts = '[calls.receipts]\nwhere = { kind = "dlr" }\nid = "ours"\nstatus = "s"\nstatuses = { ok = "delivered" }'
    assert own().capabilities == Capabilities(receipts=False)
    assert own(more=receipts, send="idempotent = true", per_minute=60).capabilities == Capabilities(
        per_minute=60, idempotent=True, receipts=True
    )
    receipt = events_of(own(more=receipts), posted({"kind": "dlr", "ours": OUT.id, "s": "ok"}))
    assert receipt == [Receipt("brana", "delivered", NOW, id=OUT.id)]


# --- proofs -------------------------------------------------------------------------------------

BODY = json.dumps(FIELDS).encode()
SIGNED = 'proof = "signature"\n[calls.signature]\nheader = "X-Sign"\n'


def digest(signed: bytes, algorithm: Any = hashlib.sha256) -> bytes:
    return hmac.new(SECRET.encode(), signed, algorithm).digest()


def proven(way: str) -> tuple[Hosted, WebhookCall]:
    """Return a gateway with this proof, and a call that has it."""
    plain = posted(FIELDS, path="")
    match way:
        case "path":
            return own(), replace(plain, path=SECRET)
        case "query":
            return own('proof = "query:k"'), replace(plain, query={"k": SECRET})
        case "header":
            return own('proof = "header:X-Key"'), replace(plain, headers={**plain.headers, "x-key": SECRET})
        case "field":
            return own('proof = "field:k"'), posted(FIELDS | {"k": SECRET}, path="")
        case "basic":
            headers = {**plain.headers, "authorization": basic_auth("brana", SECRET)}
            return own('proof = "basic"', secret=f"brana:{SECRET}"), replace(plain, headers=headers)
        case "address":
            return own('proof = "address"', secret="", addresses="192.0.2.0/24, 2001:db8::/32"), plain
        case "signature":
            headers = {**plain.headers, "x-sign": digest(BODY).hex()}
            return own(SIGNED), replace(plain, headers=headers)
        case "signature with a time":
            stamp = str(UNIX)
            shown = base64.b64encode(digest(f"{stamp}.".encode() + BODY, hashlib.sha512)).decode()
            headers = {**plain.headers, "x-sign": f"v1={shown}", "x-time": stamp}
            more = (
                'algorithm = "sha512"\nencoding = "base64"\nprefix = "v1="\n'
                'signed = "{timestamp}.{body}"\ntimestamp_header = "X-Time"\n'
            )
            return own(SIGNED + more), replace(plain, headers=headers)
    raise AssertionError(way)


WAYS = ["path", "query", "header", "field", "basic", "address", "signature", "signature with a time"]


@pytest.mark.parametrize("way", WAYS)
def test_a_call_with_proof_is_accepted(way: str) -> None:
    described, call = proven(way)
    assert len(events_of(described, call)) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_call_without_proof_is_refused(way: str) -> None:
    described, call = proven(way)
    forged = posted(FIELDS | {"text": "OBJ ZOP SVOBODA", "k": "guess"}, path="guess", address="198.51.100.1")
    headers = {"content-type": "application/json", "x-key": "guess", "x-sign": "00", "authorization": "Basic eDp5"}
    for guess in [
        forged,
        replace(forged, headers=headers, query={"k": "guess"}),
        replace(forged, headers={**headers, "x-time": "1"}),
        replace(forged, address="no address"),
        replace(call, body=forged.body, path="", query={}, address="198.51.100.1"),
        *([] if way in {"path", "query", "header", "basic"} else [replace(forged, headers=call.headers)]),
    ]:
        if way in {"header", "basic"} and guess.headers == call.headers:
            continue  # such a proof identifies the caller and does not cover the message
        with pytest.raises(WebhookRefused) as refused:
            described.receive_call(guess, NOW)
        assert refused.value.reply.status in {401, 403}
        assert "SVOBODA" not in refused.value.reason


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_signature_is_refused(seconds: int) -> None:
    described, call = proven("signature with a time")
    with pytest.raises(WebhookRefused, match="too long ago"):
        described.receive_call(call, NOW + timedelta(seconds=seconds))


def test_an_address_is_asked_for_beside_the_secret() -> None:
    described = own(addresses="198.51.100.0/24")
    with pytest.raises(WebhookRefused, match="address"):
        described.receive_call(posted(FIELDS), NOW)
    assert described.receive_call(posted(FIELDS, address="198.51.100.9"), NOW).events


def test_basic_is_asked_for_in_its_own_way() -> None:
    described, _ = proven("basic")
    with pytest.raises(WebhookRefused) as refused:
        described.receive_call(posted(FIELDS), NOW)
    assert refused.value.reply.headers["WWW-Authenticate"].startswith("Basic")


# --- refused calls ------------------------------------------------------------------------------

MULTIPART = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("call", "status"),
    [
        pytest.param(posted(FIELDS, body=b"{"), 400, id="half an object"),
        pytest.param(posted(FIELDS, body=b"[" * 60_000), 400, id="too deep"),
        pytest.param(posted(FIELDS, body="ž".encode("cp1250")), 400, id="another encoding"),
        pytest.param(form(FIELDS | {"text": "ž"}, charset="cp1250", path=SECRET), 400, id="a form in another encoding"),
        pytest.param(query(FIELDS | {"text": "\udc9e"}, path=SECRET), 400, id="a query in another encoding"),
        pytest.param(form({str(i): "" for i in range(101)}, path=SECRET), 400, id="a form without end"),
        pytest.param(posted(FIELDS, headers=MULTIPART), 415, id="a form in parts"),
        pytest.param(posted(7), 422, id="a number"),
        pytest.param(posted([FIELDS, None]), 422, id="an event that is nothing"),
        pytest.param(posted({}), 422, id="nothing in it"),
        pytest.param(posted(FIELDS | {"text": None}), 422, id="no text"),
        pytest.param(posted(FIELDS | {"from": ""}), 422, id="no sender"),
        pytest.param(posted(FIELDS | {"from": [ME]}), 422, id="several senders"),
        pytest.param(posted(FIELDS | {"id": ""}), 422, id="no id"),
    ],
)
def test_a_call_unlike_the_profile_is_refused(call: WebhookCall, status: int) -> None:
    with pytest.raises(WebhookRefused) as refused:
        own().receive_call(call, NOW)
    assert refused.value.reply.status == status
    assert "NOVAK" not in refused.value.reason


def test_an_event_unknown_to_the_profile_is_refused() -> None:
    with pytest.raises(WebhookRefused, match="neither a message nor a receipt"):
        gateway("smsmanager").receive_call(posted([SMSMANAGER_IN | {"type": "new"}]), NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(
    profile=st.sampled_from([*builtin_profiles()]),
    given=JSON
    | st.dictionaries(st.sampled_from([*SMSMANAGER_IN, *SMSMANAGER_OUT, *SMSEAGLE, *IPEX, "message", "api_key"]), JSON),
    body=st.none() | st.binary(max_size=100),
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/x", ""]),
)
def test_any_call_is_read_or_refused_and_nothing_else(profile: str, given: Any, body: bytes | None, kind: str) -> None:
    proven = given | {"api_key": SECRET, "apikey": SECRET} if isinstance(given, dict) else given
    call = posted(proven, headers={"content-type": kind})
    try:
        events = gateway(profile).receive_call(call if body is None else replace(call, body=body), NOW).events
    except WebhookRefused as refused:
        events, status = (), refused.reply.status
    else:
        status = 200
    assert all(one.gateway == "brana" for one in events)
    assert status in {200, 400, 401, 403, 404, 415, 422}


# --- health and settings ------------------------------------------------------------------------


def test_a_provider_that_can_be_reached() -> None:
    with listening(lambda _: Response(200)) as peer:
        health = gateway("ipex", url=peer.url).health(NOW)
        assert peer.requests == [], "it is asked nothing"
    assert (health.level, health.summary) == (
        "ok",
        "IPEX (voipex): it can be reached (made from its documentation, not tried live)",
    )


def test_a_provider_that_cannot() -> None:
    health = gateway("ipex", url=closed_address()).health(NOW)
    assert (health.level, bool(health.fix)) == ("error", True)


BODY_ONLY = OWN.partition("[send]")[0]


def test_a_provider_that_only_calls() -> None:
    described = gateway(definition=BODY_ONLY.format(calls='reply = "body"\nanswer = "{text}"', more=""))
    assert described.health(NOW).level == "ok"
    (answer,) = described.send([OUT])
    assert isinstance(answer, SendError)
    assert not answer.retryable


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        pytest.param({}, "either profile", id="neither"),
        pytest.param({"profile": "ipex", "definition": "x"}, "either profile", id="both"),
        pytest.param({"profile": "ipexx"}, "there are: bulkgate, centrumsms", id="a profile there is not"),
        pytest.param({"definition": "title ="}, "is no TOML", id="no TOML"),
        pytest.param({"definition": 'title = "x"'}, "replies must leave somehow", id="half a description"),
        pytest.param({"profile": "ipex", "secret": "short"}, "secret", id="a short secret"),
        pytest.param({"profile": "ipex", "addresses": "192.0.2.0/33"}, "addresses", id="no address"),
        pytest.param({"profile": "ipex", "url": "ftp://x"}, "url", id="another scheme"),
        pytest.param({"profile": "ipex", "colour": "red"}, "colour", id="what it does not have"),
        pytest.param(
            {"definition": OWN.format(calls='proof = "header"', more="", send="")}, "query:NAME", id="no name"
        ),
        pytest.param({"definition": OWN.format(calls='proof = "oath"', more="", send="")}, "proof is", id="an oath"),
        pytest.param(
            {"definition": OWN.format(calls='proof = "signature"', more="", send="")}, "signature", id="no signature"
        ),
        pytest.param(
            {"definition": OWN.format(calls='proof = "address"', more="", send="")}, "addresses", id="no addresses"
        ),
        pytest.param({"definition": OWN.format(calls="", more="", send='body = { a = "{x}" }')}, "{x}", id="{x}"),
        pytest.param(
            {"definition": OWN.format(calls="", more="", send='headers = { a = "{text}" }')},
            "{text}",
            id="a text on top",
        ),
        pytest.param({"definition": OWN.format(calls="", more="", send="colour = 1")}, "colour", id="an unknown word"),
        pytest.param({"definition": BODY_ONLY.format(calls="", more="")}, "reply must be body", id="no way to reply"),
    ],
)
def test_settings_that_are_wrong_are_named(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as told:
        HostedSettings.model_validate({"secret": SECRET} | settings)
    assert says in str(told.value)
