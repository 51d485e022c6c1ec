"""A name in a field of its own: what an SMS takes for one, a form does too (spec/messages.md §3)."""

import pytest

from prepazka.core.booking.names import name_of


@pytest.mark.parametrize("name", ["Nováková-Malá", "Nováková–Malá", "Nováková‑Malá", "O'Brien", "O’Brien", "Oʼahu"])
def test_every_hyphen_and_apostrophe_may_stand_in_a_name(name: str) -> None:
    assert name_of(name) == name


@pytest.mark.parametrize("name", ["", " ", "-", "'", "R2D2", "a@b", "{name}", "A" * 61, "A\0B"])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert name_of(name) is None
