"""The built-in profiles as they send: the request to each provider, and what its answers mean."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from prepazka.gateways.http import basic_auth
from prepazka.gateways.values import (
    LostAnswer,
    SendError,
    SendResult,
    Sent,
)
from tests.gateways.documented import ASKER, DOOR, OFFICE, OUT, SECRET, opened, sending
from tests.gateways.peers import Request, Response


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
