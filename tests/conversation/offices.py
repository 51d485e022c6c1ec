"""The offices these tests talk to: the town's page, one with the longest codes, one service alone, one rarely open."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import time
from typing import Any

from tests.conversation.office import Agenda, Hours, Office, Service, Settings, WeeklyRule, demo_office

_DEFAULT_SYNONYMS = {"ZOP": ("obcanka",), "ZCD": ("pas",), "PTP": ("trvaly pobyt",)}


def _with_synonyms(office: Office) -> Office:
    """The demo office's own words, as soon as services can have any."""
    if "synonyms" not in {field.name for field in fields(Service)}:
        return office
    more: dict[str, Any] = {"synonyms": ()}
    services = []
    for service in office.services:
        more["synonyms"] = _DEFAULT_SYNONYMS.get(service.code, ())
        services.append(replace(service, **more))
    return replace(office, services=tuple(services))


def _office(
    slug: str, services: Sequence[Service], rules: Sequence[WeeklyRule], settings: Settings | None = None
) -> Office:
    return replace(
        demo_office(),
        slug=slug,
        agendas=(Agenda(1, "doklady", "Doklady", tuple(rules)),),
        services=tuple(services),
        counters=(),
        settings=settings or Settings(),
    )


def _week(first: time, last: time, step: int, weekdays: Sequence[int] = range(5)) -> list[WeeklyRule]:
    return [WeeklyRule(weekday, Hours(first, last, step, 2)) for weekday in weekdays]


DEMO = _with_synonyms(demo_office())
OFFICES = {
    "demo": DEMO,
    "long": _office(
        "long",
        [
            Service(number, code, title.ljust(100, "x"), 20, 1)
            for number, (code, title) in enumerate(
                [("ZADOSTOP10", "žádost"), ("PREVZETIOP", "převzetí"), ("TRVALYPOB2", "pobyt"), ("ABCDEFGHIJ", "jiné")],
                1,
            )
        ],
        _week(time(7, 10), time(17, 50), 20),
    ),
    "one": _office("one", [Service(1, "RPV", "registrace vozidla", 30, 1)], _week(time(8), time(16), 30)),
    "rare": _office(
        "rare",
        [Service(1, "MAT", "matrika", 15, 1), Service(2, "OVR", "ověřování", 15, 1)],
        _week(time(8, 30), time(11, 30), 15, [1]),
        Settings(soonest_days=14),
    ),
}
