"""The Android gateway: payloads of the app, and a stand-in of its published interface."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from prepazka.gateways.values import (
    GatewayEvent,
    Health,
    Inbound,
    Receipt,
    WebhookCall,
    WebhookGateway,
    WebhookRefused,
    fingerprint,
)
from tests.gateways.app_calls import KEY, ME, NOW, OFFICE, phone
from tests.gateways.peers import Response, listening
from tests.gateways.test_http import closed_address

TEXT = "OBJ ZOP 10.8. 14:00 NOVAK"


# --- calls --------------------------------------------------------------------------------------


def event(kind: str, payload: dict[str, Any], id_: str = "Ey6ECgOkVVFjz3CL48B8C") -> dict[str, Any]:
    return {
        "deviceId": "ffffffffceb0b1db0000018e937c815b",
        "event": kind,
        "id": id_,
        "payload": payload,
        "webhookId": "hook",
    }


def received(**fields: Any) -> dict[str, Any]:
    return {
        "messageId": "abc123",
        "message": TEXT,
        "sender": ME,
        "recipient": OFFICE,
        "phoneNumber": ME,
        "simNumber": 1,
        "receivedAt": "2026-08-03T09:00:00.000+02:00",
    } | fields


def signed(body: bytes, at: datetime = NOW, key: str = KEY, **changes: Any) -> WebhookCall:
    moment = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), body + moment.encode(), hashlib.sha256).hexdigest()
    headers = {"x-signature": signature, "x-timestamp": moment, "content-type": "application/json"}
    return replace(WebhookCall("POST", {}, headers, body, "192.0.2.1"), **changes)


def events_of(given: dict[str, Any]) -> list[GatewayEvent]:
    return list(phone().receive_call(signed(json.dumps(given).encode()), NOW).events)


MESSAGE = Inbound("mobil", "Ey6ECgOkVVFjz3CL48B8C", ME, OFFICE, TEXT, NOW, fingerprint=fingerprint(ME, "", NOW, TEXT))
OLD_APP = {key: value for key, value in received().items() if key not in {"sender", "recipient"}}


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        pytest.param(received(), MESSAGE, id="of a newer app"),
        pytest.param(OLD_APP, replace(MESSAGE, recipient=""), id="of an older app"),
        pytest.param(received(recipient=None), replace(MESSAGE, recipient=""), id="of a SIM that hides its number"),
        pytest.param(received(simNumber=None), MESSAGE, id="of a phone that hides its SIM"),
        pytest.param(received(future=1), MESSAGE, id="of an app yet to come"),
        pytest.param(
            received(message="Žluťoučký kůň 😀"),
            replace(MESSAGE, text="Žluťoučký kůň 😀", fingerprint=fingerprint(ME, "", NOW, "Žluťoučký kůň 😀")),
            id="of Czech letters",
        ),
        pytest.param(
            received(sender="INFO", phoneNumber="INFO"),
            replace(MESSAGE, sender="INFO", fingerprint=fingerprint("INFO", "", NOW, TEXT)),
            id="of a sender with a name",
        ),
    ],
)
def test_a_message(payload: dict[str, Any], message: Inbound) -> None:
    assert events_of(event("sms:received", payload)) == [message]


def test_a_message_called_with_again_has_another_id_and_the_same_fingerprint() -> None:
    (first,) = events_of(event("sms:received", received(message="a\fb")))
    (again,) = events_of(event("sms:received", received(message="a\nb", recipient=None, simNumber=None), "another"))
    assert isinstance(first, Inbound)
    assert isinstance(again, Inbound)
    assert first.id != again.id
    assert first.fingerprint == again.fingerprint


def test_the_same_text_a_second_later_is_another_message() -> None:
    (first,) = events_of(event("sms:received", received()))
    (later,) = events_of(event("sms:received", received(receivedAt="2026-08-03T09:00:01+02:00")))
    assert isinstance(first, Inbound)
    assert isinstance(later, Inbound)
    assert first.fingerprint != later.fingerprint


def test_a_batch_is_its_messages_in_order() -> None:
    batch = {"messages": [received(message="POMOC"), received(message="MOJE")]}
    events = events_of(event("sms:batch:received", batch, "b"))
    assert [(one.id, one.text) for one in events if isinstance(one, Inbound)] == [("b:0", "POMOC"), ("b:1", "MOJE")]


@pytest.mark.parametrize(
    ("kind", "payload", "receipt"),
    [
        pytest.param(
            "sms:sent",
            {"messageId": "7-a", "phoneNumber": ME, "sentAt": "2026-08-03T09:00:01.000+02:00"},
            Receipt("mobil", "sent", NOW + timedelta(seconds=1), id="7-a"),
            id="sent",
        ),
        pytest.param(
            "sms:delivered",
            {"messageId": "7-a", "recipient": ME, "deliveredAt": "2026-08-03T07:00:02Z"},
            Receipt("mobil", "delivered", NOW + timedelta(seconds=2), id="7-a"),
            id="delivered",
        ),
        pytest.param(
            "sms:failed",
            {"messageId": "7-a", "failedAt": "2026-08-03T07:00:00Z", "reason": "Send result: RESULT_ERROR_NO_SERVICE"},
            Receipt("mobil", "failed", NOW, id="7-a", reason="Send result: RESULT_ERROR_NO_SERVICE"),
            id="failed on the phone",
        ),
        pytest.param(
            "sms:failed",
            {"messageId": "7-a", "reason": "Delivery result from SC +420602909909: 70"},
            Receipt("mobil", "undelivered", NOW, id="7-a", reason="Delivery result from SC +•: 70"),
            id="given up by the network, without a time",
        ),
    ],
)
def test_a_receipt(kind: str, payload: dict[str, Any], receipt: Receipt) -> None:
    assert events_of(event(kind, payload)) == [receipt]


@pytest.mark.parametrize("kind", ["system:ping", "mms:received", "sms:data-received", "app:started", "sms:of:tomorrow"])
def test_other_events_are_acknowledged(kind: str) -> None:
    assert events_of(event(kind, {"health": {"status": "pass"}})) == []


def test_its_acknowledgement_is_a_status() -> None:
    call = phone().receive_call(signed(json.dumps(event("sms:received", received())).encode()), NOW)
    assert not call.replies_inline
    assert call.reply(()).status == 204


# --- refused calls ------------------------------------------------------------------------------

GOOD = json.dumps(event("sms:received", received())).encode()


@pytest.mark.parametrize(
    ("call", "status"),
    [
        pytest.param(signed(GOOD, key="another key"), 403, id="signed with another key"),
        pytest.param(replace(signed(GOOD), body=GOOD.replace(b"NOVAK", b"SVOBODA")), 403, id="changed on its way"),
        pytest.param(signed(GOOD, NOW - timedelta(seconds=301)), 403, id="signed too long ago"),
        pytest.param(signed(GOOD, NOW + timedelta(seconds=301)), 403, id="signed ahead of time"),
        pytest.param(replace(signed(GOOD), headers={}), 401, id="not signed"),
        pytest.param(replace(signed(GOOD), headers={"x-signature": "ab", "x-timestamp": ""}), 401, id="without a time"),
        pytest.param(
            replace(signed(GOOD), headers={"x-signature": "ž", "x-timestamp": "١"}), 401, id="a foreign digit"
        ),
        pytest.param(
            replace(signed(GOOD), headers={**signed(GOOD).headers, "x-signature": "\ud800"}), 403, id="no hexadecimal"
        ),
        pytest.param(signed(GOOD, method="GET"), 405, id="asked for"),
        pytest.param(signed(b""), 400, id="nothing"),
        pytest.param(signed(b"{"), 400, id="half an object"),
        pytest.param(signed(b"[" * 60_000), 400, id="too deep"),
        pytest.param(signed("ž".encode("cp1250")), 400, id="another encoding"),
        pytest.param(signed(b"null"), 422, id="null"),
        pytest.param(signed(b"[]"), 422, id="a list"),
        pytest.param(signed(json.dumps(event("sms:received", {})).encode()), 422, id="an empty message"),
        pytest.param(
            signed(json.dumps(event("sms:received", received(receivedAt="2026-08-03T09:00:00"))).encode()),
            422,
            id="a moment without its zone",
        ),
        pytest.param(
            signed(json.dumps(event("sms:received", received(message=None))).encode()), 422, id="no text at all"
        ),
        pytest.param(signed(json.dumps(event("sms:delivered", {})).encode()), 422, id="a receipt for nothing"),
        pytest.param(signed(json.dumps(event("sms:received", received(), "")).encode()), 422, id="without an id"),
    ],
)
def test_a_call_not_in_the_apps_format_is_refused(call: WebhookCall, status: int) -> None:
    with pytest.raises(WebhookRefused) as refused:
        phone().receive_call(call, NOW)
    assert refused.value.reply.status == status
    assert "NOVAK" not in refused.value.reason
    assert ME not in refused.value.reason


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    assert phone().receive_call(signed(GOOD, NOW + timedelta(seconds=seconds)), NOW).events


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NEARLY = st.builds(
    event,
    st.sampled_from(["sms:received", "sms:batch:received", "sms:sent", "sms:delivered", "sms:failed"]),
    st.dictionaries(
        st.sampled_from([*received(), "messages", "sentAt", "failedAt", "reason"]),
        JSON | st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat()),
    )
    | st.builds(lambda change: received() | change, st.dictionaries(st.sampled_from([*received()]), JSON)),
    st.text(max_size=20),
)


@given(body=st.binary(max_size=200) | st.builds(lambda given: json.dumps(given).encode(), JSON | NEARLY))
def test_any_signed_call_is_read_or_refused_and_nothing_else(body: bytes) -> None:
    try:
        events = phone().receive_call(signed(body), NOW).events
    except WebhookRefused as refused:
        events, status = (), refused.reply.status
    else:
        status = 204
    assert all(one.gateway == "mobil" for one in events)
    assert status in {204, 400, 422}


# --- health -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "level", "summary"),
    [
        pytest.param(Response(200, b'{"status":"pass","checks":{}}'), "ok", "the phone answers", id="well"),
        pytest.param(
            Response(200, b'{"status":"warn","checks":{"battery:level":{"status":"warn","observedValue":20}}}'),
            "warning",
            "the phone answers: battery:level warn",
            id="its battery is low",
        ),
        pytest.param(
            Response(500, b'{"status":"fail","checks":{"messages:failed":{"status":"fail"}}}'),
            "error",
            "the phone is not well: messages:failed fail",
            id="it sends nothing",
        ),
        pytest.param(Response(401), "error", "the phone refuses our name and password", id="we are refused"),
        pytest.param(
            Response(200, b"<html>"), "error", "the phone's answer is not the app's (200)", id="it is another"
        ),
    ],
)
def test_how_it_is(response: Response, level: str, summary: str) -> None:
    with listening(lambda _: response) as peer:
        health = phone(peer.url).health(NOW)
    assert (health.level, health.summary) == (level, summary)
    assert bool(health.fix) == (level != "ok")


def test_a_phone_that_is_off_is_an_error_with_a_fix() -> None:
    assert phone(closed_address()).health(NOW) == Health(
        "error", "the phone does not answer: no connection to it", "switch the app on, or correct its address"
    )


# --- settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"url": "192.168.1.10:8080"}, "http://", id="an address without its scheme"),
        pytest.param({"signing_key": ""}, "signing_key", id="no signing key"),
        pytest.param({"sim": 4}, "sim", id="a fourth SIM"),
        pytest.param({"url": "https://api.sms-gate.app/3rdparty/v1"}, "device", id="a server, but which phone"),
        pytest.param({"colour": "red"}, "colour", id="what it does not have"),
    ],
)
def test_settings_that_are_wrong_are_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        phone(**changes)


def test_it_is_a_gateway_that_calls() -> None:
    assert isinstance(phone(), WebhookGateway)
