"""Each kind of gateway with a message to a number that is not its own: nothing is learned, and nothing is done.

A gateway that is polled acknowledges it and keeps it as a stray; one that calls over HTTP is refused by 403.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from prepazka.flows.inbound.intake import poll
from prepazka.flows.inbound.receive import receive, work
from prepazka.gateways.gammu import Gammu, GammuSettings
from prepazka.gateways.gammu.database import connect
from prepazka.gateways.kannel import Kannel, KannelSettings
from prepazka.gateways.kannel.codec import Sms, SmsType
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.modemmanager import ModemManager, ModemManagerSettings
from prepazka.gateways.smpp import Smpp, SmppSettings
from prepazka.gateways.smpp.gateway import NotBound
from prepazka.gateways.smstools import Smstools, SmstoolsSettings
from prepazka.gateways.values import Gateway, Inbound
from prepazka.store import gateways, models, offices
from prepazka.web import clock
from tests.gateways import mmcli, smsd
from tests.gateways.kannel.standin import standin
from tests.gateways.smpp.smsc import Smsc
from tests.gateways.test_hosted_day import BY_CALLS, IN_ANSWERS, SECRET
from tests.offices import demo_office
from tests.waiting import until

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
THEIRS, OWN = "+420739547765", "+420739000222"
CITIZEN = "+420605444333"
DEADLINE = 20.0


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> str:
    """The access code of a booking with the other office, whose number is bound to another gateway."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    models.Gateway.objects.create(name="elsewhere", made_at=NOW)
    offices.keep(replace(demo_office(), gateways={THEIRS: "elsewhere"}), NOW)
    receive([Inbound("elsewhere", "1", CITIZEN, THEIRS, "OBJ ZOP 12.8. 10:30 DVORAKOVA")], NOW)
    return models.Booking.objects.get().code


def keep(name: str, kind: str, settings: Mapping[str, Any], *, bound: bool = True) -> None:
    """Configure the attacking gateway; bound: to a number of its own office."""
    gateways.keep(name, kind, settings, NOW, "test")
    own = {OWN: name} if bound else {}
    offices.keep(replace(demo_office(), slug="lhota", name="Obec Lhota", numbers=(OWN,), gateways=own), NOW)


def assert_nothing_was_done(code: str) -> None:
    while work(NOW):
        pass
    assert models.Inbound.objects.count() == models.Outbound.objects.count() == 1, "the citizen's own"
    assert models.Booking.objects.get(code=code).state == "booked"


# --- gateways that are polled -------------------------------------------------------------------

Polled = tuple[Gateway, bool]
"""An open gateway in which such a message waits, and whether the message names its recipient."""


