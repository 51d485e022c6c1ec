"""A process that has just started: it answers while the rest is still loaded, and tells what cannot be loaded."""

import os
import subprocess
import sys

import pytest

from tests.waiting import DEADLINE

# The application of a process that has loaded what its first pages need, asked without a server between.
BEGINNING = f"""
import io, sys, threading
from prepazka.commands.run import set_up
set_up()
from prepazka.process import preload
preload.load_first()
from prepazka.web.rsgi import answered, django

def ask(path):
    said = []
    environ = {{"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "HTTP_ACCEPT": "text/html",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http"}}
    django(environ, lambda status, _: said.append(status[:3]))
    return said[0]

def in_threads(works):
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join({DEADLINE})
        assert not thread.is_alive(), "two imports wait for each other"
"""

# Each is the first of its face, and what it needs is still to be imported.
FACES = {
    "/": "200",
    "/account/": "302",
    "/account/sign-in": "200",
    "/api/docs": "200",
    "/api/v1/offices/demo/services": "200",
    "/demo/admin/": "302",
    "/demo/admin/statistics/": "302",
    "/demo/admin/what-if/": "302",
    "/demo/board/": "200",
    "/demo/book/": "200",
    "/demo/desk/": "302",
    "/demo/desk/inbox/": "302",
    "/demo/kiosk/": "403",
    "/demo/privacy/": "200",
    "/metrics": "200",
    "/demo/screen/": "200",
}
TOGETHER = f"""
faces = {list(FACES)}
waiting = threading.Barrier(len(faces) + 1)
statuses, failed = {{}}, []

def first(path):
    waiting.wait()
    statuses[path] = ask(path)

def load():
    waiting.wait()
    preload.load_work()
    preload.load_pages()
    failed.remove("not loaded")

failed.append("not loaded")
in_threads([*(lambda path=path: first(path) for path in faces), load])
print(*(statuses[path] for path in faces), *failed)
"""

BROKEN = f"""
sys.modules["prepazka.web.admin.costs"] = None
answered.set()
import prepazka.process.serving
next(one for one in threading.enumerate() if one.name == "loading").join({DEADLINE})
workers = [one for one in threading.enumerate() if one.name.startswith("worker")]
print(ask("/readyz"), ask("/"), ask("/demo/admin/"), len(workers))
"""


def run(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as a process of `serve` begins, on the demo office without its people."""
    given = {**environment, "PREPAZKA_SIMULATOR": "false"}
    return subprocess.run(
        [sys.executable, "-c", BEGINNING + script],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=True,
        timeout=10 * DEADLINE,
    )


@pytest.mark.usefixtures("made")
def test_all_faces_at_once_while_the_rest_is_loaded(bare: dict[str, str]) -> None:
    done = run(TOGETHER, bare)
    assert done.stdout.split() == [*FACES.values()], done.stderr


@pytest.mark.usefixtures("made")
def test_a_page_that_cannot_be_loaded_is_told_before_anybody_asks_for_it(bare: dict[str, str]) -> None:
    done = run(BROKEN, bare)
    assert done.stdout.split() == ["503", "200", "302", "5"], done.stderr
    assert "page=prepazka.web.admin.costs.costs" in done.stderr
    assert 'event="loading failed" error=NotLoaded' in done.stderr
