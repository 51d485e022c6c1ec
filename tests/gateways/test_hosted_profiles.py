"""The built-in profiles made from documentation in 2026: what each provider calls with, answers, and is asked."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.http import basic_auth
from prepazka.gateways.values import (
    Inbound,
    LostAnswer,
    Outbound,
    Part,
    Receipt,
    SendError,
    SendResult,
    Sent,
    WebhookCall,
    WebhookRefused,
)
from tests.gateways.peers import Peer, Request, Response, listening

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
UNIX = int(NOW.timestamp())
ASKER = "+420604271828"
OFFICE = "+420739100200"
TEXT = "OBJ ZOP 10.8. 14:00 KOVAR"
SECRET = "the-secret-of-both-sides"
DOOR = "https://objednani.example/gateways/brana"
OUT = Outbound("2a-63f0", OFFICE, ASKER, "Objednano & <hotovo>", 1, NOW + timedelta(hours=4))

ACCOUNTS: dict[str, dict[str, str]] = {
    "twilio": {"username": "AC0001", "password": SECRET, "public_url": DOOR},
    "infobip": {"key": "app-key", "url": "https://xyz.api.infobip.example"},
    "vonage": {"username": "abc", "password": "def"},
    "link-mobility": {"username": "urad", "password": "tajne", "account": "4711", "key": "gate-9"},
    "bulkgate": {"username": "29000", "key": "token"},
    "gosms": {"username": "client", "password": "tajne", "account": "299862"},
    "smsbrana": {"username": "urad", "password": "tajne"},
    "teltonika": {"username": "sms", "password": "tajne", "account": "3-1"},
    "huawei-hilink": {},
    "mikrotik": {"username": "sms", "password": "tajne", "account": "lte1"},
}


def opened(profile: str, **settings: str) -> Hosted:
    given = {"profile": profile, "secret": SECRET} | ACCOUNTS[profile] | settings
    return Hosted("brana", HostedSettings.model_validate(given), lambda: NOW)


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


# --- sending ------------------------------------------------------------------------------------


def sending(profile: str, answer: Callable[[Request], Response]) -> tuple[SendResult, Peer]:
    with listening(answer) as peer:
        url = {"url": peer.url} if profile in DEVICES or profile == "infobip" else {"url": f"{peer.url}/send"}
        gateway = opened(profile, **url)
        if profile in {"gosms"}:
            login = gateway._profile.login
            assert login is not None
            gateway._account._login = login.model_copy(update={"url": f"{peer.url}/token"})
        (result,) = gateway.send([OUT])
    return result, peer


DEVICES = {"teltonika", "huawei-hilink", "mikrotik"}


def fields_of(request: Request) -> Any:
    if request.headers.get("content-type", "").startswith("application/json"):
        return json.loads(request.body)
    return dict(parse_qsl(request.body.decode() or urlsplit(request.target).query))


@pytest.mark.parametrize(
    ("profile", "fields"),
    [
        ("twilio", {"To": ASKER, "From": OFFICE, "Body": OUT.text, "StatusCallback": DOOR}),
        (
            "infobip",
            {
                "messages": [
                    {
                        "sender": "420739100200",
                        "destinations": [{"to": "420604271828", "messageId": OUT.id}],
                        "content": {"text": OUT.text},
                    }
                ]
            },
        ),
        (
            "vonage",
            {
                "api_key": "abc",
                "api_secret": "def",
                "from": "420739100200",
                "to": "420604271828",
                "text": OUT.text,
                "client-ref": OUT.id,
            },
        ),
        (
            "link-mobility",
            {
                "source": OFFICE,
                "sourceTON": "MSISDN",
                "destination": ASKER,
                "destinationTON": "MSISDN",
                "userData": OUT.text,
                "platformId": "COMMON_API",
                "platformPartnerId": "4711",
                "refId": OUT.id,
                "useDeliveryReport": True,
                "deliveryReportGates": ["gate-9"],
            },
        ),
        (
            "bulkgate",
            {
                "application_id": "29000",
                "application_token": "token",
                "number": "420604271828",
                "text": OUT.text,
                "sender_id": "gOwn",
                "sender_id_value": "420739100200",
            },
        ),
        ("gosms", {"message": OUT.text, "recipients": [ASKER], "channel": "299862"}),
        (
            "smsbrana",
            {
                "action": "send_sms",
                "login": "urad",
                "password": "tajne",
                "number": ASKER,
                "message": OUT.text,
                "user_id": OUT.id,
                "delivery_report": "1",
            },
        ),
        ("teltonika", {"data": {"number": ASKER, "message": OUT.text, "modem": "3-1"}}),
        ("mikrotik", {"port": "lte1", "phone-number": ASKER, "message": OUT.text}),
    ],
)
def test_the_request_to_each_provider(profile: str, fields: dict[str, Any]) -> None:
    token = json.dumps({"access_token": "t1", "data": {"token": "t1"}}).encode()
    _, peer = sending(profile, lambda _: Response(200, token))
    assert fields_of(peer.requests[-1]) == fields


@pytest.mark.parametrize(
    ("profile", "header"),
    [
        ("twilio", basic_auth("AC0001", SECRET)),
        ("infobip", "App app-key"),
        ("link-mobility", basic_auth("urad", "tajne")),
        ("gosms", "Bearer t1"),
        ("teltonika", "Bearer t1"),
        ("mikrotik", basic_auth("sms", "tajne")),
    ],
)
def test_how_each_provider_is_shown_who_asks(profile: str, header: str) -> None:
    token = json.dumps({"access_token": "t1", "data": {"token": "t1"}}).encode()
    _, peer = sending(profile, lambda _: Response(200, token))
    assert peer.requests[-1].headers["authorization"] == header


TAKEN = Sent(OUT.id)


def kept(reason: str, **more: Any) -> SendError:
    return SendError(OUT.id, reason, **more)


@pytest.mark.parametrize(
    ("profile", "status", "answer", "result"),
    [
        ("twilio", 201, {"sid": "SM7", "status": "queued"}, Sent(OUT.id, ("SM7",))),
        (
            "twilio",
            400,
            {"code": 21211, "message": "Invalid 'To'"},
            kept("refused (400): Invalid 'To'", retryable=False),
        ),
        ("twilio", 400, {"code": 21606, "message": "not yours"}, kept("refused (400): not yours")),
        ("twilio", 429, {"code": 20429}, kept("refused (429)", throttled=True, cause="throttled")),
        ("twilio", 401, {"code": 20003}, kept("refused (401)")),
        (
            "infobip",
            200,
            {"messages": [{"messageId": OUT.id, "status": {"groupName": "PENDING"}}]},
            Sent(OUT.id, (OUT.id,)),
        ),
        (
            "infobip",
            200,
            {"messages": [{"messageId": OUT.id, "status": {"groupName": "REJECTED", "name": "NO_CREDIT"}}]},
            kept("refused (200): NO_CREDIT"),
        ),
        (
            "vonage",
            200,
            {
                "message-count": "2",
                "messages": [{"status": "0", "message-id": "a"}, {"status": "0", "message-id": "b"}],
            },
            Sent(OUT.id, ("a", "b")),
        ),
        (
            "vonage",
            200,
            {"messages": [{"status": "1", "error-text": "Throttled"}]},
            kept("refused (200): Throttled", throttled=True, cause="throttled"),
        ),
        ("vonage", 200, {"messages": [{"status": "4", "error-text": "Bad"}]}, kept("refused (200): Bad")),
        (
            "vonage",
            200,
            {"messages": [{"status": "6", "error-text": "Unroutable"}]},
            kept("refused (200): Unroutable", retryable=False),
        ),
        ("link-mobility", 200, {"messageId": "D1", "resultCode": 1005}, Sent(OUT.id, ("D1",))),
        (
            "link-mobility",
            200,
            {"resultCode": 2106, "description": "Number error"},
            kept("refused (200): Number error", retryable=False),
        ),
        ("bulkgate", 200, {"data": {"status": "accepted", "sms_id": "idsms1"}}, Sent(OUT.id, ("idsms1",))),
        (
            "bulkgate",
            400,
            {"type": "invalid_phone_number", "code": 400},
            kept("refused (400): invalid_phone_number", retryable=False),
        ),
        ("bulkgate", 400, {"type": "low_credit", "code": 400}, kept("refused (400): low_credit")),
        (
            "gosms",
            200,
            {"access_token": "t1", "link": "/api/v1/messages/12"},
            Sent(OUT.id, ("/api/v1/messages/12",)),
        ),
        ("teltonika", 200, {"success": True, "data": {"token": "t1", "sms_used": 1}}, TAKEN),
        (
            "teltonika",
            200,
            {"success": False, "data": {"token": "t1"}, "errors": [{"code": 3, "error": "No modem"}]},
            kept("refused (200): No modem"),
        ),
        ("mikrotik", 200, [], TAKEN),
        ("mikrotik", 500, {"detail": "no such port"}, LostAnswer(OUT.id, "refused (500): no such port")),
    ],
)
def test_the_results_of_answers(profile: str, status: int, answer: Any, result: SendResult) -> None:
    found, _ = sending(profile, lambda _: Response(status, json.dumps(answer).encode()))
    assert found == result


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("<err>0</err><price>0.9</price><sms_id>377351</sms_id>", Sent(OUT.id, ("377351",))),
        ("<err>-1</err>", Sent(OUT.id)),
        ("<err>10</err>", kept("refused (200): 10", retryable=False)),
        ("<err>9</err>", kept("refused (200): 9")),
    ],
)
def test_smsbrana_answers_in_xml(answer: str, result: SendResult) -> None:
    whole = f'<?xml version="1.0" encoding="utf-8"?><result>{answer}</result>'
    found, _ = sending("smsbrana", lambda _: Response(200, whole.encode()))
    assert found == result
    assert opened("smsbrana").capabilities.idempotent


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "signing in was refused (401)"), (200, "signing in: the answer (200) is unknown: it is a web page")],
)
def test_without_a_token_nothing_is_sent(status: int, words: str) -> None:
    body = b"{}" if status == 401 else b"<html><body>Login</body></html>"
    result, peer = sending("teltonika", lambda _: Response(status, body))
    assert result == kept(words, cause="account")
    assert [request.target for request in peer.requests] == ["/api/login"]


# --- devices that are asked ---------------------------------------------------------------------

DATE = "2026-08-03 09:00:00"


class Router:
    """A router with two messages, by the interface of its maker."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.messages = {"7": "POMOC", "8": TEXT}
        self.sent: list[str] = []
        self.tokens = 0

    def __call__(self, request: Request) -> Response:
        return {"teltonika": self.teltonika, "huawei-hilink": self.huawei, "mikrotik": self.mikrotik}[self.profile](
            request
        )

    def teltonika(self, request: Request) -> Response:
        if request.target == "/api/login":
            return self._json({"success": True, "data": {"token": "t1", "expires": 299}})
        if request.headers.get("authorization") != "Bearer t1":
            return Response(403, b"{}")
        if request.target.endswith("/remove_messages"):
            data = json.loads(request.body)["data"]
            assert data["modem_id"] == "3-1"
            for one in data["sms_id"]:
                self.messages.pop(one)
            return self._json({"success": True, "data": {"response": "ok"}})
        listed = [
            {"message": text, "sender": ASKER, "id": id_, "modem_id": "3-1", "status": "unread", "date": DATE}
            for id_, text in self.messages.items()
        ]
        return self._json({"success": True, "data": listed})

    def mikrotik(self, request: Request) -> Response:
        if request.headers.get("authorization") != basic_auth("sms", "tajne"):
            return Response(401, b"{}")
        if request.method == "DELETE":
            self.messages.pop(request.target.rpartition("/")[2].removeprefix("%2A"))
            return Response(204)
        return self._json(
            [
                {".id": f"*{id_}", "phone": ASKER, "message": text, "timestamp": DATE, "type": "class-1"}
                for id_, text in self.messages.items()
            ]
        )

    def huawei(self, request: Request) -> Response:
        if request.target == "/api/webserver/SesTokInfo":
            self.tokens += 1
            return self._xml(
                f"<response><SesInfo>SessionID=s{self.tokens}</SesInfo><TokInfo>k{self.tokens}</TokInfo></response>"
            )
        shown = request.headers.get("cookie"), request.headers.get("__requestverificationtoken")
        if shown != (f"SessionID=s{self.tokens}", f"k{self.tokens}"):
            return self._xml("<error><code>125002</code><message></message></error>")
        if request.target == "/api/sms/delete-sms":
            self.messages.pop(request.body.decode().partition("<Index>")[2].partition("<")[0])
            return self._xml("<response>OK</response>")
        if request.target == "/api/sms/send-sms":
            self.sent.append(request.body.decode())
            return self._xml("<response>OK</response>")
        listed = "".join(
            f"<Message><Smstat>0</Smstat><Index>{id_}</Index><Phone>{ASKER}</Phone><Content>{text}</Content>"
            f"<Date>{DATE}</Date><Sca></Sca><SaveType>0</SaveType><Priority>0</Priority><SmsType>1</SmsType></Message>"
            for id_, text in self.messages.items()
        )
        return self._xml(f"<response><Count>{len(self.messages)}</Count><Messages>{listed}</Messages></response>")

    def _json(self, document: Any) -> Response:
        return Response(200, json.dumps(document).encode())

    def _xml(self, document: str) -> Response:
        return Response(200, f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'.encode())


@pytest.mark.parametrize("profile", sorted(DEVICES))
def test_a_router_is_asked_and_emptied_of_what_is_stored(profile: str) -> None:
    router = Router(profile)
    clock = [NOW]
    with listening(router) as peer:
        given = {"profile": profile, "url": peer.url} | ACCOUNTS[profile]
        gateway = Hosted("router", HostedSettings.model_validate(given), lambda: clock[0])
        events = gateway.poll(0)
        assert [(one.sender, one.text, one.sent) for one in events if isinstance(one, Inbound)] == [
            (ASKER, "POMOC", NOW), (ASKER, TEXT, NOW),
        ]  # fmt: skip
        gateway.ack(events[:1])
        assert router.messages == {"8": TEXT}
        clock[0] += timedelta(minutes=1)
        again = gateway.poll(0)
        assert again == events[1:], "it is known by the same id"
        gateway.ack(again)
        assert router.messages == {}
        clock[0] += timedelta(minutes=1)
        assert gateway.poll(0) == ()
        assert gateway.health(NOW).level == "ok"
        # The place is used again, by another message.
        router.messages = {"7": "POMOC 2"}
        clock[0] += timedelta(minutes=1)
        (later,) = gateway.poll(0)
        assert isinstance(later, Inbound)
        assert later.id not in {one.id for one in events if isinstance(one, Inbound)}


def test_hilink_is_given_a_text_that_xml_cannot_hold_as_it_is() -> None:
    router = Router("huawei-hilink")
    result, _ = sending("huawei-hilink", router)
    assert result == Sent(OUT.id)
    assert "<Phone>+420604271828</Phone>" in router.sent[0]
    assert "<Content>Objednano &amp; &lt;hotovo&gt;</Content>" in router.sent[0]
    assert f"<Length>{len(OUT.text)}</Length>" in router.sent[0]


def test_hilink_that_wants_a_password_says_so() -> None:
    def guarded(request: Request) -> Response:
        if request.target == "/api/webserver/SesTokInfo":
            return Response(200, b"<response><SesInfo>s</SesInfo><TokInfo>k</TokInfo></response>")
        return Response(200, b"<error><code>100003</code><message></message></error>")

    with listening(guarded) as peer:
        gateway = opened("huawei-hilink", url=peer.url)
        with pytest.raises(OSError, match="100003"):
            gateway.poll(0)
        assert gateway.health(NOW).level == "error"


def test_a_profile_that_only_sends_says_so() -> None:
    with listening(lambda _: Response(200)) as peer:
        health = opened("gosms", url=peer.url).health(NOW)
    assert (health.level, health.name) == ("ok", "hosted_sends_untried")


class Brana:
    """SMSbrána's inbox: it lists everything until everything is deleted. arriving: what comes while it is deleted."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.arriving: list[str] = []
        self.deleted = 0

    def text(self, text: str, minute: int = 0) -> None:
        self.items.append(
            f"<item><number>{ASKER}</number><time>20260803T0{9 + minute // 60}{minute % 60:02}08</time>"
            f"<message>{text}</message></item>"
        )

    def __call__(self, request: Request) -> Response:
        asked = dict(parse_qsl(request.body.decode()))
        assert (asked["action"], asked["login"], asked["password"]) == ("inbox", "urad", "tajne")
        if asked.get("delete") == "1":
            self.items += self.arriving
        lists = {
            "delivery_sms": "".join(one for one in self.items if "idsms" not in one),
            "delivery_report": "".join(one for one in self.items if "idsms" in one),
        }
        if asked.get("delete") == "1":
            self.items, self.arriving, self.deleted = [], [], self.deleted + 1
        inner = "".join(f"<{name}>{found or ' '}</{name}>" for name, found in lists.items())
        return Response(200, f"<?xml version='1.0'?><result>\n<inbox>{inner}</inbox></result>".encode())


def brana_asked(brana: Brana, peer: Peer, most: int) -> tuple[Hosted, list[datetime]]:
    """An account at SMSbrána whose inbox is deleted when so many are stored, and its clock."""
    profile = resources.files("prepazka.gateways.hosted") / "profiles" / "smsbrana.toml"
    definition = profile.read_text("utf-8").replace("at_least = 100", f"at_least = {most}")
    definition = definition.replace("https://api.smsbrana.cz", peer.url)
    clock = [NOW]
    given = {"definition": definition} | ACCOUNTS["smsbrana"]
    return Hosted("brana", HostedSettings.model_validate(given), lambda: clock[0]), clock


def stored(gateway: Hosted, clock: list[datetime]) -> list[str]:
    """Fetch and store what is new; return the texts, and the states of receipts."""
    clock[0] += timedelta(minutes=1)
    events = gateway.poll(0)
    gateway.ack(events)
    return [one.text if isinstance(one, Inbound) else getattr(one, "status", "?") for one in events]


def test_smsbrana_is_asked_and_its_inbox_deleted_when_it_is_stored() -> None:
    brana = Brana()
    with listening(brana) as peer:
        gateway, clock = brana_asked(brana, peer, 3)
        assert stored(gateway, clock) == []
        brana.text(TEXT)
        brana.items.append(
            f"<item><idsms>377339</idsms><number>{ASKER}</number><time>20260803T090528</time><status>1</status></item>"
        )
        clock[0] += timedelta(minutes=1)
        message, receipt = gateway.poll(0)
        assert isinstance(message, Inbound)
        assert (message.sender, message.text, message.sent) == (ASKER, TEXT, NOW + timedelta(seconds=8))
        assert receipt == Receipt("brana", "delivered", NOW + timedelta(minutes=5, seconds=28), ref="377339")
        gateway.ack([message, receipt])
        assert stored(gateway, clock) == [], "what is stored is not handed in again"
        assert brana.deleted == 0
        brana.text("POMOC", 7)
        assert stored(gateway, clock) == ["POMOC"]
        assert (brana.deleted, brana.items) == (1, [])
        assert stored(gateway, clock) == []
        assert gateway.health(NOW).name != "hosted_not_understood"


def test_what_comes_to_smsbrana_while_it_is_deleted_is_handed_in_until_it_is_stored() -> None:
    brana = Brana()
    with listening(brana) as peer:
        gateway, clock = brana_asked(brana, peer, 1)
        brana.text("PRVNI")
        brana.arriving = [
            f"<item><number>{ASKER}</number><time>20260803T091000</time><message>MEZITIM</message></item>"
        ]
        assert stored(gateway, clock) == ["PRVNI"]
        brana.text("POZDEJI", 30)
        assert [one.text for one in gateway.poll(0) if isinstance(one, Inbound)] == ["MEZITIM"]
        gateway.ack([])  # the office could not store it
        assert stored(gateway, clock) == ["MEZITIM"]
        assert stored(gateway, clock) == ["POZDEJI"]


def test_smsbrana_is_not_emptied_of_what_the_office_did_not_store() -> None:
    brana = Brana()
    with listening(brana) as peer:
        gateway, clock = brana_asked(brana, peer, 1)
        brana.text("PRVNI")
        brana.text("DRUHA", 1)
        clock[0] += timedelta(minutes=1)
        events = gateway.poll(0)
        gateway.ack(events[:1])
        assert brana.deleted == 0
        assert stored(gateway, clock) == ["DRUHA"]
        assert brana.deleted == 1


@pytest.mark.parametrize("code", ["2", "3", "5"])
def test_smsbrana_that_does_not_let_us_in_says_which_setting(code: str) -> None:
    with listening(lambda _: Response(200, f"<result><err>{code}</err></result>".encode())) as peer:
        gateway, _ = brana_asked(Brana(), peer, 1)
        with pytest.raises(OSError, match=code):
            gateway.poll(0)
        health = gateway.health(NOW)
    assert (health.level, health.name) == ("error", "hosted_refused")
    assert "password" in health.fix
