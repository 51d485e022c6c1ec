"""Parses: the ways in which all tokens of a message can be accounted for, no slot filled twice."""

from prepazka.sms.understand.candidates import Candidate, Candidates, Fills, Name


class Parses:
    """All covers of `length` tokens, found on making.

    full: what the slots hold in each cover, in the order of the message. furthest: the first token no attempt got
    past (`length` if there is a cover), and reached: what the slots held there.
    """

    def __init__(self, candidates: Candidates, length: int) -> None:
        self._candidates = candidates
        self._length = length
        self._known: dict[int, list[Candidate]] = {}
        self.furthest = -1
        self.reached: Fills = {}
        self.full: list[Fills] = []
        self._walk(0, {})

    def _walk(self, i: int, filled: Fills) -> None:
        if i > self.furthest:
            self.furthest, self.reached = i, filled
        if i == self._length:
            if _names_only_beside_a_day(filled):
                self.full.append(filled)
            return
        if i not in self._known:
            self._known[i] = self._candidates.at(i)
        for end, fills in self._known[i]:
            if filled.keys().isdisjoint(fills):
                self._walk(end, {**filled, **fills})


# docs/spec/messages.md §3.5: "A day word is part of a name only where the message gives a day besides."
def _names_only_beside_a_day(filled: Fills) -> bool:
    """A day word is (part of) a name only where the day is given besides; otherwise it is the day."""
    name = filled.get("name")
    return not isinstance(name, Name) or not name.has_day or "day" in filled
