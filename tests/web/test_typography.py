"""No-break spaces in Czech pages: in their texts only, never in what programs read or people copy."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.screens import PHONE
from prepazka.gateways.values import Inbound
from prepazka.store import offices
from prepazka.web.phone import NUMBERS
from prepazka.web.typography import bind
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("html", "bound"),
    [
        ("<p>Zítra v úřadě</p>", f"<p>Zítra v{NBSP}úřadě</p>"),
        ("<p>A v neděli i o svátcích</p>", f"<p>A{NBSP}v{NBSP}neděli i{NBSP}o{NBSP}svátcích</p>"),
        ("<p>dům u <b>mostu</b></p>", f"<p>dům u{NBSP}<b>mostu</b></p>"),
        ("<p>asi 5 min, 20 Kč, 90 % lidí</p>", f"<p>asi 5{NBSP}min, 20{NBSP}Kč, 90{NBSP}% lidí</p>"),
        ("<p>zákon č. 99/2019, odst. 2, proč. 5</p>", f"<p>zákon č.{NBSP}99/2019, odst.{NBSP}2, proč. 5</p>"),
        ("<p>5 minut, 3 minuty</p>", "<p>5 minut, 3 minuty</p>"),
        ("<p>ta voda, auta jedou</p>", "<p>ta voda, auta jedou</p>"),
        ("<p>&a b &amp; c</p>", "<p>&a b &amp; c</p>"),
        ('<a title="k moři">k moři</a>', f'<a title="k moři">k{NBSP}moři</a>'),
        ("<code>OBJ v 8 <b>a b</b> 5 min</code> a b", f"<code>OBJ v 8 <b>a b</b> 5 min</code> a{NBSP}b"),
        ("<pre>a b</pre><p>a b</p>", f"<pre>a b</pre><p>a{NBSP}b</p>"),
        ("<textarea>a b</textarea><script>a b</script>", "<textarea>a b</textarea><script>a b</script>"),
        ("<title>Lidé a úřad</title><!-- a > b -->", "<title>Lidé a úřad</title><!-- a > b -->"),
        ("", ""),
    ],
)
def test_short_words_and_units_are_bound(html: str, bound: str) -> None:
    assert bind(html) == bound
    assert bind(bound) == bound


PIECES = [
    "<p>", "</p>", "<br>", "<b>", "</b>", "<code>", "</code>", "<pre>", "</pre>", "<title>", "</title>",
    "<script>", "</script>", "<p data-sent>", '<div class="v a" data-sent lang=cs>', "</div>", "<!-- k v -->",
    '<a title="k 5 min">', "</a>", "&amp;", "&a ", "č. 5", "čl. 7", " 5 min", "5 Kč", " 3 % ", "k moři ",
    "v úřadě", " a ", "\n  ", " ", "x", "A", "ž", "5",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_one_expression_does_what_is_done_text_by_text(html: str) -> None:
    assert bind(html) == text_by_text(html)


def text_by_text(html: str) -> str:
    """The same rules without cleverness: each text between two tags by itself."""
    bound, inside = "", ""
    for place, piece in enumerate(re.split(r"(<!--.*?-->|<[^>]*>)", html, flags=re.DOTALL)):
        name = re.match(r"</?([a-z]+)", piece) if place % 2 else None
        verbatim = name and (name[1] in {"code", "pre", "script", "style", "textarea", "title"} or "data-sent" in piece)
        if name and not inside and verbatim and not piece.startswith("</"):
            inside = name[1]
        elif name and name[1] == inside and piece.startswith("</"):
            inside = ""
        if not place % 2 and not inside:
            piece = re.sub(r"(?<![\w&])([aikosuvzAIKOSUVZ]) (?! )", rf"\1{NBSP}", piece)  # noqa: PLW2901 -- step by step
            piece = re.sub(r"(?<!\w)(č\.|čl\.|odst\.|písm\.|str\.) (?=\w)", rf"\1{NBSP}", piece)  # noqa: PLW2901
            piece = re.sub(r"(?<=\d) (?=(?:min|Kč|%)(?!\w))", NBSP, piece)  # noqa: PLW2901
        bound += piece
    return bound


def test_czech_pages_are_bound_and_others_are_not(office: Office, client: Client) -> None:
    page = client.get("/demo/")
    assert f"telefonu, bez aplikace a{NBSP}registrace" in page.content.decode()
    assert int(page.headers["Content-Length"]) == len(page.content)
    client.cookies["language"] = "en"
    assert f"a{NBSP}" not in client.get("/demo/").content.decode()


def test_a_message_is_shown_exactly_as_it_is_sent() -> None:
    html = '<p data-sent>OBJ v 8 <br>5 min</p><p class="x" data-sent lang="cs">a b</p><p>a b</p>'
    assert bind(html) == html[: -len("<p>a b</p>")] + f"<p>a{NBSP}b</p>"


@pytest.mark.parametrize("path", ["/phone/demo/", "/demo/admin/messages/", "/demo/desk/inbox/"])
def test_pages_show_messages_without_other_spaces(
    office: Office, signed_in: SignedIn, simulator: object, path: str
) -> None:
    """A copied message must be the one that was sent; so must the count of its characters."""
    written = "co k vám a s kým v 9 hod za 20 min"
    offices.keep(replace(office, settings=replace(office.settings, inbox=True)), NOW)
    receive([Inbound(PHONE, "m1", NUMBERS[0], office.numbers[0], written)], NOW)
    assert written in signed_in("administrator").get(path).content.decode()
