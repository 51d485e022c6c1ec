"""Time limits of PostgreSQL: as the settings say, told when they are not kept, and none in the way of a command."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from prepazka.commands.checks import run_checks
from prepazka.process.database import configure, read_limit
from prepazka.process.environment import Environment
from prepazka.store.database_errors import is_held_up
from prepazka.store.database_state import limits_not_kept
from prepazka.store.time_limits import TimeLimits, lift

LIMITS = TimeLimits(lock=7, statement=21, idle=3, tcp=12)
URL = "postgresql://hlinsko@db.example/urad"


def options(url: str = URL, limits: TimeLimits = LIMITS) -> dict[str, Any]:
    found: dict[str, Any] = configure(Environment(), url, limits)["OPTIONS"]
    return found


def test_each_limit_reaches_the_server_or_the_client() -> None:
    found = options()
    assert found["options"] == (
        "-c lock_timeout=7000 -c statement_timeout=21000 -c idle_in_transaction_session_timeout=3000"
    )
    assert (found["tcp_user_timeout"], found["connect_timeout"]) == (12_000, 12)
    silent = found["keepalives_idle"] + found["keepalives_interval"] * found["keepalives_count"]
    assert silent <= 12


def test_without_limits_nothing_is_asked_for() -> None:
    """Some poolers refuse a connection that brings options."""
    assert options(limits=TimeLimits()) == {"server_side_binding": True}


def test_the_url_has_the_last_word() -> None:
    found = options(f"{URL}?connect_timeout=33&options=-c%20lock_timeout%3D500")
    assert found["options"].endswith("-c lock_timeout=500")
    assert int(found["connect_timeout"]) == 33


@pytest.mark.parametrize("seconds", [-1, 3601])
def test_a_limit_that_is_none_is_refused(seconds: int) -> None:
    with pytest.raises(ImproperlyConfigured, match="PREPAZKA_IDLE_TIMEOUT must be from 0"):
        read_limit("PREPAZKA_IDLE_TIMEOUT", seconds)


def test_a_command_keeps_the_limit_of_locks_only() -> None:
    configured = {"OPTIONS": options()}
    lift(configured)
    words = configured["OPTIONS"]["options"].split("-c ")
    last = dict(word.strip().split("=") for word in words if word)
    assert last == {"lock_timeout": "7000", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}


@pytest.fixture
def limited() -> Any:
    """The tests' own connection with limits, as `serve` has it."""
    before = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = TimeLimits(lock=4, statement=1, idle=2).with_options(
        {"server_side_binding": True}
    )
    yield
    connection.close()
    connection.settings_dict["OPTIONS"] = before


@pytest.mark.postgresql
@pytest.mark.usefixtures("transactional_db", "limited")
def test_the_server_keeps_them_and_says_which_it_does_not() -> None:
    assert limits_not_kept(TimeLimits(lock=4, statement=1, idle=2)) == {}
    assert limits_not_kept(TimeLimits(lock=5, statement=1, idle=9)) == {
        "lock_timeout": 5000,
        "idle_in_transaction_session_timeout": 9000,
    }


@pytest.mark.postgresql
@pytest.mark.usefixtures("transactional_db", "limited")
def test_check_names_what_a_pooler_dropped_and_what_to_set(settings: Any) -> None:
    settings.TIME_LIMITS = TimeLimits(lock=8, statement=1, idle=2)
    [told] = [one for one in run_checks() if "does not keep" in one.what]
    assert told.level == "warning"
    assert "lock_timeout" in told.what
    assert told.fix.endswith("SET lock_timeout = 8000")
    settings.TIME_LIMITS = TimeLimits(lock=4, statement=1, idle=2)
    assert not [one for one in run_checks() if "does not keep" in one.what]


@pytest.mark.postgresql
@pytest.mark.usefixtures("transactional_db")
def test_a_statement_that_took_too_long_is_held_up_and_a_lost_server_is_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 50")
        with pytest.raises(OperationalError) as late:
            cursor.execute("SELECT pg_sleep(30)")
        cursor.execute("SET statement_timeout = 0")
    assert is_held_up(late.value)
    assert not is_held_up(OperationalError("the server closed the connection"))
