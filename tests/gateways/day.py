"""A day of 500 messages of 100 phones, in five rounds: the same script for every gateway and for none.

The short day is that of its first twelve phones, and has the same of everything.

A phone writes its next message only after the answer to the last one, as citizens do. Within a round the answer to one
phone does not depend on the others, so a gateway may deliver the messages of a round in any order.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from prepazka.store import models

NOW = datetime(2026, 8, 1, 8, tzinfo=UTC)
"""A Saturday morning: however long the day takes to play, the soonest start is on Monday at eight."""
OFFICE = "+420739547765"
PHONES = tuple(f"+4207{number:08}" for number in range(31_000_000, 31_000_100))
SHORT = 12
"""How many phones make the short day; the ways of writing repeat with every tenth."""
_CODE = re.compile(r"\b\d{6}\b")
_GIVEN = re.compile(r"(?:zruseni|or cancel): (\d{6})\. (?:Zrusite|To cancel)")

Exchange = Callable[[Sequence[tuple[str, str]]], Mapping[str, Sequence[str]]]
"""Sends messages (phone, text) to the office, all before waiting for the first answer; returns the answers by phone."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message and its answer, with codes replaced by ######."""

    phone: str
    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class _Request:
    """The booking of one phone: no two have the same place, and Mondays to Fridays from 17.8. on are open."""

    service: str
    day: date
    time: str
    name: str

    @property
    def on(self) -> str:
        return f"{self.day.day}.{self.day.month}."


def play(exchange: Exchange, phones: int = len(PHONES)) -> list[Turn]:
    """Play the day, or that of the first so many phones; every message must get one answer.

    Raises: AssertionError for a phone without an answer, or with more than one.
    """
    codes: dict[str, str] = {}
    turns: list[Turn] = []
    for number, texts in enumerate(_rounds(), 1):
        messages = [
            (phone, text.replace("{code}", codes.get(phone, "000000")))
            for phone, text in zip(PHONES[:phones], texts[:phones], strict=True)
            if text
        ]
        replies = exchange(messages)
        assert set(replies) <= {phone for phone, _ in messages}, f"round {number}: answers nobody asked for"
        for phone, text in messages:
            assert len(replies.get(phone, ())) == 1, f"round {number}: {text!r} got {replies.get(phone)}"
            (reply,) = replies[phone]
            if found := _GIVEN.search(reply):
                codes[phone] = found[1]
            turns.append(Turn(phone, _CODE.sub("######", text), _CODE.sub("######", reply)))
    return turns


def books() -> list[tuple[str, str, str, str, str]]:
    """Return all bookings as (phone, service, start, name, state), in order."""
    rows = models.Booking.objects.values_list("sender", "service__code", "starts_at", "name", "state")
    return sorted((sender, code, start.isoformat(), name, state) for sender, code, start, name, state in rows)


def _rounds() -> Iterator[list[str]]:
    requests = list(_requests())
    yield [_booking(place, request) for place, request in enumerate(requests)]
    yield [_question(place, request) for place, request in enumerate(requests)]
    yield [_mistake(place, request, requests) for place, request in enumerate(requests)]
    yield [_change(place, request) for place, request in enumerate(requests)]
    yield [_second(place, request) for place, request in enumerate(requests)]


def _requests() -> Iterator[_Request]:
    """Yield another place for each phone; the evidence service has one lane, so a booked place there is full."""
    first = date(2026, 8, 17)
    for place in range(len(PHONES)):
        day = first + timedelta(days=place // 5 % 5 + 7 * (place // 25))
        time = ("8:00", "9:15", "10:30", "13:00", "13:45")[place % 5]
        service = ("PTP", "ZOP", "POP", "RTP", "ZCD")[place % 5]
        yield _Request(service, day, time, f"Nov{'abcdefghij'[place // 10]}k{'abcdefghij'[place % 10]}ťová")


def _booking(place: int, request: _Request) -> str:
    match place % 10:
        case 0:
            return f"OBJ {request.service} {request.on} {request.time} {request.name}"
        case 1:
            return f'obj "{request.service}" "{request.on}" "{request.time}" "{request.name}"'
        case 2:
            time = request.time.replace(":", ".")
            return f"Obj {request.service.lower()}  {request.day.isoformat()} {time} {request.name}"
        case 3:
            return f"OBJ {request.service} {request.name} {request.on} {request.time}"
        case 4:  # longer than one SMS with Czech letters
            return (
                f"Dobrý den, prosím OBJ {request.service} {request.on} {request.time} Příšerná Žluťoučká "
                f"{request.name} děkuji"
            )
        case 5:
            return f"BOOK {request.service} {request.on} {request.time} {request.name}"
        case _:
            return f"Dobrý den, OBJ {request.service} {request.on} {request.time} {request.name} děkuji"


def _question(place: int, request: _Request) -> str:
    match place % 10:
        case 0 | 1:
            return _booking(place, request)  # the same booking again
        case 2 | 3:
            return "TERMINY ZOP 9.9."
        case 4:
            return "Pomoc zkratky"
        case 5:
            return "OBJ HELP"
        case 6:
            return "termín PTP 10.9."
        case _:
            return "MOJE"


def _mistake(place: int, request: _Request, requests: Sequence[_Request]) -> str:
    match place % 10:
        case 0:
            return f"OBJ {request.service} 31.2. {request.time} {request.name}"
        case 1:
            return f"OBJ {request.service} {request.on} 25:00 {request.name}"
        case 2:
            return f"OBJ WXYZW {request.on} {request.time} {request.name}"
        case 3:
            return "Kdy prosím vás máte otevřeno? [{dnes}] " + "Je to naléhavé. " * 12
        case 4:
            return f"OBJ {request.service} 29.8. {request.time} {request.name}"
        case 5:  # another phone's place
            other = requests[place - 5]
            return f"OBJ {other.service} {other.on} {other.time} {request.name}"
        case 6:
            return f"OBJ {request.service} 24.12. {request.time} {request.name}"
        case 7:
            return f"STORNO 000001 {request.on}"
        case 8:
            return f"OBJ {request.service} {request.on} 8:07 {request.name}"
        case _:
            return "Ahoj, jak se máš? 😀"


def _change(place: int, request: _Request) -> str:
    if place % 2:
        return f"STORNO {{code}} {request.on}"
    return "PRESUN {code} 15.9. 14:15" if place == 10 else "MOJE"


def _second(place: int, request: _Request) -> str:
    if place == 0:
        return f"OBJ ZOP {request.name}"  # the soonest place: no other phone books within a week
    if place % 2:
        return f"STORNO {{code}} {request.on}"
    return "ZKR" if place % 4 else "TERMIN ZOP 11.9."
