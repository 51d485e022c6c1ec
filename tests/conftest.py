"""What all tests share: a database in a real file (or PostgreSQL, by DATABASE_URL), and its address for programs."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
import structlog
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from prepazka.store import time_limits
from tests.emptying import empty
from tests.forked import Forked

# Commands run here read no settings of this machine.
os.environ["PREPAZKA_ENV_FILE"] = os.devnull

# How long an example takes says how busy the machine is, not whether the code is right. CI takes the same examples
# every time, so that it judges the change and not the draw; at the desk each run draws new ones.
hypothesis.settings.register_profile("tests", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("tests")

# The rooms that touch the database are tested on both: see `make test`.
ON_BOTH_DATABASES = {"store", "flows", "journeys", "play"}
# The imperfect day is played there every time, the working day by `make test-long`.
LONG_ON_POSTGRESQL = {Path("play/test_day.py")}

# And the other way round: on SQLite the working day is played every time, the imperfect one by `make test-long`.
LONG_ON_SQLITE = {Path("play/test_imperfect_day.py")}

# How `make test` chooses them there.
FOR_POSTGRESQL = "both_databases or postgresql"

# Files begun first, the longest of them at the head, so that no worker is left alone with one at the end; those that
# wait for a daemon and those that compute take turns.
BEGUN_FIRST = (
    "cluster/test_drills.py",
    "play/test_day.py",
    "commands/test_program.py",
    "gateways/test_smstools.py",
    "web/test_every_page.py",
    "acceptance/test_first_sms.py",
    "gateways/test_smstools_day.py",
    "play/test_imperfect_day.py",
    "commands/test_demo_users.py",
    "commands/test_bench.py",
    "process/test_many_gateways.py",
    "commands/test_beginning.py",
    "commands/test_erased.py",
    "commands/test_migrating.py",
    "gateways/test_gammu.py",
    "gateways/test_gammu_day.py",
    "gateways/test_gammu_modems_day.py",
    "journeys/test_backup.py",
    "gateways/test_gammu_killed.py",
    "store/test_migration.py",
    "commands/test_nothing_made.py",
    "store/test_reports.py",
    "journeys/test_kills.py",
    "sms/send_back/test_check.py",
    "conversation/test_send_back.py",
    "commands/test_text_checks.py",
    "journeys/test_replay.py",
    "web/admin/test_manual.py",
    "web/account/test_passkeys.py",
    "commands/test_own_files.py",
    "commands/test_offices.py",
    "gateways/test_gammu_printed.py",
    "flows/test_folding.py",
    "flows/outbound/test_deliver_stateful.py",
    "demolife/test_life.py",
    "journeys/test_queue_kills.py",
    "trial/test_extending.py",
    "attack/test_attack.py",
    "web/test_browser.py",
    "web/test_booking.py",
    "web/admin/test_browser.py",
    "web/desk/test_two_clerks.py",
)


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: some tests wait for a daemon most of their time."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="play days and drills whole, not in their short form")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """On PostgreSQL, leave out the files without a test for it: to read them all takes a processor half a minute."""
    if config.option.markexpr != FOR_POSTGRESQL or not collection_path.name.startswith("test_"):
        return None
    if collection_path.relative_to(Path(__file__).parent).parts[0] in ON_BOTH_DATABASES:
        return None
    marked = "postgresql" in (text := collection_path.read_text("utf-8")) or "both_databases" in text
    return None if marked else True


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while ten thousand tests are made, all of which stay: that takes a third of the time."""
    gc.disable()
    result = yield
    gc.freeze()
    gc.enable()
    return result


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    places = {here / name: place for place, name in enumerate(BEGUN_FIRST)}
    assert all(path.exists() for path in places), "a file of BEGUN_FIRST is not there"
    items.sort(key=lambda item: places.get(item.path, len(places)))
    for item in items:
        place = item.path.relative_to(here)
        if place.parts[0] in ON_BOTH_DATABASES and (config.getoption("--long") or place not in LONG_ON_POSTGRESQL):
            item.add_marker("both_databases")
    time_limits.lift(connection.settings_dict)  # a test stands still within a transaction while a browser works
    if connection.vendor == "sqlite" and (others := [item for item in items if _is_for_postgresql(item, config)]):
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def _is_for_postgresql(item: pytest.Item, config: pytest.Config) -> bool:
    left = item.path.relative_to(Path(__file__).parent) in LONG_ON_SQLITE and not config.getoption("--long")
    return left or item.get_closest_marker("postgresql") is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """A database of this worker's own; in SQLite a file that other processes can open, and no other test run uses.

    In memory where the machine has such a place: tests kill processes, not machines, and need not wait for a disk.
    """
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="prepazka-", dir=memory if os.access(memory, os.W_OK) else None) as directory:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(directory) / "test.sqlite3")
        yield


@pytest.fixture(scope="session")
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether days and drills are played whole (`make test-long`): the same tests, with more messages and seeds."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session", autouse=True)
def _private_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """As every command makes them; none in the state directory of the checkout."""
    os.umask(0o077)
    settings.DEMO = True
    settings.ERASURES = tmp_path_factory.mktemp("state") / "erasures.jsonl"


@pytest.fixture(scope="session", autouse=True)
def _a_clock_nobody_asks_about() -> Iterator[None]:
    """Whether a time server keeps the clock of the machine that runs the tests is no matter of theirs."""
    from prepazka.flows.health import machine  # noqa: PLC0415 -- models can be imported only after Django's set-up

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(machine, "is_synchronised", lambda: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _a_probe_that_writes_nothing() -> Iterator[None]:
    """The write by which a process knows that it can write would wait for the transaction of the test."""
    from prepazka.flows.health.write_probe import write_probe  # noqa: PLC0415 -- the same

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(write_probe, "_write", lambda _now: None)
        yield


@pytest.fixture(autouse=True)
def _nothing_found_before() -> None:
    """What a probe found in another test is forgotten: the tests' clock stands still."""
    from prepazka.flows.health import installation  # noqa: PLC0415 -- the same

    installation.found.forget()


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """What is logged of an exception costs a second where it is drawn in boxes, with every value."""
    structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once() -> Iterator[None]:
    """Each client of a test has the layers around the pages made anew; one of them looks for all files of the pages."""
    found: dict[str, object] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def look_once(layer: WhiteNoiseMiddleware) -> None:
        if not found:
            look(layer)
            found.update(layer.files)
        layer.files.update(found)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _quickly_emptied() -> Iterator[None]:
    """After tests that commit."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty())
        yield


@pytest.fixture(scope="session")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forked]:
    """Runs the program without loading its libraries every time."""
    process = Forked(tmp_path_factory.mktemp("forked"))
    yield process
    process.end()


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """DATABASE_URL of the tests' own database, for programs a test starts."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


@pytest.fixture(autouse=True)
def _no_memory_of_another_test() -> None:
    """Rolled-back tests give their ids and versions to the next one's offices; a real database never does."""
    from prepazka.flows.booking import waitlist  # noqa: PLC0415 -- models are imported after Django's set-up
    from prepazka.flows.health.worker_watch import worker_watch  # noqa: PLC0415 -- the same
    from prepazka.flows.outbound import remind  # noqa: PLC0415 -- the same
    from prepazka.store import rate_limits  # noqa: PLC0415 -- the same
    from prepazka.store.office_cache import office_cache  # noqa: PLC0415 -- the same

    office_cache.clear()
    worker_watch._last.clear()
    worker_watch._ended.clear()
    rate_limits._waiting.clear()
    for resting in (remind.resting, waitlist.resting):
        resting.clear()
