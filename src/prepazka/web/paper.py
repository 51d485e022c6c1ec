"""Prints tickets on a network printer that speaks ESC/POS, by python-escpos (the extra `printers`)."""

import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from textwrap import wrap
from typing import Literal

import structlog
from anyascii import anyascii
from django.conf import settings
from django.utils.translation import gettext as _

from prepazka.core.office.office import Office, Service
from prepazka.core.queue.outcomes import TicketGiven
from prepazka.web.printers import Forbidden, PrinterAddress, connect
from prepazka.web.wording import format_bring, format_day, format_time

log = structlog.get_logger()

# Seconds for printing: somebody waits at the kiosk.
TIMEOUT = 3
# Seconds a printer has to say how it is; a print server between says nothing, and is printed to all the same.
ANSWERS_WITHIN = 0.3
# DLE EOT 2 and 4 of ESC/POS, answered at once whatever else the printer does: why it is off line, and its paper.
_HOW_IS_IT = b"\x10\x04\x02\x10\x04\x04"
# By answer: the bits of an open cover, paper that has come to its end, and a fault. Some bits of each never change.
_TROUBLE = (0x64, 0x60)
_FIXED, _FIXED_VALUE = 0x93, 0x12
_COLUMNS = 32
"""Letters in a line of the narrowest paper, 58 mm wide."""
_MOST_LINES = 6
"""Lines that say what to bring: more would make the ticket too long to hold."""


def print_ticket(printer: str, office: Office, given: TicketGiven, wait: str, now: datetime) -> bool:
    """Print a ticket; return False on failure, when the page shows the ticket instead."""
    return _print(printer, lambda: _make_ticket(office, given, wait, now)) == "printed"


PrintResult = Literal["printed", "no_paper", "refused", "silent", "unknown", "missing", "forbidden"]
"""The result of printing. no_paper: the printer says that it has none, or that its cover is open; refused: the machine
accepts no connection; silent: no answer; unknown: no such address; missing: `prepazka` was installed without its extra
`printers`; forbidden: not allowed by PREPAZKA_PRINTERS.
"""


def print_test(printer: str, office: Office, now: datetime) -> PrintResult:
    """Print a test ticket."""
    return _print(printer, lambda: _make_test_ticket(office, now))


def print_lines(printer: str, office: Office, lines: list[str]) -> PrintResult:
    """Print a text under the office's name, each line broken to the width of the paper."""
    return _print(printer, lambda: _make_text(office, lines))


def _make_text(office: Office, lines: list[str]) -> bytes:
    from escpos.printer import Dummy  # noqa: PLC0415 -- optional, and slow to import

    paper = Dummy()
    paper.set(align="left", bold=False, normal_textsize=True)
    for line in (office.name, "", *lines):
        for piece in wrap(_to_ascii(line), _COLUMNS) or [""]:
            paper.textln(piece)
    paper.cut()
    return bytes(paper.output)


def _print(printer: str, write: Callable[[], bytes]) -> PrintResult:
    result: PrintResult = "silent"
    try:
        address = PrinterAddress.parse(printer)
        paper = write()
        with connect(address, settings.PRINTERS, TIMEOUT) as connection:
            # docs/spec/counters.md §8: "A printer without paper is sent nothing"
            if _is_in_trouble(connection):
                log.warning("ticket not printed", error="no paper, or an open cover")
                return "no_paper"
            connection.sendall(paper)
    except (ImportError, OSError, ValueError, Forbidden) as error:
        log.warning("ticket not printed", error=type(error).__name__)
        match error:
            case ImportError():
                result = "missing"
            case Forbidden():
                result = "forbidden"
            case socket.gaierror() | ValueError():
                result = "unknown"
            case ConnectionRefusedError():
                result = "refused"
        return result
    return "printed"


def _is_in_trouble(connection: socket.socket) -> bool:
    """Whether the printer says that it cannot print now; one that says nothing can, as far as anybody knows."""
    connection.sendall(_HOW_IS_IT)
    connection.settimeout(ANSWERS_WITHIN)
    told = b""
    with suppress(TimeoutError):
        while len(told) < len(_TROUBLE) and (more := connection.recv(len(_TROUBLE) - len(told))):
            told += more
    connection.settimeout(TIMEOUT)
    return any(byte & _FIXED == _FIXED_VALUE and byte & trouble for byte, trouble in zip(told, _TROUBLE, strict=False))


def _make_test_ticket(office: Office, now: datetime) -> bytes:
    from escpos.printer import Dummy  # noqa: PLC0415 -- optional, and slow to import

    paper = Dummy()
    paper.set(align="center", bold=False, normal_textsize=True)
    paper.textln(_to_ascii(office.name))
    paper.set(align="center", bold=True, double_height=True, double_width=True)
    paper.textln(_to_ascii(_("Zkušební lístek")))
    paper.set(align="center", bold=False, normal_textsize=True)
    local = now.astimezone(office.zone)
    paper.textln(_to_ascii(f"{format_day(local.date())} {format_time(local.time())}"))
    paper.cut()
    return bytes(paper.output)


def _make_ticket(office: Office, given: TicketGiven, wait: str, now: datetime) -> bytes:
    """Return the bytes for the printer."""
    from escpos.printer import Dummy  # noqa: PLC0415 -- optional, and slow to import

    paper = Dummy()
    paper.set(align="center", bold=False, normal_textsize=True)
    paper.textln(_to_ascii(office.name))
    paper.textln(_to_ascii(_("Váš lístek")))
    paper.set(align="center", bold=True, custom_size=True, width=6, height=6)
    paper.textln(given.ticket.label)
    paper.set(align="center", bold=False, normal_textsize=True)
    paper.textln(_to_ascii(given.agenda.title))
    if wait:
        paper.textln(_to_ascii(wait))
    paper.textln(_to_ascii(_("Sledujte obrazovku.")))
    for line in _list_what_to_bring(office.service_of.get(given.ticket.service)):
        paper.textln(line)
    local = now.astimezone(office.zone)
    paper.textln(_to_ascii(f"{format_day(local.date())} {format_time(local.time())}"))
    paper.cut()
    return bytes(paper.output)


def _list_what_to_bring(service: Service | None) -> list[str]:
    """Return what to bring, line by line; nothing where it would make the ticket too long."""
    bring = format_bring(service)
    if not bring:
        return []
    lines = wrap(_to_ascii(_("S sebou: %(what)s") % {"what": bring}), _COLUMNS)
    return lines if len(lines) <= _MOST_LINES else []


def _to_ascii(text: str) -> str:
    """Return the text in letters that every printer has, whatever its code page."""
    return anyascii(text.replace("\u00a0", " "))
