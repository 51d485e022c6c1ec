"""Telephone numbers as gateways give them, made equal; and which of them can be answered."""

import re
from functools import lru_cache

import phonenumbers

# A Czech number in E.164 needs no second look; almost all senders have one.
_CZECH = re.compile(r"\+420[2-9]\d{8}", re.ASCII)


def e164(number: str) -> str:
    """The number in E.164; what is no possible number (a name, a short code) stays as given, cleaned and cut.

    National numbers are Czech, as an office's own SIM sees them.
    """
    return number if _CZECH.fullmatch(number) else _e164(number)


@lru_cache(maxsize=1_000)
def _e164(number: str) -> str:
    given = "".join(character for character in number if character.isprintable()).strip()
    digits = f"+{given}" if given.isdigit() and len(given) > 9 and not given.startswith("00") else given
    try:
        parsed = phonenumbers.parse(digits, "CZ")
    except phonenumbers.NumberParseException:
        return given[:40]
    if not phonenumbers.is_possible_number(parsed) or any(character.isalpha() for character in given):
        return given[:40]
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def replyable(sender: str) -> bool:
    """Whether a reply can reach this sender: an ordinary number in E.164, no short code and no name."""
    if _CZECH.fullmatch(sender):
        return True
    if not sender.startswith("+"):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(sender))
    except phonenumbers.NumberParseException:
        return False
