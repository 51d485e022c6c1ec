"""Telephone numbers: what people write gives one number or a question, and no SMS goes where it costs or is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.flows.phone_numbers import NotUsable, country_of, e164, read_number, replyable

COUNTRIES = ("CZ", "SK", "DE", "AT", "PL", "UA")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        pytest.param("731 246 802", "+420731246802", id="national, in threes"),
        pytest.param("731246802", "+420731246802", id="without spaces"),
        pytest.param("731-246-802", "+420731246802", id="hyphens"),
        pytest.param("(731) 246 802", "+420731246802", id="brackets"),
        pytest.param("731/246/802", "+420731246802", id="slashes"),
        pytest.param("731\u00a0246\u00a0802", "+420731246802", id="spaces that do not break"),
        pytest.param("\u202a+420 731 246 802\u202c", "+420731246802", id="marks of direction, copied along"),
        pytest.param("00420 731 246 802", "+420731246802", id="00"),
        pytest.param("+420 (0) 731 246 802", "+420731246802", id="a zero that is left out"),
        pytest.param("00420 (0)731246802", "+420731246802", id="both"),
        pytest.param("420731246802", "+420731246802", id="the prefix without a plus"),
        pytest.param("+421 905 246 802", "+421905246802", id="Slovak"),
        pytest.param("+421 (0)905 246 802", "+421905246802", id="Slovak with the zero"),
        pytest.param("00421905246802", "+421905246802", id="Slovak by 00"),
        pytest.param("+49 151 23456789", "+4915123456789", id="German"),
        pytest.param("+380 67 123 45 67", "+380671234567", id="Ukrainian"),
    ],
)
def test_a_number_is_understood_as_people_write_it(typed: str, number: str) -> None:
    assert read_number(typed, COUNTRIES) == number
    assert replyable(number)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("0905 246 802", ("+421905246802",), id="a Slovak phone"),
        pytest.param("0664 1234567", ("+436641234567",), id="an Austrian phone"),
        pytest.param("0777 246 802", ("+420777246802", "+380777246802"), id="a Czech one with a zero, or a Ukrainian"),
        pytest.param("421905246802", ("+421905246802",), id="a prefix without a plus"),
    ],
)
def test_a_number_that_may_be_foreign_is_asked_back(typed: str, meant: tuple[str, ...]) -> None:
    assert read_number(typed, COUNTRIES) == NotUsable("incomplete", meant=meant)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        pytest.param("731 246 8025", "unknown", id="a digit too many"),
        pytest.param("7312468025", "unknown", id="a digit too many, together: no number of Kazakhstan"),
        pytest.param("731 246 80", "unknown", id="a digit too few"),
        pytest.param("+4207312468025", "unknown", id="a digit too many behind the prefix"),
        pytest.param("541 234 567", "landline", id="a landline of Brno"),
        pytest.param("+33 1 42 68 53 00", "landline", id="a landline of Paris"),
        pytest.param("900 123 456", "unknown", id="premium"),
        pytest.param("906 123 456", "unknown", id="premium, erotic"),
        pytest.param("909 123 456", "unknown", id="premium, games"),
        pytest.param("840 123 456", "unknown", id="shared costs"),
        pytest.param("800 123 456", "unknown", id="free of charge"),
        pytest.param("700 123 456", "unknown", id="a personal number"),
        pytest.param("+979 123 456 789", "unknown", id="premium of no country"),
        pytest.param("+882 16 1234 5678", "unknown", id="an international network"),
        pytest.param("+883 5100 1234 5678", "unknown", id="another one"),
        pytest.param("+8816 1234 5678", "unknown", id="Iridium"),
        pytest.param("+870 773 123 456", "unknown", id="Inmarsat"),
        pytest.param("+1 900 555 0123", "unknown", id="premium of America"),
        pytest.param("+33 6 12 34 56 78", "country", id="French"),
        pytest.param("+1 202 555 0143", "country", id="American, mobile or not"),
        pytest.param("112", "unknown", id="a short number"),
        pytest.param("", "unknown", id="nothing"),
        pytest.param("+", "unknown", id="a plus"),
        pytest.param("731 ABC 802", "unknown", id="letters of a keypad"),
        pytest.param("731 246 802 ext 5", "unknown", id="an extension"),
        pytest.param("731246802;5", "unknown", id="a pause"),
        pytest.param("731 246 802 nebo 602 111 222", "unknown", id="two numbers"),
        pytest.param("tel:731246802", "unknown", id="an address"),
    ],
)
def test_a_number_no_sms_is_sent_to_is_told_apart(typed: str, problem: str) -> None:
    found = read_number(typed, COUNTRIES)
    assert isinstance(found, NotUsable)
    assert found.problem == problem
    assert bool(found.number) == (problem in {"landline", "country"}), "a number that can be called is given"


def test_which_countries_are_written_to_is_a_setting() -> None:
    assert read_number("+33 6 12 34 56 78", ("CZ", "FR")) == "+33612345678"
    assert read_number("0905 246 802", ("CZ",)) == NotUsable("unknown")


@pytest.mark.parametrize(
    ("sender", "country"),
    [
        pytest.param("+420731246802", "CZ", id="Czech"),
        pytest.param("+33612345678", "FR", id="French"),
        pytest.param("+12025550143", "US", id="American"),
        pytest.param("+420541234567", None, id="a landline"),
        pytest.param("+420900123456", None, id="premium"),
        pytest.param("+979123456789", None, id="premium of no country"),
        pytest.param("+881612345678", None, id="a satellite"),
        pytest.param("+42073124680", None, id="too short"),
        pytest.param("90211", None, id="a short code"),
        pytest.param("O2 INFO", None, id="a name"),
        pytest.param("", None, id="none"),
    ],
)
def test_a_sender_is_answered_when_it_is_a_mobile_of_any_country(sender: str, country: str | None) -> None:
    assert country_of(sender) == country
    assert replyable(sender) == (country is not None)


def test_senders_are_made_equal_as_networks_give_them() -> None:
    assert {e164(one) for one in ("+420731246802", "420731246802", "00420731246802", "731246802")} == {"+420731246802"}


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_a_question(typed: str) -> None:
    found = read_number(typed, COUNTRIES)
    assert isinstance(found, NotUsable) or (replyable(found) and country_of(found) in COUNTRIES)


@given(st.from_regex(r"\+?[0-9]{6,15}", fullmatch=True))
def test_a_number_read_once_reads_the_same_again(typed: str) -> None:
    found = read_number(typed, COUNTRIES)
    if isinstance(found, str):
        assert read_number(found, COUNTRIES) == found
        assert len(found) <= 16, "as long as a column of the database"
