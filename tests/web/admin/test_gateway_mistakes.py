"""What the settings of gateways refuse is told in the language of the page; the command line tells it in English."""

import ast
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from prepazka import gateways
from prepazka.web.gateway_mistakes import WORDS
from tests.web.staff import OPERATOR, SignedIn

# What a part of the settings says of itself, with the reason behind it; the page has words for these elsewhere.
OF_PARTS = {"addresses: ", "definition: ", "definition: is no TOML: "}


def raised() -> set[str]:
    """The texts of all mistakes that the settings of a kind find themselves, without what depends."""
    sources = [*Path(gateways.__path__[0]).rglob("settings.py"), Path(gateways.__path__[0], "kannel_http.py")]
    calls = [node for path in sources for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_mistake(node)]
    told = [call.args[0] for call in calls if isinstance(call, ast.Call)]
    firsts = [one.values[0] if isinstance(one, ast.JoinedStr) else one for one in told]
    texts = {str(one.value) for one in firsts if isinstance(one, ast.Constant)}
    return {text.partition("; there are: ")[0] for text in texts - OF_PARTS}


def _is_mistake(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "ValueError"


def test_each_has_its_words_and_no_words_are_of_none() -> None:
    assert raised() == WORDS.keys()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("cs", "není časové pásmo, jako Europe/Prague nebo UTC"),
        ("en", "is no time zone, such as Europe/Prague or UTC"),
    ],
)
def test_the_page_says_it_in_its_language(signed_in: SignedIn, language: str, said: str) -> None:
    operator: Client = signed_in(OPERATOR)
    operator.cookies["language"] = language
    given = {"name": "leva", "spool": "/srv/spool-leva", "timezone": "Nikde/Tady", "per_minute": "8"}
    page = unescape(operator.post("/demo/admin/gateways/new/smstools", given).content.decode())
    assert said in page.replace("\xa0", " ")
