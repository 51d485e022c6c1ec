"""What the board shows of an office's queue: numbers only."""

from dataclasses import dataclass
from datetime import datetime

from prepazka.core.queue.estimate import Wait


@dataclass(frozen=True, slots=True)
class AgendaFigures:
    """One agenda now: clients waiting (those parked too), counters staffed and not on a break that serve it.

    wait: for somebody who would come now without a booking; None when nobody serves the agenda. `open`: whether it
    is within the agenda's hours, a midday break included.
    """

    id: int
    key: str
    title: str
    waiting: int
    counters: int
    wait: Wait | None
    open: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A number called to a counter; `times` grows when it is called again: a display sounds its gong then."""

    number: str
    counter: str
    agenda: str
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Board:
    """The live state of an office's counters.

    calling: called and not yet served, the newest first. last: the latest calls of today, those of `calling` included,
    the newest first. at: of when the data are; version: grows with every change in the queue.
    """

    office: str
    name: str
    agendas: tuple[AgendaFigures, ...]
    calling: tuple[Call, ...]
    last: tuple[Call, ...]
    at: datetime
    version: int
