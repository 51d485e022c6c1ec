"""What pages sign is good for its purpose and time, by the clock they are given."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from prepazka.web import signed

NOW = datetime(2031, 2, 3, 4, 5, 6, 789_000, tzinfo=UTC)
GOOD_FOR = timedelta(minutes=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3),
    max_leaves=6,
)


@given(VALUES, st.timedeltas(timedelta(minutes=-3), timedelta(hours=1)))
def test_it_is_read_within_its_time(value: Any, age: timedelta) -> None:
    found = signed.read(signed.sign(value, "one", NOW), "one", NOW + age, GOOD_FOR)
    if timedelta(minutes=-1) <= age <= GOOD_FOR:
        assert found is not None
        assert found.value == value
        assert abs(found.age - max(age, timedelta())) < timedelta(milliseconds=1)
    elif not abs(age - GOOD_FOR) < timedelta(milliseconds=1):
        assert found is None


@given(st.text(max_size=60))
def test_what_others_wrote_is_nothing(text: str) -> None:
    assert signed.read(text, "one", NOW, GOOD_FOR) is None


@given(VALUES)
def test_of_another_purpose_or_form_is_nothing(value: Any) -> None:
    assert signed.read(signed.sign(value, "another", NOW), "one", NOW, GOOD_FOR) is None
    assert signed.read(signing.dumps(value, salt="one"), "one", NOW, GOOD_FOR) is None


@given(st.text() | st.none() | st.lists(st.integers()) | st.floats(1e12, 1e300) | st.floats(-1e300, 0))
def test_a_moment_that_cannot_be_is_nothing(moment: Any) -> None:
    assert signed.read(signing.dumps([moment, "value"], salt="one"), "one", NOW, GOOD_FOR) is None
