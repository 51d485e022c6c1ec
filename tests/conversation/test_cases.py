"""The cases that failed on the finished program hold now, through the real way of a message."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.conversation.cases import Case, complaints, load
from tests.conversation.office import Kept, keep
from tests.conversation.offices import DEMO

HERE = Path(__file__).parent
CASES = load(HERE / "cases.jsonl") + load(HERE / "own_cases.jsonl")


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_case_holds(case: Case) -> None:
    first = datetime.fromisoformat(case.says[0].at).replace(tzinfo=DEMO.zone)
    assert complaints(case, Kept(keep(DEMO, first), first)) == []
