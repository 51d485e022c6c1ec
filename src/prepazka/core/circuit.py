"""The circuit breaker of a gateway: after failures in a row it is given no messages for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from prepazka.core.delivery import THROTTLED

BREAK_AFTER = 5
BREAK = timedelta(minutes=1)
"""After BREAK_AFTER tries in vain in a row a gateway is given nothing for the time of BREAK, then one message."""


CircuitSignal = Literal["taken", "refused", "in vain", "too fast"]
"""What one answer shows about the gateway: "in vain" is a failure any other message would meet too."""


@dataclass(frozen=True, slots=True)
class CircuitState:
    """The state of the circuit breaker of a gateway.

    failures: tries in vain in a row; paused: the moment before which it is given nothing.
    """

    failures: int = 0
    paused: datetime | None = None

    # docs/spec/delivery.md §4.3: "After 5 failures in a row a gateway is left alone for a minute"
    def share(self, batch: int, now: datetime) -> int:
        """Return how many messages it may be given at once: none in a pause, one to try after it failed so often.

        A pause with more than `BREAK` to go was set by a wrong clock and does not count.
        """
        if self.paused and now < self.paused <= now + BREAK:
            return 0
        return 1 if self.failures >= BREAK_AFTER else batch

    def after(self, signals: Sequence[CircuitSignal], now: datetime) -> "CircuitState":
        """Return the state after these answers."""
        failures, paused = self.failures, self.paused
        if paused and paused > now + BREAK:
            paused = None
        for signal in signals:
            match signal:
                case "taken" | "refused":
                    failures = 0
                case "in vain":
                    failures = min(failures + 1, BREAK_AFTER)
                    if failures == BREAK_AFTER:
                        paused = now + BREAK
                case "too fast":
                    paused = max(now + THROTTLED, paused or now)
        return CircuitState(failures, paused if paused and paused > now else None)
