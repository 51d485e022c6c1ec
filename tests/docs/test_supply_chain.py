"""What an installation is made of is locked by hashes, licensed and described."""

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import ROOT

LOCKS = ROOT / "requirements"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_PIN = re.compile(r"^([\w.-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)

# --- the locks ---------------------------------------------------------------------------------


def pins(lock: str) -> dict[str, str]:
    """Each package of a lock with its version; every line that is no comment belongs to one of them."""
    text = (LOCKS / lock).read_text("ascii")
    found = list(_PIN.finditer(text))
    rest = [line for line in _PIN.sub("", text).splitlines() if line and not line.strip().startswith("#")]
    assert rest == [], f"{lock}: lines that are no pin with hashes"
    return {canonicalize_name(pin[1]): pin[2] for pin in found}


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("ascii").split()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def closure(extra: str, python: str) -> set[str]:
    """The packages `prepazka[extra]` brings under a version of Python on Linux, by what is installed here."""
    platform: dict[str, str] = {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
    }
    found: set[str] = set()
    asked: set[tuple[str, str]] = set()
    waiting = {("prepazka", extra)}
    while waiting:
        name, wanted = waiting.pop()
        asked.add((name, wanted))
        found.add(name)
        try:
            told = requires(name) or []
        except PackageNotFoundError:
            continue  # only on another Python: the lock must have it all the same
        for requirement in map(Requirement, told):
            if requirement.marker and not requirement.marker.evaluate({**platform, "extra": wanted}):
                continue
            brought = canonicalize_name(requirement.name)
            waiting |= {(brought, one) for one in ({""} | requirement.extras)} - asked
    return found - {"prepazka"}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("lock", "extra"), [("production.txt", ""), ("printers.txt", "printers")])
def test_a_lock_has_all_that_an_installation_brings(lock: str, extra: str, python: str) -> None:
    assert closure(extra, python) - set(pins(lock)) == set(), "run: make lock"


@pytest.mark.parametrize("lock", ["production.txt", "printers.txt"])
def test_what_is_locked_is_what_the_tests_run_with(lock: str) -> None:
    tested = constraints()
    others = {name: version for name, version in pins(lock).items() if tested.get(name, version) != version}
    assert others == {}, "run: make lock"


def test_the_lock_has_what_the_project_asks_for_and_no_package_of_the_tests() -> None:
    production = set(pins("production.txt"))
    assert {"django", "granian", "psycopg-binary"} <= production
    assert not {"pytest", "mypy", "ruff", "pip-tools", "pillow"} & production
    assert production | {"pillow", "python-escpos"} <= set(pins("printers.txt"))
    assert "hatchling" in pins("build.txt")


@pytest.mark.parametrize("lock", ["production.txt", "printers.txt", "build.txt", "../constraints.txt"])
def test_no_lock_names_a_registry_or_a_path_of_a_machine(lock: str) -> None:
    text = (LOCKS / lock).read_text("ascii")
    assert not re.search(r"://|--index-url|--extra-index|--find-links|--trusted-host| @ |^-e |^/", text, re.MULTILINE)


def test_the_demo_is_installed_by_the_lock_alone() -> None:
    setup = (ROOT / "scripts/setup").read_text("utf-8")
    demo = setup.partition('if [ "$purpose" = demo ]; then')[2].partition("else")[0]
    installs = re.findall(r"pip install (.*)", demo)
    assert installs
    assert all("--require-hashes" in one or "--no-deps --no-build-isolation" in one for one in installs)


# --- licences and descriptions -----------------------------------------------------------------


def test_the_licence_is_the_one_of_the_collection() -> None:
    assert (ROOT / "LICENSE").read_bytes() == (ROOT / "LICENSES/EUPL-1.2.txt").read_bytes()


def test_what_another_maker_wrote_is_not_claimed() -> None:
    """A folder with a licence of its own names its makers in REUSE.toml."""
    annotations = (ROOT / "REUSE.toml").read_text("utf-8")
    foreign = [path.parent for path in (ROOT / "src").rglob("LICENSE*")]
    assert foreign
    assert [str(one) for one in foreign if str(one.relative_to(ROOT)) not in annotations] == []


# The keys that the standard publiccode.yml 0.4 requires, with the type of each.
_REQUIRED: dict[str, type] = {
    "publiccodeYmlVersion": str,
    "name": str,
    "url": str,
    "platforms": list,
    "developmentStatus": str,
    "softwareType": str,
    "description": dict,
    "legal.license": str,
    "maintenance.type": str,
    "maintenance.contacts": list,
    "localisation.localisationReady": bool,
    "localisation.availableLanguages": list,
}
PUBLICCODE = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))


@pytest.mark.parametrize("key", _REQUIRED)
def test_publiccode_has_what_the_standard_requires(key: str) -> None:
    value = PUBLICCODE
    for part in key.split("."):
        value = value[part]
    assert isinstance(value, _REQUIRED[key])
    assert value or value is False


@pytest.mark.parametrize("language", ["cs", "en"])
def test_publiccode_describes_the_program_in_each_language(language: str) -> None:
    described = PUBLICCODE["description"][language]
    assert 0 < len(described["shortDescription"].strip()) <= 150
    assert 150 <= len(described["longDescription"].strip()) <= 10_000
    assert described["features"]


def test_publiccode_says_what_the_project_says() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'version = "{PUBLICCODE["softwareVersion"]}"' in project
    assert f'license = "{PUBLICCODE["legal"]["license"]}"' in project
    assert PUBLICCODE["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert {"cs", "en", "sk", "uk"} >= set(PUBLICCODE["localisation"]["availableLanguages"])


@pytest.mark.parametrize("target", ["lock", "sbom"])
def test_both_lists_are_made_by_one_command(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = re.search(rf"^{target}:\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe
    (script,) = re.findall(r"scripts/(?!setup)([\w-]+)", recipe[1])
    assert Path(ROOT / "scripts" / script).stat().st_mode & 0o111
