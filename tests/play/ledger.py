"""The ledger of the play: what the people saw; the database must agree with it."""

import re
from collections import Counter
from dataclasses import dataclass, field

# A confirmation: Objednano: ZOP (title) pon 3.8. 8:00, NOVAK. Kod pro prichod i zruseni: 482913.
# Or what asks for one, of a place chosen on the web: Drzime 10 minut: ZOP pon 3.8. 8:00, NOVAK. Kod …
_BOOKED = re.compile(
    r"^(?:Objednano|Drzime 10 minut): (\w+)(?: \(.*\))? \w+ (\d+)\.(\d+)\. (\d+:\d\d), ([^.]+)\. Kod [\w ]+: (\d+)\."
)


@dataclass
class Ledger:
    """What the people of the play saw.

    granted: the booking of each access code. messages: how many messages had each outcome. tickets: the kind of each
    number given out; ends: its last state. received: all texts of each telephone.
    """

    granted: dict[str, str] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    messages: Counter[str] = field(default_factory=Counter)
    replies: dict[str, list[str]] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    received: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""

    @property
    def open(self) -> set[str]:
        """The tickets whose end nobody has seen."""
        return self.tickets.keys() - self.ends.keys()

    def record_message(self, number: str, outcome: str, reply: str) -> None:
        """Record a citizen's message and the reply."""
        self.messages[outcome] += 1
        self.replies.setdefault(number, []).append(reply)
        if outcome == "booked":
            self.booked(reply)
        if outcome == "cancelled":
            self.cancelled.add(self.last)

    def booked(self, text: str) -> str:
        """Record a confirmation and return its code."""
        match = _BOOKED.match(text)
        assert match is not None, text
        service, day, month, at, name, code = match.groups()
        assert code not in self.granted
        self.granted[code] = f"{service} 2026-{month:0>2}-{day:0>2} {at} {name.upper()}"
        self.last = code
        return code

    def code_of(self, name: str) -> str:
        """Return the first code of somebody with this name."""
        return next(code for code, booking in self.granted.items() if booking.endswith(f" {name}"))

    def ended(self, state: str, *numbers: str) -> None:
        """Record the end of tickets, once each."""
        for number in numbers:
            assert number in self.open, number
            self.ends[number] = state
