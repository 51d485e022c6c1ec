"""Two gateways never take their messages from one place, however it is written and whoever sets them at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from prepazka.flows.outbound import gateway_settings
from prepazka.flows.outbound.gateway_settings import PlaceTaken
from prepazka.gateways.kinds import KINDS
from prepazka.store import gateways, models, standby

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
WHO = "eva"

GAMMU = {"database": "postgresql://smsd@db.example/gammu", "phone": "levy"}
LOCAL = {"database": "postgresql:///gammu", "phone": "levy"}
PHONE = {"url": "http://192.0.2.7:8080", "signing_key": "podpisovy-klic"}
CLOUD = {"url": "https://sms.example/3rdparty/v1", "device": "tel-4", "signing_key": "podpisovy-klic"}
BOX = {"host": "127.0.0.1", "box": "radnice"}
ACCOUNT = {"host": "smsc.example", "system_id": "mesto7", "password": "heslo"}
ROUTER = {"profile": "teltonika", "url": "http://192.0.2.9", "username": "sms", "password": "heslo", "account": "3-1"}
STICK = {"profile": "huawei-hilink", "url": "http://192.168.8.1"}
ASKED = {"profile": "smsbrana", "username": "mesto", "password": "heslo"}
CALLED = {"profile": "bulkgate", "username": "4411", "key": "klic", "secret": "dlouhe-tajemstvi-1"}
SMSBOX = {"secret": "dlouhe-tajemstvi-1", "username": "mesto", "password": "heslo"}


def cases(*found: tuple[str, str, dict[str, Any], dict[str, Any], str]) -> Iterator[Any]:
    for name, kind, first, changed, setting in found:
        yield pytest.param(kind, first, first | changed, setting, id=f"{kind}: {name}")


SHARED = list(cases(
    ("the same spool", "smstools", {"spool": "/var/spool/smsA"}, {}, "spool"),
    ("a spool written otherwise", "smstools", {"spool": "/var/spool/smsA"}, {"spool": "/var/./spool/smsA//"}, "spool"),
    ("the default spool", "smstools", {}, {"spool": "/var/spool/sms/"}, "spool"),
    ("the same file", "gammu", {"database": "/srv/g.db", "phone": "levy"}, {"database": "/srv//g.db"}, "phone"),
    ("another user", "gammu", GAMMU, {"database": "postgres://jiny@DB.example:5432/gammu"}, "phone"),
    ("another word for this machine", "gammu", LOCAL, {"database": "postgresql://[::1]/gammu"}, "phone"),
    ("the same modem", "modemmanager", {"modem": "7"}, {"poll_seconds": 9}, "modem"),
    ("whichever there is", "modemmanager", {"modem": "7"}, {"modem": "any"}, "modem"),
    ("the same phone", "android", PHONE, {"url": "http://192.0.2.7:8080/"}, "url"),
    ("any of its two SIMs", "android", PHONE, {"sim": 2}, "url"),
    ("the same SIM", "android", PHONE | {"sim": 1}, {}, "url"),
    ("the same device of a server", "android", CLOUD, {"replay_hours": 0}, "url"),
    ("the same box", "kannel", BOX, {"host": "localhost", "smsc": "modem2"}, "box"),
    ("the same account", "smpp", ACCOUNT, {"host": "SMSC.example.", "bind": "pair"}, "system_id"),
    ("the same modem of a router", "hosted", ROUTER, {"url": "https://192.0.2.9/", "username": "jiny"}, "url"),
    ("the same stick", "hosted", STICK, {"url": "http://192.168.8.1:80", "password": "x"}, "url"),
    ("the same inbox", "hosted", ASKED, {"poll_seconds": 60}, "username"),
))  # fmt: skip

APART = list(cases(
    ("another spool", "smstools", {}, {"spool": "/var/spool/sms2"}, ""),
    ("another modem of a daemon", "gammu", GAMMU, {"phone": "pravy"}, ""),
    ("another database", "gammu", GAMMU, {"database": "postgresql://smsd@db.example/jina"}, ""),
    ("another modem", "modemmanager", {"modem": "7"}, {"modem": "8"}, ""),
    ("the other SIM", "android", PHONE | {"sim": 1}, {"sim": 2}, ""),
    ("another device of a server", "android", CLOUD, {"device": "tel-5"}, ""),
    ("another box", "kannel", BOX, {"box": "skola"}, ""),
    ("smsbox calls each by its name", "kannel-http", SMSBOX, {"smsc": "modem2"}, ""),
    ("another account", "smpp", ACCOUNT, {"system_id": "mesto8"}, ""),
    ("other numbers of an account", "smpp", ACCOUNT, {"address_range": "^42073"}, ""),
    ("another modem of a router", "hosted", ROUTER, {"account": "1-1"}, ""),
    ("another inbox", "hosted", ASKED, {"username": "mesto2"}, ""),
    ("a provider that calls", "hosted", CALLED, {}, ""),
))  # fmt: skip


def keep(name: str, kind: str, settings: dict[str, Any]) -> bool:
    return gateway_settings.keep(name, kind, KINDS[kind].settings.model_validate(settings), NOW, WHO)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "first", "second", "setting"), SHARED)
def test_a_place_that_another_gateway_has_is_refused(
    kind: str, first: dict[str, Any], second: dict[str, Any], setting: str
) -> None:
    keep("prvni", kind, first)
    with pytest.raises(PlaceTaken) as refused:
        keep("druha", kind, second)
    assert str(refused.value) == (
        f"{setting}: the gateway prvni takes its messages there already, and each would take the other's; "
        f"give druha a {setting} of its own, or first: prepazka gateway remove prvni"
    )
    assert [one.name for one in gateways.configured()] == ["prvni"]
    assert list(models.Audit.objects.values_list("details__gateway", flat=True)) == ["prvni"]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "first", "second", "setting"), APART)
def test_a_place_of_its_own_is_not(kind: str, first: dict[str, Any], second: dict[str, Any], setting: str) -> None:
    keep("prvni", kind, first)
    assert keep("druha", kind, second)
    assert not list(gateway_settings.taken(gateways.configured()))
    assert not keep("druha", kind, second), "its own place is not taken by itself"


def test_every_kind_is_in_these_tables() -> None:
    assert {param.values[0] for param in APART} == set(KINDS)
    assert {param.values[0] for param in SHARED} == set(KINDS) - {"kannel-http"}


@pytest.mark.django_db
def test_a_link_to_a_spool_is_that_spool(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "spool")
    keep("prvni", "smstools", {"spool": str(tmp_path / "spool")})
    with pytest.raises(PlaceTaken):
        keep("druha", "smstools", {"spool": str(tmp_path / "link")})


@pytest.mark.django_db
def test_a_gateway_that_is_moved_to_the_place_of_another_stays_where_it_was() -> None:
    keep("prvni", "smstools", {"spool": "/var/spool/smsA"})
    keep("druha", "smstools", {"spool": "/var/spool/smsB"})
    with pytest.raises(PlaceTaken):
        keep("druha", "smstools", {"spool": "/var/spool/smsA"})
    kept = gateways.find("druha")
    assert kept
    assert kept.settings["spool"] == "/var/spool/smsB"


@pytest.mark.django_db
def test_a_gateway_that_stands_by_has_a_place_of_its_own_and_may_serve_the_same_number() -> None:
    keep("prvni", "smpp", ACCOUNT)
    keep("zaloha", "smpp", ACCOUNT | {"host": "smsc2.example"})
    standby.declare("prvni", "zaloha", 10, NOW, WHO)
    assert not keep("zaloha", "smpp", ACCOUNT | {"host": "smsc2.example", "window": 5})


@pytest.mark.django_db
def test_settings_that_cannot_be_read_stop_nobody() -> None:
    keep("prvni", "smstools", {})
    models.Gateway.objects.update(settings={"sealed": "nobody-has-this-key"})
    gateways.keep("stara", "smstools", {"spool": "/var/spool/sms2", "of_another_version": 1}, NOW, WHO)
    assert keep("druha", "smstools", {})


@pytest.mark.django_db(transaction=True)
def test_of_two_set_at_once_one_is_refused() -> None:
    together = Barrier(2)

    def set_one(name: str) -> str:
        together.wait(30)
        try:
            keep(name, "smstools", {"spool": "/var/spool/smsA"})
        except PlaceTaken:
            return "refused"
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(set_one, ["leva", "prava"])) == ["kept", "refused"]
    assert models.Gateway.objects.count() == 1
