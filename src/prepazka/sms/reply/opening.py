"""How the opening hours of a day are told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from prepazka.core.booking.draft import Draft
from prepazka.core.booking.opening import HoursTold
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.office.office import Office
from prepazka.sms.reply.listings import outside_hours
from prepazka.sms.reply.longest import HOURS
from prepazka.sms.reply.rows import Row
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import Answer, one


def _hours(outcome: HoursTold, office: Office, templates: Templates) -> Answer:
    phrases = templates.phrases
    date, on = phrases.day(outcome.day), outcome.day if outcome.hours else outcome.next_open
    ask = templates.forms.draft(Draft("free_times", day=on))
    times = phrases.ask_times.format(free_times=ask) if outcome.bookable else ""
    if outcome.hours:
        return Answer("opening_hours", outside_hours({"date": date, "ask_times": times}, outcome.hours))
    if on is None:
        return one("opening_none", date=date)
    return one("opening_closed", date=date, next=f"{phrases.day(on).rstrip('.')}.{times}")


OPENING: Mapping[type[Outcome], Row[Any]] = {
    HoursTold: Row(
        {
            "opening_hours": Text.of("date hours", extras="ask_times"),
            "opening_closed": Text.of("date next"),
            "opening_none": Text.of("date"),
        },
        _hours,
        lambda longest: [
            HoursTold(longest.day, HOURS, bookable=True),
            HoursTold(longest.day, (), longest.day + timedelta(days=7), bookable=True),
            HoursTold(longest.day, ()),
        ],
    ),
}
