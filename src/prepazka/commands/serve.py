"""`serve`: has the database prepared, prints the addresses, and supervises the processes that answer.

Every process is made by forking. A single one loads the program itself, and this one stays small; several share what is
loaded here once. This process itself asks no database; what does so before the start is a child, too.
"""

import gc
import multiprocessing
import os
import resource
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Sequence
from functools import partial
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING, Any

from prepazka.process.apps import left_out

with left_out("anyio"):  # which would only take memory
    from granian import Granian, _signals
from granian._granian import WorkerSignal
from granian.constants import HTTPModes, Interfaces
from granian.errors import FatalError
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import AbstractServer

from prepazka.commands import DEMO_PASSWORD, DEMO_USERS, CommandFailed, without_settings
from prepazka.commands.exposure import may_publish
from prepazka.commands.readying import Start
from prepazka.commands.run import set_up
from prepazka.process import silent_connections, supervision
from prepazka.process.server_log import SERVER

if TYPE_CHECKING:
    import asyncio

# Descriptors a worker keeps for files and the database; all others are for connections.
OTHER_FILES = 512
# Connections of one worker, if the machine allows so many: far more than there may be listeners.
MAX_CONNECTIONS = 60_000
# Connections the kernel keeps for a worker that is busy; it may allow fewer.
BACKLOG = 4_096
# Milliseconds between two requests of a connection, and for the head of one.
BETWEEN_REQUESTS = 75_000
# Bytes of the head of a request, and of what is read ahead of a body.
MAX_HEAD = 64 * 1024
# Seconds a worker has to end before it is killed.
KILL_AFTER = 10


def serve(arguments: Namespace) -> int:
    """Run `prepazka serve` until it is interrupted."""
    if not may_publish(arguments.host):
        # docs/spec/safety.md §6.5: "Simulator and demo life stay off there, unless PREPAZKA_SIMULATOR says so."
        os.environ.setdefault("PREPAZKA_SIMULATOR", "false")
    # Before anything is made, and again for the port itself: preparing may take long.
    _find_port(arguments.host, arguments.port)
    start = Start(arguments.host)
    if arguments.workers > 1:
        gc.disable()  # while all is loaded: it stays
        set_up()
        start.share()
        _open_relay(arguments.workers)
        gc.enable()  # this process, too, is to run for years
    descriptors = _raise_file_limit()
    host, port = arguments.host, _find_port(arguments.host, arguments.port)
    server = Granian(
        "prepazka.process.serving:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=arguments.workers,
        workers_kill_timeout=KILL_AFTER,
        # HTTP/2 would wait for ever for a first byte; proxies speak HTTP/1.1 to what is behind them.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=BETWEEN_REQUESTS, max_buffer_size=MAX_HEAD),
        backlog=BACKLOG,
        backpressure=min(MAX_CONNECTIONS, max(descriptors - OTHER_FILES, OTHER_FILES)),
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        log_dictconfig=SERVER,
    )
    Thread(target=_tell_of_start, args=(host, port, start, server), daemon=True).start()
    if supervision.wanted():
        Thread(target=supervision.tell, args=(host, port), daemon=True).start()
    try:
        server.serve(spawn_target=partial(_run_worker, start, port))
    except FatalError as error:
        raise CommandFailed(f"the server could not start: {error}") from error
    if start.found is not None and start.found.refused:
        raise CommandFailed(start.found.refused)
    return 0


def _run_worker(start: Start, port: int, *arguments: Any, **options: Any) -> None:
    """Run a worker; what nobody caught there is a line of the log, for multiprocessing would print its values."""
    try:
        _work(start, port, *arguments, **options)
    except Exception:
        from prepazka.process import logs  # noqa: PLC0415 -- see server_log.py

        logs.configure()
        logs.log_uncaught()
        sys.excepthook(*sys.exc_info())
        sys.exit(1)


