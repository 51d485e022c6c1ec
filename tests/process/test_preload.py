"""What `serve` loads, and when: nothing that begins, little before the first page, and nothing that is rarely used."""

import os
import subprocess
import sys

import pytest

LOADING = """
import sys, threading
from prepazka.commands import serve
print(*sys.modules)
from prepazka.commands.run import set_up
set_up()
from prepazka.commands import check, demo_users
print(*sys.modules)
from prepazka.process import preload
preload.load_first()
print(*sys.modules)
preload.load()
from django.db import connections
begun = "prepazka.process.serving" in sys.modules
print(threading.active_count(), [one.connection for one in connections.all()], begun)
print(*sys.modules)
"""

# Each is a tenth of a second or some megabytes of every process; whoever uses it loads it.
RARELY_USED = {
    "cryptography.x509",  # without a certificate named
    "email.headerregistry",  # without lists sent by e-mail
    "holidays.calendars.islamic",  # for a country whose holidays need no other calendar
    "http.server",  # without anybody who asks for figures
    "lxml",
    "markdown_it",
    "prepazka.demolife.running",
    "psycopg",  # with SQLite
    "pygal",
    "requests",  # without a provider of sign-ins
    "segno",
    "sqlparse.engine",
    "unittest",
    "xlsxwriter",
}
# Only where developers have it: an installation must not be measured with it.
OF_DEVELOPERS = {"anyio", "jinja2", "pygments", "rich"}
# What a supervisor with one process would hold beside it, and each of its children copy.
NOT_TO_SUPERVISE = {
    "django.conf",
    "django.db",
    "http.client",
    "prepazka.core",
    "prepazka.process.preload",
    "prepazka.settings",
    "structlog",
}
# What no first page needs: it is loaded behind it.
NOT_FIRST = {
    "allauth.mfa.webauthn",
    "fido2",
    "ninja",
    "prepazka.flows.booking.commit",
    "prepazka.process.worker",
    "prepazka.sms.understand.read",
    "prepazka.web.admin.home",
    "prepazka.web.api.operations",
    "prepazka.web.desk.views",
    "pydantic",
}
# What the checks, a process of their own while all this is loaded, would load once more.
NOT_TO_CHECK = {"prepazka.web.urls", "prepazka.sms", "prepazka.flows.inbound", "prepazka.officefile", "holidays"}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("start")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREPAZKA_")}
    given = {"PREPAZKA_STATE": str(folder), "PREPAZKA_ENV_FILE": "/dev/null", "DATABASE_URL": f"sqlite:///{folder}/one"}
    done = subprocess.run([sys.executable, "-c", LOADING], env=kept | given, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")


def test_nothing_begins_before_the_children_are_made(said: list[str]) -> None:
    assert said[3] == "1 [None] False"


def test_the_supervisor_of_one_process_loads_nothing_of_it(said: list[str]) -> None:
    assert not NOT_TO_SUPERVISE & set(said[0].split())
    assert set(said[4].split()) >= NOT_TO_SUPERVISE


def test_the_first_page_does_not_wait_for_the_rest(said: list[str]) -> None:
    first = set(said[2].split())
    assert {"prepazka.web.urls", "prepazka.web.pages", "prepazka.web.rsgi"} <= first
    assert not NOT_FIRST & first
    assert set(said[4].split()) >= NOT_FIRST


def test_what_is_rarely_used_is_not_loaded_at_the_start(said: list[str]) -> None:
    loaded = set(said[4].split())
    assert {"prepazka.web.urls", "prepazka.process.worker", "holidays", "phonenumbers"} <= loaded
    assert not (RARELY_USED | OF_DEVELOPERS) & loaded


def test_the_checks_beside_it_do_not_load_it_again(said: list[str]) -> None:
    assert not (NOT_TO_CHECK | {"prepazka.store.migrations.0001_squashed_0041_leases"}) & set(said[1].split())
    assert set(said[4].split()) >= NOT_TO_CHECK
