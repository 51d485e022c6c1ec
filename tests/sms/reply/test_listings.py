import re
from dataclasses import replace
from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.booking.outcomes import FreeTimesListed, MineListed, ServicesListed, SlotFull
from prepazka.core.booking.query import FreeTimes
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service
from prepazka.sms.understand.parse import parse
from tests.sms.reply.outcomes import DAY_OF_STARTS, LARGEST_OFFICE, MONDAY, OFFICE, TWO, ZOP, booking, offer, reply
from tests.sms.reply.test_phrases import told


def test_the_message_for_later_stands_whole_before_more_offers() -> None:
    long = offer(name="N" * 50)
    text = reply(SlotFull(ZOP, MONDAY, TWO, (long, long, long))).text
    assert text.endswith(f"Do 15 min staci ANO, pak poslete\nOBJ ZOP 10.8. 14:15 {long.name}")


def test_a_message_for_later_that_does_not_fit_is_left_out_whole() -> None:
    long = offer(name="N" * lengths.PERSON_NAME)
    text = reply(SlotFull(ZOP, MONDAY, TWO, (long, long, long))).text
    assert text.endswith("Do 15 min staci ANO (pon 10.8. 14:15), ANO 2 (14:15), ANO 3 (14:15)")


def test_titles_are_shortened_before_codes_stand_alone() -> None:
    services = tuple(Service(n, f"S{n}", "žádost o vydání dokladu pro osobu", 15, 1) for n in range(20))
    rendered = reply(ServicesListed(services), replace(OFFICE, services=services))
    assert rendered.parts == 3
    assert re.search(r"S0 = zadost[ \w]*\.\.\.\nS1 = ", rendered.text)
    assert all(re.search(rf"\b{service.code}\b", rendered.text) for service in services)


def test_short_titles_are_listed_whole() -> None:
    services = (Service(1, "OP", "občanka", 15, 1), Service(2, "PAS", "pas", 15, 1))
    assert "OP = obcanka\nPAS = pas\n" in reply(ServicesListed(services), replace(OFFICE, services=services)).text


def test_codes_stand_alone_where_no_title_fits() -> None:
    rendered = reply(ServicesListed(LARGEST_OFFICE.services), LARGEST_OFFICE)
    assert ", ".join(service.code for service in LARGEST_OFFICE.services) in rendered.text


def test_codes_that_do_not_fit_are_not_left_out_silently() -> None:
    services = tuple(Service(n, f"ABCDEFG{n:03}", "", 15, 1) for n in range(100))
    rendered = reply(ServicesListed(services), replace(OFFICE, services=services))
    assert rendered.parts == 3
    assert ", ...\n" in rendered.text


def test_bookings_that_do_not_fit_are_counted() -> None:
    text = reply(MineListed(tuple(booking(at=time(hour)) for hour in range(8, 18)))).text
    shown = text.count("kod 482913")
    assert shown >= 4
    assert text.endswith(f", a dalsi: {10 - shown}")


@given(st.sampled_from([OFFICE, LARGEST_OFFICE]), DAY_OF_STARTS)
def test_free_times_shown_and_those_the_rest_message_asks_for_are_all(office: Office, starts: tuple[time, ...]) -> None:
    text = reply(FreeTimesListed(office.services[0], MONDAY, starts), office).text
    listed = text.split("je volno: ")[1].split("\n")[0]
    shown, _, message = listed.partition(", dalsi na zpravu ")
    if not message:
        assert told(shown) == starts
        return
    rest = parse(message, office, MONDAY).request
    assert isinstance(rest, FreeTimes)
    assert (rest.service, rest.day) == (office.services[0].code, MONDAY)
    assert rest.since is not None
    assert told(shown) + tuple(start for start in starts if start >= rest.since) == starts
