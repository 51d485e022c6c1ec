"""Compares the lists of gateways: each kind has its page, its form and its tests."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from prepazka.gateways.hosted.profile import builtin_profiles
from prepazka.gateways.kinds import KINDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/gateways.md").read_text("utf-8")
SECTIONS = re.findall(r"^## ([a-z0-9-]+):", PAGE, re.MULTILINE)
SETTINGS = [
    pytest.param(field, id=f"{kind} {name}")
    for kind, known in KINDS.items()
    for name, field in known.settings.model_fields.items()
]


def section(kind: str) -> str:
    return PAGE.partition(f"\n## {kind}:")[2].partition("\n## ")[0]


def test_every_kind_has_its_section_and_every_section_its_kind() -> None:
    assert sorted(SECTIONS) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["What it promises.", "What it cannot.", "In ten minutes.", "What to watch."])
def test_every_section_has_the_parts_an_operator_needs(kind: str, part: str) -> None:
    assert f"**{part}**" in section(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_title_and_its_tests(kind: str) -> None:
    tests = ROOT / "tests/gateways"
    assert KINDS[kind].title
    name = kind.replace("-", "_")
    assert list(tests.glob(f"test_{name}*.py")) or list((tests / name).glob("test_*.py"))


@pytest.mark.parametrize("field", SETTINGS)
def test_every_setting_has_a_czech_title_and_description(field: FieldInfo) -> None:
    assert field.title
    assert field.title[0].isupper()
    assert field.description
    assert field.description.endswith(".")


@pytest.mark.parametrize("field", SETTINGS)
def test_secrets_have_the_type_of_secrets(field: FieldInfo) -> None:
    named = re.search(r"hesl|klíč|token|tajemstv", str(field.title), re.IGNORECASE)
    assert (field.annotation is SecretStr) == bool(named)


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_settings_are_refused(kind: str) -> None:
    settings: type[BaseModel] = KINDS[kind].settings
    assert settings.model_config.get("extra") == "forbid", "a typing error in a setting's name must be told"


@pytest.mark.parametrize("profile", builtin_profiles())
def test_every_builtin_profile_is_in_the_table(profile: Any) -> None:
    assert f"| `{profile}` |" in section("hosted")
