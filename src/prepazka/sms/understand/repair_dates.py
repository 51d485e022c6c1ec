"""Repairs of dates: other separators, months in words and Roman figures, days in words and other languages."""

import re
from collections.abc import Iterator

from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.name_words import SHORTEST_MISTYPED
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair import ALL, Repair
from prepazka.sms.understand.spelling_errors import meant
from prepazka.sms.understand.written import Word, Written

_SOURCE = "docs/spec/conversation.md §2"
_HOURS, _DAYS, _MONTHS = 24, 31, 12

_YEAR_FIRST = re.compile(
    r"(?<![\d.,/:-])(20\d\d)(?:\s?[/.]\s?(\d{1,2})\s?[/.]\s?|\s?-\s?(\d{1,2})\s?-\s?)(\d{1,2})\.?(?![\d/.:])", re.ASCII
)
_YEAR_FIRST_BARE = re.compile(
    r"(?<![\w.,/:-])(20\d\d)(\s?)(0[1-9]|1[0-2]|(?<=\s)[1-9])\2(0[1-9]|[12]\d|3[01]|(?<=\s)[1-9])\.?(?![\w/.:])",
    re.ASCII,
)
_DATED = frozenset(("book", "free", "watch"))
_ROMAN = re.compile(
    r"(?<![\d.,/:-])(\d{1,2})\s?\.?\s?\b(XII|XI|X|IX|IV|VIII|VII|VI|V|III|II|I)\.(\s?20\d\d)?", re.ASCII
)
_ROMAN_UNSTOPPED = re.compile(r"(?<![\d.,/:-])(\d{1,2})\.(XII|XI|IX|IV|VIII|VII|VI|III|II)(?![\w.])", re.ASCII)
_ROMAN_MONTHS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
_PARTED = re.compile(
    r"(?<![\w.,/:-])(\d{1,2})(?:\.{2,}\s?|\s+\.\s?|\s?[,;–-]\s?|\.\s?[,-]\s?|\s+)(\d{1,2})"
    r"(\.?)(?![\d:]|,\d|\.\d\d(?!\d))(?:(?<=\.)\s?[-,/ ]?\s?(20\d\d)|(?<!\.)[-.,/ ]\s?(20\d\d))?(?![\w:/])",
    re.ASCII,
)
_DATE = re.compile(
    r"(?<![\d.:,/])\d{1,2}\.\s?\d{1,2}\.|(?<![\d.])\d{1,2}/\d{1,2}(?!\d)|20\d\d-\d{1,2}-\d{1,2}", re.ASCII
)
_CLOCK = re.compile(r"(?<![\d.:])\d{1,2}:\d{2}(?!\d)|(?<![\d.:])\d{1,2}\s?(?:H|HOD|HODIN|UHR)\b", re.ASCII)
_MAY_BE_CLOCK = re.compile(r"(?<![\w.,/:-])(?:[01]?\d|2[0-3])(?:\s+|\s?[,;]\s?)(?:05|10)(?![\w.,/:-])", re.ASCII)
"""Two numbers that may be a time as well as a day: "10 10", "14,10"."""
_TOGETHER = re.compile(
    r"((?<![\d.])\d{1,2}\.\s?\d{1,2}\.(?:\s?20\d\d)?)\s*(?:-|–|,|/|(?:V|VE|AT|OD)\s*)"
    r"(?=\d{1,2}[:.]\d{2}|\d{1,2}\s?H)",
    re.ASCII,
)
_TIME_JOINED = (
    r"\d{1,2}:\d\d(?!\d)|\d{1,2}\.(?:00|1[3-9]|[2-5]\d)(?![\d.])|(?:0[6-9]|1[0-8])[0-5]\d(?!\d)"
    r"|\d{1,2}\s?(?:H|HOD|HODIN|UHR)\b"
)
_YEAR_FIRST_JOINED = re.compile(
    r"(?<!\d)(?<!\d[-/.:,])(20\d\d)\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})\.?[-–/,]"
    rf"(?={_TIME_JOINED}|\d{{1,2}}\.\d\d(?![\d.])|\d{{4}}(?!\d)|[^\W\d_]{{2}})"
)
_DAY_FIRST_JOINED = re.compile(
    r"(?<!\d)(?<!\d[-/.:,])(\d{1,2})([-/.])(\d{1,2})(?:(\.)|\2((?:20)?\d\d)\.?)?[-–/,]"
    rf"(?={_TIME_JOINED})"
)
"""A date and the sign that joins it to what stands behind it: "2027/03/24-15:15", "24/3-15:15"."""
_DAY_BEFORE = re.compile(r"(?<![\w:.,/-])(\d{1,2})\s?[.-]?\s?(?:(?:ST|ND|RD|TH|E|ER)\b\s?)?(?:OF\s)?$", re.ASCII)
_NUMBER_BEFORE = re.compile(r"(?:(?<!\w)([^\W\d_]+)\s+|(?<![\w:.,/-]))\d{1,2}\.?\s+$")
_DAY_AFTER = re.compile(r"\.?\s?(\d{1,2})(?:ST|ND|RD|TH)?\.?(?![\d:.,/]|\s?(?:AM|PM|H|X)\b)", re.ASCII)
_YEAR_AFTER = re.compile(r"\.?,?\s*(20\d\d)(?!\d)", re.ASCII)
_YEAR_APART = re.compile(r"(?<![\d.,:/])(\d{1,2}\.\s?\d{1,2})(\s)20[2-9]\d(?![\d.:])", re.ASCII)
_BEHIND_DATE = re.compile(
    r"(?P<date>(?<![\d.:,/])\d{1,2}\.\s?\d{1,2}\.(?:\s?20\d\d)?)[\s,]*(?P<aside>[(\[]\s?)?"
    r"(?:(?P<before>V|VE|VO|ON|AM|W|В|У)\s)?(?P<word>[^\W\d_]{2,})(?:\.?\s?[)\]]|\b)[.,]?(?!\S)"
)
_SHORT_DAY = 2
_NUMBER = re.compile(r"\d+", re.ASCII)
_GAP = re.compile(r"[\s,]*")


