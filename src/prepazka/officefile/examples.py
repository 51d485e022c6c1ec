"""The example an office of one's own begins with: the demo's file in the words of a language, commented."""

import re
import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("cs", "en")

# What it must not share with the demo office beside it.
_OF_THE_DEMO = {"demo": "muj-urad", "+420739547765": "+420601000000"}
# A line of the file: a part with texts in quotes, and a comment.
_LINE = re.compile(r'((?:[^"#]|"[^"]*")*)(?:# (.*))?')
_TEXT = re.compile(r'"([^"]*)"')


def example(language: str = "cs") -> str:
    """Return a commented office file to begin with: the demo's, under another address and number.

    language: of the comments and of the texts people see, one of LANGUAGES.
    """
    return "".join(f"{_translate(line, language)}\n" for line in demo().splitlines())


def comments() -> set[str]:
    """Return the comments of the demo's file."""
    found = (_LINE.fullmatch(line) for line in demo().splitlines())
    return {match[2] for match in found if match and match[2]}


@cache
def words(language: str) -> dict[str, str]:
    """Return the words of the example in a language, by those of the demo's file."""
    text = files("prepazka.officefile").joinpath("example_words.toml").read_text("utf-8")
    found: dict[str, str] = tomllib.loads(text)[language]
    return found


def demo() -> str:
    """Return the demo's file."""
    return files("prepazka").joinpath("demo.toml").read_text("utf-8")


def _translate(line: str, language: str) -> str:
    match = _LINE.fullmatch(line)
    assert match, line  # noqa: S101 -- our own file
    code, comment = match[1], match[2]
    known = words(language) | _OF_THE_DEMO
    code = _TEXT.sub(lambda text: f'"{known.get(text[1], text[1])}"', code)
    return f"{code}# {known.get(comment, comment)}" if comment else code
