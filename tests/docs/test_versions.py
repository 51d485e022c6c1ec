"""One number of the version everywhere, and a section of CHANGELOG.md for each version."""

import re
import tomllib
from datetime import date

import pytest

from tests.docs.pages import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
SECTIONS = re.findall(r"^## (\S+) \((.+)\)$", CHANGELOG, re.MULTILINE)
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_the_version_that_is_built_is_the_newest_section() -> None:
    assert SECTIONS[0][0] == VERSION
    assert f'softwareVersion: "{VERSION}"' in (ROOT / "publiccode.yml").read_text("utf-8")


def test_each_section_is_a_version_and_the_newest_comes_first() -> None:
    versions = [version for version, _ in SECTIONS]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    assert versions == sorted(set(versions), key=key, reverse=True)
    assert len(re.findall(r"^## ", CHANGELOG, re.MULTILINE)) == len(SECTIONS), "a section without its day"


@pytest.mark.parametrize(("version", "day"), SECTIONS)
def test_each_section_says_its_day(version: str, day: str) -> None:
    assert (day == "not released yet" and version == VERSION) or date.fromisoformat(day)
