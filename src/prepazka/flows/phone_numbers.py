"""Telephone numbers from gateways: made equal as E.164, and checked whether a reply can reach them."""

import re
from functools import lru_cache

import phonenumbers

# A Czech number in E.164, as almost all senders have, needs no parsing.
_CZECH = re.compile(r"\+420[2-9]\d{8}", re.ASCII)


def e164(number: str) -> str:
    """Return the number in E.164; no possible number (a name, a short code) is returned as given, cleaned and cut.

    National numbers are taken as Czech, because an office's SIM is.
    """
    return number if _CZECH.fullmatch(number) else _e164(number)


@lru_cache(maxsize=1_000)
def _e164(number: str) -> str:
    cleaned = "".join(character for character in number if character.isprintable()).strip()
    digits = f"+{cleaned}" if cleaned.isdigit() and len(cleaned) > 9 and not cleaned.startswith("00") else cleaned
    try:
        parsed = phonenumbers.parse(digits, "CZ")
    except phonenumbers.NumberParseException:
        return cleaned[:40]
    if not phonenumbers.is_possible_number(parsed) or any(character.isalpha() for character in cleaned):
        return cleaned[:40]
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
