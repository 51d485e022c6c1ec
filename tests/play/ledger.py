"""What was played, as those who played it were told: the office's books must come to the same."""

import re
from collections import Counter
from dataclasses import dataclass, field

# As a message says it: Objednano: ZOP po 3.8. v 8:00, NOVAK. Pristupovy kod 482913.
_BOOKED = re.compile(r"^Objednano: (\w+) \w+ (\d+)\.(\d+)\. v (\d+:\d\d), ([^.]+)\. Pristupovy kod (\d+)\.")


@dataclass
class Ledger:
    """granted: what each access code stands for. messages: how many citizens sent, by what came of them.

    tickets: the kind of each number given out; ends: what became of it. heard: all a telephone was told.
    """

    granted: dict[str, str] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    messages: Counter[str] = field(default_factory=Counter)
    replies: dict[str, list[str]] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    heard: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""

    @property
    def open(self) -> set[str]:
        """Tickets of which nobody has seen the end."""
        return self.tickets.keys() - self.ends.keys()

    def said(self, number: str, outcome: str, reply: str) -> None:
        """A citizen's message and the reply to it."""
        self.messages[outcome] += 1
        self.replies.setdefault(number, []).append(reply)
        if outcome == "booked":
            self.booked(reply)
        if outcome == "cancelled":
            self.cancelled.add(self.last)

    def booked(self, text: str) -> str:
        """The code in a confirmation."""
        found = _BOOKED.match(text)
        assert found is not None, text
        service, day, month, at, name, code = found.groups()
        assert code not in self.granted
        self.granted[code] = f"{service} 2026-{month:0>2}-{day:0>2} {at} {name.upper()}"
        self.last = code
        return code

    def code_of(self, name: str) -> str:
        """The first code somebody of this name was given."""
        return next(code for code, what in self.granted.items() if what.endswith(f" {name}"))

    def ended(self, state: str, *numbers: str) -> None:
        """What became of tickets, once each."""
        for number in numbers:
            assert number in self.open, number
            self.ends[number] = state
