"""Every mistake in an office file is reported with its place and its fix, all of them at once."""

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError

from prepazka import officefile
from prepazka.officefile.plain_words import describe


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(officefile.OfficeFileError) as raised:
        officefile.parse(text)
    return raised.value.problems


# Each is one change to the demo office's file: the old text, the new text, the error.
MISTAKES = [
    pytest.param(
        'agenda = "doklady"',
        'agenda = "dokladyy"',
        'services[0].agenda: no agenda has the key "dokladyy"; agendas are: doklady, evidence',
        id="unknown agenda",
    ),
    pytest.param(
        "horizon_days",
        "horizon",
        "settings.horizon: there is no such key here; did you mean horizon_days?",
        id="unknown key",
    ),
    pytest.param(
        "horizon_days = 60",
        "horizon_days = true",
        "settings.horizon_days: must be a whole number, without quotation marks",
        id="no number",
    ),
    pytest.param(
        "horizon_days = 60",
        "horizon_days = -1",
        "settings.horizon_days: must be at least 0",
        id="negative",
    ),
    pytest.param(
        '"9:00"', '"25:00"', "settings.remind_from: '25:00' is no time of day; the last one is \"23:59\"", id="no time"
    ),
    pytest.param('"9:00"', '"19:00"', "settings.remind_to: must be later than remind_from", id="reminders end first"),
    pytest.param(
        '"8:00"', '"v 8"', "agendas[0].rules[0].opens: 'v 8' is no time of day; write it like \"9:00\"", id="a word"
    ),
    pytest.param(
        '"8:00"',
        "08:00:30",
        "agendas[0].rules[0].opens: 08:00:30 has seconds; hours are kept in whole minutes",
        id="seconds",
    ),
    pytest.param(
        '"8:00"',
        '"17:00"',
        "agendas[0].rules[0].closes: 17:00 is not later than opens, 17:00",
        id="closes when it opens",
    ),
    pytest.param(
        "11:30-12:30", "12:30-11:30", "agendas[0].rules[0].breaks[0]: ends before it begins", id="break backwards"
    ),
    pytest.param(
        "11:30-12:30",
        "7:00-8:30",
        "agendas[0].rules[0].breaks[0]: must lie within the hours, after the break before it",
        id="break outside",
    ),
    pytest.param(
        "11:30-12:30",
        "noon",
        "agendas[0].rules[0].breaks[0]: 'noon' is no break; write it like \"11:30-12:30\"",
        id="no break",
    ),
    pytest.param(
        '"tue"', '"mon"', "agendas[0].rules[1]: overlaps rules[0] on mon; join or shorten one", id="overlapping hours"
    ),
    pytest.param(
        '"wed"', '"mon"', 'agendas[0].rules[0].days[1]: "mon" is already agendas[0].rules[0].days[0]', id="day twice"
    ),
    pytest.param("lanes = 2", "lanes = -1", "agendas[0].rules[0].lanes: must be at least 0", id="no lane"),
    pytest.param('"evidence"', '"doklady"', 'agendas[1].key: "doklady" is already agendas[0]', id="key twice"),
    pytest.param(
        '"POP"', '"zop"', 'services[1].code: "ZOP" is already services[0]', id="code twice, whatever its case"
    ),
    pytest.param(
        '"ZOP"',
        '"OBČAN"',
        "services[0].code: 'OBČAN' must be 2 to 10 letters or digits without diacritics, a letter first, like \"ZOP\"",
        id="code with diacritics",
    ),
    pytest.param(
        'title = "Doklady"',
        'title = " "',
        "agendas[0].title: must have at least 1 characters",
        id="empty title",
    ),
    pytest.param(
        '"Doklady"',
        '"Dok\\u0000lady"',
        "agendas[0].title: has a control character; take it out",
        id="control character",
    ),
    pytest.param('title = "Doklady"\n', "", "agendas[0].title: is missing", id="missing"),
    pytest.param(
        '"+420739547765"',
        '"739 547 7O5"',
        "office.numbers[0].number: '739 547 7O5' is no telephone number; write it like \"+420739547765\"",
        id="letter in a number",
    ),
    pytest.param(
        '"+420739547765"',
        '"12"',
        "office.numbers[0].number: '12' is no telephone number; write it like \"+420739547765\"",
        id="two digits",
    ),
    pytest.param(
        '"+420739547765"',
        '"+42073954"',
        "office.numbers[0].number: '+42073954' is no telephone number; write it like \"+420739547765\"",
        id="too short for its country",
    ),
    pytest.param(
        '"Europe/Prague"',
        '"Praha"',
        "office.timezone: 'Praha' is no time zone; write it like \"Europe/Prague\"",
        id="zone",
    ),
    pytest.param(
        '"CZ"',
        '"CS"',
        'office.holidays: no public holidays are known for \'CS\'; write a country like "CZ", or "" for none',
        id="country",
    ),
    pytest.param(
        'agendas = [\n    "doklady"',
        'agendas = [\n    "doklad"',
        'counters[0].agendas[0]: no agenda has the key "doklad"; agendas are: doklady, evidence',
        id="a counter's unknown agenda",
    ),
    pytest.param(
        'agendas = [\n    "doklady"',
        'agendas = ["doklady", "doklady"',
        'counters[0].agendas[1]: "doklady" is already counters[0].agendas[0]',
        id="a counter's agenda twice",
    ),
    pytest.param(
        'key = "prepazka-2"',
        'key = "prepazka-1"',
        'counters[1].key: "prepazka-1" is already counters[0]',
        id="counter's key twice",
    ),
    pytest.param(
        '"Přepážka 2"',
        '"Přepážka 1"',
        'counters[1].title: "Přepážka 1" is already counters[0]',
        id="counter's title twice: people could not tell where to go",
    ),
    pytest.param(
        'prefix = "D"',
        'prefix = "Ď"',
        "agendas[0].prefix: 'Ď' must be at most 2 letters without diacritics, like \"D\"",
        id="letter of numbers",
    ),
    pytest.param(
        "service_minutes = 10",
        "service_minutes = 0",
        "agendas[0].service_minutes: must be at least 1",
        id="no time at all",
    ),
    pytest.param(
        "priority_tickets = true",
        "priority_tickets = 1",
        "settings.priority_tickets: must be true or false, without quotation marks",
        id="neither true nor false",
    ),
    pytest.param(
        '"občanka"',
        '"občanka!"',
        "services[0].synonyms[0]: 'občanka!' must be words of letters and digits, a letter first, like \"občanka\"",
        id="a synonym with punctuation",
    ),
    pytest.param(
        '"občanka"',
        '"' + "o" * 31 + '"',
        "services[0].synonyms[0]: must have at most 30 characters",
        id="a synonym nobody types",
    ),
    pytest.param(
        'cs = "dosavadní občanský průkaz; kdo ho nemá, rodný list"',
        'cs = "' + "b" * 301 + '"',
        "services[0].bring.cs: must have at most 300 characters",
        id="too much to bring",
    ),
    pytest.param(
        '"Náměstí 1, Městec"',
        '"náměstí 1\\nMěstec"',
        "office.address: has a line break; write it in one line",
        id="an address of two lines",
    ),
    pytest.param(
        "languages = []",
        'languages = ["česky"]',
        "settings.languages[0]: 'česky' is no language; write two small letters, like \"cs\"",
        id="no language",
    ),
    pytest.param(
        "languages = []",
        'languages = ["en", "cs", "en"]',
        'settings.languages[2]: "en" is already settings.languages[0]',
        id="language twice",
    ),
    pytest.param(
        'accents = "none"', 'accents = "some"', "settings.accents: must be 'none' or 'full'", id="half accents"
    ),
    pytest.param(
        "proposal_minutes = 120",
        "proposal_minutes = -5",
        "settings.proposal_minutes: must be at least 0",
        id="no time for a yes",
    ),
    pytest.param(
        '"demo"',
        '"Úřad"',
        "office.slug: 'Úřad' must be small letters, digits and hyphens, at most 40, like \"muj-urad\"",
        id="slug",
    ),
    pytest.param(
        '"demo"',
        '"api"',
        "office.slug: 'api' is an address of the system; choose another",
        id="a slug of the system",
    ),
]


