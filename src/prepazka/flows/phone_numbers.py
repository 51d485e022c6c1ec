"""Telephone numbers: made equal as E.164, and the one rule of which of them an SMS may be sent to.

Two ways in. What a network says of a sender (`e164`) is taken as it is. What a person typed, on the web, at the desk or
by a program (`read_number`), is one number that can be meant, or a question to that person.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from prepazka.core.office.short_codes import is_short_code

HOME = "CZ"
"""The country of numbers written without one, because an office's SIM is Czech."""


def _mobile_pattern(country: str) -> str:
    metadata = PhoneMetadata.metadata_for_region(country)
    mobile = metadata and metadata.mobile
    assert mobile, country  # noqa: S101 -- the library knows every country
    return str(mobile.national_number_pattern)


# Almost all senders are Czech mobiles in E.164, which need no parsing.
_CZECH_MOBILE = re.compile(rf"\+420(?:{_mobile_pattern(HOME)})", re.ASCII)
_SMS_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
# Satellites, international networks and international premium lines belong to no country.
_NO_COUNTRY = "001"
# People write the trunk zero they leave out themselves: +420 (0) 777 123 456.
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
# What is between the digits of a number people write; a letter or another sign makes it no number.
_WRITTEN = re.compile(r"\+?[\d\s()./\-\u2010-\u2015\u2212]+")

NumberProblem = Literal["unknown", "incomplete", "landline", "country"]
"""unknown: no number that exists, or none that an SMS reaches at a usual price. incomplete: a number of another country
without its prefix. landline: a number of a fixed line. country: a mobile of a country the office writes to no phone of.
"""


@dataclass(frozen=True, slots=True)
class NotUsable:
    """Why no SMS is sent to what somebody typed.

    number: in E.164 where it is one that can be called, else "". meant: numbers in E.164 it may have been meant as,
    with their prefix.
    """

    problem: NumberProblem
    number: str = ""
    meant: tuple[str, ...] = ()


def e164(number: str) -> str:
    """Return a sender in E.164; no possible number (a name, a short code) is returned as given, cleaned and cut.

    National numbers are taken as Czech, because an office's SIM is.
    """
    return number if _CZECH_MOBILE.fullmatch(number) else _e164(number)


@lru_cache(maxsize=1_000)
def _e164(number: str) -> str:
    cleaned = _printable(number)
    if is_short_code(cleaned):  # whatever country the library might find it in
        return cleaned
    digits = f"+{cleaned}" if cleaned.isdigit() and len(cleaned) > 9 and not cleaned.startswith("00") else cleaned
    try:
        parsed = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException:
        return cleaned[:40]
    if not phonenumbers.is_possible_number(parsed) or any(character.isalpha() for character in cleaned):
        return cleaned[:40]
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


# docs/spec/safety.md §3.1: "A number is one that exists, of a kind that receives SMS"
def replyable(number: str) -> bool:
    """Whether an SMS may be sent to this number: in E.164, valid, a mobile (or one that may be), of a country."""
    return country_of(number) is not None


def country_of(number: str) -> str | None:
    """Return the ISO country of a number in E.164 that an SMS may be sent to; None for any other text."""
    return HOME if _CZECH_MOBILE.fullmatch(number) else _other_country(number)


@lru_cache(maxsize=10_000)
def _other_country(number: str) -> str | None:
    parsed = _parsed(number) if number.startswith("+") else None
    return None if parsed is None or not _takes_sms(parsed) else phonenumbers.region_code_for_number(parsed)


# docs/spec/safety.md §3.1: "What people write gives one number or a clear question"
def read_number(typed: str, countries: Collection[str]) -> str | NotUsable:
    """Return in E.164 the number somebody typed, or why no SMS is sent to it.

    countries: ISO codes of the countries an office writes to first.
    """
    text = _TRUNK_ZERO.sub("", _printable(typed)).strip()
    if not _WRITTEN.fullmatch(text):
        return NotUsable("unknown")
    parsed = _parsed(text) or _parsed(f"+{text}" if re.sub(r"\D", "", text).startswith("420") else text)
    if parsed is None:
        return _question(text, countries)
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if not _takes_sms(parsed):
        is_landline = phonenumbers.number_type(parsed) == PhoneNumberType.FIXED_LINE
        return NotUsable("landline", number) if is_landline else NotUsable("unknown")
    return number if phonenumbers.region_code_for_number(parsed) in countries else NotUsable("country", number)


def _printable(number: str) -> str:
    return "".join(character for character in number if character.isprintable()).strip()


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    """Return the number if it exists; one without a prefix is Czech."""
    try:
        parsed = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None
    return parsed if not parsed.extension and phonenumbers.is_valid_number(parsed) else None


# docs/spec/safety.md §3.1: "never a premium line, shared costs, a satellite or an international network"
def _takes_sms(parsed: phonenumbers.PhoneNumber) -> bool:
    region = phonenumbers.region_code_for_number(parsed)
    return region not in {None, _NO_COUNTRY} and phonenumbers.number_type(parsed) in _SMS_TYPES


def _question(text: str, countries: Collection[str]) -> NotUsable:
    """Return the question to whoever wrote no Czech number: a mobile of another country without its prefix?"""
    if text.startswith(("+", "00")):
        return NotUsable("unknown")
    meant = [number for country in (HOME, *sorted(set(countries) - {HOME})) if (number := _mobile_in(country, text))]
    return NotUsable("incomplete", meant=tuple(meant)) if meant else NotUsable("unknown")


def _mobile_in(country: str, text: str) -> str | None:
    """Return in E.164 the mobile a text without a prefix is in a country, with or without a zero before it."""
    try:
        parsed = phonenumbers.parse(text.lstrip("0") if country == HOME else text, country)
    except phonenumbers.NumberParseException:
        return None
    if not (phonenumbers.is_valid_number_for_region(parsed, country) and _takes_sms(parsed)):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
