"""Whole conversations by the real way, through the database: what is open, taken and refused is known there as well."""

from datetime import timedelta

import pytest

from tests.conversation.messages import MONDAY
from tests.conversation.office import Kept, keep
from tests.conversation.offices import DEMO

pytestmark = pytest.mark.django_db

TALKS = (
    (
        ("OBJ ZCD 19.8. dopoledne Hrubý", "proposed"),
        ("ano?", "nothing_offered"),
        ("ne v 8, až odpoledne", "proposed"),
        ("482913", "missing_date"),
        ("ANO", "booked"),
        ("NE", "missing_code"),
        ("radši v pátek v 9", "proposed"),
        ("v 10", "proposed"),
        ("ANO", "moved"),
    ),
    (
        ("OBJ ZCD 19.8. v deset Hrubý", "proposed"),
        ("ve středu nemůžu", "declined"),
        ("ANO", "nothing_offered"),
        ("máte v pátek otevřeno?", "opening_hours"),
        ("je v pátek volno na ZCD?", "free_times"),
        ("OBJ ZCD kdykoliv v pátek Hrubý", "proposed"),
        ("STORNO", "declined"),
    ),
    (
        ("OBJ-ZCD-2026/08/19-10:15-Hrubý", "booked"),
        ("přesuňte to na odpoledne", "proposed"),
        ("ne v půl jedné", "declined"),
        ("přesuňte to před 11", "proposed"),
        ("ANO", "moved"),
    ),
)


@pytest.mark.parametrize("talk", TALKS)
def test_a_conversation_goes_on_as_it_should(talk: tuple[tuple[str, str], ...]) -> None:
    office = keep(DEMO, MONDAY - timedelta(days=30))
    conversation = Kept(office, MONDAY)
    told = [(text, conversation.say(text, timedelta(minutes=1)).outcome) for text, _ in talk]
    assert told == list(talk)
