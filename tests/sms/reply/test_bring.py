"""What to bring and where the office is, as replies and reminders say it."""

from dataclasses import replace
from datetime import date, time

import pytest

from prepazka.core.booking.bring import BringTold, ToBring
from prepazka.core.booking.outcomes import HelpGiven
from prepazka.core.booking.query import Help
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service
from prepazka.sms.reply.render import Reply, reminder
from prepazka.sms.understand.parse import parse
from tests.sms.reply.outcomes import OFFICE, booking, reply

FISHING = Service(9, "RYB", "rybářský lístek", 5, 1, (), {"cs": "průkazku\n(loňskou stačí)", "en": "last year's card"})
TODAY = date(2027, 4, 7)


def told(service: Service = FISHING, language: str = "cs", contact: str = "") -> Reply:
    return reply(BringTold(service, contact), OFFICE, language)


def test_what_to_bring_is_told_on_one_line_in_the_language_asked_in() -> None:
    assert told().text == "K vyrizeni RYB si prosim vezmete: prukazku (lonskou staci)"
    assert told(language="en").text == "For RYB please bring: last year's card"


def test_what_is_written_in_another_language_only_is_better_than_nothing() -> None:
    assert told(replace(FISHING, bring={"cs": "občanku"}), "en").text.endswith("obcanku")


def test_where_nothing_is_written_the_reply_names_whom_to_ask() -> None:
    bare = replace(FISHING, bring={})
    assert "tel. 555 000 111" in told(bare, contact="tel. 555 000 111").text
    assert told(bare).text.endswith("na urade.")
    assert told(bare, contact="č" * lengths.OFFICE_CONTACT).parts <= 2


def test_the_longest_list_takes_three_parts_and_is_whole() -> None:
    longest = told(replace(FISHING, code="ABCDEFGHIJ", bring={"cs": "pruk" * (lengths.BRING // 4)}))
    assert longest.parts <= 3
    assert "pruk" * (lengths.BRING // 4) in longest.text


@pytest.mark.parametrize("text", ["CO ZCD", "obj co zcd", "Bring ZCD", "co ZCD prosím"])
def test_it_is_asked_for_with_the_code(text: str) -> None:
    assert parse(text, OFFICE, TODAY).request == ToBring("ZCD")


@pytest.mark.parametrize("text", ["INFO", "info", "Adresa", "OBJ INFO", "where", "Dobrý den, info prosím"])
def test_info_is_asked_for_with_a_word(text: str) -> None:
    assert parse(text, OFFICE, TODAY).request == Help(info=True)


# --- reminders ----------------------------------------------------------------------------------


def reminded(bring: str, name: str = "Kučerová", office: Office = OFFICE, language: str = "cs") -> Reply:
    services = tuple(replace(one, bring={"cs": bring} if bring else {}) for one in office.services)
    return reminder(booking(name, at=time(9, 30), service="PCD"), replace(office, services=services), language)


def test_a_reminder_says_what_to_bring() -> None:
    assert " S sebou: kartu a foto. " in reminded("kartu a foto.").text


def test_a_reminder_that_would_not_fit_leaves_it_out() -> None:
    long = reminded("velmi dlouhý seznam dokladů, který se do jedné zprávy spolu s ostatním prostě nevejde")
    assert long == reminded("")
    assert long.parts == 1


def test_no_name_is_cut_to_make_room_for_it() -> None:
    name = "Vratislav Novotný-Kučera z Dolní Lhoty"
    assert reminded("kartu a loňský lístek s razítkem", name) == reminded("", name)
    assert "Vratislav Novotny-Kucera z Dolni Lhoty" in reminded("", name).text
    assert "z Dolni Lhoty. S sebou: kartu. Kod pro prichod: 482913." in reminded("kartu", name).text


def test_an_own_text_says_it_only_where_it_wants() -> None:
    own = {"cs": {"reminder": "{service} {date} {time}{bring}"}}
    assert reminded("kartu", office=replace(OFFICE, texts=own)).text.endswith("9:30 S sebou: kartu.")
    plain = {"cs": {"reminder": "{service} {date} {time}"}}
    assert reminded("kartu", office=replace(OFFICE, texts=plain)).text.endswith("9:30")


# --- where the office is ------------------------------------------------------------------------


def info(office: Office = OFFICE, hours: tuple[tuple[time, time], ...] = (), language: str = "cs") -> str:
    where = HelpGiven("PTP", date(2027, 4, 8), time(13, 45), office.address, hours)
    return reply(where, office, language).text


def test_info_says_where_and_when() -> None:
    lines = info(hours=((time(7), time(12)), (time(13), time(18)))).splitlines()
    assert lines[0] == (
        "Namesti 1, Mestec, vchod z namesti, prizemi vlevo. Dnes mame otevreno 7:00-12:00, 13:00-18:00."
    )
    assert lines[1:3] == ["Objednate se zpravou", "OBJ PTP 8.4. 13:45 PRIJMENI"]


def test_info_of_a_closed_day() -> None:
    assert "Dnes mame zavreno." in info()
    assert "Today we are closed." in info(language="en")


def test_an_office_without_an_address_is_named() -> None:
    assert info(replace(OFFICE, address="", directions="")).startswith("Mestsky urad. ")


def test_directions_give_way_to_hours() -> None:
    far = replace(OFFICE, address="A" * lengths.OFFICE_ADDRESS, directions="D" * lengths.OFFICE_DIRECTIONS)
    hours = tuple((time(hour), time(hour, 30)) for hour in range(7, 19))
    assert "DDD" not in info(far, hours)
    assert "7:00-7:30, 8:00-8:30" in info(far, hours)
