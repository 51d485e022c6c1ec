"""The actor of a change, as records name it."""

from datetime import datetime
from typing import NamedTuple


class Actor(NamedTuple):
    """Who does something, and when.

    who: the name somebody signs in with, a channel such as "sms", or "" for the office's own clock.
    """

    who: str
    at: datetime
