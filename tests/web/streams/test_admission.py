"""Listeners leave room: so many a process, an office and a network; whoever works there is not counted."""

import resource
from dataclasses import replace
from typing import Any

import pytest

from prepazka.core.office.office import Office
from prepazka.store import kiosks, offices
from prepazka.web.streams import admission
from prepazka.web.streams.admission import Admission, Place
from prepazka.web.streams.app import Listener
from tests.offices import demo_office
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

HALL = "198.51.100.7"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Admission:
    """Six listeners a process, four an office, two a network and three a wide one."""
    monkeypatch.setattr(admission, "OF_OFFICE", 4)
    monkeypatch.setattr(admission, "OF_NETWORK", {"4": 2, "64": 2, "48": 3})
    return Admission(most=6)


def admitted(admission: Admission, *addresses: str, slug: str = "lhota") -> list[bool]:
    return [admission.enter(slug, address) is not None for address in addresses]


def test_a_network_has_so_many_listeners_of_one_office(few: Admission) -> None:
    assert admitted(few, HALL, HALL, HALL) == [True, True, False]
    assert admitted(few, HALL, slug="jinde") == [True], "of another office as many"
    assert admitted(few, "198.51.100.8") == [True], "another network too"


def test_an_ipv6_address_counts_as_its_64_and_its_48(few: Admission) -> None:
    assert admitted(few, "2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:1::3") == [True, True, False]
    assert admitted(few, "2001:db8:1:2::1", "2001:db8:1:3::1") == [True, False]


def test_the_crowd_of_one_office_leaves_room_for_another(few: Admission) -> None:
    crowd = [f"203.0.113.{host}" for host in range(9)]
    assert admitted(few, *crowd) == [True] * 4 + [False] * 5
    assert admitted(few, "203.0.113.1", "203.0.113.2", "203.0.113.3", slug="jinde") == [True, True, False]


def test_who_works_there_is_not_counted_with_the_network(few: Admission) -> None:
    assert admitted(few, HALL, HALL) == [True, True]
    assert few.enter("lhota", HALL, works_here=True)


def test_a_place_is_free_again_and_nothing_is_remembered_of_it(few: Admission) -> None:
    place = few.enter("lhota", HALL)
    assert isinstance(place, Place)
    with pytest.raises(ConnectionError), place:
        raise ConnectionError
    assert (few._all, few._of_office, few._of_network) == (0, {}, {})


def test_half_of_the_descriptors_stay_for_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    assert Admission().most == 512
    monkeypatch.setattr(resource, "getrlimit", lambda _: (65_536, 65_536))
    assert Admission().most == 6_000


def test_a_paired_device_and_an_official_work_there_and_nobody_else(office: Office, signed_in: SignedIn) -> None:
    kiosks.keep(office.id, kiosks.Device("vchod", "secret-of-the-kiosk"), NOW, "test")
    other = offices.keep(replace(demo_office(), slug="jinde", numbers=()), NOW)

    def works(cookies: str, office_id: int = office.id) -> bool:
        return Listener(HALL, cookies).works_in(office_id)

    clerk = f"sessionid={signed_in('clerk').cookies['sessionid'].value}"
    assert works("kiosk-stream=secret-of-the-kiosk")
    assert works(clerk)
    assert not works("kiosk-stream=secret-of-the-kiosk", other)
    assert not works(clerk, other)
    for cookies in ("", "kiosk-stream=guess", "sessionid=guess", "sessionid=; kiosk-stream="):
        assert not works(cookies)


def test_the_listener_is_the_caller_behind_the_proxy(settings: Any) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.5", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7", "HTTP_COOKIE": "a=b"}
    settings.PROXIES = []
    assert Listener.of(environ) == Listener("10.0.0.5", "a=b")
    settings.PROXIES = ["10.0.0.0/8"]
    assert Listener.of(environ) == Listener("198.51.100.7", "a=b")
