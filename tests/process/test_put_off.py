"""Modules that are executed when something of them is used, and not when somebody imports them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from threading import Barrier, Thread

import pytest

from prepazka.process import put_off

ONE = "put_off_by_a_test"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package that writes down each time it is executed."""
    folder = tmp_path / ONE
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from pathlib import Path\n"
        "from . import part\n"
        "with (Path(__file__).parent / 'executed').open('a') as told:\n    told.write('1')\n"
        "VALUE = 7\n"
        "def double(number):\n    return 2 * number + part.NOTHING\n"
    )
    (folder / "part.py").write_text("NOTHING = 0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(put_off, "PUT_OFF", {ONE: ("double",)})
    monkeypatch.setattr(put_off, "IN_MODULES", {f"{ONE}.NOTHING": "part"})
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    put_off.put_off()
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == ONE]:
        del sys.modules[name]


def executed(package: Path) -> int:
    told = package / "executed"
    return len(told.read_text()) if told.exists() else 0


def test_importing_it_executes_nothing(package: Path) -> None:
    module = import_module(ONE)
    assert module.__name__ == ONE
    assert not hasattr(module, "__path_of_nothing__")
    assert executed(package) == 0


def test_what_is_used_is_there_and_executed_once(package: Path) -> None:
    module = import_module(ONE)
    assert (module.VALUE, module.VALUE, module.double(4)) == (7, 7, 8)
    assert executed(package) == 1
    with pytest.raises(AttributeError):
        _ = module.MISSING


def test_a_function_can_be_imported_before(package: Path) -> None:
    double = import_module(ONE).double
    assert executed(package) == 0
    assert (double(4), double(5)) == (8, 10)
    assert executed(package) == 1


def test_its_modules_do_without_it(package: Path) -> None:
    assert import_module(f"{ONE}.part").NOTHING == 0
    assert import_module(ONE).NOTHING == 0
    assert executed(package) == 0


def test_what_cannot_be_executed_is_tried_again(package: Path) -> None:
    code = (package / "__init__.py").read_text()
    (package / "__init__.py").write_text("raise OSError('full')\n")
    module = import_module(ONE)
    with pytest.raises(OSError, match="full"):
        _ = module.VALUE
    (package / "__init__.py").write_text(code + "# and no longer of the same size\n")
    assert module.VALUE == 7


def test_of_two_threads_that_use_it_neither_sees_half_of_it(package: Path) -> None:
    module, together, found = import_module(ONE), Barrier(2), []

    def use() -> None:
        together.wait()
        found.append(module.VALUE)

    threads = [Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, executed(package)) == ([7, 7], 1)


def test_it_is_in_force_once(package: Path) -> None:
    before = [*sys.meta_path]
    put_off.put_off()
    assert sys.meta_path == before


WHOLE = """
import sys
from datetime import date
from importlib import import_module
from prepazka.commands.run import set_up
set_up()
from prepazka.process import preload
preload.load()
from prepazka.core.office import holidays
from prepazka.process.put_off import IN_MODULES, PUT_OFF
assert holidays.name("CZ", date(2026, 12, 24)) == "Štědrý den"
print(*(name for name in PUT_OFF if type(sys.modules.get(name)).__name__ != "_PutOff"))
from fido2.server import verify_rp_id
print(verify_rp_id("urad.example", "https://www.urad.example"), verify_rp_id("co.uk", "https://urad.co.uk"))
assert holidays.name("EG", date(2026, 7, 23))
for name, stand_ins in PUT_OFF.items():
    assert not hasattr(import_module(name), "no_such_name")  # which executes it
    for one in stand_ins:
        assert callable(vars(import_module(name))[one]), (name, one)
for name, module in IN_MODULES.items():
    package, _, one = name.rpartition(".")
    assert getattr(import_module(package), one) is getattr(import_module(f"{package}.{module}"), one)
"""


def test_all_that_is_put_off_is_still_so_at_work_and_works_when_it_is_used(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREPAZKA_")}
    given = {
        "PREPAZKA_STATE": str(tmp_path),
        "PREPAZKA_ENV_FILE": "/dev/null",
        "DATABASE_URL": f"sqlite:///{tmp_path}/one",
    }
    done = subprocess.run([sys.executable, "-c", WHOLE], env=kept | given, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("\nTrue False\n", "")
