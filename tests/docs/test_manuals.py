"""What the manuals for offices call pages, fields and buttons, the pages call so, too."""

import re

import pytest
from babel.messages.pofile import read_po

from tests.docs.pages import ROOT

MANUALS = ("prirucka-spravce.md", "prirucka-urednika.md")
# Names in another case of Czech, and what is emphasised and is no name.
OTHERWISE = {"Pravidlech", "Pravidel", "Přestávek", "vyřízenou bez odpovědi"}


def plain(text: str) -> str:
    return " ".join(text.split()).strip(" .:…").lower()


@pytest.fixture(scope="module")
def words() -> str:
    with (ROOT / "src/prepazka/web/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    return "\n".join(plain(one.id if isinstance(one.id, str) else " ".join(one.id)) for one in catalogue)


@pytest.mark.parametrize("manual", MANUALS)
def test_every_name_is_on_a_page(words: str, manual: str) -> None:
    text = " ".join((ROOT / "docs" / manual).read_text("utf-8").split())
    named = {part.strip(" .:…") for bold in re.findall(r"\*\*([^*]+)\*\*", text) for part in bold.split("→")}
    assert sorted(name for name in named - OTHERWISE if plain(name) not in words) == []
