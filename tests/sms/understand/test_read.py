"""What is read of a message that is only partly understood: the sender's own values, and a hole for everything else."""

from datetime import date, time

import pytest

from prepazka.core.booking.another_time import AnotherTime
from prepazka.core.booking.answer import Accept
from prepazka.core.booking.bring import ToBring
from prepazka.core.booking.cancel import CancelSomething
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import MissingTime, Misunderstanding, NotUnderstood, UnknownService
from prepazka.core.booking.more_times import MoreTimes
from prepazka.core.booking.query import FreeTimes
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.read import read
from tests.offices import demo_office

OFFICE = demo_office()
TWELFTH = date(2026, 8, 12)
MONDAY = date(2026, 8, 3)


_ALONE = NotUnderstood("12.8.", Draft("book", day=TWELFTH))
"""What a day alone is where no question is open."""


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("PREUN 300001 12.8. 8:45", NotUnderstood("", Draft("move", code="300001", day=TWELFTH, at=time(8, 45)))),
        ("HLIDJ PCD 12.8.", NotUnderstood("", Draft("watch", service="PCD", day=TWELFTH))),
        ("HLIDEJ TCD 12.8.", NotUnderstood("", Draft("watch", day=TWELFTH))),
        ("stono", CancelSomething()),
        ("STONRO 12.8.", CancelSomething(day=TWELFTH)),
        ("zruš to", CancelSomething(bare=True)),
        ("OBJ", NotUnderstood("OBJ", Draft("book"))),
        ("objednejte", NotUnderstood("", Draft("book"))),
        ("co máte volného", MoreTimes("other_time", NotUnderstood("", Draft("free_times_tomorrow")))),
        ("Co je volne na pas 12.8.?", FreeTimes("ZCD", TWELFTH)),
        ("Co mám vzít s sebou na řidičák", UnknownService("řidičák", (), Draft("bring"))),
        ("co mam mit s sebou na obcanku?", ToBring("ZOP")),
        ("OBJ POP 11-8 11:15 Patek", NotUnderstood("11-8", Draft("book", service="POP", at=time(11, 15)))),
        ("OBJ ZKR PRIJMENI", UnknownService("ZKR", (), Draft("book"), "ZKR")),
        ("ЗАПИС POP 12.8. ЧАС Svoboda", MissingTime(Draft("book", service="POP", day=TWELFTH, name="SVOBODA"), "ЧАС")),
        ("12.8.", Accept(day=TWELFTH, otherwise=AnotherTime(TWELFTH, None, _ALONE))),
    ],
)  # fmt: skip
def test_what_is_partly_understood_keeps_the_senders_values(text: str, request_: Request | Misunderstanding) -> None:
    assert read(text, OFFICE, MONDAY).request == request_