def has_date(key: str, lexicon: Lexicon) -> bool:
    """Whether a folded text has a day that is written so that the strict parser knows it."""
    return _DATE.search(key) is not None or any(word in VOCABULARY.days for word in key.split())


def parted_behind_date(written: Written, lexicon: Lexicon) -> str:
    """The text with a space instead of the sign that joins a date to what stands behind it."""
    year_first = written.substitute(_YEAR_FIRST_JOINED, lambda found: f"{found[1]}-{found[3]}-{found[4]} ")
    once = Written(year_first)

    def parted(found: re.Match[str]) -> str | None:
        day, month, year = int(found[1]), int(found[3]), found[5] or ""
        may_be_clock = found[2] == "." and day < _HOURS and len(found[3]) > 1 and not (found[4] or year)
        rest = f"{once.key[: found.start()]} {once.key[found.end() :]}"
        if not (1 <= day <= _DAYS and 1 <= month <= _MONTHS) or may_be_clock or has_date(rest, lexicon):
            return None
        return f"{day}.{month}.{year if len(year) != 2 else f'20{year}'} "

    return once.substitute(_DAY_FIRST_JOINED, parted)


def _year_first(written: Written, lexicon: Lexicon) -> Iterator[str]:
    yield written.substitute(_YEAR_FIRST, lambda found: f"{found[1]}-{found[2] or found[3]}-{found[4]}")


