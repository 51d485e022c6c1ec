"""Texts that a search for the dearest ones found: what they cost is counted in calls, which no other program slows."""

import sys
from types import FrameType
from typing import Any

import pytest

from prepazka.sms.understand.read import read, warm_up
from tests.sms.understand.readings import MONDAY, OFFICE

MOST_CALLS = 38_000
"""Some 5 ms of a processor of 2020. A message of a citizen takes 300 to 3,000."""

GROWN = (
    "ZOP”kdySvoboda-Ab10.8.2026panO'NeilzrusitNovákováPRESUNzitraO'Neil8.pul O'Neil tretiZCDZOPTERMINPRESUNPRESUNPop>"
)
TEXTS = [
    f"{GROWN}Dobry po pristi 𝟏 denMOJEThiKODMOJE>O'NeilZOP2026-08-10Stredaden10.>1400nebotel.pul 𝟏 10. ОВЈ 𝟏 na ОВЈ",
    f"{GROWN}Dobry Re: NOVAK denMOJEKODMOJE>O'NeilZOP2026-08-10Stredaden10.>ZCD1400nebotel.pul ОВЈ po NOVAK denMOJE Lo",
    "Re: OBJ ZOP > ОВЈ ZОР 10.8. 14:00 Nova\u0301k\n" * 24,
    "10.8.2026 14:00 " * 63,
    "1.1.1.1:1:1.1/1-1" * 59,
    "a\u0301\u0302\u0303\u0304" * 200,
    "STORNO 482913 10.8. ANO NE " * 37,
    "po od do v na 8 " * 20,
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_text_costs_a_bounded_number_of_steps(text: str) -> None:
    warm_up()
    assert calls_of(text[:1000]) <= MOST_CALLS


def calls_of(text: str) -> int:
    """Count the calls that reading a text takes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    read("OBJ ZOP zitra dekuji", OFFICE, MONDAY)  # what is worked out once for an office is not the text's
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(text, OFFICE, MONDAY)
    finally:
        sys.setprofile(before)
    return calls
