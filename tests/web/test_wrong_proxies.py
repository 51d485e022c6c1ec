"""A proxy that hides who calls is told: its callers are one caller, whom every limit meets at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest

from prepazka.flows.health import serving
from prepazka.store import marks
from prepazka.web import wrong_proxies
from prepazka.web.callers import Hiding, hiding_of, settle_caller
from prepazka.web.wrong_proxies import AT_LEAST, WrongProxies
from tests.web.conftest import NOW

DOCKER = "172.21.0.5"


def request_by(peer: str, forwarded: str, host: str = "urad.vlkov.example") -> HttpRequest:
    request = HttpRequest()
    request.META |= {"REMOTE_ADDR": peer, "HTTP_HOST": host}
    request.META |= {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    settle_caller(request.META)
    return request


@pytest.mark.parametrize(
    ("peer", "forwarded", "hiding"),
    [
        pytest.param("127.0.0.1", "", Hiding("silent", "127.0.0.1"), id="no header"),
        pytest.param("127.0.0.1", "unknown", Hiding("silent", "127.0.0.1"), id="no address in it"),
        pytest.param("127.0.0.1", "198.51.100.7", None, id="as it should be"),
        pytest.param("127.0.0.1", "127.0.0.1", Hiding("silent", "127.0.0.1"), id="it names itself"),
        pytest.param(DOCKER, "198.51.100.7", Hiding("unnamed", DOCKER), id="a proxy of another address"),
        pytest.param(DOCKER, "", None, id="somebody without a proxy"),
        pytest.param("", "198.51.100.7", None, id="a socket file"),
    ],
)
def test_whether_a_proxy_hides_who_calls(settings: Any, peer: str, forwarded: str, hiding: Hiding | None) -> None:
    settings.PROXIES = ["127.0.0.1"]
    assert hiding_of(request_by(peer, forwarded)) == hiding


def test_without_proxies_nobody_is_one(settings: Any) -> None:
    settings.PROXIES = []
    assert hiding_of(request_by("127.0.0.1", "198.51.100.7")) is None


def test_it_is_told_once_it_has_hidden_many_and_again_an_hour_later() -> None:
    kept: list[tuple[str, str]] = []
    proxies = WrongProxies(lambda how, proxy, _: kept.append((how, proxy)))
    for call in range(3 * AT_LEAST):
        assert bool(kept) is (call >= AT_LEAST)
        proxies.note(Hiding("silent", "10.4.7.7"), NOW + timedelta(seconds=call))
    for _ in range(AT_LEAST):
        proxies.note(Hiding("silent", "10.4.7.7"), NOW + timedelta(hours=2))
    assert kept == [("silent", "10.4.7.7")] * 2


def test_a_few_looks_of_somebody_on_the_machine_are_no_proxy() -> None:
    kept: list[str] = []
    proxies = WrongProxies(lambda how, *_: kept.append(how))
    for hour in range(40):
        proxies.note(Hiding("silent", "127.0.0.1"), NOW + timedelta(minutes=10 * hour))
    assert kept == []


@pytest.mark.parametrize(
    ("peer", "forwarded", "host", "noted"),
    [
        ("127.0.0.1", "", "urad.vlkov.example", True),
        ("127.0.0.1", "", "127.0.0.1:8000", False),  # a probe, or a gateway of this machine
        (DOCKER, "198.51.100.7", "urad.vlkov.example", True),
        ("8.8.4.4", "198.51.100.7", "urad.vlkov.example", False),  # anybody may make it up
    ],
)
def test_what_counts(
    settings: Any, monkeypatch: pytest.MonkeyPatch, peer: str, forwarded: str, host: str, noted: bool
) -> None:
    settings.PROXIES, settings.ALLOWED_HOSTS = ["127.0.0.1"], ["urad.vlkov.example", "127.0.0.1"]
    seen: list[Hiding] = []
    monkeypatch.setattr(wrong_proxies.wrong_proxies, "note", lambda hiding, _: seen.append(hiding))
    wrong_proxies.look_at(request_by(peer, forwarded, host))
    assert bool(seen) is noted


def test_it_is_an_alarm_until_the_settings_or_the_proxy_are_right(db: None, settings: Any) -> None:
    settings.PROXIES = ["10.4.0.0/16"]
    marks.put_proxy("silent", "10.4.7.7", NOW)
    marks.put_proxy("unnamed", DOCKER, NOW)
    found = [(one.alarm, one.values["proxy"]) for one in serving.proxy_problems(NOW)]
    assert found == [("proxy_silent", "10.4.7.7"), ("proxy_unnamed", DOCKER)]
    settings.PROXIES = ["10.4.0.0/16", DOCKER]
    assert [one.alarm for one in serving.proxy_problems(NOW)] == ["proxy_silent"]
    assert list(serving.proxy_problems(NOW + timedelta(days=1))) == []