def _year_first_bare(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "20260812", "2026 08 12": where no access code may stand."""
    if VOCABULARY.commands.get(written.first) in _DATED and not has_date(written.key, lexicon):
        yield written.substitute(_YEAR_FIRST_BARE, lambda found: f"{found[1]}-{found[3]}-{found[4]}")


def _roman_month(written: Written, lexicon: Lexicon) -> Iterator[str]:
    def numbered(found: re.Match[str]) -> str:
        return f"{found[1]}.{_ROMAN_MONTHS.index(found[2]) + 1}.{(found[3] or '').strip()}"

    yield written.substitute(_ROMAN, numbered)


def _roman_unstopped(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "26.II": without the full stop the letters may stand for the figures 11 too."""
    yield written.substitute(_ROMAN_UNSTOPPED, lambda found: f"{found[1]}.{_ROMAN_MONTHS.index(found[2]) + 1}.")


def _month_in_words(written: Written, lexicon: Lexicon) -> Iterator[str]:
    changes: dict[tuple[int, int], str] = {}
    names: list[tuple[int, int]] = []
    for word in written.words:
        month = lexicon.common.months.get(word.key)
        before = _day_before(written, word) if month else None
        if before and 1 <= int(before[1]) <= 31:
            year = _YEAR_AFTER.match(written.key, word.end)
            end = year.end() if year else word.end
            if written.key[end : end + 1] == ".":
                end += 1
            changes[before.start(), end] = _date(int(before[1]), month or 0, year)
            if word.key in lexicon.names.names.given:
                if int(before[1]) <= _MONTHS and _ends_in_day(written, before.start()):
                    del changes[before.start(), end]  # "2 9 Jan Krejčí"
                else:
                    names.append((before.start(), end))
    for place in names:  # beside another day it is rather the name: "16. October 11 30 Jan Krejčí"
        if len(changes) > 1 or has_date(f"{written.key[: place[0]]} {written.key[place[1] :]}", lexicon):
            del changes[place]
    if len(changes) == 1:
        yield written.replaced(changes)


def _ends_in_day(written: Written, end: int) -> bool:
    """Whether a number stands at the end of a part of the text that is rather a day than an hour ("v 9")."""
    found = _NUMBER_BEFORE.search(written.key, max(end - 9, 0), end)
    return found is not None and "at" not in VOCABULARY.before.get(found[1], frozenset())


def _day_before(written: Written, word: Word) -> re.Match[str] | None:
    return _DAY_BEFORE.search(written.key, max(word.start - 12, 0), word.start)


def _month_first(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "August 12": only in English is the month written first."""
    for word in written.words:
        month = None if word.key in lexicon.common.before_persons else lexicon.common.months.get(word.key)
        after = _DAY_AFTER.match(written.key, word.end) if month and not _day_before(written, word) else None
        if after and month and 1 <= int(after[1]) <= 31:
            year = _YEAR_AFTER.match(written.key, after.end())
            end = year.end() if year else after.end()
            yield written.replaced({(word.start, end): _date(int(after[1]), month, year)})
            return


def _date(day: int, month: int, year: re.Match[str] | None) -> str:
    return f"{day}.{month}.{year[1] if year else ''}"


def _parted(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """Another separator in the date, or a space, beside a written time."""
    if _CLOCK.search(written.key):
        if " 20" in written.key and (year := _YEAR_APART.search(written.key)):
            yield written.replaced({year.span(2): "."})
        yield from _joined(written, lexicon)


def _parted_alone(written: Written, lexicon: Lexicon) -> Iterator[str]:
    if not _CLOCK.search(written.key) and not _MAY_BE_CLOCK.search(written.key):
        yield from _joined(written, lexicon)


def _joined(written: Written, lexicon: Lexicon) -> Iterator[str]:
    places = [found for found in _PARTED.finditer(written.key) if 1 <= int(found[1]) <= 31 and 1 <= int(found[2]) <= 12]
    if len(places) == 1:
        found = places[0]
        rest = written.key[: found.start()] + " " + written.key[found.end() :]
        year = found[4] or found[5]
        if not (_DATE.search(rest) if year else has_date(rest, lexicon)):  # beside a year "Sobota" is the name
            yield written.replaced({found.span(): f"{int(found[1])}.{int(found[2])}.{year or ''}"})


def _together(written: Written, lexicon: Lexicon) -> Iterator[str]:
    yield written.substitute(_TOGETHER, lambda found: f"{written.text[found.start(1) : found.end(1)]} ")


def _ordinals(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "dvanacteho osmy", "dvanacteho srpna", "12. osmy"."""
    words, known = written.words, lexicon.common
    for i, word in enumerate(words):
        day = known.ordinals.at(written, i)
        start, end, number = (day.first, day.end, day.value) if day else (i, i + 1, _small(word.key))
        if not 1 <= number <= 31 or end >= len(words):
            continue
        month = known.ordinals.at(written, end)
        in_words = known.months.get(words[end].key) if day else None
        found, last = (in_words, end + 1) if in_words else (month.value, month.end) if month else (None, end)
        if found and found <= 12:
            yield written.replaced({(words[start].start, words[last - 1].end): f"{number}.{found}."})
            return


def _small(key: str) -> int:
    return int(key) if len(key) <= 2 and _NUMBER.fullmatch(key) else 0


def _weekday_behind(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "12.8. středa", "12.8. (st)": before the date, as the strict parser reads it."""
    places = list(_BEHIND_DATE.finditer(written.key)) if "." in written.key else []
    if len(places) != 1:
        return
    found = places[0]
    word = found["word"]
    if not found["aside"] and (len(word) <= _SHORT_DAY or _may_be_called(written, found)):
        return
    if word in VOCABULARY.days or word in lexicon.common.days:
        day = written.text[slice(*found.span("word"))] if word in VOCABULARY.days else lexicon.common.days[word]
        # Behind "(" it is no part of the name before it.
        yield written.replaced({found.span(): f"({day} {written.text[found.start() : found.end('date')]}"})


def _may_be_called(written: Written, found: re.Match[str]) -> bool:
    """Whether a weekday may be a part of the name behind it ("12.8. Pátek Jan 9:15"), or the whole ("12.8. Pátek")."""
    named = written.text[slice(*found.span("word"))].istitle() and not found["before"]
    behind = next((word.key for word in written.words if word.start >= found.end("word")), "")
    return named and not behind.isdecimal() and behind not in VOCABULARY.before


def _foreign_day(written: Written, lexicon: Lexicon) -> Iterator[str]:
    known = lexicon.common
    days, vague, before = known.days, known.words("vague"), known.words("before_day")
    changes: dict[tuple[int, int], str] = {}
    for i, word in enumerate(written.words):
        day = days.get(word.key)
        previous = written.words[i - 1] if i else word
        if not day or (previous.key in vague and previous.key not in before):
            continue
        start = previous.start if i and previous.key in before else word.start
        if _is_beside_a_day(written, start, word.end, lexicon):
            continue
        changes[start, word.end] = day
    if len(changes) == 1:
        yield written.replaced(changes)


def _long_day(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "thứ tư": a day of several words, and no name that is written like one ("Thu Hai")."""
    for one in lexicon.common.long_days.all(written):
        start, end = written.words[one.first].start, written.words[one.end - 1].end
        is_name = written.is_capitalised(one.end - 1)
        if one.first and not is_name and not _is_beside_a_day(written, start, end, lexicon):
            yield written.replaced({(start, end): one.value})
            return


def _mistyped_day(written: Written, lexicon: Lexicon) -> Iterator[str]:
    known = lexicon.common
    vague = known.words("vague")
    for i, word in enumerate(written.words):
        if len(word.key) < SHORTEST_MISTYPED or word.key in known.meaningful or _is_name(word.key, lexicon):
            continue
        near = known.near_days.of(word.key)
        found = meant(word.key, near & VOCABULARY.days.keys()) or meant(word.key, near) if near else []
        beside = _is_beside_a_day(written, word.start, word.end, lexicon)
        if len(found) == 1 and not beside and not (i and written.words[i - 1].key in vague):
            yield written.replaced({(word.start, word.end): known.days.get(found[0], found[0])})
            return


def _is_beside_a_day(written: Written, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a text says its day elsewhere, so that a word like a day is rather the name: "22.10. 10:00 pí Nová".

    A weekday may stand before the date it is of.
    """
    if _DATE.match(written.key, _GAP.match(written.key, end).end()):  # type: ignore[union-attr] # matches always
        return False
    return has_date(f"{written.key[:start]} {written.key[end:]}", lexicon)


def _is_name(key: str, lexicon: Lexicon) -> bool:
    return key in lexicon.names.names.surnames or key in lexicon.names.names.given


CERTAIN = (
    Repair("date_year_first", _SOURCE, "certain", (), _year_first, (
        ("OBJ ZCD 2026/08/12 9:15 SVOBODA", "OBJ ZCD 2026-08-12 9:15 SVOBODA"),
        ("OBJ ZCD 2026. 8. 12. 9:15 SVOBODA", "OBJ ZCD 2026-8-12 9:15 SVOBODA"),
    )),
    Repair("date_roman_month", _SOURCE, "certain", (), _roman_month, (
        ("OBJ ZCD 12.VIII. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12. viii. 2026 9:15 SVOBODA", "OBJ ZCD 12.8.2026 9:15 SVOBODA"),
        ("OBJ ZCD 26.II. 9:15 SVOBODA", "OBJ ZCD 26.2. 9:15 SVOBODA"),
    )),
    Repair("date_month_in_words", _SOURCE, "certain", ALL, _month_in_words, (
        ("OBJ ZCD 12. srpna 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.srpna 2026 9:15 SVOBODA", "OBJ ZCD 12.8.2026 9:15 SVOBODA"),
        ("BOOK ZCD 12th of August 9:15 SMITH", "BOOK ZCD 12.8. 9:15 SMITH"),
        ("OBJ ZCD 12 серпня 9:15 Шевченко", "OBJ ZCD 12.8. 9:15 Шевченко"),
    )),
    Repair("date_and_time_parted", _SOURCE, "certain", (), _together, (
        ("OBJ ZCD 12.8.-9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8.v 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8., v9:15 SVOBODA", "OBJ ZCD 12.8., v9:15 SVOBODA"),
    )),
    Repair("date_separator", _SOURCE, "certain", (), _parted, (
        ("OBJ ZCD 12-8 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12 8 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12,8 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12..8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12 .8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12-8-2026 9:15 SVOBODA", "OBJ ZCD 12.8.2026 9:15 SVOBODA"),
        ("OBJ ZCD 12.8 2026 9:15 SVOBODA", "OBJ ZCD 12.8.2026 9:15 SVOBODA"),
    )),
)  # fmt: skip

SEPARATORS = (
    Repair("date_separator_alone", _SOURCE, "doubtful", (), _parted_alone, (
        ("TERMIN ZCD 12-8", "TERMIN ZCD 12.8."),
    )),
)  # fmt: skip

DOUBTFUL = (
    Repair("date_year_first_bare", _SOURCE, "doubtful", (), _year_first_bare, (
        ("OBJ ZCD 20260812 9:15 SVOBODA", "OBJ ZCD 2026-08-12 9:15 SVOBODA"),
        ("OBJ ZCD 2026 8 12 9:15 SVOBODA", "OBJ ZCD 2026-8-12 9:15 SVOBODA"),
        ("STORNO 20260812", "STORNO 20260812"),
    )),
    Repair("date_roman_month_unstopped", _SOURCE, "doubtful", (), _roman_unstopped, (
        ("OBJ ZCD 26.II 9:15 SVOBODA", "OBJ ZCD 26.2. 9:15 SVOBODA"),
        ("OBJ ZCD 12. 8. v 9:15 SVOBODA", "OBJ ZCD 12. 8. v 9:15 SVOBODA"),
    )),
    Repair("date_month_first", _SOURCE, "doubtful", ALL, _month_first, (
        ("BOOK ZCD August 12 9:15 SMITH", "BOOK ZCD 12.8. 9:15 SMITH"),
    )),
    Repair("date_in_words", _SOURCE, "doubtful", ALL, _ordinals, (
        ("OBJ ZCD dvanacteho osmy 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD dvanáctého srpna 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD dvacátého druhého osmý 9:15 SVOBODA", "OBJ ZCD 22.8. 9:15 SVOBODA"),
    )),
    Repair("weekday_behind_date", _SOURCE, "doubtful", ALL, _weekday_behind, (
        ("OBJ ZCD 12.8. středa 9:15 SVOBODA", "OBJ ZCD (středa 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD SVOBODA 12.8.(st) 9:15", "OBJ ZCD SVOBODA (st 12.8. 9:15"),
        ("OBJ ZCD 12.8. po 9:15 SVOBODA", "OBJ ZCD 12.8. po 9:15 SVOBODA"),
    )),
    Repair("day_in_several_words", "docs/spec/conversation.md §5", "doubtful", ALL, _long_day, (
        ("OBJ ZCD thứ tư 9:15 Nguyen", "OBJ ZCD STREDA 9:15 Nguyen"),
        ("OBJ ZCD ngày mai 9:15 Nguyen", "OBJ ZCD ZITRA 9:15 Nguyen"),
    )),
    Repair("day_in_another_language", "docs/spec/conversation.md §5", "doubtful", ALL, _foreign_day, (
        ("OBJ ZCD jutro 9:15 SVOBODA", "OBJ ZCD ZITRA 9:15 SVOBODA"),
        ("OBJ ZCD w piątek 9:15 Kowalczyk", "OBJ ZCD PATEK 9:15 Kowalczyk"),
        ("OBJ ZCD послезавтра 9:15 Шевченко", "OBJ ZCD POZITRI 9:15 Шевченко"),
        ("OBJ ZCD do piatku 9:15 SVOBODA", "OBJ ZCD do piatku 9:15 SVOBODA"),
    )),
    Repair("day_mistyped", _SOURCE, "doubtful", ALL, _mistyped_day, (
        ("OBJ ZCD zitraa 9:15 SVOBODA", "OBJ ZCD ZITRA 9:15 SVOBODA"),
    )),
)  # fmt: skip
