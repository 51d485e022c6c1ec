"""The list for a day without the system on its way out: a page to print, a file, an e-mail, a receipt printer."""

import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from prepazka import private_files
from prepazka.core.office.office import Office
from prepazka.flows.counters.day_list import DayList, day_lists
from prepazka.web import paper
from prepazka.web.wording import format_day, format_time

log = structlog.get_logger()

_FILE = re.compile(r"([a-z0-9-]+)-(\d{4}-\d\d-\d\d)")
"""The names of our files: an office's slug and the day."""

Target = Literal["folder", "email", "printer"]

# Time, code, name, service and last digits in a text.
_LINE = "{:>5}  {:<6}  {}  {}  {}"


class NotDelivered(Exception):
    """The list did not get where it should; another try may help."""


def targets(office: Office) -> list[Target]:
    """Return where an office's list goes."""
    chosen: Mapping[Target, object] = {
        "folder": office.settings.day_list_folder,
        "email": office.settings.day_list_email,
        "printer": office.settings.day_list_printer,
    }
    return [target for target, wanted in chosen.items() if wanted]


def deliver(office: Office, target: Target, now: datetime) -> None:
    """Bring the lists of today and tomorrow to a target, in Czech. Raises: NotDelivered."""
    with translation.override("cs"):
        lists = day_lists(office, now)
        deliveries: Mapping[Target, Callable[[Office, Sequence[DayList]], None]] = {
            "folder": _put_into_folder,
            "email": _mail,
            "printer": _print,
        }
        deliveries[target](office, lists)


def describe(lists: Sequence[DayList]) -> list[tuple[str, list[tuple[str, str, str, str, str]]]]:
    """Return each day's title, and its rows: time, code, name, service, last digits."""
    return [
        (
            format_day(one.day),
            [(format_time(row.at), row.code, row.name, row.service, row.digits) for row in one.bookings],
        )
        for one in lists
    ]


def has_files() -> bool:
    """Whether there is any file in the folder."""
    return any(settings.DAY_LISTS.glob("*.html"))


# docs/spec/counters.md §10: "A file of the folder is deleted in the night after its day"
def delete_old(today: Callable[[str], date | None]) -> int:
    """Delete the files of days that are over; return how many. today: by an office's slug, None where it is gone."""
    old = [path for path in settings.DAY_LISTS.glob("*.html") if _is_over(path, today)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _is_over(path: Path, today: Callable[[str], date | None]) -> bool:
    match = _FILE.fullmatch(path.stem)
    if match is None:
        return False  # somebody else's file
    of_office = today(match[1])
    return of_office is None or match[2] < of_office.isoformat()


def _put_into_folder(office: Office, lists: Sequence[DayList]) -> None:
    """Write the page; where the folder is shared with a group, its members may read it."""
    path = settings.DAY_LISTS / f"{office.slug}-{lists[0].day.isoformat()}.html"
    partial = path.with_suffix(f".{os.getpid()}")
    try:
        private_files.make_directory(path.parent)
        shared = path.parent.stat().st_mode & stat.S_ISGID
        private_files.make_file(partial)
        partial.write_text(_page(office, lists), "utf-8")
        partial.chmod(0o640 if shared else private_files.FILE)
        partial.replace(path)
    except OSError as error:
        raise NotDelivered(type(error).__name__) from error


def _mail(office: Office, lists: Sequence[DayList]) -> None:
    if not settings.MAIL.host:
        raise NotDelivered("no mail server")
    subject = _("Objednaní na %(day)s – %(office)s") % {"day": format_day(lists[0].day), "office": office.name}
    message = EmailMessage(subject, "\n".join(_lines(lists)), to=[office.settings.day_list_email])
    message.attach(f"{office.slug}-{lists[0].day.isoformat()}.html", _page(office, lists), "text/html")
    try:
        message.send()
    except OSError as error:  # smtplib's errors are such
        raise NotDelivered(type(error).__name__) from error


def _print(office: Office, lists: Sequence[DayList]) -> None:
    result = paper.print_lines(office.settings.day_list_printer, office, list(_lines(lists)))
    if result != "printed":
        raise NotDelivered(result)


def _page(office: Office, lists: Sequence[DayList]) -> str:
    return render_to_string("web/day_list_file.html", {"office": office, "days": describe(lists)})


def _lines(lists: Sequence[DayList]) -> list[str]:
    lines: list[str] = []
    for title, rows in describe(lists):
        lines += [title, *(_LINE.format(*row) for row in rows)]
        lines += [_("nikdo") if not rows else "", ""]
    return lines
