"""A text somebody writes by hand, as it will be sent: folded and counted as every reply of the office is."""

from prepazka.core.office.office import Office
from prepazka.sms import alphabets
from prepazka.sms.alphabets import GSM, MOST_PARTS, UCS2
from prepazka.sms.reply.render import Reply


def free_text(text: str, office: Office) -> Reply:
    """Return the text without what cannot be sent; with all accents only where the office's replies have them.

    An empty text stays empty and takes no part.
    """
    alphabet = UCS2 if office.settings.accents == "full" else GSM
    lines = alphabet.fold(text.replace("\r", "")).strip().split("\n")
    folded = "\n".join(line.rstrip() for line in lines)
    return Reply.of(folded) if folded else Reply("", 0, 0)


def fits(reply: Reply) -> bool:
    """Return whether a text written by hand is neither empty nor longer than any reply may be."""
    return 1 <= reply.parts <= MOST_PARTS


def room(reply: Reply) -> int:
    """Return how many characters go into the parts a text takes."""
    return alphabets.of(reply.text).room(min(max(reply.parts, 1), MOST_PARTS))


def excess(reply: Reply) -> int:
    """Return by how many characters a text is too long."""
    return max(0, reply.septets - alphabets.of(reply.text).room(MOST_PARTS))
