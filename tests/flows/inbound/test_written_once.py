"""A message that is handled as it comes is written once, decided, whatever was stored before or is stored meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prepazka.flows.inbound.receive import arrival, receive, work
from prepazka.gateways.values import Inbound
from prepazka.store import inbox, models, offices
from tests.made_once import kept_once
from tests.offices import demo_office
from tests.waiting import DEADLINE, until

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, 3, 11, tzinfo=UTC)
NUMBER, ELSEWHERE = "+420739547765", "+420739000083"
PHONE = "+420608555444"
# A gateway's ids and fingerprints, few of each, so that they meet; and whether messages are only stored at first.
NAMES = st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from([None, "x", "y", "z"]))
CALLS = st.lists(st.tuples(st.booleans(), st.lists(NAMES, min_size=1, max_size=5)), max_size=6)


@pytest.fixture(autouse=True)
def office_id(transactional_db: None) -> int:
    return kept_once(demo_office(), NOW).id


def message(id_: str, fingerprint: str | None = None, text: str = "POMOC", number: str = NUMBER) -> Inbound:
    """Return a message of a phone of its own: of one phone, equal texts are answered a few times."""
    return Inbound("modem", id_, f"+42060855544{ord(id_) % 10}", number, text, NOW, fingerprint=fingerprint)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(CALLS)
def test_the_first_of_equal_messages_is_the_one(office_id: int, calls: list[tuple[bool, list[Any]]]) -> None:
    """Equal by its id or by its fingerprint; the model is a list."""
    models.Outbound.objects.all().delete()
    models.Inbound.objects.all().delete()
    known: list[tuple[str, str | None]] = []
    highest = 0
    for only_stored, names in calls:
        new = []
        for id_, fingerprint in names:
            if not any(id_ == before[0] or (fingerprint and fingerprint == before[1]) for before in known):
                known.append((id_, fingerprint))
                new.append(id_)
        arriving = [message(*name) for name in names]
        if only_stored:
            stored = inbox.take_in(office_id, [arrival(one, NOW) for one in arriving])
            assert {key.gateway_id for key in stored} == set(new)
        else:
            handled = receive(arriving, NOW)
            once = list(new)
            for name, one in zip(names, handled, strict=True):
                assert one.outcome is not None
                assert (one.outcome.outcome == "duplicate") == (name[0] not in once)
                once = [id_ for id_ in once if id_ != name[0]]
        ids = list(models.Inbound.objects.filter(gateway_id__in=new).order_by("id").values_list("id", "gateway_id"))
        assert [id_ for _, id_ in ids] == new, "in order of arrival"
        assert not ids or ids[0][0] > highest, "and behind all that came before"
        highest = max([highest, *(id_ for id_, _ in ids)])
    while work(NOW):
        pass
    assert list(models.Inbound.objects.order_by("id").values_list("gateway_id", "fingerprint")) == known
    assert sorted(models.Outbound.objects.values_list("in_reply_to__gateway_id", flat=True)) == sorted(
        id_ for id_, _ in known
    )


def test_no_row_is_changed_and_no_id_given_twice() -> None:
    with CaptureQueriesContext(
        connection,
    ) as said:
        receive([message("1"), message("2")], NOW)
    assert not [one["sql"] for one in said if "UPDATE inbound" in one["sql"]]
    last = models.Inbound.objects.latest("id").id
    models.Outbound.objects.all().delete()
    models.Inbound.objects.all().delete()
    receive([message("3")], NOW)
    assert models.Inbound.objects.get().id > last


@pytest.fixture
def storing(office_id: int) -> Iterator[psycopg.Connection[Any]]:
    """Another process that has stored the message "1", of another office, and not committed."""
    other = offices.keep(replace(demo_office(), slug="jinde", numbers=(ELSEWHERE,)), NOW)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as session:
        session.execute(
            "INSERT INTO inbound (office_id, gateway, gateway_id, sender, recipient, text, text_key, received_at, "
            "state, attempts, outcome) VALUES (%s, 'modem', '1', %s, %s, 'POMOC', 'POMOC', %s, 'waiting', 0, '')",
            [other, PHONE, ELSEWHERE, NOW],
        )
        yield session
        session.rollback()


@pytest.mark.postgresql
@pytest.mark.parametrize("commits", [True, False])
def test_of_two_processes_with_one_message_one_has_it(storing: psycopg.Connection[Any], commits: bool) -> None:
    def hand_in() -> list[str]:
        try:
            handled = receive([message("1", text="OBJ ZOP 11.8. 9:15 KRALOVA"), message("2")], NOW)
            return [one.outcome.outcome for one in handled if one.outcome]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(hand_in)
        until(_waits, "it waits for the other process's message")
        storing.commit() if commits else storing.rollback()
        assert answer.result(DEADLINE) == ["duplicate" if commits else "booked", "help"]
    assert models.Booking.objects.count() == (0 if commits else 1)
    assert models.Inbound.objects.filter(gateway_id="1").count() == 1


def _waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
        return bool(cursor.fetchall())
