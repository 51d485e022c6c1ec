"""Who cancels and books in one message is told that it does one thing, and shown both messages (conversation.md §3)."""

from datetime import timedelta

import pytest

from tests.conversation.messages import MONDAY
from tests.conversation.office import Pure
from tests.conversation.offices import DEMO
from tests.conversation.taught import taught

_LATER = timedelta(minutes=11)
_BOTH = (
    "STORNO {code} 20.8. a objednat na 21.8. 10:45", "STORNO {code} 20.8. OBJ PTP 21.8. 10:45 Hrubá",
    "OBJ PTP 21.8. 10:45 Hrubá a STORNO {code} 20.8.", "zrušte mi to a objednejte mě na 21.8. v 10:45",
    "Dobrý den, ruším {code} 20.8. a prosím objednat na 21.8. 10:45, děkuji",
    "STORNO {code} 20.8. a objednať na 21.8. 10:45", "CANCEL {code} 20.8. and BOOK PTP 21.8. 10:45 Hruba",
    "скасуйте {code} 20.8. і запишіть на 21.8. 10:45",
)  # fmt: skip


@pytest.mark.parametrize("text", _BOTH)
def test_both_messages_are_taught_and_do_what_was_wished(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (held,) = conversation.say("OBJ PTP 20.8. 9:45 Hrubá").made
    said = conversation.say(text.format(code=held.code), _LATER)
    assert (said.outcome, said.made, said.gone, said.parts) == ("not_understood", (), (), 1 + ("скасуйте" in text))
    cancel, book = taught(said.reply or "", ["Hrubá"])
    assert conversation.say(cancel.text, _LATER).gone == (held,)
    (made,) = conversation.say(book.text, _LATER).made
    assert (made.service, made.day.day, made.at.strftime("%H:%M"), made.name[:4].title()) == (
        "PTP",
        21,
        "10:45",
        "Hrub",
    )


def test_a_value_of_the_new_booking_that_nobody_gave_is_a_hole() -> None:
    conversation = Pure(DEMO, MONDAY)
    (held,) = conversation.say("OBJ PTP 20.8. 9:45 Hrubá").made
    reply = conversation.say(f"STORNO {held.code} 20.8. a objednat se na ZOP 21.8.", _LATER).reply or ""
    assert reply.splitlines()[1:] == [f"STORNO {held.code} 20.8.", "OBJ ZOP 21.8. CAS PRIJMENI"]
    other = conversation.say(f"STORNO {held.code} a objednat na 21.8. 10:45", _LATER, sender="+420602000001")
    assert (other.reply or "").splitlines()[1:] == [f"STORNO {held.code} DATUM", "OBJ ZKR 21.8. 10:45 PRIJMENI"]


@pytest.mark.parametrize(
    "text", ["zrušit objednání {code} 20.8.", "OBJ STORNO {code} 20.8.", "zrušte mi objednávku {code} 20.8. děkuji"]
)
def test_the_booking_that_is_cancelled_is_no_new_one(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (held,) = conversation.say("OBJ PTP 20.8. 9:45 Hrubá").made
    assert conversation.say(text.format(code=held.code), _LATER).gone == (held,)


def test_of_two_days_beside_a_code_none_is_called_missing() -> None:
    conversation = Pure(DEMO, MONDAY)
    (held,) = conversation.say("OBJ PTP 20.8. 9:45 Hrubá").made
    said = conversation.say(f"STORNO {held.code} 20.8. nebo 21.8.", _LATER)
    assert (said.outcome, said.gone) == ("not_understood", ())
    assert (said.reply or "").splitlines()[-1] == f"STORNO {held.code} 20.8."
