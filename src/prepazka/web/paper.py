"""Prints tickets on a network printer that speaks ESC/POS, by python-escpos (the extra `printers`)."""

import socket
from collections.abc import Callable
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
_COLUMNS = 32
"""Letters in a line of the narrowest paper, 58 mm wide."""
_MOST_LINES = 6
"""Lines that say what to bring: more would make the ticket too long to hold."""


def print_ticket(printer: str, office: Office, given: TicketGiven, wait: str, now: datetime) -> bool:
    """Print a ticket; return False on failure, when the page shows the ticket instead."""
    return _print(printer, lambda: _make_ticket(office, given, wait, now)) == "printed"


PrintResult = Literal["printed", "refused", "silent", "unknown", "missing", "forbidden"]
"""The result of printing. refused: the machine accepts no connection; silent: no answer; unknown: no such address;
missing: `prepazka` was installed without its extra `printers`; forbidden: not allowed by PREPAZKA_PRINTERS.
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
