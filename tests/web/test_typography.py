"""No-break spaces in Czech pages: in their texts only, never in what programs read or people copy."""

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.web.typography import bind

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("html", "bound"),
    [
        ("<p>Zítra v úřadě</p>", f"<p>Zítra v{NBSP}úřadě</p>"),
        ("<p>A v neděli i o svátcích</p>", f"<p>A{NBSP}v{NBSP}neděli i{NBSP}o{NBSP}svátcích</p>"),
        ("<p>dům u <b>mostu</b></p>", f"<p>dům u{NBSP}<b>mostu</b></p>"),
        ("<p>asi 5 min, 20 Kč, 90 % lidí</p>", f"<p>asi 5{NBSP}min, 20{NBSP}Kč, 90{NBSP}% lidí</p>"),
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


def test_czech_pages_are_bound_and_others_are_not(office: Office, client: Client) -> None:
    page = client.get("/demo/")
    assert f"telefonu, bez aplikace a{NBSP}registrace" in page.content.decode()
    assert int(page.headers["Content-Length"]) == len(page.content)
    client.cookies["language"] = "en"
    assert f"a{NBSP}" not in client.get("/demo/").content.decode()
