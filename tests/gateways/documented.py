"""A gateway opened with a built-in profile, and what is given to it in the tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.values import (
    Outbound,
    SendResult,
)
from tests.gateways.peers import Peer, Request, Response, listening

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
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
