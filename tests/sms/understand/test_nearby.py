"""Words found by what a typing error makes of them."""

import pytest

from prepazka.sms.understand.nearby import Nearby

WORDS = Nearby(["ZITRA", "ZITRAS", "STREDA", "PATEK", "PATEK"])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("PATEK", {"PATEK"}, id="itself"),
        pytest.param("PATEKK", {"PATEK"}, id="a letter more"),
        pytest.param("PTEK", {"PATEK"}, id="a letter less"),
        pytest.param("PAREK", {"PATEK"}, id="another letter"),
        pytest.param("PAETK", {"PATEK"}, id="two swapped"),
        pytest.param("ZITRAS", {"ZITRA", "ZITRAS"}, id="near to two"),
        pytest.param("ZTIRASS", set(), id="two errors"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_words_are_found_one_typing_error_away(typed: str, found: set[str]) -> None:
    assert WORDS.of(typed) == found