@contextmanager
def gammu(directory: Path, text: str) -> Iterator[Polled]:
    with smsd.database(directory) as path:
        settings = GammuSettings.model_validate({"database": path, "phone": smsd.PHONE})
        row = {
            "SenderNumber": CITIZEN,
            "ReceivingDateTime": "2026-08-03 06:59:30",
            "Text": text.encode("utf-16-be").hex().upper(),
            "TextDecoded": text,
            "UDH": "",
            "RecipientID": smsd.PHONE,
        }
        names = ", ".join(f'"{name}"' for name in row)
        with closing(connect(settings)) as tables:
            tables.run(f"INSERT INTO inbox ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
        with closing(Gammu("mallory", settings)) as gateway:
            yield gateway, False


@contextmanager
def smstools(directory: Path, text: str) -> Iterator[Polled]:
    for name in ("incoming", "outgoing", "checked", "sent", "failed", "report", "prepazka"):
        (directory / name).mkdir()
    head = f"From: {CITIZEN[1:]}\nSent: 26-08-03 08:59:30\nReceived: 26-08-03 09:00:00\nModem: GSM1\n"
    (directory / "incoming" / "GSM1.x").write_text(f"{head}Alphabet: UTF-8\nLength: {len(text)}\n\n{text}")
    with closing(Smstools("mallory", SmstoolsSettings.model_validate({"spool": str(directory)}))) as gateway:
        yield gateway, False


@contextmanager
def kannel(_directory: Path, text: str) -> Iterator[Polled]:
    with standin() as bearerbox, closing(Kannel("mallory", KannelSettings(port=bearerbox.port))) as gateway:
        gateway.poll(0)
        peer = bearerbox.peers.get(timeout=DEADLINE)
        peer.send(Sms(CITIZEN.encode(), THEIRS.encode(), text=text.encode(), type=SmsType.MO))
        yield gateway, True


@contextmanager
def smpp(directory: Path, text: str) -> Iterator[Polled]:
    with Smsc() as smsc:
        smsc.deliver({"from": CITIZEN[1:], "to": THEIRS[1:], "text": text})
        fields = {"host": "127.0.0.1", "port": smsc.port, "system_id": "lhota", "password": "secret"}
        settings = SmppSettings.model_validate(fields | {"journal": str(directory / "journal.sqlite3")})
        with closing(Smpp("mallory", settings)) as gateway:
            yield gateway, True


@contextmanager
def modemmanager(directory: Path, text: str) -> Iterator[Polled]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("prepazka.gateways.modemmanager.commands.subprocess.run", mmcli.run)
        modem = mmcli.plugged(directory)
        fields = {"number": CITIZEN, "text": text, "state": "received", "pdu_type": "deliver", "storage": "sm"}
        modem.put(**fields, timestamp="2026-08-03T08:59:58+02:00")
        yield ModemManager("mallory", ModemManagerSettings.model_validate({"program": modem.program})), False


POLLED: dict[str, Callable[[Path, str], AbstractContextManager[Polled]]] = {
    "gammu": gammu,
    "smstools": smstools,
    "kannel": kannel,
    "smpp": smpp,
    "modemmanager": modemmanager,
}


def hears(gateway: Gateway) -> bool:
    try:
        return poll(gateway, NOW, 0.1) > 0
    except NotBound:  # a session is still being opened
        return False


@pytest.mark.parametrize("kind", POLLED)
@pytest.mark.parametrize("request_", ["MOJE", "STORNO {code} 12.8."], ids=["reads", "cancels"])
def test_a_polled_gateway_acknowledges_it_and_does_nothing(tmp_path: Path, code: str, kind: str, request_: str) -> None:
    text = request_.format(code=code)
    with POLLED[kind](tmp_path, text) as (gateway, names_recipient):
        keep("mallory", kind, {}, bound=names_recipient)
        until(lambda: hears(gateway), "the gateway has given the message")
        assert list(gateway.poll(0)) == [], "it is acknowledged"
        stray = models.Stray.objects.get()
        assert (stray.gateway, stray.sender, stray.text) == ("mallory", CITIZEN, text)
        assert stray.recipient == (THEIRS if names_recipient else "")
        assert_nothing_was_done(code)


# --- gateways that call -------------------------------------------------------------------------

Call = tuple[dict[str, Any], dict[str, Any]]
"""The settings of a gateway, and the arguments of a request of Django's test client."""


def _signature(body: bytes, moment: str, before: bool) -> str:
    signed = f"{moment}.".encode() + body if before else body + moment.encode()
    return hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


def android(text: str, to: str) -> Call:
    payload = {"messageId": "a", "message": text, "sender": CITIZEN, "recipient": to, "phoneNumber": CITIZEN}
    payload |= {"simNumber": 1, "receivedAt": "2026-08-03T09:00:00.000+02:00"}  # type: ignore[dict-item]  # as JSON
    body = json.dumps({"deviceId": "d", "event": "sms:received", "id": "e1", "payload": payload, "webhookId": "w"})
    moment = str(int(NOW.timestamp()))
    headers = {"X-Signature": _signature(body.encode(), moment, before=False), "X-Timestamp": moment}
    settings = {"url": "http://127.0.0.1:1", "username": "sms", "password": "secret", "signing_key": SECRET}
    return settings, {"path": "", "data": body, "content_type": "application/json", "headers": headers}


def kannel_http(text: str, to: str, **more: str) -> Call:
    secret = "0123456789abcdef"
    fields = {"from": CITIZEN, "to": to, "text": text, "coding": "0", "charset": "UTF-8", "udh": "", "id": "k1"}
    settings = {"secret": secret, "username": "prepazka", "password": "pw", **more}
    return settings, {"path": f"/{secret}?{urlencode(fields | {'at': str(int(NOW.timestamp()))})}"}


def kannel_http_answering(text: str, to: str) -> Call:
    return kannel_http(text, to, answers="body")


def hosted(text: str, to: str) -> Call:
    fields = {"type": "mo", "id": "h1", "from": CITIZEN[1:], "to": to, "text": text, "time": str(int(NOW.timestamp()))}
    body, moment = urlencode(fields), str(int(NOW.timestamp()))
    headers = {"X-Signature": _signature(body.encode(), moment, before=True), "X-Timestamp": moment}
    call = {"path": "", "data": body, "content_type": "application/x-www-form-urlencoded", "headers": headers}
    return {"definition": BY_CALLS, "secret": SECRET}, call


def hosted_answering(text: str, to: str) -> Call:
    body = json.dumps({"id": "h1", "from": CITIZEN, "to": to, "text": text})
    call = {"path": "", "data": body, "content_type": "application/json", "headers": {"X-Key": SECRET}}
    return {"definition": IN_ANSWERS, "secret": SECRET}, call


CALLING: dict[str, tuple[str, Callable[[str, str], Call]]] = {
    "android": ("android", android),
    "kannel-http": ("kannel-http", kannel_http),
    "kannel-http, which answers": ("kannel-http", kannel_http_answering),
    "hosted": ("hosted", hosted),
    "hosted, which answers": ("hosted", hosted_answering),
}


def ring(client: Client, *, path: str, **call: Any) -> Any:
    address = f"/gateways/mallory{path}"
    return client.post(address, **call) if call else client.get(address)


@pytest.mark.parametrize("name", CALLING)
@pytest.mark.parametrize("request_", ["MOJE", "STORNO {code} 12.8."], ids=["reads", "cancels"])
@pytest.mark.parametrize("to", [THEIRS, "739547765", "+420739999999"], ids=["theirs", "as people write", "nobody's"])
def test_a_calling_gateway_is_refused(client: Client, code: str, name: str, request_: str, to: str) -> None:
    kind, make = CALLING[name]
    settings, call = make(request_.format(code=code), to)
    keep("mallory", kind, settings)
    answer = ring(client, **call)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert code not in answer.content.decode()
    assert models.Stray.objects.count() == 0
    assert_nothing_was_done(code)


@pytest.mark.parametrize("name", CALLING)
def test_a_calling_gateway_is_listened_to_about_its_own_number(client: Client, code: str, name: str) -> None:
    kind, make = CALLING[name]
    settings, call = make("POMOC", OWN)
    keep("mallory", kind, settings)
    assert ring(client, **call).status_code in {200, 204}
    while work(NOW):
        pass
    assert models.Inbound.objects.get(office__slug="lhota").outcome == "help"


def test_every_kind_is_here() -> None:
    assert {*POLLED, *(kind for kind, _ in CALLING.values())} == set(KINDS)
