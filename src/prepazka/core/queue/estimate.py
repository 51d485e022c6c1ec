"""How long one waits: the day played forward by the rule that calls, with the time the last clients took."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wait:
    """An estimate in whole minutes, from `low` to `high`, both included; indicative by its nature."""

    low: int
    high: int
