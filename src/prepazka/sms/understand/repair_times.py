"""Repairs of times: other signs between hours and minutes, hours in words, halves of the day.

An hour in words, or one said of a half of the day, is read within the day of an office: one to six are in the
afternoon unless the morning is said.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair import ALL, Repair
from prepazka.sms.understand.repair_dates import has_date
from prepazka.sms.understand.written import Span, Written

_SOURCE = "docs/spec/conversation.md §2"
_Clock = Callable[[re.Match[str]], str]
_EARLIEST = 7
"""The first hour that without a word about the half of the day is meant in the morning."""

_SPACED = re.compile(r"(?<![\d.:,/])(\d{1,2})(?:\s+:\s*|:\s+|\s?;\s?)(\d{2})(?![\d:/]|[.,]\d)", re.ASCII)
_FULL_STOP = re.compile(r"(?<![\d.:,/])([01]?\d|2[0-3])\.(00|1[3-9]|[2-5]\d)\.(?!\d|\s?(?:20)?\d\d(?!\d))", re.ASCII)
_MAY_BE_CLOCK = re.compile(r"(?<![\d.:,/])(?:[01]?\d|2[0-3])(?::[0-5]\d|\.(?:00|1[3-9]|[2-5]\d))(?!\d|\.\d)", re.ASCII)
_GROWN_WORD = re.compile(r"(?<![^\W_])(V|VE|AT|OD|UM|O)(\d{1,2}[:.]\d{2})(?![\d.:])", re.ASCII)
_HOUR_MINUTES = re.compile(
    r"(?<![\w.:,/])(\d{1,2})\s?(?:H|HOD|HODIN|HODINY|UHR)\.?\s?(?:(\d{2})(?:\s?(?:M|MIN|MINUT))?|A\s(\d{2})\s?(?:M|MIN|MINUT))"
    r"(?![\w:/]|[.,]\d)",
    re.ASCII,
)
_SECONDS = re.compile(r"(?<![\d.:,/])(\d{1,2}:\d{2}):00(?![\d:])", re.ASCII)
_SIGNS = re.compile(r"(?<![\w.:,/])(\d{1,2})(?:'([0-5]\d)|\s?°{2})(?![\w'])", re.ASCII)
_PAST_HOUR = re.compile(r"(?<![\w.:,/])(\d{1,2})(?:\s?(?:H|HOD|HODIN)\.?)?\sA\s(CTVRT|STVRT|PUL|POL)(?!\w)", re.ASCII)
_GROWN_NAME = re.compile(
    r"((?<![\d.:])\d{1,2}[:.]\d{2}|(?<=\d\.)\d{1,2}:\d{2})(?=(?!HOD|HRS|UHR|AM\b|PM\b)[^\W\d_]{2,})"
)
_DATE_WORD = re.compile(r"(?<![\d.:])(\d{1,2}\.\d{1,2}\.(?:20\d\d)?)(?=[^\W\d_]{2,})")
_APART = re.compile(r"(?<![\w.:,/-])([01]?\d|2[0-3])(?:\.\s+|\s+)([0-5]\d)(?![\w:,/]|\.\d)", re.ASCII)
_CLOCK = re.compile(r"(?<![\d.:])\d{1,2}:\d{2}(?!\d)", re.ASCII)
_THREE_DIGITS = re.compile(r"(?<![\w.:,/-])([1-9])([0-5]\d)(?![\w:,/]|\.\d)", re.ASCII)
_WHOLE_DATES = re.compile(
    r"(?<![\d.:,/])\d{1,2}\.\s?(?:1[0-2]|0?[1-9])(?:\.(?:\s?20\d\d)?|(?=\s))|(?<![\d.])\d{1,2}/\d{1,2}(?:/\d{2,4})?|20\d\d-\d{1,2}-\d{1,2}",
    re.ASCII,
)
_FIGURE = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?$", re.ASCII)
_MINUTES_BEHIND = r"(?:(?::|\.(?!(?:0\d|1[0-2])\.))(\d{2}))?"
"""The minutes behind an hour; "2.12." is a date, also beside "odpoledne"."""
_FIGURE_BEFORE = re.compile(
    rf"(?<![\d.:,/])(\d{{1,2}}){_MINUTES_BEHIND}\s?(?:H|HOD|HODIN|HODINY|UHR|O'CLOCK)?\.?,?\s?$", re.ASCII
)
_FIGURE_AFTER = re.compile(
    rf",?\s?(?:(?:V|VE|AT|O|OD|UM|В|О)\s)?(\d{{1,2}}){_MINUTES_BEHIND}(?:\s?(?:H|HOD|HODIN|HODINY|UHR)\b\.?)?(?![\d:/]|\.\d|\s?MIN)",
    re.ASCII,
)


_ORDINAL_HOUR = re.compile(
    r"(?:(?<!\w)(?:NA|V|VE|O)\s)?(?<![\d.:,/])([01]?\d|2[0-3])\.\s?(?:HODINU|HODIN|(HODINE)|GODZINE|ГОДИНУ)(?!\w)"
)
""" "na 10. hodinu"; "po 10. hodině" is rather after it """
_LAST_HOUR = re.compile(r"(?<!\w)(V|VE|AT|UM|O|В|О)\s([01]?\d|2[0-3])(?=\W*$)")


def _ordinal_hour(written: Written, lexicon: Lexicon) -> Iterator[str]:
    yield written.substitute(_ORDINAL_HOUR, lambda found: f"{found[1]} hod" if found[2] else f"{found[1]}:00")


def _last_hour(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "12.8. Kolář v 10": the full hour at the end, behind its preposition."""
    if VOCABULARY.commands.get(written.first) == "book":
        yield written.substitute(_LAST_HOUR, lambda found: f"{found[2]}:00")


