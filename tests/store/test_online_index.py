"""Indexes made and removed while the program works: a broken attempt is ended, and there is a way back."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.older_tables import migrate_to, return_to_latest

BEFORE = [("store", "0044_unlike_processes")]
OLD, NEW = "outbound_to_expire", "outbound_expiring"


@pytest.fixture
def earlier(transactional_db: None) -> Iterator[None]:
    """The tables of before an index was replaced by another."""
    migrate_to(BEFORE)
    yield
    return_to_latest()


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "outbound")
    return {OLD, NEW} & set(found)


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize(
    "left",
    [
        pytest.param(f"CREATE INDEX {NEW} ON outbound (id)", id="made and not noted"),
        pytest.param(f"DROP INDEX {OLD}", id="removed and not noted"),
        pytest.param("SELECT 1", id="nothing"),
    ],
)
def test_a_broken_attempt_is_ended_by_the_next_one(left: str) -> None:
    assert indexes() == {OLD}
    with connection.cursor() as cursor:
        cursor.execute(left)
    return_to_latest()
    assert indexes() == {NEW}
    with connection.cursor() as cursor:
        columns = connection.introspection.get_constraints(cursor, "outbound")[NEW]["columns"]
    assert columns == ["expires_at"]


@pytest.mark.usefixtures("earlier")
def test_there_is_a_way_back() -> None:
    return_to_latest()
    migrate_to(BEFORE)
    assert indexes() == {OLD}
