"""Devices and providers that are asked for messages, and emptied of what is stored."""

import json
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl

import pytest

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.http import basic_auth
from prepazka.gateways.values import (
    Inbound,
    Receipt,
    Sent,
)
from tests.gateways.documented import ACCOUNTS, ASKER, DEVICES, NOW, OUT, TEXT, opened, sending
from tests.gateways.peers import Peer, Request, Response, listening

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
