"""Pages that the town's own web may show in a frame: the board and the free times, by the origins the office names."""

from collections.abc import Sequence
from typing import TypeVar

from django.http import HttpResponse

R = TypeVar("R", bound=HttpResponse)


# docs/spec/administration.md §10: "No other page is framed by anybody"
def may_be_framed(response: R, origins: Sequence[str]) -> R:
    """Let pages of these origins frame this one; with none, nobody may, as everywhere.

    X-Frame-Options knows no list of origins, and browsers that know frame-ancestors ignore it: it is left out.
    """
    if origins:
        response._csp_replace = {"frame-ancestors": list(origins)}  # type: ignore[attr-defined]  # read by django-csp
        response.xframe_options_exempt = True  # read by Django
    return response
