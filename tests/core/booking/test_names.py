"""A name in a field of its own: what an SMS takes for one, a form does too (spec/messages.md §3)."""

import unicodedata

import pytest

from prepazka.core.booking.names import name_of


@pytest.mark.parametrize("name", ["Nováková-Malá", "Nováková–Malá", "Nováková‑Malá", "O'Brien", "O’Brien", "Oʼahu"])
def test_every_hyphen_and_apostrophe_may_stand_in_a_name(name: str) -> None:
    assert name_of(name) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        pytest.param("Ing. Jana Kubelková, Ph.D.", "Ing. Jana Kubelková Ph.D.", id="a title behind a comma"),
        pytest.param("Kubelka,Jan", "Kubelka Jan", id="the surname first"),
        pytest.param(unicodedata.normalize("NFD", "Růžena Kubelková"), "Růžena Kubelková", id="accents apart"),
        pytest.param("नेहा शर्मा", "नेहा शर्मा", id="Hindi"),
        pytest.param("สมชาย ใจดี", "สมชาย ใจดี", id="Thai"),
        pytest.param("مُحَمَّد", "مُحَمَّد", id="Arabic with vowels"),
    ],
)
def test_a_name_is_kept_as_it_is_called(typed: str, name: str) -> None:
    assert name_of(typed) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", ["", " ", ",", "\u0301", "-", "'", "R2D2", "a@b", "{name}", "A" * 61, "A\0B"])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert name_of(name) is None
