"""Every form of the administration and the account, filled in wrongly: refused in Czech, never by a library's words."""

import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import allauth
import django
import pytest
from django.test import Client
from pydantic_core._pydantic_core import list_all_errors

from prepazka.core.office.office import Office
from prepazka.officefile import Problem
from prepazka.store import models
from prepazka.web import office_errors
from tests.web.conftest import gateway
from tests.web.staff import OPERATOR, SignedIn
from tests.web.test_authorisation import ALL, address

# What ends the test's own sign-in, or asks for no value.
LEFT_OUT = ("/account/sign-out", "/account/sessions")
WRONG = {
    "empty": "",
    "a word": "něco jiného",
    "too long": "x" * 3000,
    "negative": "-1",
    "large": "99999999999999999999999",
    "a fraction": "1,5",
    "a control character": "a\x00b",
    "markup": "<b>{x}</b>",
}


@dataclass
class Form:
    """A form of a page: where it goes, what it holds, and what one fills in."""

    action: str
    method: str
    kept: dict[str, str] = field(default_factory=dict)
    filled: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag in {"input", "select", "textarea"} and self.found and given.get("name"):
            form, name = self.found[-1], given["name"]
            if given.get("type") == "hidden":
                form.kept[name] = given.get("value", "")
            elif given.get("type") != "file" and name not in form.filled:
                form.filled.append(name)


def forms_of(page: str) -> list[Form]:
    parser = Forms()
    parser.feed(page)
    return parser.found


def _literals(template: str) -> Iterator[str]:
    pieces = re.split(r"%\(\w+\)\w|%\w|\{\w*\}", template)
    longest = max(pieces, key=len).strip()
    if len(longest) > 13 and " " in longest:
        yield longest


def foreign_sentences() -> set[str]:
    """The English of Django, allauth and pydantic that has another wording in Czech, as far as it always stands."""
    roots = [Path(django.__file__).parent / "conf/locale", Path(django.__file__).parent / "contrib/auth/locale"]
    found: set[str] = set()
    for root in [*roots, Path(allauth.__file__).parent / "locale"]:
        catalogue = gettext.translation("django", root, languages=["cs"])._catalog  # type: ignore[attr-defined]
        for key, czech in catalogue.items():
            english = key[0] if isinstance(key, tuple) else key
            if english and english != czech:
                found.update(_literals(english))
    for kind in list_all_errors():
        found.update(_literals(kind["message_template_python"]))
    return found


FOREIGN = foreign_sentences()


def english_in(page: bytes) -> list[str]:
    text = unescape(re.sub(r"<[^>]+>", " ", page.decode())).replace("\xa0", " ")
    return [sentence for sentence in FOREIGN if sentence in text]


def pages(client: Client) -> dict[str, list[Form]]:
    """By address, the forms of each page of the administration and the account."""
    found = {}
    for route, pattern in ALL:
        if not route.startswith(("<slug:slug>/admin/", "account/")):
            continue
        path = address(route, pattern)
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found[path] = [one for one in forms_of(answer.content.decode()) if one.filled]
    return found


def test_the_library_has_sentences_to_look_for() -> None:
    assert {"Enter a whole number.", "This field is required."} <= FOREIGN
    assert any(one.startswith("Input should be a valid") for one in FOREIGN)
    assert english_in(b"<p>Enter a whole number.</p>") == ["Enter a whole number."]


@pytest.mark.parametrize("kind", [one["type"] for one in list_all_errors()])
def test_no_kind_of_mistake_of_pydantic_is_told_in_its_words(kind: str) -> None:
    template = next(one["message_template_python"] for one in list_all_errors() if one["type"] == kind)
    values = dict.fromkeys(re.findall(r"\{(\w+)\}", template), 7)
    told = office_errors.describe_problem(Problem("office.name", kind, template, values | {"keys": "slug"}))
    assert told
    assert english_in(told.encode()) == []
    assert "%(" not in told


# Long, for it opens every page there is: what a library says is found nowhere else.
def test_every_form_filled_in_wrongly_is_answered_in_czech(signed_in: SignedIn, office: Office, whole: bool) -> None:
    gateway("modem-vzadu", "x" * 32)
    client = signed_in(OPERATOR)
    asked, english, failed = 0, {}, {}
    for path, forms in pages(client).items():
        for form in forms:
            target = form.action or path
            if target.startswith(LEFT_OUT):
                continue
            for name in WRONG if whole else [list(WRONG)[asked % len(WRONG)]]:
                values = form.kept | dict.fromkeys(form.filled, WRONG[name])
                answer = client.post(target, values) if form.method == "post" else client.get(target, values)
                asked += 1
                if answer.status_code >= 500:
                    failed[path, target, name] = answer.status_code
                elif answer.headers.get("Content-Type", "").startswith("text/html") and (
                    sentences := english_in(answer.content)
                ):
                    english[path, target, name] = sentences
                if answer.status_code == 302 and "sign-in" in answer.headers["Location"]:
                    client = signed_in(OPERATOR)
    assert (failed, english) == ({}, {})
    assert asked > 30
    assert models.Office.objects.filter(slug="demo").exists()
