"""A file that many processes make at once is made by one of them, and nobody ever reads a part of it."""

import multiprocessing
import os
import subprocess
import sys
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from prepazka.private_files import NewFile, exposed, make_once

AT_ONCE = 12
LONG = 200_000


def make(path: Path, number: int, together: Barrier, found: "multiprocessing.Queue[tuple[bool, str, int]]") -> None:
    together.wait(60)
    made = make_once(path, lambda: f"{number:02d}" * LONG)
    text = path.read_text("ascii")
    found.put((made, text[:2], len(text)))


def test_of_many_processes_one_makes_it_and_all_read_the_same(tmp_path: Path) -> None:
    forks = multiprocessing.get_context("forkserver")
    together, found = forks.Barrier(AT_ONCE), forks.Queue()
    path = tmp_path / "key"
    workers = [forks.Process(target=make, args=(path, number, together, found)) for number in range(AT_ONCE)]
    for one in workers:
        one.start()
    answers = [found.get(timeout=60) for _ in workers]
    for one in workers:
        one.join(60)
    [first] = {text for _, text, _ in answers}
    assert [made for made, _, _ in answers].count(True) == 1
    assert {length for _, _, length in answers} == {2 * LONG}
    assert path.read_text("ascii") == first * LONG
    assert list(tmp_path.iterdir()) == [path]
    assert not exposed(path)


def test_what_is_there_stays_and_what_a_killed_process_left_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.touch()
    (tmp_path / "key.new").write_text("half a ke", "ascii")
    assert make_once(path, lambda: "whole")
    assert not make_once(path, lambda: pytest.fail("it is there"))
    assert path.read_text("ascii") == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_that_cannot_be_made_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        make_once(tmp_path / "key", lambda: str(1 // 0))
    assert not (tmp_path / "key").exists()


def test_programs_that_start_at_once_in_an_empty_state_directory_have_one_key(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREPAZKA_SECRET")}
    environment |= {"PREPAZKA_STATE": str(tmp_path / "new" / "state"), "DJANGO_SETTINGS_MODULE": "prepazka.settings"}
    program = "from prepazka import settings; print(settings.SECRET_KEY)"
    started = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    keys = {one.communicate(timeout=120)[0].strip() for one in started}
    assert [one.returncode for one in started] == [0] * len(started)
    [key] = keys
    assert len(key) >= 50


def test_a_new_file_is_seen_when_it_is_whole_and_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "kopie.zip"
    (tmp_path / ".kopie.zip.part").write_text("what a killed command left, longer than the copy", "ascii")
    with NewFile(path) as new:
        new.partial.write_text("whole", "ascii")
        assert not path.exists()
        new.place()
    assert path.read_text("ascii") == "whole"
    assert list(tmp_path.iterdir()) == [path]
    assert not exposed(path)


def test_whoever_writes_the_same_file_second_is_refused_and_takes_nothing_away(tmp_path: Path) -> None:
    path = tmp_path / "kopie.zip"
    with NewFile(path) as first:
        first.partial.write_text("of the first", "ascii")
        with pytest.raises(BlockingIOError, match="is being written by another command"), NewFile(path):
            pytest.fail("it is being written")
        first.place()
        with pytest.raises(FileExistsError, match="is there already"), NewFile(path):
            pytest.fail("it is there")
    assert path.read_text("ascii") == "of the first"
    assert list(tmp_path.iterdir()) == [path]


def write(path: Path, error: type[BaseException], *, placed: bool) -> None:
    with NewFile(path) as new:
        if placed:
            new.place()
        raise error


def test_a_new_file_that_failed_leaves_nothing_and_an_interruption_leaves_what_was_whole(tmp_path: Path) -> None:
    path = tmp_path / "kopie.zip"
    for placed in (False, True):
        with pytest.raises(ZeroDivisionError):
            write(path, ZeroDivisionError, placed=placed)
        assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyboardInterrupt):
        write(path, KeyboardInterrupt, placed=True)
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_where_there_is_no_directory_names_the_directory(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as refused, NewFile(tmp_path / "nikde" / "kopie.zip"):
        pytest.fail("there is no directory")
    assert refused.value.filename == str(tmp_path / "nikde")
