"""What replies cost: how many parts each text of an office may take, as the administration shows it."""

from collections.abc import Mapping

from prepazka.core.office.office import Office
from prepazka.sms.alphabets import GSM
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.fit import longest_answers
from prepazka.sms.reply.render import ACCENTED_PARTS, as_sent, templates_of, with_accents


def parts_at_most(office: Office, language: str) -> Mapping[str, int]:
    """Return by name of a text the parts a reply of it may take, with the longest values of the office.

    A list takes as many as there is to list, up to what its text may; with all accents a reply takes two at most, or
    as many as without them.
    """
    plain = templates_of(office, language)
    found = {name: text.parts for name, text in TEXTS.items()}
    for answer in longest_answers(office, plain):
        found[answer.text] = max(found[answer.text], as_sent(answer, office, plain).parts)
    if office.settings.accents == "full" and plain.alphabet is GSM:
        accented = templates_of(office, language, accented=True)
        for answer in longest_answers(office, accented):
            reply = with_accents(answer, office, accented)
            parts = reply.parts if reply else ACCENTED_PARTS  # with shorter values it fits
            found[answer.text] = max(found[answer.text], parts)
    return found
