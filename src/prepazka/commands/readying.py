"""What `serve` makes ready before anybody is served: the checks, the tables, the first operator's link.

It is done beside the loading, by commands of ours in a process of their own. Where one process serves, that one has it
done, and tells the supervisor, which loads nothing of the program. Several processes share what the supervisor loads.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing import Pipe
from typing import NamedTuple

from prepazka.commands import DEMO_USERS, CommandFailed, cli, without_settings
from prepazka.commands.exposure import may_publish
from prepazka.commands.run import set_up


class Ready(NamedTuple):
    """What was found. refused: why nothing is served, "" when all is well.

    link: the first operator's, "" for none. demo_users: who still has the published password; nobody is told one that
    does not fit.
    """

    link: str = ""
    demo_users: tuple[str, ...] = ()
    refused: str = ""


class Start:
    """The start of one `serve`, shared by the supervisor and the processes it forks."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._receiving, self._sending = Pipe(duplex=False)
        self.found: Ready | None = None
        """What was found, once the supervisor knows it; then no process has to make anything ready any more."""

    def wait(self) -> Ready:
        """Return what was found: in the supervisor, once a process has told it."""
        if self.found is None:
            self.found = self._receiving.recv()
        return self.found

    def share(self) -> None:
        """Make ready in the supervisor, and load everything that its processes share. Raises: CommandFailed."""
        from prepazka.process import preload  # noqa: PLC0415 -- needs Django

        self.found = make_ready(self._host, preload.load)

    def take_part(self) -> None:
        """Load in a process what its first pages need, and make ready if nobody has; a refusal is told, and no more."""
        try:
            set_up()
            from prepazka.process import preload  # noqa: PLC0415 -- needs Django

            if self.found is not None:
                preload.load_first()
                return
            found = make_ready(self._host, preload.load_first)
        except CommandFailed as error:
            found = Ready(refused=str(error))
        self._sending.send(found)
        while found.refused:
            signal.pause()  # until the supervisor ends this process: if it ended itself, another one would be made


def make_ready(host: str, load: Callable[[], None]) -> Ready:
    """Make the database ready, or refuse to start on a broken one; load meanwhile. Raises: CommandFailed.

    Without settings, the demo office's database is created or migrated. Settings, database and tables stop the start;
    no office and no gateway does, for the others are served meanwhile.
    """
    demo, public = without_settings(), not may_publish(host)
    commands = _Commands(
        # What `check` refuses is left as it was.
        ["init"] if demo else ["check", "--start", "--prepare", "--host", host],
        ["user", "withdraw-published"] if public else ["user", "list", "--published"],
    )
    load()
    from prepazka.commands.serving_mark import check_mark  # noqa: PLC0415 -- needs Django
    from prepazka.commands.starting import address_of  # noqa: PLC0415 -- the same

    made, told = commands.outputs()
    check_mark()
    link = "" if demo or not made else address_of(made.strip())
    if public:
        print(told, end="", file=sys.stderr)
        return Ready(link)
    return Ready(link, tuple(name for name in told.split() if name in DEMO_USERS))


class _Commands:
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
        """Wait for their end, and return what each printed. Raises: CommandFailed."""
        texts = []
        for said in self._said:
            with said:
                texts.append(said.read())
        self._process.join()
        if self._process.exitcode:
            raise CommandFailed("not started; the lines above say what to fix")
        return texts


def _run_commands(commands: Sequence[list[str]], writing: list[int]) -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # which a process that serves leaves to the supervisor
    for command, end in zip(commands, writing, strict=True):
        os.dup2(end, sys.stdout.fileno())
        code = cli.main(command)
        sys.stdout.flush()
        if code:
            sys.exit(code)