def _spaced(written: Written, lexicon: Lexicon) -> Iterator[str]:
    yield written.substitute(_SPACED, lambda found: f"{found[1]}:{found[2]}")


def _full_stop(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "v 9.15.": the end of a sentence; there is no fifteenth month. Beside another time it is a date that is none."""
    changed = written.substitute(_FULL_STOP, lambda found: f"{found[1]}:{found[2]}")
    if changed != written.text and len(_MAY_BE_CLOCK.findall(written.key)) == 1:
        yield changed


def _grown_word(written: Written, lexicon: Lexicon) -> Iterator[str]:
    yield written.substitute(_GROWN_WORD, lambda found: f"{found[1].lower()} {found[2]}")


def _hour_minutes(written: Written, lexicon: Lexicon) -> Iterator[str]:
    yield written.substitute(_HOUR_MINUTES, lambda found: _clock(int(found[1]), int(found[2] or found[3])))


def _grown_name(written: Written, lexicon: Lexicon) -> Iterator[str]:
    once = Written(written.substitute(_GROWN_NAME, lambda found: f"{found[1]} "))
    yield once.substitute(_DATE_WORD, lambda found: f"{found[1]} ")


def _other_sign(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "9'15", "9°°", "9 a půl"; "9:15:00", as a calendar writes it."""
    if " A " in written.key and (past := _PAST_HOUR.search(written.key)):
        yield written.replaced({past.span(): _clock(int(past[1]), _PAST[past[2]])})
    elif ":00" in written.key or "'" in written.key or "°" in written.key:
        once = written.substitute(_SECONDS, lambda found: found[1])
        yield Written(once).substitute(_SIGNS, lambda found: _clock(int(found[1]), int(found[2] or 0)))


def _apart(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "14 30" beside a date."""
    yield from _beside_a_date(written, lexicon, _APART, lambda found: _clock(int(found[1]), int(found[2])))


def _three_digits(written: Written, lexicon: Lexicon) -> Iterator[str]:
    yield from _beside_a_date(written, lexicon, _THREE_DIGITS, lambda found: _clock(int(found[1]), int(found[2])))


def _beside_a_date(written: Written, lexicon: Lexicon, pattern: re.Pattern[str], clock: _Clock) -> Iterator[str]:
    """What a pattern finds outside the dates of a text that has one, and no other time."""
    if not has_date(written.key, lexicon) or _CLOCK.search(written.key):
        return
    hidden = _WHOLE_DATES.sub(lambda found: "_" * len(found[0]), written.key)
    places = list(pattern.finditer(hidden))
    if len(places) == 1:
        yield written.replaced({places[0].span(): clock(places[0])})


class _Hour(NamedTuple):
    """An hour in words: the words from `first` to before `end`; hour None is no hour."""

    first: int
    end: int
    hour: int
    minute: int


def _in_words(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "ve ctrnact", "pul treti", "ctvrt na tri", "v osm hodin rano"."""
    for i in range(len(written.words)):
        found = _quarters(written, i, lexicon) or _named(written, i, lexicon)
        if found:
            half = lexicon.common.clock.at(written, found.end) if found.end < len(written.words) else None
            end, part = (half.end, half.value) if half and half.value in _PARTS else (found.end, "")
            hour = _hour_of(found.hour, part)
            if hour is not None:
                start, stop = written.words[found.first].start, written.words[end - 1].end
                yield written.replaced({(start, stop): _clock(hour, found.minute)})
                return


def _quarters(written: Written, i: int, lexicon: Lexicon) -> _Hour | None:
    before = lexicon.common.clock.at(written, i)
    first = i
    if before and before.value == "before" and before.end < len(written.words):
        before = lexicon.common.clock.at(written, before.end)
    if not before or before.value not in _MINUTES or before.end >= len(written.words):
        return None
    hour = _number(written, before.end, lexicon)
    if not hour or not 1 <= hour[1] <= 24:
        return None
    back, minute = _MINUTES[before.value]
    return _Hour(first, hour[0], (hour[1] - back) % 12 or (0 if hour[1] - back == 0 else 12), minute)


def _number(written: Written, i: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """The number at word `i`, in words or figures: where it ends, and its value."""
    known = lexicon.common
    found = known.numerals.at(written, i) or known.ordinals.at(written, i)
    if found:
        return found.end, found.value
    figures = _FIGURE.match(written.words[i].key)
    return (i + 1, int(figures[1])) if figures else None


def _named(written: Written, i: int, lexicon: Lexicon) -> _Hour | None:
    """A numeral behind a word of the hour or before one, perhaps with the minutes."""
    known, words = lexicon.common, written.words
    before = known.clock.at(written, i)
    start = before.end if before and before.value == "before" else i
    if start >= len(words):
        return None
    numeral = known.numerals.at(written, start)
    if not numeral and before and words[i].key in {"O", "О", "OB", "ОБ"}:
        numeral = known.ordinals.at(written, start)
    if not numeral and before and words[i].key in {"NA", "НА"} and words[start].key.endswith(_OF_AN_HOUR):
        numeral = known.ordinals.at(written, start)
    if not numeral or not 1 <= numeral.value <= 20:
        return None
    end, minute = numeral.end, 0
    after = known.clock.at(written, end) if end < len(words) else None
    if after and after.value == "after":
        end = after.end
    if end < len(words) and known.counts(words[end].key):
        return None
    if past := _minutes(written, end, lexicon):
        end, minute = past
    elif end < len(words) and words[end].key in known.person_words:
        return None
    said = start > i or end > numeral.end or (after is not None and after.value in _PARTS)
    return _Hour(i, end, numeral.value, minute) if said else None


_OF_AN_HOUR = ("OU", "U", "У")
"""Endings of an ordinal that is an hour and no day: "na devátou", "na deviatu"."""
_PAST = {"CTVRT": 15, "STVRT": 15, "PUL": 30, "POL": 30}


def _minutes(written: Written, i: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """The minutes behind an hour in words: "patnáct", "a čtvrt", "a patnáct minut", "třicet pět"; where they end."""
    words, numerals = written.words, lexicon.common.numerals
    linked = i + 1 < len(words) and words[i].key in {"A", "AND", "UND"}
    if linked and words[i + 1].key in _PAST:
        return i + 2, _PAST[words[i + 1].key]
    first = numerals.at(written, i + linked) if i + linked < len(words) else None
    if not first:
        return None
    end, minute = first.end, first.value
    units = numerals.at(written, end) if end < len(words) and minute in {20, 30, 40, 50} else None
    if units and units.value < 10:
        end, minute = units.end, minute + units.value
    counted = end < len(words) and words[end].key.startswith("MINUT")
    if minute < _HOUR_LONG and (counted or (not linked and (minute in {15, 30, 45} or units))):
        return end + counted, minute
    return None


_HOUR_LONG = 60
_MINUTES = {
    "half_before": (1, 30),
    "half_after": (0, 30),
    "quarter_before": (1, 15),
    "three_quarters_before": (1, 45),
    "quarter_after": (0, 15),
    "quarter_to": (1, 45),
}
_PARTS = frozenset(("morning", "afternoon", "evening"))
_SINCE = {"morning": "", "noon": "12:00", "afternoon": "12:00", "evening": "16:00"}
"""When the part of a day begins, for which free times are asked."""


def _hour_of(hour: int, part: str) -> int | None:
    """The hour of the day, 0 to 23; None where the half of the day contradicts it."""
    match part:
        case "morning":
            return hour if hour < 12 else None
        case "afternoon" | "evening":
            return hour + 12 if 1 <= hour < 12 else hour if 12 <= hour < 24 else None
        case _:
            return hour + 12 if hour < _EARLIEST else hour


def _half_of_day(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "2 odpoledne", "8 pm", "odpoledne ve 2"; "v poledne" is 12:00."""
    for one in _clock_words(written, lexicon):
        start, end = written.words[one.first].start, written.words[one.end - 1].end
        if one.value == "noon":
            yield written.replaced({(start, end): "12:00"})
            return
        if one.value not in _PARTS:
            continue
        figures = _FIGURE_BEFORE.search(written.key, max(start - 14, 0), start)
        stop, begin = end, figures.start() if figures else start
        if not figures:
            figures = _FIGURE_AFTER.match(written.key, end)
            stop = figures.end() if figures else end
        hour = _hour_of(int(figures[1]), one.value) if figures else None
        if (
            figures
            and hour is not None
            and not _is_rather_date(figures, f"{written.key[:begin]} {written.key[stop:]}", lexicon)
        ):
            if written.key[stop : stop + 1] == "." and written.key[stop - 1] == "M":
                stop += 1
            yield written.replaced({(begin, stop): _clock(hour, int(figures[2] or 0))})
            return


def _is_rather_date(figures: re.Match[str], rest: str, lexicon: Lexicon) -> bool:
    """Whether an hour with minutes is the day of a text that has no other: "2.12 odpoledne", but not "2.30"."""
    is_date = figures[2] is not None and 1 <= int(figures[2]) <= 12 and ":" not in figures[0]
    return is_date and not has_date(rest, lexicon)


def _free_since(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "TERMIN ZOP 12.8. odpoledne": the free times from noon on; of the morning there are all."""
    words = written.words
    if not words or VOCABULARY.commands.get(words[0].key) != "free" or not has_date(written.key, lexicon):
        return
    for one in _clock_words(written, lexicon):
        if one.first > 1 and one.value in _SINCE:
            first = one.first - (words[one.first - 1].key in lexicon.common.words("before_day"))
            yield written.replaced({(words[first].start, words[one.end - 1].end): _SINCE[one.value]}).strip()
            return


def _word_of_hour(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "um 9 Uhr", "o 9:00", "o godz. 9": as "9 hod" and "9:00"."""
    words = written.words
    for one in _clock_words(written, lexicon):
        if one.value == "before" and one.end < len(words) and words[one.end].key.isdecimal():
            behind = _FIGURE_AFTER.match(written.key, words[one.end].start)
            counted = one.end + 1 < len(words) and lexicon.common.counts(words[one.end + 1].key)
            if behind and not counted and words[one.first].key not in {"NA", "V", "VE", "OD", "AT", "FROM", "В"}:
                text = _clock(int(behind[1]), int(behind[2] or 0))
                yield written.replaced({(words[one.first].start, behind.end()): text})
                return
        elif one.value == "after":
            figures = _FIGURE_BEFORE.search(written.key, max(words[one.first].start - 14, 0), words[one.first].start)
            if figures and words[one.first].key not in {"H", "HOD", "HODIN", "HODINY"}:
                text = _clock(int(figures[1]), int(figures[2] or 0))
                yield written.replaced({(figures.start(), words[one.end - 1].end): text})
                return


def _clock_words(written: Written, lexicon: Lexicon) -> list[Span[str]]:
    """The words of the hour; a part of a hyphened name is none."""
    return [one for one in lexicon.common.clock.all(written) if not written.is_part(one.first, one.end)]


def _clock(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02}"


CERTAIN = (
    Repair("time_spaced", _SOURCE, "certain", (), _spaced, (
        ("OBJ ZCD 12.8. 9 : 15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9: 15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("time_full_stop", _SOURCE, "certain", (), _full_stop, (
        ("OBJ ZOP Hanzlik 17.8. v 9.15.", "OBJ ZOP Hanzlik 17.8. v 9:15"),
    )),
    Repair("time_preposition_grown", _SOURCE, "certain", (), _grown_word, (
        ("OBJ ZCD 12.8. v9:15 SVOBODA", "OBJ ZCD 12.8. v 9:15 SVOBODA"),
    )),
    Repair("time_hour_and_minutes", _SOURCE, "certain", (), _hour_minutes, (
        ("OBJ ZCD 12.8. 14 h 15 SVOBODA", "OBJ ZCD 12.8. 14:15 SVOBODA"),
        ("OBJ ZCD 12.8. 14h15 SVOBODA", "OBJ ZCD 12.8. 14:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9 hod. 15 min SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9 hodin a 15 minut SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
)  # fmt: skip

DOUBTFUL = (
    Repair("time_last_hour", _SOURCE, "doubtful", (), _last_hour, (
        ("OBJ ZCD 12.8. SVOBODA v 10", "OBJ ZCD 12.8. SVOBODA 10:00"),
        ("OBJ ZCD 12.8. v 10 SVOBODA", "OBJ ZCD 12.8. v 10 SVOBODA"),
    )),
    Repair("time_ordinal", _SOURCE, "doubtful", ("cs", "pl", "sk", "uk"), _ordinal_hour, (
        ("OBJ ZCD 12.8. na 10. hodinu SVOBODA", "OBJ ZCD 12.8. 10:00 SVOBODA"),
    )),
    Repair("time_in_words", _SOURCE, "doubtful", ALL, _in_words, (
        ("OBJ ZCD 12.8. ve ctrnact SVOBODA", "OBJ ZCD 12.8. 14:00 SVOBODA"),
        ("OBJ ZCD 12.8. půl třetí SVOBODA", "OBJ ZCD 12.8. 14:30 SVOBODA"),
        ("OBJ ZCD 12.8. ctvrt na tri SVOBODA", "OBJ ZCD 12.8. 14:15 SVOBODA"),
        ("OBJ ZCD 12.8. tri ctvrte na devet SVOBODA", "OBJ ZCD 12.8. 8:45 SVOBODA"),
        ("OBJ ZCD 12.8. v osm ráno SVOBODA", "OBJ ZCD 12.8. 8:00 SVOBODA"),
        ("OBJ ZCD 12.8. v devět hodin a patnáct minut SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. v devět a půl SVOBODA", "OBJ ZCD 12.8. 9:30 SVOBODA"),
        ("OBJ ZCD 12.8. v devět patnáct SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("BOOK ZCD 12.8. half past two SMITH", "BOOK ZCD 12.8. 14:30 SMITH"),
        ("OBJ ZCD 12.8. halb drei SCHNEIDER", "OBJ ZCD 12.8. 14:30 SCHNEIDER"),
        ("OBJ ZCD 12.8. nine o'clock SMITH", "OBJ ZCD 12.8. 9:00 SMITH"),
    )),
    Repair("time_half_of_day", _SOURCE, "doubtful", ALL, _half_of_day, (
        ("OBJ ZCD 12.8. 2 odpoledne SVOBODA", "OBJ ZCD 12.8. 14:00 SVOBODA"),
        ("OBJ ZCD 12.8. 8 rano SVOBODA", "OBJ ZCD 12.8. 8:00 SVOBODA"),
        ("OBJ ZCD 11.8. 8 pm SMITH", "OBJ ZCD 11.8. 20:00 SMITH"),
        ("OBJ ZCD 12.8. odpoledne ve 2 SVOBODA", "OBJ ZCD 12.8. 14:00 SVOBODA"),
        ("OBJ ZCD 2.12. odpoledne SVOBODA", "OBJ ZCD 2.12. odpoledne SVOBODA"),
        ("OBJ ZCD 2.12 odpoledne SVOBODA", "OBJ ZCD 2.12 odpoledne SVOBODA"),
        ("OBJ ZCD 12.8. 2:30 p.m. SMITH", "OBJ ZCD 12.8. 14:30 SMITH"),
    )),
    Repair("free_times_of_half_day", _SOURCE, "doubtful", ALL, _free_since, (
        ("TERMIN ZCD 12.8. odpoledne", "TERMIN ZCD 12.8. 12:00"),
        ("TERMIN ZCD 12.8. rano", "TERMIN ZCD 12.8."),
        ("FREE ZCD 12.8. in the afternoon", "FREE ZCD 12.8. 12:00"),
        ("OBJ ZCD 12.8. odpoledne SVOBODA", "OBJ ZCD 12.8. odpoledne SVOBODA"),
    )),
    Repair("time_word_of_hour", "docs/spec/conversation.md §5", "doubtful", ALL, _word_of_hour, (
        ("OBJ ZOP 17.8. um 9 Uhr Schneider", "OBJ ZOP 17.8. 9:00 Schneider"),
        ("OBJ ZOP 17.8. o 9:00 Kováč", "OBJ ZOP 17.8. 9:00 Kováč"),
        ("OBJ ZOP 17.8. o godz. 9 Kowalczyk", "OBJ ZOP 17.8. 9:00 Kowalczyk"),
    )),
    Repair("time_grown_to_a_word", _SOURCE, "doubtful", (), _grown_name, (
        ("OBJ ZCD 12.8. 9:15SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("time_other_sign", _SOURCE, "doubtful", (), _other_sign, (
        ("OBJ ZCD 12.8. 9:15:00 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15:30 SVOBODA", "OBJ ZCD 12.8. 9:15:30 SVOBODA"),
        ("OBJ ZCD 12.8. 9'15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9°° SVOBODA", "OBJ ZCD 12.8. 9:00 SVOBODA"),
        ("OBJ ZCD 12.8. v 9 a půl SVOBODA", "OBJ ZCD 12.8. v 9:30 SVOBODA"),
    )),
    Repair("time_apart", _SOURCE, "doubtful", (), _apart, (
        ("OBJ ZCD 12.8. 14 30 SVOBODA", "OBJ ZCD 12.8. 14:30 SVOBODA"),
        ("OBJ ZCD 12. 8. 14. 15 SVOBODA", "OBJ ZCD 12. 8. 14:15 SVOBODA"),
    )),
    Repair("time_three_digits", _SOURCE, "doubtful", (), _three_digits, (
        ("OBJ ZCD 12.8. 915 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
)  # fmt: skip
