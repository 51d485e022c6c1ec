"""The office file: an office's whole configuration as one TOML document, both ways.

What `dump` writes, `parse` reads back as the same office; ids are not part of the file.
"""

from importlib.resources import files

from prepazka.core.office.office import Office
from prepazka.officefile.reading import OfficeFileError, Problem, parse, read
from prepazka.officefile.writing import LINES, dump, to_document

__all__ = ["LINES", "OfficeFileError", "Problem", "dump", "example", "load_demo", "parse", "read", "to_document"]


def load_demo() -> Office:
    """Return the demo office: the reference town's page with its hours (demo.toml)."""
    return parse(_demo())


# What an office of one's own must not share with the demo office beside it.
_OF_THE_DEMO = {
    '"demo"': '"muj-urad"',
    "+420739547765": "+420601000000",
    "# The demo office: the page of the reference town, ready to try. An office of your own is a file like this one:": (
        "# An office with the hours and services of an imaginary town, to be changed; then load it:"
    ),
    "# `prepazka dump-office > my-office.toml`, change it, `prepazka load-office my-office.toml`.": (
        "# `prepazka load-office FILE`."
    ),
}


def example() -> str:
    """Return a commented office file to begin with: the demo's, under another address and number."""
    text = _demo()
    for of_the_demo, own in _OF_THE_DEMO.items():
        assert text.count(of_the_demo) == 1, f"demo.toml has {of_the_demo} not once"  # noqa: S101 -- our own file
        text = text.replace(of_the_demo, own)
    return text


def _demo() -> str:
    return files("prepazka").joinpath("demo.toml").read_text("utf-8")
