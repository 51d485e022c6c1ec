"""What a text without command or service gives, and whether a value that is missed stands in its draft."""

import re
from datetime import date, time

from prepazka.sms.folding import fold
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.understanding import Draft, Hole, Reason
from prepazka.sms.understand.values_found import Values

_FEW_WORDS = 5
_DAY_OR_TIME = re.compile(r"\d{1,2}[./:-]\d{1,2}[./-]?(?:20\d\d)?", re.ASCII)


def says_when(found: Values, text: str) -> bool:
    """Whether a text without command and service still is a wish to book: a day, a vague one with a time, or little
    more than a number of persons.
    """
    if isinstance(found.day, date) or (found.day and isinstance(found.at, time)):
        return True
    return found.persons > 1 and len(text.split()) <= _FEW_WORDS


def is_value(token: str, missing: Draft | None) -> bool:
    """Whether the word in the place of the service is a day or a time of the draft: the service is left out."""
    is_figure = _DAY_OR_TIME.fullmatch(token) is not None or fold(token) in VOCABULARY.days
    return is_figure and missing is not None and missing.service is Hole.SERVICE


def was_given(reason: Reason, missing: Draft | None) -> bool:
    """Whether the value that is said to be missing stands in the draft: then it is another word that is in the way."""
    value = {"missing_time": "at", "missing_date": "day", "missing_code": "code"}.get(reason)
    kept = getattr(missing, value) if missing and value else None
    return kept is not None and not isinstance(kept, Hole)
