"""The shape of a name: every sentence of spec/conversation.md §1.3."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.sms.understand.name_shape import NameShape, name_shape
from tests.sms.understand.spoken import WORDS

PLAIN = [
    pytest.param("Nováková", id="one word"),
    pytest.param("NOVAK", id="capitals without diacritics"),
    pytest.param("Jan Amos Komenský", id="several words"),
    pytest.param("Maria Anna Josefa Nováková", id="four words"),
    pytest.param("Ing. Jan Novák, Ph.D.", id="titles around"),
    pytest.param("MUDr. Mgr. Maria Anna Josefa Nováková, CSc.", id="titles are not counted"),
    pytest.param("Ing.arch. Jan Novák", id="titles grown together"),
    pytest.param("Bc Novak", id="a title without its full stop"),
    pytest.param("J. A. Komenský", id="initials"),
    pytest.param("J.A.Komenský", id="initials grown together"),
    pytest.param("Novák J", id="an initial without its full stop"),
    pytest.param("V. Novák", id="an initial that would be a preposition without its full stop"),
    pytest.param("Jos. Novák", id="a shortened given name"),
    pytest.param("paní Nováková", id="a form of address"),
    pytest.param("X", id="a single letter"),
    pytest.param("J. N.", id="initials alone"),
    pytest.param("Novák, Jan", id="a comma"),
    pytest.param('"Novák"', id="quotes"),
    pytest.param("Novák!", id="an exclamation mark at the end"),
    pytest.param("Nováková-Malá", id="hyphen"),
    pytest.param("Nováková–Malá", id="a dash, as telephones correct a hyphen"),
    pytest.param("Jean-Luc", id="a hyphened given name"),
    pytest.param("O'Neill", id="apostrophe"),
    pytest.param("O’Neill", id="typographic apostrophe"),
    pytest.param("van der Berg", id="particles"),
    pytest.param("Jan van den Berg", id="a particle that is a day in Czech, behind another"),
    pytest.param("Ludwig van Beethoven", id="a particle inside"),
    pytest.param("von der Heide", id="German particles"),
    pytest.param("Leonardo di Caprio", id="Italian particle"),
    pytest.param("Шевченко", id="Cyrillic"),
    pytest.param("Тарас Григорович Шевченко", id="Cyrillic, with the father's name"),
    pytest.param("В. Шевченко", id="a Cyrillic initial"),
    pytest.param("Nguyễn Thị Hồng Nhung", id="Vietnamese with its marks"),
    pytest.param("Nguyen Thi Mai", id="Vietnamese without its marks"),
    pytest.param("Đỗ Thị Thu", id="Vietnamese with a stroke"),
    pytest.param("Do Van Nam", id="Vietnamese that begins with a Czech preposition"),
    pytest.param("Hồ", id="a Vietnamese name that its mark tells from a pronoun"),
    pytest.param("王小明", id="no alphabet at all"),
    pytest.param("Ľudovít Štúr", id="Slovak"),
    pytest.param("Łukasz Wójcik", id="Polish"),
    pytest.param("Jürgen Groß", id="German"),
    pytest.param("Jan Novák", id="a given name that shortens a month"),
    pytest.param("Novák Jan", id="the same behind the surname"),
    pytest.param("August Novák", id="a given name equal to a month before a surname"),
    pytest.param("June Smith", id="an English one"),
    pytest.param("Zeman", id="a surname near a month"),
]
DOUBTFUL = [
    *(pytest.param(name, id=f"a day: {name}") for name in ["Sobota", "Pátek", "Středa", "Montag", "Niedziela"]),
    *(pytest.param(name, id=f"a month: {name}") for name in ["Dubná", "Května", "August", "Лютий", "Maj"]),
    pytest.param("SMITH August", id="a month behind a surname"),
    pytest.param("SVOBODA mai", id="a Vietnamese day and German month that is a name"),
    pytest.param("Večeřa", id="a time of day"),
    pytest.param("Pomoc", id="a command"),
    pytest.param("Jan Pomoc", id="a command that changes nothing, beside a given name"),
    pytest.param("STORNO", id="a command that changes something, alone"),
    pytest.param("Pop", id="a service code alone"),
    pytest.param("J. Pop", id="a service code beside an initial"),
    pytest.param("Jan ten Hag", id="a particle that is a Czech pronoun"),
    pytest.param("trvaly pobyt", id="a synonym of two words alone"),
    pytest.param("Jan Středa", id="a day behind a given name"),
    pytest.param("Ing. Sobota", id="a day behind a title"),
    pytest.param("ZITRA UT", id="two days"),
    pytest.param("Nguyen Thi Na", id="a preposition at the end of a Vietnamese name"),
    pytest.param("Do Lan", id="a preposition where every word is a listed name"),
    pytest.param("Do", id="a function word alone"),
    pytest.param("pátek-sobota", id="days joined by a hyphen"),
    pytest.param("MUDr.", id="a title alone"),
    *(
        pytest.param(day, id=f"a day of another language: {day}")
        for day in ["zajtra", "utorok", "jutro", "morgen", "завтра", "ngày mai", "ngay mai", "tomorow", "poniedzialek"]
    ),
]
NO_NAME = [
    pytest.param("", id="nothing"),
    pytest.param(",", id="punctuation"),
    pytest.param("Maria Anna Josefa Jana Nováková", id="five words"),
    pytest.param("Novák 2", id="a digit"),
    pytest.param("Novák2", id="a digit within"),
    pytest.param("Novák?", id="a question mark after it"),
    pytest.param("muze byt?", id="a question"),
    pytest.param("Novák a manželka", id="a conjunction"),
    pytest.param("a Novák", id="a conjunction at the beginning"),
    pytest.param("SVOBODA v jednu", id="a preposition"),
    pytest.param("SVOBODA do patku", id="a preposition that is a Vietnamese name"),
    pytest.param("SVOBODA dve osoby", id="a numeral"),
    pytest.param("kdy mate volno", id="a question word"),
    pytest.param("SVOBODA nechci", id="a negation"),
    pytest.param("SVOBODA ZOP", id="a service code beside a surname"),
    pytest.param("SVOBODA, ZOP SVOBODA", id="a second request"),
    pytest.param("SVOBODA obcanka", id="a synonym"),
    pytest.param("SVOBODA trvaly pobyt", id="a synonym of two words"),
    pytest.param("Jan POP", id="a service code beside a given name"),
    pytest.param("Novák ten", id="a particle that is a Czech pronoun, with nothing behind it"),
    pytest.param("SVOBODA STORNO", id="a cancellation after all"),
    pytest.param("SVOBODA OBJ", id="a second order"),
    pytest.param("PRIJMENI", id="a hole"),
    pytest.param("Jan PRIJMENI", id="a hole beside a name"),
    pytest.param("NOVAK. Prijdu vcas", id="a new sentence"),
    pytest.param("NOVAK! JAN", id="an exclamation"),
    pytest.param("NOVAK (i pas)", id="an aside in brackets"),
    pytest.param("NOVAK / NOVAKOVA", id="a sign"),
    pytest.param("dobrý den Novák", id="a courtesy"),
    pytest.param("в понедельник", id="a Cyrillic preposition"),
]
MISTYPED = ["zitraa", "strdu", "SVOBODA zitraa", "pondeil", "vecerr", "odpoldne"]
NOT_MISTYPED = ["Marek", "Mach", "Malý", "Červený", "Sobotka", "Pátková", "Volný", "Vrána", "Jan Černý"]


@pytest.mark.parametrize("text", PLAIN)
def test_plain(text: str) -> None:
    assert [name_shape(text, WORDS), name_shape(text, WORDS, soonest=True)] == ["plain", "plain"]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_doubtful(text: str) -> None:
    assert [name_shape(text, WORDS), name_shape(text, WORDS, soonest=True)] == ["doubtful", "doubtful"]


@pytest.mark.parametrize("text", NO_NAME)
def test_no_name(text: str) -> None:
    assert [name_shape(text, WORDS), name_shape(text, WORDS, soonest=True)] == ["no_name", "no_name"]


@pytest.mark.parametrize("text", MISTYPED)
def test_a_typing_error_is_doubtful_only_for_the_soonest(text: str) -> None:
    assert name_shape(text, WORDS, soonest=True) == "doubtful"
    assert name_shape(text, WORDS) == "plain"


@pytest.mark.parametrize("text", NOT_MISTYPED)
def test_a_listed_or_short_name_is_no_typing_error(text: str) -> None:
    assert name_shape(text, WORDS, soonest=True) == "plain"


def test_a_service_code_that_is_a_listed_surname_is_doubtful_beside_given_names_only() -> None:
    words = WORDS.with_services(["BENDA"])
    shapes = [name_shape(text, words) for text in ("Benda", "Jan Benda", "Novák Benda", "Benda občanka")]
    assert shapes == ["doubtful", "doubtful", "no_name", "no_name"]


@pytest.mark.parametrize(("text", "shape"), [("zítra", "doubtful"), ("O’Neill", "plain"), ("Nováková", "plain")])
def test_letters_and_marks_may_be_apart(text: str, shape: NameShape) -> None:
    assert name_shape(unicodedata.normalize("NFD", text), WORDS) == shape


@given(st.text())
def test_every_text_has_a_shape(text: str) -> None:
    assert name_shape(text, WORDS, soonest=True) in {"plain", "doubtful", "no_name"}
