import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.booking.codes import CODE_LENGTH, OutOfCodes, draw, free_code, typed_code


@given(st.data())
def test_a_code_is_always_six_digits_without_a_leading_zero(data: st.DataObject) -> None:
    code = draw(lambda below: data.draw(st.integers(0, below - 1)))
    assert len(code) == CODE_LENGTH
    assert 100_000 <= int(code) <= 999_999


def test_every_code_can_be_drawn() -> None:
    assert (draw(lambda _: 0), draw(lambda below: below - 1)) == ("100000", "999999")


def test_the_first_code_not_taken_is_given() -> None:
    assert free_code(["1", "2", "3"], {"1"}) == "2"


@pytest.mark.parametrize("candidates", [pytest.param([], id="none drawn"), pytest.param(["1", "2"], id="all taken")])
def test_without_a_free_code_the_caller_may_draw_again(candidates: list[str]) -> None:
    with pytest.raises(OutOfCodes) as raised:
        free_code(candidates, {"1", "2"})
    assert raised.value.retryable


@pytest.mark.parametrize(
    "typed", ["605 118", "605-118", "605.118", "60 51 18", "605118.", "6O5ll8", "6 0 5 1 1 8", "605–118"]
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert typed_code(typed) == "605118"


@pytest.mark.parametrize("typed", ["", " - ", "60511B", "#605118", "kód 605118", "٦٠٥١١٨"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert typed_code(typed) is None
