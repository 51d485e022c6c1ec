"""The office file: an office's whole configuration as one TOML document, both ways.

What `dump` writes, `parse` reads back as the same office; ids are not part of the file.
"""

from prepazka.core.office.office import Office
from prepazka.officefile.examples import demo, example
from prepazka.officefile.reading import OfficeFileError, Problem, parse, read
from prepazka.officefile.writing import LINES, dump, to_document

__all__ = ["LINES", "OfficeFileError", "Problem", "dump", "example", "load_demo", "parse", "read", "to_document"]


def load_demo() -> Office:
    """Return the demo office: the reference town's page with its hours (demo.toml)."""
    return parse(demo())
