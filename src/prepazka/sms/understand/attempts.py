"""Attempts: the repairs that change a text, in combination, each result read by the strict parser.

At most three repairs at once and at most forty strict parses a message. Those with the fewest doubtful repairs are
tried first, of these those with the fewest repairs; what is found there is not looked for further on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import NamedTuple

from prepazka.core.booking.requests import Request
from prepazka.core.office.office import Office
from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY, Reading, parse
from prepazka.sms.understand.repair import Repair
from prepazka.sms.understand.repairs import REPAIRS
from prepazka.sms.understand.written import Written

MOST_TOGETHER = 3
MOST_PARSES = 40
_MOST_COMBINED = 64
"""Combinations that are tried: making a text takes about as long as reading it."""
_MOST_WORDS = 28
"""Pieces of a complete message: command, service, persons, date, time with small words, and a name."""


@dataclass
class Parser:
    """The strict parser for one message; left: how many more times it may be asked.

    texts: what repairs have made of it so far, by the text they began with: it is tried up to three times, each time
    with other readings accepted.
    """

    office: Office
    today: date
    left: int = MOST_PARSES
    texts: "dict[str, _Texts]" = field(default_factory=dict)
    _known: dict[str, Reading] = field(default_factory=dict)
    _attempts: dict[str, Reading] = field(default_factory=dict)

    def keep(self, text: str, reading: Reading) -> None:
        """Keep the strict reading of the text as it was sent; it counts as asked for."""
        self._known[text] = reading
        self.left -= 1

    def read(self, text: str) -> Reading | None:
        """The strict reading of a text; None when it was asked too often."""
        return self._read(text, self._known, drafted=True)

    def request(self, text: str, written: Written | None = None) -> tuple[Request, str] | None:
        """The complete request of a text, with its language. written: the same text, where it is at hand."""
        if not begins_with_command(written or Written(text)):
            return None
        reading = self._known.get(text) or self._read(text, self._attempts, drafted=False)
        return (reading.request, reading.language) if reading and isinstance(reading.request, Request) else None

    def _read(self, text: str, known: dict[str, Reading], *, drafted: bool) -> Reading | None:
        if text not in known:
            if self.left <= 0:
                return None
            self.left -= 1
            known[text] = parse(text, self.office, self.today, drafted=drafted)
        return known[text]


def begins_with_command(written: Written) -> bool:
    """Whether the first word of a text is a command: without one the strict parser cannot read it."""
    return written.first in VOCABULARY.commands


class Repaired(NamedTuple):
    """A text with every repair made that changes it. certain: with the certain ones alone; used: those that change it,
    in the table's order.
    """

    text: str
    certain: str
    used: tuple[Repair, ...]

    def certainly(self) -> "Repaired":
        """The same with the certain repairs alone."""
        return Repaired(self.certain, self.certain, tuple(each for each in self.used if each.certainty == "certain"))


def repaired(text: str, lexicon: Lexicon) -> Repaired:
    """Every repair in turn, each on what those before it left; and those that change the text as it is."""
    used: list[Repair] = []
    first = certain = now = Written(text)
    for repair in REPAIRS:
        before = now
        now = _applied(repair, now, first, lexicon, used)
        if repair.certainty == "certain":
            certain = now if certain is before else _applied(repair, certain, first, lexicon, [])
    return Repaired(now.text, certain.text, tuple(used))


def _applied(repair: Repair, now: Written, first: Written, lexicon: Lexicon, used: list[Repair]) -> Written:
    changed = repair.apply(now, lexicon)
    if changed or (now is not first and repair.apply(first, lexicon)):
        used.append(repair)
    return Written(changed[0]) if len(changed) == 1 else now  # of several, none is known to be meant


class Attempt(NamedTuple):
    """A complete reading of a repaired text."""

    request: Request
    language: str
    repairs: tuple[Repair, ...]

    @property
    def certain(self) -> bool:
        """Whether no repair was doubtful."""
        return all(repair.certainty == "certain" for repair in self.repairs)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the repairs."""
        return tuple(repair.name for repair in self.repairs)


def attempts(
    text: str, made: Repaired, parser: Parser, lexicon: Lexicon, accepted: Callable[[Attempt], bool]
) -> list[Attempt]:
    """The accepted readings that take the fewest repairs; two with the same request count as one."""
    if len(made.text.split()) > _MOST_WORDS:
        return []  # with all repairs made it still says more than any message
    always: tuple[Repair, ...] = ()
    used = made.used
    if len(text.split()) > _MOST_WORDS:  # too long to try what is certain one by one
        always = made.certainly().used
        text, used = made.certain, tuple(each for each in used if each not in always)
    found: dict[Request, Attempt] = {}
    rank: tuple[int, int] | None = None
    texts = parser.texts.setdefault(text, _Texts(text, lexicon))
    for repairs in _combined(used):
        if (found and rank != _rank(repairs)) or parser.left <= 0:
            break
        for changed in texts.after(repairs):
            if not begins_with_command(changed) or len(changed.words) > _MOST_WORDS:
                continue
            if read := parser.request(changed.text, changed):
                attempt = Attempt(*read, (*always, *repairs))
                if accepted(attempt):
                    found.setdefault(attempt.request, attempt)
                    rank = _rank(repairs)
    return list(found.values())


def _combined(used: Sequence[Repair]) -> Iterator[tuple[Repair, ...]]:
    together = [each for size in range(MOST_TOGETHER + 1) for each in combinations(used, size)]
    return iter(sorted(together, key=_rank)[:_MOST_COMBINED])


def _rank(repairs: Sequence[Repair]) -> tuple[int, int]:
    return sum(repair.certainty == "doubtful" for repair in repairs), len(repairs)


class _Texts:
    """The texts of one message after repairs. Each repair is made once on each text, whatever was made before it: most
    ways to combine repairs lead to the same few texts.
    """

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._after: dict[tuple[str, ...], list[Written]] = {(): [Written(text)]}
        self._changed: dict[tuple[str, str], list[Written]] = {}
        self._written: dict[str, Written] = {}

    def after(self, repairs: Sequence[Repair]) -> list[Written]:
        """The texts after these repairs in turn; none where one of them changes nothing."""
        names = tuple(repair.name for repair in repairs)
        if names not in self._after:
            before = self.after(repairs[:-1])
            self._after[names] = [changed for text in before for changed in self._changed_by(repairs[-1], text)]
        return self._after[names]

    def _changed_by(self, repair: Repair, written: Written) -> list[Written]:
        key = repair.name, written.text
        if key not in self._changed:
            self._changed[key] = [self._of(text) for text in repair.apply(written, self._lexicon)]
        return self._changed[key]

    def _of(self, text: str) -> Written:
        if text not in self._written:
            self._written[text] = Written(text)
        return self._written[text]
