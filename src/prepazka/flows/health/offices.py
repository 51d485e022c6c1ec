"""What keeps an office from working: found by going through its configuration, office by office, in the background.

An office that is unfinished or wrong is served as far as it goes. `prepazka check`, `/readyz` and the operator's first
page name it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from prepazka.core.office import calendar
from prepazka.core.office.office import Office
from prepazka.sms.own_words import word_problems
from prepazka.sms.reply.fit import text_problems
from prepazka.store import offices
from prepazka.store.database_errors import DATABASE_AWAY
from prepazka.store.office_rows import UnreadableOffice
from prepazka.store.offices import MovedOffice, Version

_SOME_DAY = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class OfficeProblem:
    """One thing that is missing or wrong in an office; an error keeps it from answering or from being booked."""

    level: Literal["warning", "error"]
    what: str
    fix: str


def examine(office_id: int) -> list[OfficeProblem]:
    """Return the problems of a stored office. This takes milliseconds: all of its texts are tried."""
    fix = "correct it in the office's file and run: prepazka load-office FILE"
    try:
        office = offices.load(office_id)
        # The calendar of one day: of a country whose holidays no library knows, there is none.
        for agenda in office.agendas:
            calendar.starts(office, agenda, _SOME_DAY)
        return list(_problems(office))
    except DATABASE_AWAY:
        raise
    except MovedOffice:
        done = "once it works there: prepazka remove-office; if it never went: prepazka export-office --reopen"
        return [OfficeProblem("warning", "has moved to another installation and is closed here", done)]
    except UnreadableOffice as error:
        reason = str(error).partition(": ")[2]
        return [OfficeProblem("error", f"cannot be read ({reason}); its messages wait", fix)]
    except Exception as error:
        return [OfficeProblem("error", f"cannot be worked with ({error or type(error).__name__})", fix)]


def _problems(office: Office) -> Iterator[OfficeProblem]:
    fix = f"add it to the office's file and run: prepazka load-office (prepazka dump-office --office {office.slug})"
    if not office.numbers:
        yield OfficeProblem("error", "has no number to be texted at", fix)
    if not office.services:
        yield OfficeProblem("error", "has no services", fix)
    for agenda in office.agendas:
        served = any(service.agenda == agenda.id for service in office.services)
        if served and not agenda.rules and not agenda.extra_days:
            yield OfficeProblem("error", f"the agenda {agenda.key} has no hours", fix)
    if not office.counters:
        yield OfficeProblem("warning", "has no counters, so nobody can be called", fix)
    for problem in text_problems(office):
        what = f"the text {problem.language} {problem.name}: {problem.why}"
        yield OfficeProblem("error", what, "change the text, or shorten what is put in")
    for wrong in word_problems(office):
        yield OfficeProblem("warning", str(wrong), "choose another word")


class Examination:
    """What is known of all offices; each is examined again when its version has changed."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, list[OfficeProblem]]] = {}
        self._waiting: deque[tuple[str, Version]] = deque()
        self._seen: tuple[int, int, int] | None = None

    def go_on(self, most: int) -> int:
        """Examine offices that changed since, at most so many; return how many. One small query when none did.

        All offices are asked for their versions only when one has changed: of thousands, that takes longer than to
        examine one.
        """
        stamp = offices.stamp()
        if stamp != self._seen:
            self._list_changed()
            self._seen = stamp
        examined = 0
        while self._waiting and examined < most:
            slug, one = self._waiting[0]
            self._found[slug] = (one.version, examine(one.id))
            self._waiting.popleft()
            examined += 1
        return examined

    def _list_changed(self) -> None:
        """Have those wait that changed since they were examined, and behind them those that never were."""
        versions = offices.versions()
        self._found = {slug: found for slug, found in self._found.items() if slug in versions}
        changed = [slug for slug, one in versions.items() if self._found.get(slug, (None,))[0] != one.version]
        changed.sort(key=lambda slug: slug not in self._found)
        self._waiting = deque((slug, versions[slug]) for slug in changed)

    def errors(self) -> dict[str, OfficeProblem]:
        """Return the first error of each office that has one, by its slug."""
        return {
            slug: errors[0]
            for slug, (_, problems) in list(self._found.items())
            if (errors := [one for one in problems if one.level == "error"])
        }


# Of this process; its worker keeps it up to date.
examination = Examination()
