"""What all tests share: a database in a real file (or PostgreSQL, by DATABASE_URL), and its address for programs."""

import os
from pathlib import Path

import hypothesis
import pytest
from django.db import connection

# How long an example takes says how busy the machine is, not whether the code is right. CI takes the same examples
# every time, so that it judges the change and not the draw; at the desk each run draws new ones.
hypothesis.settings.register_profile("tests", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("tests")

# The rooms that touch the database are tested on both: see `make test`.
ON_BOTH_DATABASES = {"store", "flows", "journeys", "play"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="play days and drills whole, not in their short form")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in ON_BOTH_DATABASES:
            item.add_marker("both_databases")
    if connection.vendor == "sqlite" and (others := [item for item in items if item.get_closest_marker("postgresql")]):
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A database of this worker's own; in SQLite a file that other processes can open, and no other test run uses."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether days and drills are played whole (`make test-long`): the same tests, with more messages and seeds."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """DATABASE_URL of the tests' own database, for programs a test starts."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


@pytest.fixture(autouse=True)
def _no_office_of_another_test() -> None:
    """Rolled-back tests give their ids and versions to the next one's offices; a real database never does."""
    from prepazka.store import offices  # noqa: PLC0415 -- models can be imported only after Django's set-up

    offices._load.cache_clear()