@pytest.mark.parametrize(("written", "instead", "expected"), MISTAKES)
def test_a_mistake_is_reported_with_its_place_and_its_fix(written: str, instead: str, expected: str) -> None:
    correct = officefile.dump(officefile.load_demo())
    assert written in correct
    assert expected in problems(correct.replace(written, instead, 1))


CLOSURE = '[office]\nslug = "a"\nname = "A"\n[[closures]]\nfirst = 2026-12-24\nlast = 2026-12-31\nreason = "Vánoce"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            CLOSURE.replace("12-31", "12-01"),
            "closures[0].last: 2026-12-01 is before the first day, 2026-12-24",
            id="backwards",
        ),
        pytest.param(
            CLOSURE + 'since = "9:00"\n',
            "closures[0]: give both since and until, or neither for whole days",
            id="no end",
        ),
        pytest.param(
            CLOSURE + 'since = "9:00"\nuntil = "9:00"\n', "closures[0].until: must be later than since", id="no time"
        ),
        pytest.param(
            CLOSURE + 'agenda = "x"\n',
            'closures[0].agenda: no agenda has the key "x"; agendas are: none',
            id="unknown agenda",
        ),
        pytest.param(
            CLOSURE.replace("2026-12-24", '"24.12."'),
            "closures[0].first: '24.12.' is no date; write it like 2026-08-10",
            id="no date",
        ),
        pytest.param("{", "this is not TOML: Invalid statement (at line 1, column 1)", id="no TOML"),
        pytest.param("", "office: is missing", id="empty"),
    ],
)
def test_other_mistakes(text: str, expected: str) -> None:
    assert problems(text) == (expected,)


def test_all_mistakes_are_reported_at_once() -> None:
    correct = officefile.dump(officefile.load_demo())
    expected = problems(correct.replace("lanes = 2", "lanes = -1").replace('"Europe/Prague"', '"Praha"'))
    assert len(expected) == 4


def test_hours_valid_at_different_times_may_overlap() -> None:
    summer = 'days = ["mon"]\nopens = "8:00"\ncloses = "12:00"\nstep = 15\nlanes = 1\nvalid_to = 2026-08-31\n'
    autumn = summer.replace("valid_to = 2026-08-31", "valid_from = 2026-09-01")
    office = officefile.parse(
        '[office]\nslug = "a"\nname = "A"\n[[agendas]]\nkey = "a"\ntitle = "A"\n'
        f"[[agendas.rules]]\n{summer}[[agendas.rules]]\n{autumn}"
    )
    assert len(office.agendas[0].rules) == 2


def test_a_secret_that_is_too_long_is_told_as_a_text() -> None:
    """Pydantic counts its items; of a password people count letters."""

    class Account(BaseModel):
        password: SecretStr = Field(max_length=7, min_length=2)
        days: tuple[int, ...] = Field((), max_length=1)

    def said(**given: object) -> list[str]:
        with pytest.raises(ValidationError) as found:
            Account.model_validate(given)
        return [describe(one) for one in found.value.errors()]

    assert said(password="tajneheslo") == ["must have at most 7 characters"]
    assert said(password="t") == ["must have at least 2 characters"]
    assert said(password="tajne", days=[1, 2]) == ["must have at most 1 items"]
