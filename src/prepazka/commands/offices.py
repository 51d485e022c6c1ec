"""`load-office`, and the offices that others of our commands make."""

import sys
from argparse import Namespace
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
    check_words(arguments.file, office, before)
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
    if problems := text_problems(office):
        places = [f"texts.{problem.language}{problem.name and '.'}{problem.name}" for problem in problems]
        raise UsageError(*(f"{name}: {place}: {problem.why}" for place, problem in zip(places, problems, strict=True)))
    return office


def check_words(name: str, office: Office, before: Office | None = None) -> None:
    """Raise UsageError when a word or a text of the office means something else, unless it did so before."""
    if wrong := new_word_problems(office, before):
        raise UsageError(*(f"{name}: {problem}" for problem in wrong))
    if untrue := new_taught_problems(office, before, clock.now()):
        raise UsageError(*(f"{name}: {problem} (tried with {problem.service}); {problem.fix}" for problem in untrue))


def keep_office(office: Office) -> str:
    """Store an office and return its slug. Raises: UsageError."""
    try:
        is_new = offices.find(office.slug) is None
        offices.keep(office.founded() if is_new else office, clock.now(), operator_name())
    except offices.OfficeError as error:
        raise UsageError(str(error)) from error
    return office.slug
