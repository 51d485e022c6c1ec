"""Candidates: every value that can begin at one token of a message, each with the place where it ends.

A token may begin several candidates ("10.08" is a date or a time, "PO" a Monday or a name). Which of them are meant
is decided by how the candidates cover the whole message, not here (`parses`).
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, time
from typing import Literal, NamedTuple

from prepazka.sms.understand.dates import WrittenDate, agrees, compact_day, named_day, written_date
from prepazka.sms.understand.times import bare_hour, is_hour_shaped, is_time_shaped, written_time
from prepazka.sms.understand.tokens import Token
from prepazka.sms.vocabulary import DayName, Vocabulary

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


class Candidate(NamedTuple):
    """The tokens up to `end` (excluded) say `fills`; nothing, for decoration."""

    end: int
    fills: Fills


_BEHIND = ("",) * 4
"""What follows the last token, as far as anybody looks ahead."""

_CODE = re.compile(r"(\d{4,10})\.?", re.ASCII)
_ONE_TO_NINE = re.compile(r"[1-9]\.?", re.ASCII)
_TIMES_SIGNS = frozenset("X×")
_MONTH = re.compile(r"\d{1,2}(?:\.(?:\d{4}\.?)?)?", re.ASCII)
_YEAR = re.compile(r"20\d{2}\.?", re.ASCII)
_FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)
_DAY_ALONE = re.compile(r"\d{1,2}\.", re.ASCII)
_DATE_END = re.compile(r"(?<=\d\.)(?=\d)|(?<=[./]20\d\d)(?=\d)", re.ASCII)


class Candidates:
    """The pieces of one message's tokens, of the kinds a command has slots for."""

    def __init__(self, tokens: Sequence[Token], slots: AbstractSet[Slot], words: Vocabulary, today: date) -> None:
        self._tokens = tokens
        self._folded = [*[token.folded for token in tokens], *_BEHIND]
        self._slots = slots
        self._words = words
        self._today = today

    def at(self, i: int) -> list[Candidate]:
        """The pieces beginning at token `i`; none if the token cannot be understood there."""
        token = self._tokens[i]
        if token.kind == "decoration":
            return [Candidate(i + 1, {})]
        if token.kind == "number":
            found = self._numbers(i)
        elif token.kind == "word":
            found = self._day_words(i) + self._introduced(i)
            if "name" in self._slots:
                found += self._names(i)
        else:
            return []
        slots = self._slots
        return [candidate for candidate in found if candidate.fills.keys() <= slots]

    # --- numbers: dates, times, codes, persons -------------------------------------------------

    def _numbers(self, i: int) -> list[Candidate]:
        spelled = self._tokens[i].folded
        found: list[Candidate] = []
        if "code" in self._slots and (code := _CODE.fullmatch(spelled)):
            found.append(Candidate(i + 1, {"code": code[1]}))
        if "persons" in self._slots and len(spelled) <= 2 and (persons := self._persons(i, spelled)):
            found.append(persons)
        if "choice" in self._slots and _ONE_TO_NINE.fullmatch(spelled):
            found.append(Candidate(i + 1, {"choice": int(spelled[0])}))
        dates = self._dates(i, spelled) if "day" in self._slots else []
        times = self._times(i, spelled) if "at" in self._slots else []
        return found + (dates + times or self._meant(i, spelled))

    # docs/spec/messages.md §3.5: "A number of persons is written `2x` or `2 x`, from 1 to 9, and takes adjacent
    # places."
    def _persons(self, i: int, spelled: str) -> Candidate | None:
        if spelled[0] not in "123456789":
            return None
        if spelled[1:] in _TIMES_SIGNS:
            return Candidate(i + 1, {"persons": int(spelled[0])})
        if len(spelled) == 1 and self._folded[i + 1] in _TIMES_SIGNS:
            return Candidate(i + 2, {"persons": int(spelled)})
        return None

    def _dates(self, i: int, spelled: str) -> list[Candidate]:
        if spelled.isdecimal():
            day = compact_day(spelled, self._today)
            return self._with_hour(Candidate(i + 1, {"day": day})) if day else []
        written = self._written(i, spelled)
        return self._with_hour(written) if written else []

    def _written(self, i: int, spelled: str) -> Candidate | None:
        """The longest date written with separators from token `i` on, alone or grown together with a time."""
        if spelled.endswith(".") and (spaced := self._spaced(i, spelled)):
            return spaced
        written = written_date(spelled)
        if written is None:
            return self._grown_together(i, i + 1, spelled)
        dated = self._dated(i, i + 1, written)
        if isinstance(dated.fills["day"], Bad) and written_time(spelled, self._words.after_at):
            return None
        return dated

    def _spaced(self, i: int, first: str) -> Candidate | None:
        """A date written with spaces, and its last part perhaps grown together with a time.

        "10. 8. 2026", "10. 8.", "10. 8.2026", "10.8. 2026", "10. 8.14:00"
        """
        second, third = self._folded[i + 1], self._folded[i + 2]
        if _DAY_ALONE.fullmatch(first):
            if second.endswith(".") and _YEAR.fullmatch(third) and (written := written_date(first + second + third)):
                return self._dated(i, i + 3, written)
            if _MONTH.fullmatch(second) and (written := written_date(first + second)):
                return self._dated(i, i + 2, written)
            return self._grown_together(i, i + 2, first + second)
        if _YEAR.fullmatch(second) and (written := written_date(first + second)):
            return self._dated(i, i + 2, written)
        return None

    def _dated(self, i: int, end: int, written: WrittenDate) -> Candidate:
        """The tokens from `i` to before `end` as the date they write, existing or not."""
        return Candidate(end, {"day": written.existing(self._today) or Bad(self._text(i, end))})

    def _text(self, i: int, end: int) -> str:
        return " ".join(token.text for token in self._tokens[i:end])

    # docs/spec/messages.md §3.4: "a date and a time grown together are read where only one reading exists; the time
    # must have its own separator"
    def _grown_together(self, i: int, end: int, spelled: str) -> Candidate | None:
        """A date and a time without a space between them: "10.8.14:00".

        The time must have its own separator: "10.8.1926" is rather a mistyped year than 19:26.
        """
        for cut in _DATE_END.finditer(spelled):
            written, clock = written_date(spelled[: cut.start()]), spelled[cut.start() :]
            if written and is_time_shaped(clock, frozenset()):
                day, at = written.existing(self._today), written_time(clock, frozenset())
                bad = Bad(self._text(i, end))
                return Candidate(end, {"day": day or bad, "at": at or bad})
        return None

    # docs/spec/messages.md §3.4: "a bare hour is a time only directly after a date"
    def _with_hour(self, day: Candidate) -> list[Candidate]:
        """A date, and also with the bare hour directly after it: "10.8. 14" (spec/messages.md §3)."""
        i = day.end
        if self._folded[i] in self._words.before_at:
            i += 1
        hour = self._folded[i]
        if not is_hour_shaped(hour) or "at" in day.fills or self._folded[i + 1] in self._words.after_at:
            return [day]
        return [day, Candidate(i + 1, {**day.fills, "at": bare_hour(hour) or Bad(self._tokens[i].text)})]

    def _times(self, i: int, spelled: str) -> list[Candidate]:
        found: list[Candidate] = []
        if at := written_time(spelled, self._words.after_at):
            found.append(Candidate(i + 1, {"at": at}))
        if self._folded[i + 1] in self._words.after_at:
            if worded := at or bare_hour(spelled):
                found.append(Candidate(i + 2, {"at": worded}))
            elif is_hour_shaped(spelled):
                found.append(Candidate(i + 2, {"at": Bad(self._tokens[i].text)}))
        return found

    def _meant(self, i: int, spelled: str) -> list[Candidate]:
        """The date and the time that a number, being neither, was meant to be."""
        bad = Bad(self._tokens[i].text)
        four_digits = _FOUR_DIGITS.fullmatch(spelled) is not None
        found = [Candidate(i + 1, {"day": bad})] if four_digits else []
        if four_digits or is_time_shaped(spelled, self._words.after_at):
            found.append(Candidate(i + 1, {"at": bad}))
            if self._folded[i + 1] in self._words.after_at:
                found.append(Candidate(i + 2, {"at": bad}))
        return found

    # --- words: days, words before a value, names ------------------------------------------------

    def _day_words(self, i: int) -> list[Candidate]:
        name = self._words.days.get(self._tokens[i].folded)
        if name is None or "day" not in self._slots:
            return []
        found = self._with_hour(Candidate(i + 1, {"day": named_day(name, self._today)}))
        if i + 1 < len(self._tokens) and self._tokens[i + 1].kind == "number":
            written = self._written(i + 1, self._tokens[i + 1].folded)
            if written:
                found += self._with_hour(self._agreed(name, i, written))
        return found

    # docs/spec/messages.md §3.3: "A weekday may stand before a written date"
    def _agreed(self, name: DayName, i: int, written: Candidate) -> Candidate:
        """The date written after the day word at token `i`; no such day if they contradict each other."""
        day = written.fills["day"]
        if not isinstance(day, date) or agrees(name, day, self._today):
            return written
        return Candidate(written.end, {**written.fills, "day": Bad(self._text(i, written.end))})

    # docs/spec/messages.md §3.4: "A small word may stand before a value and adds nothing to it"
    def _introduced(self, i: int) -> list[Candidate]:
        """The values that a word such as "v" or "kod" stands before."""
        introduces = self._words.before.get(self._tokens[i].folded)
        if introduces is None or i + 1 == len(self._tokens):
            return []
        kind = self._tokens[i + 1].kind
        values = self._numbers(i + 1) if kind == "number" else self._day_words(i + 1) if kind == "word" else []
        return [candidate for candidate in values if next(iter(candidate.fills)) in introduces]

    # docs/spec/messages.md §3.5: "A name has at most 60 characters"
    # docs/spec/messages.md §3.5: "A command word that asks for a change (book, cancel, move), standing beside other
    # words of a name, is a second request and not part of the name."
    def _names(self, i: int) -> list[Candidate]:
        """Runs of words from token `i` on, each to where the words end or where one may mean something else."""
        found: list[Candidate] = []
        words: list[str] = []
        has_day = ended = False
        length = -1
        for j in range(i, len(self._tokens)):
            token = self._tokens[j]
            second_request = words != [] and token.folded in self._words.requests
            ended = ended or token.kind != "word" or token.folded in self._words.never_names or second_request
            if words and (ended or token.folded in self._words.special):
                found.append(Candidate(j, {"name": Name(" ".join(words), i, j, has_day)}))
            if ended:
                return found
            words.append(token.text)
            length += len(token.text) + 1
            if length > LONGEST_NAME:
                return found
            has_day = has_day or token.folded in self._words.days
            ended = token.ends or token.folded in self._words.requests
        found.append(Candidate(len(self._tokens), {"name": Name(" ".join(words), i, len(self._tokens), has_day)}))
        return found
