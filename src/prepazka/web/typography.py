"""Middleware: no-break spaces in Czech pages, so that no line ends with a one-letter word, with "č." or before a unit.

A rule of Czech typesetting (ČSN 01 6910). It is kept in one place, because the texts would be unreadable with it.
"""

import re

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.utils import translation

from prepazka.web.headers import GetResponse

_LETTER = "[aikosuvzAIKOSUVZ]"
_NUMBERED = "|".join(rf"(?<={word} )(?<!\w{word} )" for word in (r"č\.", r"čl\.", r"odst\.", r"písm\.", r"str\."))
# The spaces that must not break: behind a word of one letter, in "č. 5", before a unit.
_SPACE = rf" (?:(?<={_LETTER} )(?<![\w&]{_LETTER} )(?! )|(?:{_NUMBERED})(?=\w)|(?<=\d )(?=(?:min|Kč|%)(?!\w)))"
# What stands in these elements is copied or read by programs.
_VERBATIM = r"<!--.*?-->|<(code|pre|script|style|textarea|title)(?![a-z]).*?(?:</\1(?![a-z])|\Z)"
# An element with this attribute holds a message exactly as it was sent or will be.
_SENT = r"<([a-z]+)(?=[^>]*\sdata-sent[\s>]).*?(?:</\2(?![a-z])|\Z)"
# One expression for a whole page, as each of its hundreds of texts alone took six times as long.
_PIECES = re.compile(rf"{_VERBATIM}|<[^>]*>|{_SPACE}", re.DOTALL)
_PIECES_WITH_SENT = re.compile(rf"{_VERBATIM}|{_SENT}|<[^>]*>|{_SPACE}", re.DOTALL)
_NBSP = "\u00a0"


def bind_short_words(get_response: GetResponse) -> GetResponse:
    """Middleware: bind the short words of Czech HTML pages."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponse) and _is_czech_page(response):
            response.content = bind(response.content.decode(response.charset)).encode(response.charset)
        return response

    return middleware


def bind(html: str) -> str:
    """Return the page with no-break spaces in its texts; tags, attributes, code and messages stay as they are."""
    pieces = _PIECES_WITH_SENT if "data-sent" in html else _PIECES
    return pieces.sub(lambda piece: _NBSP if piece[0] == " " else piece[0], html)


def _is_czech_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html") and translation.get_language() == "cs"
