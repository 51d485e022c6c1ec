"""A Huawei device with HiLink that wants a password: its three ways to sign in, and what goes wrong with each."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.hosted.account import REFUSED_FOR
from prepazka.gateways.values import Inbound, Outbound, SendError, Sent
from tests.gateways.peers import CLOSE, Peer, Request, Response, listening

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ASKER = "+420604271828"
PASSWORD = "kočka & pes <3"
LISTED = "__RequestVerificationToken"
OUT = Outbound("2a-63f0", "+420739100200", ASKER, "Objednano", 1, NOW + timedelta(hours=4))


@dataclass
class Device:
    """A device by what others found out about it. way: SCRAM, hashed or base64; wrong: how often a sign-in failed."""

    way: str
    password: str = PASSWORD
    first_request: str = "SesTokInfo"
    token_header: str = ""
    session: str = ""
    signed_in: bool = False
    tokens: list[str] = field(default_factory=list)
    count: int = 0
    wrong: int = 0
    logins: int = 0
    sent: list[str] = field(default_factory=list)
    challenge: tuple[str, str] = ("", "")
    lies: bool = False
    error: str = ""
    rounds: str = "100"
    open_pages: tuple[str, ...] = ("webserver/SesTokInfo", "webserver/token", "user/state-login")

    def __call__(self, request: Request) -> Response:
        page = request.target.removeprefix("/api/")
        if page in self.open_pages:
            return self.open_page(page)
        shown = request.headers.get("cookie"), request.headers.get("__requestverificationtoken")
        if shown[0] != self.session or shown[1] not in self.tokens:
            return self.refuse("125002")
        self.tokens.remove(shown[1])
        asked = {one.tag: one.text or "" for one in ET.fromstring(request.body)}
        match page:
            case "user/login":
                return self.login(asked, shown[1])
            case "user/challenge_login":
                return self.ask_for_proof(asked)
            case "user/authentication_login":
                return self.check_proof(asked)
            case _ if not self.signed_in:
                return self.refuse("100003")
            case "sms/send-sms":
                self.sent.append(asked["Content"])
                return self.say("OK")
            case _:
                return self.say(
                    "<Count>1</Count><Messages><Message><Index>40001</Index>"
                    f"<Phone>{ASKER}</Phone><Content>POMOC</Content><Date>2026-08-03 09:00:00</Date>"
                    "</Message></Messages>"
                )

    def open_page(self, page: str) -> Response:
        if page == "webserver/SesTokInfo":
            if self.first_request != "SesTokInfo":
                return self.refuse("100002")
            self.begin()
            self.tokens = [self.token()]
            return self.say(f"<SesInfo>{self.session}</SesInfo><TokInfo>{self.tokens[0]}</TokInfo>", fresh=False)
        if page == "webserver/token":
            if not self.session:
                self.begin()
            self.tokens = [self.token()]
            return self.say(f"<token>{'e' * 32}{self.tokens[0]}</token>", self.session, fresh=False)
        kinds = {"scram": ("4", "1"), "hashed": ("4", "0"), "base64": ("3", "0")}[self.way]
        return self.say(
            f"<State>-1</State><password_type>{kinds[0]}</password_type>"
            f"<extern_password_type>{kinds[1]}</extern_password_type>",
            fresh=False,
        )

    def begin(self) -> None:
        self.count += 1
        self.session, self.signed_in = f"SessionID=s{self.count}", False

    def token(self) -> str:
        self.count += 1
        return f"{self.count:032d}"

    def login(self, asked: dict[str, str], token: str) -> Response:
        if self.way == "hashed":
            inner = base64.b64encode(hashlib.sha256(self.password.encode()).hexdigest().encode())
            whole = hashlib.sha256(b"admin" + inner + token.encode()).hexdigest().encode()
            right = base64.b64encode(whole).decode()
        else:
            right = base64.b64encode(self.password.encode()).decode()
        return self.let_in(asked["Username"] == "admin" and asked["Password"] == right, "OK")

    def ask_for_proof(self, asked: dict[str, str]) -> Response:
        assert (asked["username"], asked["mode"], len(asked["firstnonce"])) == ("admin", "1", 64)
        self.challenge = asked["firstnonce"], asked["firstnonce"] + "beef"
        return self.say(
            f"<salt>{'a1' * 32}</salt><iterations>{self.rounds}</iterations>"
            f"<servernonce>{self.challenge[1]}</servernonce><modeselected>1</modeselected>"
        )

    def check_proof(self, asked: dict[str, str]) -> Response:
        """Know the client key again from the proof, as a server does that keeps only its hash."""
        salted = hashlib.pbkdf2_hmac("sha256", self.password.encode(), bytes.fromhex("a1" * 32), int(self.rounds))
        message = ",".join([self.challenge[0], self.challenge[1], asked["finalnonce"]]).encode()
        stored = hashlib.sha256(hmac.digest(b"Client Key", salted, "sha256")).digest()
        signature = hmac.digest(message, stored, "sha256")
        key = int.from_bytes(bytes.fromhex(asked["clientproof"])) ^ int.from_bytes(signature)
        proof = hmac.digest(
            message, hmac.digest(b"Server Key", b"?" if self.lies else salted, "sha256"), "sha256"
        ).hex()
        right = hashlib.sha256(key.to_bytes(32)).digest() == stored and asked["finalnonce"] == self.challenge[1]
        return self.let_in(right, f"<serversignature>{proof}</serversignature>")

    def let_in(self, right: bool, said: str) -> Response:
        self.logins += 1
        if self.error or not right:
            self.wrong += 1
            return self.refuse(self.error or "108006")
        self.session, self.signed_in = f"{self.session}in", True
        return self.say(said, self.session)

    def say(self, inner: str, cookie: str = "", *, fresh: bool = True) -> Response:
        """Answer, with the tokens of the next requests in the headers, where it gives some."""
        headers = {"Set-Cookie": f"{cookie}; path=/; HttpOnly"} if cookie else {}
        if fresh:
            self.tokens = [self.token(), self.token()]
            one, other = self.tokens
            if self.token_header == LISTED:
                headers |= {LISTED: f"{one}#{other}"}
            else:
                headers |= {f"{LISTED}one": one, f"{LISTED}two": other}
        return Response(200, f"<?xml version='1.0'?><response>{inner}</response>".encode(), headers)

    def refuse(self, code: str) -> Response:
        return Response(200, f"<error><code>{code}</code><message/></error>".encode())


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def opened(peer: Peer, clock: Clock, **settings: str) -> Hosted:
    given = {"profile": "huawei-hilink", "url": peer.url, "password": PASSWORD} | settings
    return Hosted("router", HostedSettings.model_validate(given), clock)


@pytest.mark.parametrize("way", ["scram", "hashed", "base64"])
@pytest.mark.parametrize("first_request", ["SesTokInfo", "token"])
@pytest.mark.parametrize("header", ["", LISTED])
def test_it_signs_in_once_and_is_used(way: str, first_request: str, header: str) -> None:
    device, clock = Device(way, first_request=first_request, token_header=header), Clock()
    with listening(device) as peer:
        gateway = opened(peer, clock)
        (event,) = gateway.poll(0)
        assert isinstance(event, Inbound)
        assert (event.sender, event.text) == (ASKER, "POMOC")
        assert list(gateway.send([OUT, OUT])) == [Sent(OUT.id), Sent(OUT.id)]
    assert (device.logins, device.sent) == (1, ["Objednano", "Objednano"])


def test_the_password_is_in_no_request_as_it_is() -> None:
    device = Device("scram")
    with listening(device) as peer:
        opened(peer, Clock()).poll(0)
    said = b"".join(request.body for request in peer.requests)
    assert PASSWORD.encode() not in said
    assert base64.b64encode(PASSWORD.encode()) not in said


def test_a_session_that_the_device_forgot_is_begun_again_and_nothing_sent_twice() -> None:
    device, clock = Device("scram"), Clock()
    with listening(device) as peer:
        gateway = opened(peer, clock)
        assert list(gateway.send([OUT])) == [Sent(OUT.id)]
        device.session, device.signed_in, device.tokens = "", False, []  # the device was restarted
        assert list(gateway.send([OUT])) == [Sent(OUT.id)]
    assert (device.logins, len(device.sent)) == (2, 2)


def test_a_wrong_password_does_not_lock_the_device() -> None:
    """Five wrong passwords lock most devices: it is shown once in five minutes, by polls and by messages together."""
    device, clock = Device("scram", password="jine-heslo"), Clock()
    with listening(device) as peer:
        gateway = opened(peer, clock)
        with pytest.raises(OSError, match="password"):
            gateway.poll(0)
        for _ in range(10):
            clock.now += timedelta(seconds=15)
            gateway.poll(0)
            (result,) = gateway.send([OUT])
            assert isinstance(result, SendError)
            assert (result.retryable, result.cause) == (True, "account")
            assert "the user name or the password is wrong" in result.reason
        assert device.wrong == 1
        health = gateway.health(clock.now)
        assert (health.level, health.name) == ("error", "hosted_refused")
        assert "password" in health.fix
        clock.now += REFUSED_FOR
        device.password = PASSWORD
        assert list(gateway.send([OUT])) == [Sent(OUT.id)]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("108003", "somebody else is signed in"),
        ("108007", "too many wrong passwords"),
        ("108999", "signing in was refused (108999)"),
    ],
)
def test_the_reason_is_told(error: str, words: str) -> None:
    with listening(Device("hashed", error=error)) as peer:
        (result,) = opened(peer, Clock()).send([OUT])
    assert isinstance(result, SendError)
    assert words in result.reason


@pytest.mark.parametrize("rounds", ["0", "-1", "99999999", "sto", ""])
def test_a_device_cannot_ask_for_work_without_end(rounds: str) -> None:
    with listening(Device("scram", rounds=rounds)) as peer:
        (result,) = opened(peer, Clock()).send([OUT])
    assert isinstance(result, SendError)
    assert "a proof nobody knows" in result.reason


def test_what_does_not_know_the_password_itself_gets_no_message() -> None:
    device = Device("scram", lies=True)
    with listening(device) as peer:
        (result,) = opened(peer, Clock()).send([OUT])
    assert isinstance(result, SendError)
    assert "is it the device?" in result.reason
    assert device.sent == []


def test_a_line_that_breaks_while_signing_in_has_sent_nothing() -> None:
    device = Device("scram")
    broken = [True]

    def breaks(request: Request) -> Response:
        if request.target.endswith("authentication_login") and broken.pop():
            broken.append(False)
            return Response(CLOSE)
        return device(request)

    with listening(breaks) as peer:
        gateway = opened(peer, Clock())
        (first,) = gateway.send([OUT])
        assert isinstance(first, SendError)
        assert (first.retryable, first.cause) == (True, "unreachable")
        assert list(gateway.send([OUT])) == [Sent(OUT.id)]
    assert len(device.sent) == 1


def test_what_is_not_a_device_is_told() -> None:
    with listening(lambda _: Response(200, b"<html><body>Vitejte</body></html>")) as peer:
        (result,) = opened(peer, Clock()).send([OUT])
    assert isinstance(result, SendError)
    assert "it is a web page" in result.reason
