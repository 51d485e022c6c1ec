"""A gateway described by its user, and the calls that are given to it in the tests."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.values import (
    GatewayEvent,
    Inbound,
    Outbound,
    WebhookCall,
)

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
SMSEAGLE = {"sender": ME, "timestamp": "20260803090000", "text": TEXT, "msgid": "431", "apikey": SECRET}
IPEX = {
    "id": "6131", "from": ME, "to": OFFICE, "text": TEXT, "direction": "IN", "state": "DELIVERED", "createdAt": "?"
}  # fmt: skip


def content(one: GatewayEvent) -> tuple[str, str, str, datetime | None]:
    assert isinstance(one, Inbound)
    return one.sender, one.recipient, one.text, one.sent


OUT = Outbound("1f-6398c", OFFICE, ME, "Objednano & hotovo", 1, NOW + timedelta(hours=4))


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
