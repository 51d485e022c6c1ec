"""Another time, said in answer to what was read back: "ne, radši v 11", "ne ve 14, až v 15", "odpoledne".

Only a text of nothing but days, times and such words: every word is accounted for. It is cut into what is said of each
day and time (`_Said`), and of each it is known whether it is wanted or refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Literal, NamedTuple

from prepazka.core.booking.another_time import AnotherTime
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.propose import Window
from prepazka.core.booking.requests import Request
from prepazka.sms.languages import load
from prepazka.sms.understand.about import about
from prepazka.sms.understand.attempts import repaired
from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.values_found import values
from prepazka.sms.understand.written import Written

_LONGEST = 80
_ANSWERED_IN = frozenset(language.code for language in load())
_HOUR = re.compile(r"(?<!\w)(V|VE|NA|O|AT|UM|В|О)\s(\d|1\d|2[0-3])(?:\s?(?:H|HOD|HODIN))?(?![\w:/]|\s?\.\s?\d|\.\s*\w)")
_FROM_HOUR = re.compile(r"\W*(?:AZ\s|NEKDY\s|RADSI\s|RADEJI\s)?PO\s(\d|1\d|2[0-3])(?:\s?(?:H|HOD|HODINE)\.?)?\W*$")
""" "po 9", "až po 14 hod" """
_DATED = re.compile(r"\d{1,2}\s?\.\s?\d{1,2}|\d[/-]\d", re.ASCII)
_ASIDE = re.compile(r"[,;!?\n]|(?<!\d)\.|\s[-–]\s")
"""What parts one day or time from the next; a full stop behind a figure belongs to it."""

_BESIDE = frozenset(
    (
        "ANO", "YES", "A", "TAK", "BY", "TO", "SE", "MI", "HO", "JE", "DO", "AND", "UND", "BIS", "I", "ICH", "THE",
        "JA", "CO", "JEN", "JENOM", "LEN", "ONLY", "NUR", "TYLKO", "MAM", "CAS",
    )
)  # fmt: skip
"""Words that may stand beside, and say nothing by themselves."""

_RELATIVE = frozenset(("today", "tomorrow", "day_after_tomorrow"))
_BETWEEN = frozenset(("MEZI", "MEDZI", "BETWEEN", "ZWISCHEN", "МІЖ", "МЕЖДУ"))
_NOUNS = frozenset(("DEN", "CAS", "TERMIN", "HODINU", "HODINACH", "DAY", "TIME"))

_Kind = Literal["rather", "not_then", "value", "beside"]


@dataclass(frozen=True)
class Rather:
    """What was said instead: a day, a time, or about when; None: it stays as it was. The rest: see `AnotherTime`."""

    day: date | None = None
    at: time | None = None
    window: Window | None = None
    by_name: bool = False
    refuses: Literal["", "perhaps", "surely"] = ""
    language: str = ""
    instead: bool = False
    name: str = ""
    persons: int = 1
    service: str = ""

    def of(self, otherwise: Outcome | Request) -> AnotherTime:
        """The request; otherwise: what the text is where no question is open."""
        return AnotherTime(
            self.day,
            self.at,
            otherwise,
            self.window,
            self.by_name,
            self.refuses,
            self.instead,
            self.name,
            self.persons,
            service=self.service,
        )


class _Piece(NamedTuple):
    """Words of one kind, with their place in the text; aside: something parts them from those before."""

    kind: _Kind
    start: int
    end: int
    aside: bool


@dataclass(frozen=True)
class _Said:
    """A day or a time that was said. refused: it does not suit; doubtful: or it is wanted, behind a no ("ne v 11")."""

    when: Rather
    refused: bool = False
    doubtful: bool = False


def rather(text: str, today: date, lexicon: Lexicon) -> Rather | None:
    """What a text says of another time; None for any other."""
    if len(text) > _LONGEST:
        return None
    written = Written(text)
    if from_hour := _FROM_HOUR.match(written.key):  # the day is known, so it is no Monday
        return Rather(window=Window(at := time(int(from_hour[1])), at, time(23, 59), part=True))
    found = _read(text, written, today, lexicon)
    if found is None:
        return None
    lists = lexicon.common.lists
    instead = bool(lists["rather"].all(written) or (not found.refuses and lists["not_then"].all(written)))
    return replace(found, language=_language(written, lexicon), instead=instead)


def _language(written: Written, lexicon: Lexicon) -> str:
    """The language of the words that belong to one alone, or were said of the time; "" for none that we answer in."""
    lists = (lexicon.common.lists[each] for each in ("rather", "not_then", "parts", "around", "before_day"))
    said = [VOCABULARY.foreign[word.key] for word in written.words if word.key in VOCABULARY.foreign]
    said += [one.value for table in lists for one in table.all(written)]
    return next((one for one in said if one in _ANSWERED_IN), "")


def _read(text: str, written: Written, today: date, lexicon: Lexicon) -> Rather | None:
    pieces = _pieces(written, lexicon)
    if pieces and pieces[0].kind == pieces[-1].kind == "not_then" and len(pieces) == 3 and pieces[1].aside:
        return Rather(refuses="surely")  # "ne, v 11 ne"
    said = [] if pieces is None else [*_all_said(text, pieces, today, lexicon)]
    if pieces and not said and all(piece.kind == "not_then" for piece in pieces):
        agrees = any(lexicon.common.lists[each].all(written) for each in ("yes", "yes_or_thanks"))
        return None if agrees else Rather(refuses="surely")  # "to se mi nehodí", but not "ano ne"
    if not said or any(one is None for one in said):
        return None
    return _meant([one for one in said if one is not None])


def _meant(said: Sequence[_Said]) -> Rather | None:
    """The one day and time that is wanted, or a no to what was read back."""
    wanted = [one for one in said if not one.refused and not one.doubtful]
    if wanted:
        found = wanted[0].when
        for one in wanted[1:]:  # "ve čtvrtek, v 9"
            if (found.day and one.when.day) or _timed(found) == _timed(one.when):
                return None
            timed, dated = (found, one.when) if _timed(found) else (one.when, found)
            found = replace(timed, day=dated.day, by_name=dated.by_name)
        return found
    if len(said) > 1 and not all(one.refused for one in said):
        return None
    return replace(said[0].when, refuses="perhaps" if said[0].doubtful else "surely") if len(said) == 1 else None


def _timed(when: Rather) -> bool:
    return when.at is not None or when.window is not None


def _all_said(text: str, pieces: Sequence[_Piece], today: date, lexicon: Lexicon) -> Iterator[_Said | None]:
    for i, piece in enumerate(pieces):
        if piece.kind != "value":
            continue
        when = _when(text[piece.start : piece.end], today, lexicon)
        if when is None:
            yield None
            continue
        before = i > 0 and pieces[i - 1].kind == "not_then" and not piece.aside
        behind = i + 1 < len(pieces) and pieces[i + 1].kind == "not_then" and _ends_here(pieces, i + 1)
        yield _Said(when, refused=behind, doubtful=before and not behind)


def _ends_here(pieces: Sequence[_Piece], i: int) -> bool:
    """Whether the no at a place belongs to what stands before it: "v 11 ne, ve 12", but not "v 11, ne ve 12"."""
    follows = pieces[i + 1] if i + 1 < len(pieces) else None
    return follows is None or follows.kind != "value" or (follows.aside and not pieces[i].aside)


def _when(text: str, today: date, lexicon: Lexicon) -> Rather | None:
    """The day and the time of one piece; None where something in it is not read."""
    found = about(text, lexicon)
    made = repaired(found.text if found else text, lexicon).text
    made = Written(made).substitute(_HOUR, lambda each: f"{each[1].lower()} {int(each[2])}:00")
    read = values(made, today, refusable=False)
    day = read.day if isinstance(read.day, date) else None
    at = read.at if isinstance(read.at, time) else None
    says_time = read.at is not None or _says_hour(Written(made), lexicon)
    if read.unread or read.persons > 1 or (read.day is not None and day is None) or (says_time and at is None):
        return None
    by_name = not _DATED.search(made) and any(
        VOCABULARY.days.get(word.key, "today") not in _RELATIVE for word in Written(made).words
    )
    if found:
        return Rather(day, window=found.window(at), by_name=by_name) if at else None
    return Rather(day, at, by_name=by_name) if day or at else None


def _pieces(written: Written, lexicon: Lexicon) -> list[_Piece] | None:
    """The text cut into days and times and the words of a change of mind; None where a word is none of all these."""
    found: list[_Piece] = []
    i, words = 0, written.words
    gap = 0  # where the words before end
    while i < len(words):
        kind, end = _kind_of(written, i, lexicon)
        if kind is None:
            return None
        start, stop = words[i].start, words[end - 1].end
        aside = _ASIDE.search(written.key, gap, start) is not None
        last = found[-1] if found else None
        if kind == "beside":
            i = end
            continue
        if last and kind == last.kind == "value" and not aside:
            found[-1] = last._replace(end=stop)
        else:
            found.append(_Piece(kind, start, stop, aside))
        i, gap = end, stop
    return [each._replace(end=_with_stop(written.text, each.end)) for each in found]


def _with_stop(text: str, end: int) -> int:
    """The end of a figure with its full stop: "12.8."."""
    return end + 1 if text[end : end + 1] == "." and text[end - 1].isdecimal() else end


def _kind_of(written: Written, i: int, lexicon: Lexicon) -> tuple[_Kind | None, int]:
    """What the words from `i` on are, and where they end."""
    known, key = lexicon.common, written.words[i].key
    for name in ("rather", "not_then"):
        if said := known.lists[name].at(written, i):
            return name, said.end
    lists = [known.lists[each] for each in ("around", "before_time", "after", "noon_words", "any_time")]
    spoken = (*lists, known.parts, known.clock, known.numerals, known.ordinals)
    ends = [one.end for table in spoken if (one := table.at(written, i))]  # type: ignore[attr-defined]
    if ends:
        return "value", max(ends)
    if key.isdecimal() or _says_when(key, lexicon) or key in _BETWEEN:
        return "value", i + 1
    beside = [known.lists[each] for each in ("pleasantries", "yes", "yes_or_thanks", "yes_words")]
    ends = [one.end for table in beside if (one := table.at(written, i))]
    if ends:
        return "beside", max(ends)
    return ("beside", i + 1) if key in _BESIDE or key in _NOUNS else (None, i)


def _says_when(key: str, lexicon: Lexicon) -> bool:
    known = lexicon.common
    named = key in VOCABULARY.days or key in known.days or key in known.months
    return named or key in VOCABULARY.before or key in known.words("before_day")


def _says_hour(written: Written, lexicon: Lexicon) -> bool:
    """Whether an hour stands in a text that no time was read from."""
    rest = Written(_DATED.sub(" ", written.key))
    return any(word.key.isdecimal() or lexicon.common.numerals.at(rest, i) for i, word in enumerate(rest.words))
