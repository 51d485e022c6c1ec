"""A table locked by somebody else, as by a careless change of the database: every address says when to come again."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from prepazka.flows.inbound import intake
from prepazka.flows.outbound.remind import remind
from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.process.quiet_gateway import Quiet
from tests.web.conftest import NOW, HandIn, message

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("office")]


@pytest.fixture
def locked(office: Any) -> Iterator[psycopg.Connection[Any]]:
    """Another connection that holds all offices; ours waits 60 ms for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 60")
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("LOCK TABLE office IN ACCESS EXCLUSIVE MODE")
        yield other
        other.rollback()
    connection.close()


@pytest.fixture
def bound(office: Any) -> None:
    """The office's number is bound to a modem."""
    models.Number.objects.update(gateway=models.Gateway.objects.create(name="modem", kind="gammu", made_at=NOW))


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/demo/"),
        ("GET", "/demo/book/ZOP/"),
        ("GET", "/demo/board/"),
        ("GET", "/demo/screen/"),
        ("GET", "/api/v1/offices/demo/services"),
        ("GET", "/api/v1/offices/demo/board"),
    ],
)
def test_every_address_says_when_to_come_again(client: Client, method: str, path: str) -> None:
    client.raise_request_exception = False
    answer = client.generic(method, path)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0


def test_a_message_by_the_api_is_not_acknowledged_and_taken_when_it_comes_again(
    hand_in: HandIn, locked: psycopg.Connection[Any]
) -> None:
    answer = hand_in(message())
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert models.Inbound.objects.count() == 0
    locked.rollback()
    assert hand_in(message()).status_code == 202


def test_what_a_gateway_handed_in_is_kept_by_it_and_taken_in_later(
    office: Any, bound: None, locked: psycopg.Connection[Any]
) -> None:
    peer = Quiet("modem")
    peer.events = [Inbound("modem", "7", "+420602333444", office.numbers[0], "POMOC", NOW)]
    with pytest.raises(Exception, match="lock timeout"):
        intake.poll(peer, NOW)
    assert len(peer.events) == 1, "not acknowledged"
    locked.rollback()
    assert intake.poll(peer, NOW) == 1
    assert peer.events == []


def test_reminding_goes_on_when_the_lock_is_gone(locked: psycopg.Connection[Any]) -> None:
    with pytest.raises(Exception, match="lock timeout"):
        remind(NOW)
    locked.rollback()
    assert remind(NOW) == 0
