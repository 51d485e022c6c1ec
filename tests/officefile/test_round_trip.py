"""The office file is complete: an office survives writing and reading."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from prepazka import officefile
from prepazka.core.office.office import Office, Settings
from prepazka.store import offices
from tests.officefile.configurations import configurations
from tests.offices import demo_office


@given(configurations())
def test_what_dump_writes_parse_reads_back_as_the_same_office(office: Office) -> None:
    written = officefile.dump(office)
    assert officefile.parse(written) == office
    assert officefile.dump(officefile.parse(written)) == written


@pytest.mark.django_db
def test_what_dump_prints_load_accepts_and_nothing_changes() -> None:
    office_id = offices.keep(officefile.load_demo(), datetime(2026, 8, 3, tzinfo=UTC))
    written = officefile.dump(offices.load(office_id))
    offices.keep(officefile.parse(written), datetime(2026, 8, 4, tzinfo=UTC))
    assert officefile.dump(offices.load(office_id)) == written


def test_the_demo_office_is_the_reference_towns_page() -> None:
    assert officefile.load_demo() == replace(demo_office(), id=0)


def test_every_setting_is_written_out_but_limits_that_are_none() -> None:
    written = officefile.dump(officefile.load_demo())
    for setting in fields(Settings):
        assert (f"{setting.name} = " in written) == (setting.default is not None)


def test_an_office_keeps_its_own_words() -> None:
    """What is compared folded stays as the office wrote it."""
    office = officefile.parse(
        '[office]\nslug = "b"\nname = "B"\naddress = "Krátká 3"\n[settings]\nlanguages = ["en"]\n'
        '[[agendas]]\nkey = "x"\ntitle = "X"\n[[services]]\ncode = "qr"\ntitle = "q"\nminutes = 5\nagenda = "x"\n'
        'synonyms = ["Živnosťák", "  živnostenský   list "]\nbring = { cs = "výpis\\nfoto" }\n'
    )
    assert office.services[0].synonyms == ("Živnosťák", "živnostenský list")
    assert office.services[0].bring == {"cs": "výpis\nfoto"}
    assert (office.address, office.directions, office.settings.languages) == ("Krátká 3", "", ("en",))


def test_what_is_left_out_has_its_default() -> None:
    office = officefile.parse('[office]\nslug = "a"\nname = "A"\n')
    assert (office.zone.key, office.holidays, office.settings) == ("Europe/Prague", "CZ", Settings())
