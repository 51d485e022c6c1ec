"""Programs that a measurement starts: they end with it, however it ends."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from signal import Signals


def start(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    silent: bool = False,
    ended_by: Signals = Signals.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a program that gets a signal when this process is gone, also when it was killed.

    Linux does that, asked by `setpriv`, which becomes the program; where there is none, a killed measurement leaves it.
    """
    asking = shutil.which("setpriv")
    begins = [asking, "--pdeathsig", ended_by.name.removeprefix("SIG")] if asking else []
    output = subprocess.DEVNULL if silent else None
    return subprocess.Popen([*begins, *command], env=environment, stdout=output, stderr=output)  # noqa: S603 -- ours
