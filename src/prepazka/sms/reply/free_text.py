"""A text somebody writes by hand, as it will be sent: the same characters and the same count as of every reply."""

from prepazka.sms.alphabets import GSM, MOST_PARTS
from prepazka.sms.reply.render import Reply

MOST_SEPTETS = GSM.room(MOST_PARTS)


def free_text(text: str) -> Reply:
    """Return the text without what cannot be sent; an empty one stays empty and takes no part."""
    folded = "\n".join(line.rstrip() for line in GSM.fold(text).strip().split("\n"))
    return Reply(folded, GSM.units(folded), GSM.parts(folded) if folded else 0)


def fits(reply: Reply) -> bool:
    """Return whether a text written by hand is neither empty nor longer than `MOST_PARTS` parts."""
    return 1 <= reply.parts <= MOST_PARTS


def room(reply: Reply) -> int:
    """Return how many septets there are in the parts a text takes."""
    return GSM.room(min(max(reply.parts, 1), MOST_PARTS))
