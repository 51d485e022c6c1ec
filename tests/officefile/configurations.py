"""Strategies of offices with any configuration; the ids are those a file gives."""

from datetime import date, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from prepazka.core.office.office import (
    Agenda,
    Closure,
    Counter,
    ExtraDay,
    Hours,
    Office,
    Queue,
    SavedAnswer,
    Service,
    Settings,
    WeeklyRule,
)

_DATES = st.dates(date(2026, 1, 1), date(2030, 12, 31))
_SLUGS = st.from_regex("[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)
_CODES = st.from_regex("[A-Z][A-Z0-9]{1,4}", fullmatch=True)
_COUNTS = st.integers(0, 32_767)
_FLAGS = st.booleans()
_LIMITS = st.none() | _COUNTS
_QUEUES = st.builds(
    Queue, st.from_regex("[A-Z]{0,2}", fullmatch=True), _LIMITS, st.integers(0, 1440), st.integers(1, 1440)
)


def _texts(at_most: int) -> st.SearchStrategy[str]:
    plain = st.characters(exclude_categories=["Cc", "Cs"])
    return st.text(plain, min_size=1, max_size=at_most).map(str.strip).filter(bool)


@st.composite
def _hours(draw: st.DrawFn, first_hour: int, last_hour: int) -> Hours:
    """Hours with up to two breaks, between two hours of the day."""
    minutes = st.integers(first_hour * 60, last_hour * 60 - 1)
    edges = draw(st.lists(minutes, min_size=6, max_size=6, unique=True).map(sorted))
    times = [time(edge // 60, edge % 60) for edge in edges]
    breaks = tuple(list(pairwise(times[1:5]))[::2][: draw(st.integers(0, 2))])
    return Hours(times[0], times[5], draw(st.integers(1, 60)), draw(st.integers(1, 60)), breaks)


@st.composite
def _agendas(draw: st.DrawFn, number: int, key: str) -> Agenda:
    stretches = [(weekday, half) for weekday in range(7) for half in (0, 12) if draw(st.booleans())]
    days = sorted(draw(st.lists(_DATES, max_size=2, unique=True)))
    return Agenda(
        id=number,
        key=key,
        title=draw(_texts(100)),
        rules=tuple(
            WeeklyRule(weekday, draw(_hours(half, half + 12)), draw(st.none() | st.just(date(2026, 1, 1))), until)
            for weekday, half in stretches
            for until in [draw(st.none() | _DATES)]
        ),
        extra_days=tuple(ExtraDay(day, draw(_hours(6, 20))) for day in days),
        queue=draw(_QUEUES),
    )


@st.composite
def _counters(draw: st.DrawFn, number: int, agendas: int) -> Counter:
    serves = draw(st.sets(st.integers(1, agendas))) if agendas else set()
    return Counter(number, f"prepazka-{number}", f"{number}. {draw(_texts(30))}", tuple(sorted(serves)))


@st.composite
def _closures(draw: st.DrawFn, agendas: int) -> Closure:
    first, last = sorted([draw(_DATES), draw(_DATES)])
    since, until = draw(st.sampled_from([(None, None), (time(9), time(10, 30)), (time(0), time(23, 59))]))
    agenda = draw(st.none() | st.integers(1, agendas)) if agendas else None
    reasons = draw(st.dictionaries(st.sampled_from(["en", "sk"]), _texts(60)))
    return Closure(first, last, draw(_texts(60)), agenda, since, until, reasons)


def _settings() -> st.SearchStrategy[Settings]:
    free = ("horizon_days", "notice_minutes", "open_per_sender", "repeat_minutes")
    counts: dict[str, Any] = dict.fromkeys(free, _COUNTS)
    limits = {f"open_per_sender_and_{what}": _LIMITS for what in ("service", "agenda", "day")}
    ends = {
        "remind_from": st.sampled_from([time(0), time(8, 5)]),
        "remind_to": st.sampled_from([time(9), time(23, 59)]),
    }
    others = {
        "erase_after_days": st.integers(1, 365),
        "keep_details_months": st.integers(3, 120),
        "proposal_minutes": _COUNTS,
        "languages": st.lists(st.sampled_from(["cs", "en", "sk"]), unique=True).map(tuple),
        "accents": st.sampled_from(["none", "full"]),
        "inbox_hours": st.just("") | _texts(60),
        "day_list_from": st.sampled_from([time(0), time(6, 30)]),
        "day_list_email": st.sampled_from(["", "podatelna@urad.example"]),
        "day_list_printer": st.sampled_from(["", "10.0.0.7:9101"]),
        "frame_origins": st.sampled_from([(), ("https://www.mesto.example", "https://obec.example:8443")]),
        "day_list_folder": _FLAGS,
        "public_unfinished": _FLAGS,
        "second_factor": st.sampled_from(["none", "clerk", "manager", "administrator"]),
    }
    return st.builds(Settings, **counts, **limits, **ends, **others, priority_tickets=_FLAGS, inbox=_FLAGS)


_SYNONYMS = st.from_regex("[a-zěščřžя][a-zěščřžя0-9]{0,8}( [a-zěščřžя0-9]{1,8}){0,2}", fullmatch=True)


@st.composite
def _services(draw: st.DrawFn, number: int, code: str, agendas: int) -> Service:
    return Service(
        number,
        code,
        draw(_texts(100)),
        draw(st.integers(1, 1440)),
        draw(st.integers(1, agendas)),
        draw(st.lists(_SYNONYMS, max_size=3).map(tuple)),
        draw(st.dictionaries(st.sampled_from(["cs", "en", "uk"]), _texts(300))),
        titles=draw(st.dictionaries(st.sampled_from(["en", "uk"]), _texts(100))),
    )


@st.composite
def configurations(draw: st.DrawFn) -> Office:
    """An office with everything an office file can say."""
    keys = draw(st.lists(_SLUGS, max_size=3, unique=True))
    codes = draw(st.lists(_CODES, max_size=4, unique=True)) if keys else []
    closures = draw(st.lists(_closures(len(keys)), max_size=2))
    numbers = draw(st.lists(st.integers(601_000_000, 608_999_999).map("+420{}".format), max_size=2, unique=True))
    return Office(
        id=0,
        slug=f"urad-{draw(_SLUGS)}",
        name=draw(_texts(60)),
        zone=ZoneInfo(draw(st.sampled_from(["Europe/Prague", "Atlantic/Azores", "UTC"]))),
        numbers=tuple(numbers),
        agendas=tuple(draw(_agendas(number, key)) for number, key in enumerate(keys, 1)),
        services=tuple(draw(_services(number, code, len(keys))) for number, code in enumerate(codes, 1)),
        counters=tuple(draw(_counters(number, len(keys))) for number in range(1, draw(st.integers(0, 3)) + 1)),
        closures=tuple(sorted(closures, key=lambda closure: closure.first)),
        holidays=draw(st.sampled_from(["CZ", "SK", None])),
        settings=draw(_settings()),
        answers=tuple(
            SavedAnswer(f"{number}. {draw(_texts(50))}", draw(_texts(400))) for number in range(draw(st.integers(0, 2)))
        ),
        texts=draw(st.dictionaries(st.sampled_from(["cs", "en"]), st.dictionaries(_SLUGS, _texts(160), max_size=2))),
        gateways=draw(st.dictionaries(st.sampled_from(numbers), _SLUGS)) if numbers else {},
        address=draw(st.just("") | _texts(120)),
        directions=draw(st.just("") | _texts(120)),
        privacy_officer=draw(st.just("") | _texts(200)),
        recipients=draw(st.just("") | _texts(300)),
    )
