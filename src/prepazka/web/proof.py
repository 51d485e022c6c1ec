"""The proof of work that a browser does in place of waiting, when a form has to be confirmed (ALTCHA).

The browser finds a number that only trying finds; checking it takes a millisecond. The work is asked for with the stamp
of one form, and is good for that form only. Nothing is loaded from anybody else, and nobody is recognised by it.
"""

import json
from datetime import datetime

import altcha
from django.conf import settings
from django.http import HttpRequest

from prepazka.core.rate_limits import WEB_REFUSALS, Bucket
from prepazka.store import offices, rate_limits

FIELD = "altcha"
# Some 256 tries of so many rounds: about three seconds on an old telephone, less than one on a computer.
_ALGORITHM, _ROUNDS, _PREFIX = "PBKDF2/SHA-256", 2_000, "00"
_LONGEST = 4_000  # characters of a proof; more is none


def challenge(stamp: str) -> str:
    """Return the work to be done for the form with this stamp, as the widget reads it."""
    asked = altcha.create_challenge(
        _ALGORITHM, _ROUNDS, key_prefix=_PREFIX, data={"stamp": stamp}, hmac_secret=_secret()
    )
    return json.dumps(asked.to_dict())


def is_done(request: HttpRequest, stamp: str) -> bool:
    """Whether the form brings the work that was asked for with this stamp."""
    given = request.POST.get(FIELD, "")
    if not given or len(given) > _LONGEST or not _is_about(given, stamp):
        return False
    return bool(altcha.verify_solution(given, _secret()).verified)


# docs/spec/safety.md §3.4: "30 refusals within 10 minutes switch it on for the office"
def asks_everybody(office_id: int, now: datetime) -> bool:
    """Whether every form of an office's web has to be confirmed: it wants that, or it was misused lately."""
    if offices.load(office_id).settings.proof_of_work:
        return True
    [tally] = rate_limits.peek([_refusals(office_id)])
    return tally.reached(now)


def count_refusal(office_id: int, now: datetime) -> None:
    """Count a form that was refused for a number, a limit or a code."""
    rate_limits.hit(_refusals(office_id), now)


def _refusals(office_id: int) -> Bucket:
    return Bucket(WEB_REFUSALS, "", office_id)


def _is_about(given: str, stamp: str) -> bool:
    """Whether a proof says that it is of this stamp; whether that is true, its signature tells."""
    try:
        payload = altcha.Payload.from_base64(given)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    data = payload.challenge.parameters.data
    return isinstance(data, dict) and data.get("stamp") == stamp


def _secret() -> bytes:
    return b"proof of work " + settings.SECRET_KEY.encode()
