"""What people who get it wrong write, and what they are answered."""

from datetime import timedelta

from tests.conversation.messages import MONDAY
from tests.conversation.office import Pure, Said
from tests.conversation.offices import DEMO

MINUTE = timedelta(minutes=1)


def said_of(*texts: str) -> Said:
    """What comes of the last of these messages of one phone."""
    conversation = Pure(DEMO, MONDAY)
    for text in texts[:-1]:
        conversation.say(text, MINUTE)
    return conversation.say(texts[-1], MINUTE)


def taught_by(text: str) -> str:
    """The last line of the reply, where nothing was done."""
    said = said_of(text)
    assert said.made == said.gone == (), said
    return (said.reply or "").splitlines()[-1]


BOOKED = "OBJ ZCD 18.8. 9:45 Hrubešová"


ASKED = "OBJ ZCD 19.8. v deset Hrubešová"
