"""Asking what to bring, and where the office is."""

from dataclasses import replace
from datetime import date, time

import pytest

from prepazka.core.booking.bring import BringTold, ToBring
from prepazka.core.booking.misunderstandings import UnknownService
from prepazka.core.booking.outcomes import HelpGiven
from prepazka.core.booking.query import Help
from prepazka.core.office.office import Closure, ExtraDay, Hours, Office
from tests.core.booking.contexts import MONDAY, NOW, OFFICE, outcome

ZCD, RTP = OFFICE.service_of["ZCD"], OFFICE.service_of["RTP"]
MORNING, AFTERNOON = (time(8), time(11, 30)), (time(12, 30), time(17))


def test_what_the_office_wrote_is_told() -> None:
    assert outcome(ToBring("ZCD")) == BringTold(ZCD)


def test_where_nothing_is_written_the_contact_is_named() -> None:
    assert outcome(ToBring("RTP")) == BringTold(RTP, "podatelna@urad.example, 555 123 456")
    assert outcome(ToBring("RTP"), office=replace(OFFICE, contact="")) == BringTold(RTP, "")


def test_a_service_that_is_gone_is_unknown() -> None:
    assert outcome(ToBring("RYB")) == UnknownService("RYB", ())


def test_what_to_bring_is_in_the_language_asked_for_or_the_first_there_is() -> None:
    assert ZCD.bring_in("en") == ZCD.bring["en"]
    assert replace(ZCD, bring={"uk": "паспорт", "cs": "pas"}).bring_in("en") == "pas"
    assert replace(ZCD, bring={}).bring_in("cs") == ""


def with_agendas(**changed: object) -> Office:
    return replace(OFFICE, agendas=(replace(OFFICE.agendas[0], **changed), *OFFICE.agendas[1:]))  # type: ignore[arg-type]


LATE = ExtraDay(MONDAY, Hours(time(16), time(19), 15, 1))


@pytest.mark.parametrize(
    ("office", "hours"),
    [
        pytest.param(OFFICE, (MORNING, AFTERNOON), id="hours without breaks"),
        pytest.param(
            with_agendas(extra_days=(LATE,)),
            (MORNING, (time(12, 30), time(19))),
            id="of any agenda: one closes at 17:00, another is open from 16:00 to 19:00",
        ),
        pytest.param(replace(OFFICE, closures=(Closure(MONDAY, MONDAY, "Volby"),)), (), id="closed"),
        pytest.param(
            replace(OFFICE, closures=(Closure(MONDAY, MONDAY, "Porada", None, time(8), time(9)),)),
            ((time(9), time(11, 30)), AFTERNOON),
            id="closed for a part of the day",
        ),
    ],
)
def test_info_is_help_with_the_address_and_todays_hours(office: Office, hours: object) -> None:
    found = outcome(Help(info=True), office=office)
    assert isinstance(found, HelpGiven)
    assert (found.address, found.hours) == ("Náměstí 1, Městec", hours)
    assert replace(found, address="", hours=None) == outcome(Help(), office=office)


def test_help_alone_has_neither() -> None:
    assert outcome(Help()) == HelpGiven("ZOP", date(2026, 8, 4), time(8))
    assert NOW.date() == MONDAY
