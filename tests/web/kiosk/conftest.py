"""A receipt printer on the loopback."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from prepazka.web.printers import AllowedPrinters


@pytest.fixture
def printer(settings: Any) -> Iterator[tuple[str, list[bytes], threading.Event]]:
    """A printer on the loopback: its address, what it was sent, and when that is all."""
    got: list[bytes] = []
    sent = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            line, _ = listening.accept()
            with line:
                while piece := line.recv(4096):
                    got.append(piece)
            sent.set()

        thread = threading.Thread(target=take)
        thread.start()
        settings.PRINTERS = [AllowedPrinters.parse(f"127.0.0.1:{listening.getsockname()[1]}")]
        yield f"127.0.0.1:{listening.getsockname()[1]}", got, sent
        thread.join(20)
