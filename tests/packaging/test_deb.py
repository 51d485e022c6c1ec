"""The Debian package: what lies where in it, and what its scripts do on a machine; without fetching any library."""

import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.pages import ROOT

PARTS = ROOT / "packaging/deb"


def load_script() -> ModuleType:
    """Load scripts/deb, which has no ending, as a module."""
    spec = spec_from_loader("deb", SourceFileLoader("deb", str(ROOT / "scripts/deb")))
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules["deb"] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


deb = load_script()
TARGET = deb.Target("13", "arm64")


def library(packages: Path, name: str, metadata: str) -> None:
    """Install a library of one module, as pip would."""
    directory = packages / f"{name}-4.2.dist-info"
    directory.mkdir(parents=True)
    (packages / f"{name}.py").write_text("answer = 42\n")
    (directory / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 4.2\n{metadata}\n")
    (directory / "direct_url.json").write_text('{"url": "file:///home/builder/checkout"}')


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package built of two libraries."""
    directory = tmp_path_factory.mktemp("deb")
    tree = directory / "tree"
    library(deb.packages_of(tree, TARGET), "lhotka", "License-Expression: MIT")
    library(deb.packages_of(tree, TARGET), "vsetin", "Classifier: License :: OSI Approved :: BSD License")
    deb.lay_out(tree, TARGET)
    built = directory / "prepazka.deb"
    deb.build(tree, built)
    return built


def ask(option: str, package: Path, *more: str) -> str:
    command = ["dpkg-deb", option, str(package), *more]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_every_file_is_roots_and_nobody_else_may_write_it(package: Path) -> None:
    lines = ask("--contents", package).splitlines()
    assert [line for line in lines if line.split()[1] != "root/root"] == []
    assert [line for line in lines if not line.startswith("l") and line[5] + line[8] != "--"] == []


def test_it_lies_in_one_directory_with_its_command_on_the_path(package: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path], check=True)
    files = {f"/{path.relative_to(tmp_path)}" for path in tmp_path.rglob("*") if not path.is_dir() or path.is_symlink()}
    outside = {one for one in files if not one.startswith(("/opt/prepazka/", "/usr/share/doc/prepazka/"))}
    assert outside == {"/usr/bin/prepazka", "/usr/share/lintian/overrides/prepazka"}
    assert (tmp_path / "usr/bin/prepazka").readlink() == Path("/opt/prepazka/bin/prepazka")
    assert (tmp_path / "opt/prepazka/bin/python3").readlink() == Path("/usr/bin/python3.13")
    assert "/opt/prepazka/lib/python3.13/site-packages/lhotka.py" in files
    assert not [one for one in files if one.endswith(("direct_url.json", ".pyc"))], (
        "how it was built is nobody's affair"
    )


def test_it_wants_the_python_its_libraries_are_for(package: Path) -> None:
    wanted = ask("--field", package, "Depends")
    assert "python3 (>= 3.13), python3 (<< 3.14)" in wanted
    assert ask("--field", package, "Architecture").strip() == "arm64"
    assert ask("--field", package, "Version").strip().endswith("+deb13")


def test_the_licences_of_all_libraries_are_told(package: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path], check=True)
    told = (tmp_path / "usr/share/doc/prepazka/copyright").read_text("utf-8")
    assert "  lhotka 4.2: MIT\n" in told
    assert "  vsetin 4.2: BSD License\n" in told
    assert "License: EUPL-1.2" in told


def test_a_library_without_a_licence_is_not_packed(tmp_path: Path) -> None:
    library(tmp_path, "osirela", "")
    with pytest.raises(ValueError, match="osirela: says no licence"):
        list(deb.bundled(tmp_path))


def test_the_same_tree_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name, licence in (("vsetin", "Classifier: License :: OSI Approved :: BSD License"),
                          ("lhotka", "License-Expression: MIT")):  # fmt: skip
        library(deb.packages_of(tree, TARGET), name, licence)
    deb.lay_out(tree, TARGET)
    deb.build(tree, tmp_path / "again.deb")
    assert (tmp_path / "again.deb").read_bytes() == package.read_bytes()


# --- the scripts of the package, run for a machine that is a directory ---------------------------

DEBCONF = "db_input() { :; }\ndb_go() { :; }\ndb_get() { RET=$ANSWER; }\ndb_purge() { :; }\n"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with the service set up and the program installed; a program or systemctl that runs leaves a line."""
    for name in ("etc/prepazka.env", "etc/prepazka.key", "var/lib/prepazka/urad.sqlite3", "run/systemd/system/x",
                 "etc/systemd/system/prepazka.service", "opt/prepazka/lib/site/__pycache__/a.pyc"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("opt/prepazka/bin/prepazka", "opt/prepazka/bin/python3", "bin/systemctl", "bin/deb-systemd-invoke"):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "{program.name} $*" >> {tmp_path}/ran\n')
        program.chmod(0o755)
    return tmp_path


def play(machine: Path, script: str, *arguments: str, **more: str) -> str:
    """Run a script of the package; return what was run and what it printed."""
    environment = {"DPKG_ROOT": str(machine), "PATH": f"{machine}/bin:{os.environ['PATH']}", **more}
    command = ["sh", str(PARTS / script), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    ran = machine / "ran"
    return (ran.read_text() if ran.exists() else "") + done.stderr


def test_a_fresh_installation_says_what_is_next(machine: Path) -> None:
    (machine / "etc/systemd/system/prepazka.service").unlink()
    told = play(machine, "postinst", "configure")
    assert "compileall" in told
    assert "prepazka setup --host" in told
    assert "restart" not in told


def test_an_upgrade_goes_on_with_the_new_version(machine: Path) -> None:
    play(machine, "prerm", "upgrade", "0.2.0")
    assert (machine / "etc/systemd/system/prepazka.service").exists()
    assert not (machine / "opt/prepazka/lib/site/__pycache__").exists()
    assert "deb-systemd-invoke try-restart prepazka.service" in play(machine, "postinst", "configure", "0.1.0")


def test_a_removal_takes_the_service_away(machine: Path) -> None:
    assert "prepazka setup --remove" in play(machine, "prerm", "remove")


@pytest.mark.parametrize("answer", ["false", "no debconf"])
def test_a_purge_keeps_the_data_unless_told_otherwise(machine: Path, answer: str) -> None:
    if answer != "no debconf":
        (machine / "usr/share/debconf").mkdir(parents=True)
        (machine / "usr/share/debconf/confmodule").write_text(DEBCONF)
    assert "kept: /var/lib/prepazka" in play(machine, "postrm", "purge", ANSWER=answer)
    assert (machine / "var/lib/prepazka/urad.sqlite3").exists()
    assert (machine / "etc/prepazka.key").exists()


def test_a_purge_that_is_told_to_erase_leaves_nothing(machine: Path) -> None:
    (machine / "usr/share/debconf").mkdir(parents=True)
    (machine / "usr/share/debconf/confmodule").write_text(DEBCONF)
    play(machine, "postrm", "purge", ANSWER="true")
    assert not [one for one in machine.rglob("*") if "prepazka" in one.name and one.parent.name in {"etc", "lib"}]


def test_a_removal_alone_erases_nothing(machine: Path) -> None:
    play(machine, "postrm", "remove", ANSWER="true")
    assert (machine / "var/lib/prepazka/urad.sqlite3").exists()


def test_the_question_is_asked_in_czech_too() -> None:
    templates = (PARTS / "templates").read_text("utf-8")
    assert templates.count("Template: ") == templates.count("Description-cs.UTF-8: ") == 1
    assert "Default: false" in templates