def _work(start: Start, port: int, *arguments: Any, **options: Any) -> None:
    """Be a worker that ignores Ctrl-C: a terminal sends it to all processes, but the supervisor ends the workers."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the server minds it: the supervisor's way is none for a child
    Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # until process/serving.py has loaded all
    start.take_part()
    from prepazka.commands.own_files import close_own_files  # noqa: PLC0415 -- needs Django
    from prepazka.commands.serving_mark import mark_served  # noqa: PLC0415 -- the same
    from prepazka.process import logs  # noqa: PLC0415 -- see server_log.py

    close_own_files()
    logs.log_uncaught()
    mark = mark_served()
    place = None if start.found is None else arguments[0] - 1  # the server counts its workers from 1
    _signals.set_loop_signals = partial(_begin_loop, place)
    silent_connections.start(port, Event())
    Granian._spawn_rsgi_worker(*arguments, **options)
    if served := sys.modules.get("prepazka.process.serving"):  # which the server imports; not if it could not
        served.end()
    if mark:
        mark.close()


def _end_with_parent() -> None:
    """End this worker when the supervisor is gone: it would hold the port and the gateways."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(KILL_AFTER)
    os.kill(os.getpid(), signal.SIGKILL)


def _open_relay(workers: int) -> None:
    from prepazka.web.relay import relay  # noqa: PLC0415 -- needs Django

    relay.open(workers)


def _begin_loop(place: int | None, loop: "asyncio.AbstractEventLoop") -> WorkerSignal:
    """Give a worker its place among others, if there are any, and end its streams when it ends.

    It replaces granian's signal handling: a worker waits for every connection to end, and a stream never would.
    """
    from prepazka.web.streams.app import hub  # noqa: PLC0415 -- needs Django, which is only in the workers

    if place is not None:
        from prepazka.web.api.direct import take_relayed  # noqa: PLC0415 -- as above, and loaded by now
        from prepazka.web.relay import relay  # noqa: PLC0415 -- the same

        relay.begin(place, take_relayed, loop)
    ending = WorkerSignal()

    def end() -> None:
        hub.close()
        ending.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    return ending


# docs/spec/safety.md §4.3: "`serve` may open as many files as the system lets it"
def _raise_file_limit() -> int:
    """Raise the soft limit of descriptors to the hard one, for this process and its workers; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (soft, resource.RLIM_INFINITY):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return hard
    return MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else soft


def _find_port(host: str, port: int) -> int:
    """Return the port when nobody listens there; for 0, a free one.

    Granian's sockets share a port with every other socket that allows it: a second server would get half of the first's
    requests.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise CommandFailed(
            f"cannot listen on {host} port {port}: {error.strerror}; choose another with --host, --port"
        ) from error


def _tell_of_start(host: str, port: int, start: Start, server: AbstractServer[Any]) -> None:
    """Print the addresses once the server answers; end it where the start was refused."""
    found = start.wait()
    if found.refused:
        server.signal_handler_interrupt()  # type: ignore[no-untyped-call]  # the library's own way to end
    else:
        _announce(host, port, found.link, found.demo_users)


def _announce(host: str, port: int, first_link: str, demo_users: Sequence[str]) -> None:
    """Print the addresses once the server answers. demo_users: who still has the published password."""
    while True:
        try:
            socket.create_connection((host, port), timeout=5).close()
            break
        except OSError:
            sleep(0.02)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    print(f"Přepážka   {address}/")
    if may_publish(host):
        print(f"telephone  {address}/phone/     (the simulator: text the office from here)")
        password = f"   ({', '.join(demo_users)}; password {DEMO_PASSWORD})" if demo_users else ""
        print(f"sign-in    {address}/account/{password}")
    elif without_settings():
        print(f"sign-in    {address}/account/   (prepazka init --demo gives {', '.join(DEMO_USERS)} passwords)")
    if first_link:
        link = f"{address}{first_link}" if first_link.startswith("/") else first_link
        print(f"first start: make the operator's account here, once and within an hour:\n           {link}")
    print(f"API        {address}/api/docs")
    print("Ctrl-C ends it.", flush=True)
