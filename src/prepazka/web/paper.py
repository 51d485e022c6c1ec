"""Tickets on paper by a network printer that speaks ESC/POS, through python-escpos (the optional part `printers`)."""

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
from prepazka.web.printers import Address, Forbidden, line_to
from prepazka.web.wording import bring, day

log = structlog.get_logger()

# Seconds a printer may take; meanwhile somebody stands at the kiosk.
PATIENCE = 3
_COLUMNS = 32
"""Letters in a line of the narrowest paper, 58 mm wide."""
_MOST_LINES = 6
"""Lines that say what to bring: more would make the ticket too long to hold."""


def print_ticket(printer: str, office: Office, given: TicketGiven, wait: str, now: datetime) -> bool:
    """Print; False when it could not be printed. The ticket is given out already and only has to be shown then."""
    return _sent(printer, lambda: _written(office, given, wait, now)) == "printed"


PrintResult = Literal["printed", "refused", "silent", "unknown", "missing", "forbidden"]
"""What came of printing. refused: the machine is there, but no printer listens; silent: nobody answers; unknown: no
such address; missing: `prepazka` was installed without its optional part `printers`; forbidden: by PREPAZKA_PRINTERS.
"""


def print_test(printer: str, office: Office, now: datetime) -> PrintResult:
    """Print a piece of paper that is no ticket."""
    return _sent(printer, lambda: _test(office, now))


def _sent(printer: str, write: Callable[[], bytes]) -> PrintResult:
    came: PrintResult = "silent"
    try:
        address = Address.read(printer)
        paper = write()
        with line_to(address, settings.PRINTERS, PATIENCE) as line:
            line.sendall(paper)
    except (ImportError, OSError, ValueError, Forbidden) as error:
        log.warning("ticket not printed", error=type(error).__name__)
        match error:
            case ImportError():
                came = "missing"
            case Forbidden():
                came = "forbidden"
            case socket.gaierror() | ValueError():
                came = "unknown"
            case ConnectionRefusedError():
                came = "refused"
        return came
    return "printed"


def _test(office: Office, now: datetime) -> bytes:
    from escpos.printer import Dummy  # noqa: PLC0415 -- an optional part, and slow to load

    paper = Dummy()
    paper.set(align="center", bold=False, normal_textsize=True)
    paper.textln(_plain(office.name))
    paper.set(align="center", bold=True, double_height=True, double_width=True)
    paper.textln(_plain(_("Zkušební lístek")))
    paper.set(align="center", bold=False, normal_textsize=True)
    local = now.astimezone(office.zone)
    paper.textln(_plain(f"{day(local.date())} {local:%H:%M}"))
    paper.cut()
    return bytes(paper.output)


def _written(office: Office, given: TicketGiven, wait: str, now: datetime) -> bytes:
    """What the printer is sent."""
    from escpos.printer import Dummy  # noqa: PLC0415 -- an optional part, and slow to load

    paper = Dummy()
    paper.set(align="center", bold=False, normal_textsize=True)
    paper.textln(_plain(office.name))
    paper.set(align="center", bold=True, custom_size=True, width=6, height=6)
    paper.textln(given.ticket.label)
    paper.set(align="center", bold=False, normal_textsize=True)
    paper.textln(_plain(given.agenda.title))
    if wait:
        paper.textln(_plain(wait))
    for line in _bring(office.service_of.get(given.ticket.service)):
        paper.textln(line)
    local = now.astimezone(office.zone)
    paper.textln(_plain(f"{day(local.date())} {local:%H:%M}"))
    paper.cut()
    return bytes(paper.output)


def _bring(service: Service | None) -> list[str]:
    """Return what to bring, line by line; nothing where it would make the ticket long."""
    needed = bring(service)
    if not needed:
        return []
    lines = wrap(_plain(_("S sebou: %(what)s") % {"what": needed}), _COLUMNS)
    return lines if len(lines) <= _MOST_LINES else []


def _plain(text: str) -> str:
    """Letters every printer has, whatever its code page."""
    return anyascii(text.replace("\u00a0", " "))
