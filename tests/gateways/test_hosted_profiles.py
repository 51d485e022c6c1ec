"""The built-in profiles made from documentation in 2026: what each provider calls with, answers, and is asked."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from prepazka.gateways.values import (
    Inbound,
    Part,
    Receipt,
    WebhookCall,
    WebhookRefused,
)
from tests.gateways.documented import ASKER, DOOR, NOW, OFFICE, OUT, SECRET, TEXT, opened

UNIX = int(NOW.timestamp())


def called(given: Any) -> WebhookCall:
    return WebhookCall(
        "POST", {}, {"content-type": "application/json"}, json.dumps(given).encode(), "192.0.2.1", SECRET
    )


def form(fields: dict[str, str], **headers: str) -> WebhookCall:
    sent = {"content-type": "application/x-www-form-urlencoded", **headers}
    return WebhookCall("POST", {}, sent, urlencode(fields).encode(), "192.0.2.1")


# --- messages and receipts by calls -------------------------------------------------------------

TWILIO_IN = {
    "MessageSid": "SM1", "AccountSid": "AC0001", "From": ASKER, "To": OFFICE, "Body": TEXT, "NumMedia": "0",
    "NumSegments": "1", "SmsStatus": "received", "FromCountry": "CZ",
}  # fmt: skip
TWILIO_STATE = {"MessageSid": "SM9", "MessageStatus": "undelivered", "ErrorCode": "30003", "To": ASKER, "From": OFFICE}


def by_twilio(fields: dict[str, str], url: str = DOOR, secret: str = SECRET) -> WebhookCall:
    signed = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()
    return form(fields, **{"x-twilio-signature": base64.b64encode(digest).decode()})


VONAGE_IN = {
    "api-key": "abc", "msisdn": "420604271828", "to": "420739100200", "messageId": "0A0000001234",
    "text": "OBJ ZOP & KOVAR=", "type": "text", "keyword": "OBJ", "message-timestamp": "2026-08-03 07:00:00",
    "timestamp": str(UNIX), "nonce": "n1",
}  # fmt: skip
VONAGE_PART = VONAGE_IN | {"concat": "true", "concat-ref": "93", "concat-total": "2", "concat-part": "1"}
VONAGE_STATE = {
    "msisdn": "420604271828", "to": "420739100200", "network-code": "23001", "messageId": "0A11", "price": "0.03",
    "status": "delivered", "scts": "2608030900", "err-code": "0", "api-key": "abc", "client-ref": OUT.id,
    "message-timestamp": "2026-08-03 07:00:00", "timestamp": str(UNIX), "nonce": "n2",
}  # fmt: skip


def by_vonage(fields: dict[str, str], secret: str = SECRET, change: Callable[[str], str] = str.lower) -> WebhookCall:
    signed = "".join(f"&{name}={fields[name].replace('&', '_').replace('=', '_')}" for name in sorted(fields))
    sig = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return form(fields | {"sig": change(sig)})


INFOBIP_IN = {
    "messageId": "817790313235066447", "from": "420604271828", "to": "420739100200", "text": TEXT, "cleanText": TEXT,
    "keyword": "", "receivedAt": "2026-08-03T07:00:00.000+0000", "smsCount": 1, "price": {"pricePerMessage": 0},
}  # fmt: skip
INFOBIP_STATE = {
    "bulkId": "b", "messageId": OUT.id, "to": "420604271828", "sentAt": "2026-08-03T06:59:00.000+0000",
    "doneAt": "2026-08-03T07:00:00.000+0000", "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5},
    "error": {"groupId": 0, "name": "NO_ERROR"},
}  # fmt: skip
LINK_IN = {
    "destination": "CZ-739100200", "source": ASKER, "content": {"type": "SMS", "userData": TEXT, "encoding": "TEXT"},
    "operator": "cz.o2", "timestamp": "2026-08-03T07:00:00Z", "messageId": "Dcsh1",
}  # fmt: skip
LINK_STATE = {
    "refId": OUT.id, "id": "Dcsh9", "operator": "cz.o2", "sentTimestamp": "2026-08-03T06:59:00Z",
    "timestamp": "2026-08-03T07:00:00Z", "resultCode": 1001, "operatorResultCode": "2", "segments": 1,
}  # fmt: skip
BULKGATE = [
    {"status": "1", "smsID": "3t25", "price": "0.71", "date": "2608030900;2608030901"},
    {"status": "10", "from": "420604271828", "text": TEXT, "smsID": "3t25"},
    {"status": "2", "smsID": "3t26", "price": "0.71"},
    {"status": "3", "smsID": "3t27", "price": "0.71"},
]


@pytest.mark.parametrize(
    ("profile", "call", "event"),
    [
        pytest.param("twilio", by_twilio(TWILIO_IN), Inbound("brana", "SM1", ASKER, OFFICE, TEXT), id="twilio"),
        pytest.param(
            "infobip",
            called({"results": [INFOBIP_IN], "messageCount": 1, "pendingMessageCount": 0}),
            Inbound("brana", "817790313235066447", "420604271828", "420739100200", TEXT, NOW),
            id="infobip",
        ),
        pytest.param(
            "vonage",
            by_vonage(VONAGE_IN),
            Inbound("brana", "0A0000001234", "420604271828", "420739100200", "OBJ ZOP & KOVAR=", NOW),
            id="vonage",
        ),
        pytest.param(
            "vonage",
            by_vonage(VONAGE_PART),
            Part("brana", "0A0000001234", "420604271828", "420739100200", "OBJ ZOP & KOVAR=", 93, 2, 1, NOW),
            id="vonage, one part of two",
        ),
        pytest.param("link-mobility", called(LINK_IN), Inbound("brana", "Dcsh1", ASKER, "", TEXT, NOW), id="link"),
    ],
)
def test_a_message(profile: str, call: WebhookCall, event: Inbound | Part) -> None:
    assert opened(profile).receive_call(call, NOW).events == [event]


@pytest.mark.parametrize(
    ("profile", "call", "receipt"),
    [
        pytest.param(
            "twilio",
            by_twilio(TWILIO_STATE),
            Receipt("brana", "undelivered", NOW, ref="SM9", reason="30003"),
            id="twilio",
        ),
        pytest.param("twilio", by_twilio(TWILIO_STATE | {"MessageStatus": "queued"}), None, id="twilio, on its way"),
        pytest.param(
            "infobip",
            called({"results": [INFOBIP_STATE]}),
            Receipt("brana", "delivered", NOW, id=OUT.id, reason="NO_ERROR"),
            id="infobip",
        ),
        pytest.param(
            "vonage",
            by_vonage(VONAGE_STATE),
            Receipt("brana", "delivered", NOW, id=OUT.id, ref="0A11", reason="0"),
            id="vonage",
        ),
        pytest.param(
            "vonage",
            by_vonage({**VONAGE_STATE, "status": "buffered"}),
            None,
            id="vonage, waiting for the phone",
        ),
        pytest.param(
            "link-mobility",
            called(LINK_STATE),
            Receipt("brana", "delivered", NOW, id=OUT.id, ref="Dcsh9", reason="1001"),
            id="link",
        ),
        pytest.param(
            "link-mobility",
            called(LINK_STATE | {"resultCode": 2106}),
            Receipt("brana", "undelivered", NOW, id=OUT.id, ref="Dcsh9", reason="2106"),
            id="link, no such number",
        ),
        pytest.param(
            "link-mobility",
            called(LINK_STATE | {"resultCode": 105}),
            Receipt("brana", "failed", NOW, id=OUT.id, ref="Dcsh9", reason="105"),
            id="link, its own error",
        ),
        pytest.param("link-mobility", called(LINK_STATE | {"resultCode": 1010}), None, id="link, nobody knows"),
    ],
)
def test_a_receipt(profile: str, call: WebhookCall, receipt: Receipt | None) -> None:
    assert list(opened(profile).receive_call(call, NOW).events) == ([receipt] if receipt else [])


def test_bulkgate_sends_reports_and_messages_in_one_list() -> None:
    events = opened("bulkgate").receive_call(called(BULKGATE), NOW).events
    assert [one.status if isinstance(one, Receipt) else "message" for one in events] == [
        "delivered", "message", "sent", "undelivered",
    ]  # fmt: skip
    message = events[1]
    assert isinstance(message, Inbound)
    assert (message.sender, message.text) == ("420604271828", TEXT)


def test_bulkgate_names_the_text_as_its_table_or_as_its_example_does() -> None:
    events = opened("bulkgate").receive_call(called([{"status": 10, "from": ASKER, "message": TEXT}]), NOW).events
    assert [one.text for one in events if isinstance(one, Inbound)] == [TEXT]


# --- signatures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "call"),
    [
        pytest.param("twilio", by_twilio(TWILIO_IN, url=f"{DOOR}/"), id="twilio, another address"),
        pytest.param("twilio", by_twilio(TWILIO_IN, secret="guess"), id="twilio, another secret"),
        pytest.param("twilio", form(TWILIO_IN), id="twilio, unsigned"),
        pytest.param(
            "twilio",
            replace(by_twilio(TWILIO_IN), body=urlencode(TWILIO_IN | {"Body": "STORNO"}).encode()),
            id="twilio, another text",
        ),
        pytest.param(
            "twilio",
            replace(by_twilio(TWILIO_IN), body=urlencode(TWILIO_IN | {"Extra": "1"}).encode()),
            id="twilio, one field more",
        ),
        pytest.param("vonage", by_vonage(VONAGE_IN, secret="guess"), id="vonage, another secret"),
        pytest.param("vonage", form(VONAGE_IN), id="vonage, unsigned"),
        pytest.param("vonage", by_vonage(VONAGE_IN | {"timestamp": str(UNIX - 301)}), id="vonage, of long ago"),
        pytest.param("vonage", by_vonage(VONAGE_IN | {"timestamp": ""}), id="vonage, without a time"),
        pytest.param("infobip", replace(called({"results": [INFOBIP_IN]}), path="guess"), id="infobip"),
        pytest.param("link-mobility", replace(called(LINK_IN), path=""), id="link"),
        pytest.param("bulkgate", replace(called(BULKGATE), path="guess"), id="bulkgate"),
    ],
)
def test_a_forged_call_is_refused(profile: str, call: WebhookCall) -> None:
    with pytest.raises(WebhookRefused) as refused:
        opened(profile).receive_call(call, NOW)
    assert refused.value.reply.status in {401, 403}
    assert "KOVAR" not in refused.value.reason


def test_vonage_may_write_its_signature_in_capitals() -> None:
    assert opened("vonage").receive_call(by_vonage(VONAGE_IN, change=str.upper), NOW).events


def test_twilio_is_answered_without_a_message_of_its_own() -> None:
    reply = opened("twilio").receive_call(by_twilio(TWILIO_IN), NOW).reply(())
    assert (reply.status, reply.content_type, reply.body) == (200, "text/xml", "<Response/>")


def test_twilio_needs_to_be_told_the_address_it_signs() -> None:
    with pytest.raises(ValueError, match="public_url"):
        opened("twilio", public_url="")
