"""The proof of the shape of a name: the shipped names, and sentences that are none (spec/conversation.md §7)."""

import re
from pathlib import Path

import pytest

import prepazka.sms
from prepazka.sms.understand import names
from prepazka.sms.understand.name_shape import name_shape
from tests.sms.understand.spoken import WORDS

LANGUAGES = ["cs", "de", "en", "pl", "ru", "sk", "uk", "vi"]
KINDS = ["surnames", "given"]
LISTS = [(language, kind) for language in LANGUAGES for kind in KINDS]
README = (Path(prepazka.sms.__file__).parent / "names" / "README.md").read_text(encoding="utf-8")
CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))


def doubtful(language: str, kind: str) -> list[str]:
    return [name for name in names.read(language, kind) if name_shape(name, WORDS, soonest=True) == "doubtful"]


@pytest.mark.parametrize(("language", "kind"), LISTS)
def test_every_name_can_be_booked(language: str, kind: str) -> None:
    assert [name for name in names.read(language, kind) if name_shape(name, WORDS, soonest=True) == "no_name"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_given_name_with_a_surname_can_be_booked(language: str) -> None:
    """Each name of both lists at least once, in both orders."""
    given, surnames = names.read(language, "given"), names.read(language, "surnames")
    pairs = [(given[i % len(given)], surnames[i % len(surnames)]) for i in range(max(len(given), len(surnames)))]
    for texts in ([f"{one} {two}" for one, two in pairs], [f"{two} {one}" for one, two in pairs]):
        shapes = {text: name_shape(text, WORDS, soonest=True) for text in texts}
        assert [text for text, shape in shapes.items() if shape == "no_name"] == []
        assert sum(shape == "doubtful" for shape in shapes.values()) <= len(texts) / 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_most_one_name_in_a_hundred_is_read_back(language: str) -> None:
    read_back = doubtful(language, "surnames") + doubtful(language, "given")
    assert len(read_back) <= sum(len(names.read(language, kind)) for kind in KINDS) / 100, read_back


@pytest.mark.parametrize(
    ("kind", "names_read_back"),
    [("surnames", ["Pátek", "Večeřa"]), ("given", ["August", "Augusta", "Maja", "Mája", "Ranek"])],
)
def test_the_czech_names_that_are_read_back(kind: str, names_read_back: list[str]) -> None:
    assert doubtful("cs", kind) == names_read_back


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readme_tells_the_true_counts(language: str) -> None:
    counts = re.search(rf"\(`{language}`\) \| (\d+) \| (\d+) \|", README)
    assert counts is not None
    assert [int(count) for count in counts.groups()] == [len(set(names.read(language, kind))) for kind in KINDS]


def test_there_are_a_thousand_sentences() -> None:
    assert sum(len(set(path.read_text(encoding="utf-8").splitlines())) for path in CORPUS) >= 1000


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_no_sentence_is_a_name(path: Path) -> None:
    """Neither alone nor behind or before a name, where no day and time is given."""
    sentences = path.read_text(encoding="utf-8").splitlines()
    texts = [text for line in sentences for text in (line, f"SVOBODA {line}", f"{line} Novák")]
    assert [text for text in texts if name_shape(text, WORDS, soonest=True) == "plain"] == []
