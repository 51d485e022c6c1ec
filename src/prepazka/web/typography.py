"""Middleware: no-break spaces in Czech pages, so that no line ends with a one-letter word, with "č." or before a unit.

A rule of Czech typesetting (ČSN 01 6910). It is kept in one place, because the texts would be unreadable with it.
"""

import re
from collections.abc import Iterator

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.utils import translation

from prepazka.web.headers import GetResponse

_TAG = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_NAME = re.compile(r"</?([a-z]+)")
# What stands in them is copied or read by programs.
_VERBATIM = frozenset({"code", "pre", "script", "style", "textarea", "title"})
# An element with this attribute holds a message exactly as it was sent or will be.
_SENT = re.compile(r"\sdata-sent[\s>]")
_ONE_LETTER = re.compile(r"(?<![\w&])([aikosuvzAIKOSUVZ]) (?! )")
_NUMBERED = re.compile(r"(?<!\w)(č\.|čl\.|odst\.|písm\.|str\.) (?=\w)")
_UNIT = re.compile(r"(?<=\d) (?=(?:min|Kč|%)(?!\w))")
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
    return "".join(_bind_texts(html))


def _bind_text(text: str) -> str:
    for word in (_ONE_LETTER, _NUMBERED):
        text = word.sub(rf"\1{_NBSP}", text)
    return _UNIT.sub(_NBSP, text)


def _is_czech_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html") and translation.get_language() == "cs"


def _bind_texts(html: str) -> Iterator[str]:
    inside = ""
    for place, piece in enumerate(_TAG.split(html)):
        if place % 2:
            name = _NAME.match(piece)
            if name and not inside and not piece.startswith("</") and (name[1] in _VERBATIM or _SENT.search(piece)):
                inside = name[1]
            elif name and name[1] == inside and piece.startswith("</"):
                inside = ""
        yield piece if place % 2 or inside else _bind_text(piece)
