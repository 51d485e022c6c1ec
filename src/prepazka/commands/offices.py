"""`load-office`, and the offices that others of our commands make."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from prepazka import clock, officefile
from prepazka.commands import UsageError, machine_settings
from prepazka.commands.who import operator_name
from prepazka.core.office.diff import find_changes
from prepazka.core.office.office import Office
from prepazka.sms.own_words import new_word_problems
from prepazka.sms.reply.fit import text_problems
from prepazka.sms.send_back.check import new_taught_problems
from prepazka.store import offices


def load(arguments: Namespace) -> int:
    """Run `prepazka load-office`."""
    office = read_office_file(arguments.file)
    office_id = offices.find(office.slug)
    before = None if office_id is None else offices.load(office_id)
    check_office(arguments.file, office, before)
    if before and not find_changes(before, office):
        print(f"nothing to change in the office {office.slug}")
    else:
        print(f"{'created' if office_id is None else 'changed'} the office {keep_office(office)}")
    return 0


def read_office_file(name: str) -> Office:
    """Read the office of a file; `-` is stdin.

    Raises: UsageError naming the file, the places in it and the fixes.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        office = officefile.parse(data.decode("utf-8-sig"))  # an editor on Windows may begin it with a mark
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name}: this is not UTF-8 text: {error.reason} at byte {error.start}; save it as UTF-8"
        ) from error
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}{machine_settings.file_fix(error, name)}") from error
    except officefile.OfficeFileError as error:
        raise UsageError(*(f"{name}: {problem}" for problem in error.problems)) from error
    return office


def check_office(name: str, office: Office, before: Office | None = None, *, taken: bool = True) -> None:
    """Check what no section of the file tells alone: texts, words, and what other offices have. Raises: UsageError.

    A word or a text may go on meaning what it meant before. taken: whether there is a database to ask for the numbers.
    """
    problems = [*_find_untrue(office, before), *(offices.find_taken(office.numbers, office.slug) if taken else ())]
    if problems:
        raise UsageError(*(f"{name}: {problem}" for problem in problems))


def _find_untrue(office: Office, before: Office | None) -> Iterator[str]:
    texts, words = text_problems(office), new_word_problems(office, before)
    for text in texts:
        yield f"texts.{text.language}{text.name and '.'}{text.name}: {text.why}"
    for word in words:
        yield str(word)
    if texts or words:  # what is taught with them would be wrong, too, many times over
        return
    for taught in new_taught_problems(office, before, clock.now()):
        yield f"{taught} (tried with {taught.service}); {taught.fix}"


def keep_office(office: Office) -> str:
    """Store an office and return its slug. Raises: UsageError."""
    try:
        is_new = offices.find(office.slug) is None
        offices.keep(office.founded() if is_new else office, clock.now(), operator_name())
    except offices.OfficeError as error:
        raise UsageError(str(error)) from error
    return office.slug
