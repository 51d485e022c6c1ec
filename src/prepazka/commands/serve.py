"""`serve`: prepares the database, prints the addresses, and supervises the processes that answer.

All is loaded here once, and every child is made by forking: it begins in a moment and shares this memory. This process
itself asks no database; what does so before the start is a child, too.
"""

import asyncio
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
from typing import Any

from granian import Granian, _signals
from granian._granian import WorkerSignal
from granian.constants import HTTPModes, Interfaces
from granian.errors import FatalError
from granian.http import HTTP1Settings
from granian.log import LogLevels

from prepazka.commands import DEMO_PASSWORD, DEMO_USERS, CommandFailed, cli, without_settings
from prepazka.commands.exposure import may_publish
from prepazka.commands.run import set_up
from prepazka.process import logs, silent_connections, supervision

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
    gc.disable()  # while all is loaded: it stays
    set_up()
    first_link, demo_users = _prepare(arguments.host, arguments.workers)
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
        log_dictconfig=logs.SERVER,
    )
    Thread(target=_announce, args=(host, port, first_link, demo_users), daemon=True).start()
    if supervision.wanted():
        Thread(target=supervision.tell, args=(host, port), daemon=True).start()
    try:
        server.serve(spawn_target=partial(_run_worker, port))
    except FatalError as error:
        raise CommandFailed(f"the server could not start: {error}") from error
    return 0


def _run_worker(port: int, *arguments: Any, **options: Any) -> None:
    """Run a worker that ignores Ctrl-C: a terminal sends it to all processes, but the supervisor ends the workers."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # until process/serving.py has begun
    set_up()  # where children are not made by forking
    from prepazka.commands.own_files import close_own_files  # noqa: PLC0415 -- needs Django
    from prepazka.commands.serving_mark import mark_served  # noqa: PLC0415 -- the same

    close_own_files()
    logs.log_uncaught()
    mark = mark_served()
    _signals.set_loop_signals = _close_streams_on_signal
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


def _close_streams_on_signal(loop: asyncio.AbstractEventLoop) -> WorkerSignal:
    """Replace granian's signal handling: a worker waits for every connection to end, and a stream never would."""
    from prepazka.web.streams.app import hub  # noqa: PLC0415 -- needs Django, which is only in the workers

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


def _prepare(host: str, workers: int) -> tuple[str, list[str]]:
    """Make the database ready, or refuse to start on a broken one; load meanwhile what the children need.

    A single child loads what its first pages need not itself, behind them; several share all, loaded here.

    Return the first operator's link, "" for none, and the demo's users who still have the published password: nobody is
    told one that does not fit. Without settings, the demo office's database is created or migrated. Settings, database
    and tables stop the start; no office and no gateway does, for the others are served meanwhile.
    """
    demo, public = without_settings(), not may_publish(host)
    # What `check` refuses is left as it was.
    readying = _Child(
        ["init"] if demo else ["check", "--start", "--prepare", "--host", host],
        ["user", "withdraw-published"] if public else ["user", "list", "--published"],
    )
    from prepazka.process import preload  # noqa: PLC0415 -- needs Django

    preload.load_first() if workers == 1 else preload.load()
    from prepazka.commands.starting import address_of  # noqa: PLC0415 -- the same

    made, told = readying.outputs()
    link = address_of(made.strip()) if made and not demo else ""
    if public:
        print(told, end="", file=sys.stderr)
        return link, []
    return link, [name for name in told.split() if name in DEMO_USERS]


class _Child:
    """Some of our commands, one after another in a process of their own; the first that fails is the last."""

    def __init__(self, *commands: list[str]) -> None:
        pipes = [os.pipe() for _ in commands]
        writing = [end for _, end in pipes]
        self._process = multiprocessing.get_context("fork").Process(target=_run_commands, args=(commands, writing))
        self._process.start()
        for end in writing:
            os.close(end)
        self._said = [open(end, encoding="utf-8") for end, _ in pipes]  # noqa: SIM115, PTH123 -- closed once all is read

    def outputs(self) -> list[str]:
        """Wait for its end, and return what each command printed. Raises: CommandFailed."""
        texts = []
        for said in self._said:
            with said:
                texts.append(said.read())
        self._process.join()
        if self._process.exitcode:
            raise CommandFailed("not started; the lines above say what to fix")
        return texts


def _run_commands(commands: Sequence[list[str]], writing: list[int]) -> None:
    for command, end in zip(commands, writing, strict=True):
        os.dup2(end, sys.stdout.fileno())
        code = cli.main(command)
        sys.stdout.flush()
        if code:
            sys.exit(code)


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


def _announce(host: str, port: int, first_link: str, demo_users: list[str]) -> None:
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
