"""Pieces: every value that can begin at one token of a message, each with the place where it ends.

A token may begin several pieces ("10.08" is a date or a time, "PO" a Monday or a name). Which of them are meant
is decided by how the pieces cover the whole message, not here (`covers`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, time
from typing import Literal, NamedTuple

from prepazka.sms.dates import agrees, compact_day, is_date_shaped, named_day, written_day
from prepazka.sms.times import bare_hour, is_hour_shaped, is_time_shaped, worded_time, written_time
from prepazka.sms.tokens import Token
from prepazka.sms.words import DayName, Vocabulary

Slot = Literal["persons", "choice", "code", "day", "at", "name"]

LONGEST_NAME = 60
"""Characters of a name (spec/messages.md §3)."""


class Bad(NamedTuple):
    """A date or time as written that does not exist."""

    token: str


class Name(NamedTuple):
    """Words standing for a name, from token `first` to before `end`; `has_day`: one of them is also a day word."""

    text: str
    first: int
    end: int
    has_day: bool


Value = date | time | str | int | Name | Bad
Fills = Mapping[Slot, Value]


class Piece(NamedTuple):
    """The tokens up to `end` (excluded) say `fills`; nothing, for decoration."""

    end: int
    fills: Fills


_CODE = re.compile(r"(\d{4,10})\.?", re.ASCII)
_PERSONS = re.compile(r"([1-9])[X×]", re.ASCII)
_ONE_TO_NINE = re.compile(r"[1-9]\.?", re.ASCII)
_TIMES_SIGNS = frozenset("X×")
_SPACED_DATE = re.compile(r"\d{1,2}\.\d{1,2}(?:\.(?:20\d{2}\.?)?)?", re.ASCII)
_FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)
_DATE_END = re.compile(r"(?<=\d\.)(?=\d)|(?<=[./]20\d\d)(?=\d)", re.ASCII)


class Pieces:
    """The pieces of one message's tokens, of the kinds a command has slots for."""

    def __init__(self, tokens: Sequence[Token], slots: AbstractSet[Slot], words: Vocabulary, today: date) -> None:
        self._tokens = tokens
        self._slots = slots
        self._words = words
        self._today = today

    def at(self, i: int) -> list[Piece]:
        """The pieces beginning at token `i`; none if the token cannot be understood there."""
        token = self._tokens[i]
        if token.kind == "decoration":
            return [Piece(i + 1, {})]
        if token.kind == "number":
            found = self._numbers(i)
        elif token.kind == "word":
            found = [*self._day_words(i), *self._introduced(i)]
            if "name" in self._slots:
                found += self._names(i)
        else:
            return []
        return [piece for piece in found if piece.fills.keys() <= self._slots]

    def _folded(self, i: int) -> str:
        return self._tokens[i].folded if i < len(self._tokens) else ""

    # --- numbers: dates, times, codes, persons -------------------------------------------------

    def _numbers(self, i: int) -> list[Piece]:
        spelled = self._tokens[i].folded
        found: list[Piece] = []
        if "code" in self._slots and (code := _CODE.fullmatch(spelled)):
            found.append(Piece(i + 1, {"code": code[1]}))
        if "persons" in self._slots:
            found += self._persons(i, spelled)
        if "choice" in self._slots and _ONE_TO_NINE.fullmatch(spelled):
            found.append(Piece(i + 1, {"choice": int(spelled[0])}))
        if "day" in self._slots:
            found += self._dates(i, spelled)
        if "at" in self._slots:
            found += self._times(i, spelled)
        return found or self._shapes(i, spelled)

    def _persons(self, i: int, spelled: str) -> Iterator[Piece]:
        if count := _PERSONS.fullmatch(spelled):
            yield Piece(i + 1, {"persons": int(count[1])})
        elif _ONE_TO_NINE.fullmatch(spelled) and self._folded(i + 1) in _TIMES_SIGNS:
            yield Piece(i + 2, {"persons": int(spelled[0])})

    def _dates(self, i: int, spelled: str) -> Iterator[Piece]:
        found = list(self._written_dates(i, spelled))
        if not found and (day := compact_day(spelled, self._today)):
            found = [Piece(i + 1, {"day": day})]
        for piece in found:
            yield piece
            yield from self._with_hour(piece)

    def _written_dates(self, i: int, spelled: str) -> Iterator[Piece]:
        """The longest date written with separators from token `i` on, alone or grown together with a time."""
        for end in (i + 3, i + 2):
            joined = self._joined(i, end)
            if joined is not None:
                yield Piece(end, {"day": written_day(joined, self._today) or Bad(" ".join(self._texts(i, end)))})
                return
        if day := written_day(spelled, self._today):
            yield Piece(i + 1, {"day": day})
        elif grown := self._grown_together(spelled):
            yield Piece(i + 1, grown)
        elif is_date_shaped(spelled) and not written_time(spelled, self._words.after_at):
            yield Piece(i + 1, {"day": Bad(self._tokens[i].text)})

    def _texts(self, i: int, end: int) -> list[str]:
        return [token.text for token in self._tokens[i:end]]

    def _joined(self, i: int, end: int) -> str | None:
        """The tokens as one date written with spaces: "10. 8.", "10. 8. 2026"; None if they are not."""
        if end > len(self._tokens):
            return None
        pieces = [token.folded for token in self._tokens[i:end]]
        if not all(piece.endswith(".") for piece in pieces[:-1]):
            return None
        joined = "".join(pieces)
        return joined if _SPACED_DATE.fullmatch(joined) else None

    def _grown_together(self, spelled: str) -> Fills | None:
        """A date and a time without a space between them ("10.8.14:00"), where they can be told apart in one way."""
        readings: list[Fills] = []
        for cut in _DATE_END.finditer(spelled):
            written, clock = spelled[: cut.start()], spelled[cut.start() :]
            if is_date_shaped(written) and _is_clock(clock):
                day, at = written_day(written, self._today), written_time(clock, frozenset())
                readings.append({"day": day or Bad(spelled), "at": at or Bad(spelled)})
        existing = [fills for fills in readings if not any(isinstance(value, Bad) for value in fills.values())]
        best = existing or readings
        return best[0] if len(best) == 1 else None

    def _with_hour(self, piece: Piece) -> Iterator[Piece]:
        """A date with the bare hour directly after it: "10.8. 14" (spec/messages.md §3)."""
        i = piece.end
        if self._folded(i) in self._words.before_at:
            i += 1
        hour = self._folded(i)
        if "at" in piece.fills or not is_hour_shaped(hour) or self._folded(i + 1) in self._words.after_at:
            return
        yield Piece(i + 1, {**piece.fills, "at": bare_hour(hour) or Bad(hour)})

    def _times(self, i: int, spelled: str) -> Iterator[Piece]:
        if self._folded(i + 1) in self._words.after_at:
            if is_hour_shaped(spelled) or _is_clock(spelled):
                yield Piece(i + 2, {"at": worded_time(spelled) or Bad(spelled)})
        elif at := written_time(spelled, self._words.after_at):
            yield Piece(i + 1, {"at": at})

    def _shapes(self, i: int, spelled: str) -> list[Piece]:
        """What a number that is nothing that exists was meant to be."""
        text = self._tokens[i].text
        four_digits = _FOUR_DIGITS.fullmatch(spelled) is not None
        found: list[Piece] = []
        if four_digits:
            found.append(Piece(i + 1, {"day": Bad(text)}))
        if four_digits or is_time_shaped(spelled, self._words.after_at):
            found.append(Piece(i + 1, {"at": Bad(text)}))
        return found

    # --- words: days, words before a value, names ------------------------------------------------

    def _day_words(self, i: int) -> Iterator[Piece]:
        name = self._words.days.get(self._tokens[i].folded)
        if name is None or "day" not in self._slots:
            return
        alone = Piece(i + 1, {"day": named_day(name, self._today)})
        yield alone
        yield from self._with_hour(alone)
        if i + 1 < len(self._tokens) and self._tokens[i + 1].kind == "number":
            for written in self._written_dates(i + 1, self._tokens[i + 1].folded):
                both = self._agreed(name, i, written)
                yield both
                yield from self._with_hour(both)

    def _agreed(self, name: DayName, i: int, written: Piece) -> Piece:
        """The date written after the day word at token `i`; no such day if they contradict each other."""
        day = written.fills["day"]
        if not isinstance(day, date) or agrees(name, day, self._today):
            return written
        return Piece(written.end, {**written.fills, "day": Bad(" ".join(self._texts(i, written.end)))})

    def _introduced(self, i: int) -> Iterator[Piece]:
        """The values a word such as "v" or "kod" may stand before."""
        word = self._tokens[i].folded
        slots = {
            slot
            for slot, before in (
                ("day", self._words.before_day),
                ("at", self._words.before_at),
                ("code", self._words.before_code),
            )
            if word in before
        }
        if slots and i + 1 < len(self._tokens):
            kind = self._tokens[i + 1].kind
            values = self._numbers(i + 1) if kind == "number" else list(self._day_words(i + 1))
            yield from (piece for piece in values if next(iter(piece.fills)) in slots)

    def _names(self, i: int) -> Iterator[Piece]:
        """Runs of words from token `i` on; each ends where the words end or where a word may mean something else."""
        words: list[str] = []
        length, has_day = -1, False
        for j in range(i, len(self._tokens)):
            token = self._tokens[j]
            if token.kind == "decoration":
                continue
            if words and (token.kind != "word" or token.folded in self._words.special):
                yield Piece(j, {"name": Name(" ".join(words), i, j, has_day)})
            if token.kind != "word":
                return
            words.append(token.text)
            length += len(token.text) + 1
            has_day = has_day or token.folded in self._words.days
            if length > LONGEST_NAME:
                return
        yield Piece(len(self._tokens), {"name": Name(" ".join(words), i, len(self._tokens), has_day)})


def _is_clock(spelled: str) -> bool:
    """Whether a token without a word of the hour is written as a time, existing or not."""
    return is_time_shaped(spelled, frozenset()) or _FOUR_DIGITS.fullmatch(spelled) is not None
