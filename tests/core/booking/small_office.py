"""A small and crowded office, and its hours minute by minute, for rules that are tried against simple ones."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from prepazka.core.minutes import Minute, minute
from prepazka.core.office.office import Agenda, Closure, Hours, Office, Service, Settings, WeeklyRule

PRAGUE = ZoneInfo("Europe/Prague")
LONG, SHORT = 1, 2
WEDNESDAY = date(2026, 8, 5)


def office(reoffer_minutes: int) -> Office:
    """Small and crowded: two agendas, services of different durations, a break, hours in two parts, a closure."""

    def every_weekday(*hours: Hours) -> tuple[WeeklyRule, ...]:
        return tuple(WeeklyRule(weekday, one) for weekday in range(5) for one in hours)

    return Office(
        id=1,
        slug="small",
        name="Malý úřad",
        zone=PRAGUE,
        numbers=(),
        agendas=(
            Agenda(
                LONG,
                "long",
                "Long",
                every_weekday(
                    Hours(time(8), time(9, 30), 10, 2, ((time(8, 40), time(8, 50)),)),
                    Hours(time(9, 30), time(10, 10), 15, 1),
                ),
            ),
            Agenda(SHORT, "short", "Short", every_weekday(Hours(time(8), time(9), 10, 1))),
        ),
        services=(
            Service(1, "TEN", "deset", 10, LONG),
            Service(2, "MORE", "dvacet pět", 25, LONG),
            Service(3, "OTHER", "dvacet", 20, SHORT),
        ),
        closures=(Closure(WEDNESDAY, WEDNESDAY, "školení", None, time(8, 20), time(8, 45)),),
        settings=Settings(
            horizon_days=6,
            soonest_days=3,
            notice_minutes=5,
            cancel_until_minutes=20,
            reoffer_minutes=reoffer_minutes,
            open_per_sender=4,
            open_per_sender_and_day=3,
            persons_at_most=2,
        ),
    )


# By agenda: from, to, lanes, step; in minutes of the day, as the hours above say them.
PIECES = {LONG: [(480, 520, 2, 10), (530, 570, 2, 10), (570, 610, 1, 15)], SHORT: [(480, 540, 1, 10)]}


def wall(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def moment(day: date, at: time) -> Minute:
    return minute(datetime.combine(day, at, tzinfo=PRAGUE))


def is_open(day: date, minutes: int) -> bool:
    return day.weekday() < 5 and not (day == WEDNESDAY and 500 <= minutes < 525)
