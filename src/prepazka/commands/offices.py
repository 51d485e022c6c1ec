"""`init`, `migrate`, `load-office`: the database and the offices in it."""

import sys
from argparse import Namespace
from pathlib import Path

from prepazka import clock, officefile
from prepazka.commands import UsageError, demo_users, machine_settings, without_settings
from prepazka.commands.migrating import make_tables
from prepazka.commands.who import operator_name
from prepazka.core.office.diff import find_changes
from prepazka.core.office.office import Office
from prepazka.sms.own_words import new_word_problems
from prepazka.sms.reply.fit import text_problems
from prepazka.sms.send_back.check import new_taught_problems
from prepazka.store import offices, schema


def init(arguments: Namespace) -> int:
    """Run `prepazka init`; a second run changes nothing."""
    office = read_office_file(arguments.office) if arguments.office else None
    if office:
        _check_words(arguments.office, office)
    make_tables()
    if office:
        if offices.find(office.slug) is not None:
            raise UsageError(
                f"there is an office {office.slug} already; to change it: prepazka load-office {arguments.office}"
            )
        print(f"created the office {_keep(office)}")
    elif arguments.demo and offices.find(officefile.load_demo().slug) is None:
        print(f"created the demo office {_keep(officefile.load_demo())}")
    elif slugs := offices.slugs():
        print(f"the database is ready; its offices: {', '.join(slugs)}")
    # docs/spec/contract.md §1: "in a database that somebody named it makes the tables and no office"
    elif without_settings():
        print(f"created the demo office {_keep(officefile.load_demo())}")
    else:
        print("the database is ready and has no office yet; run: prepazka serve, or prepazka load-office FILE")
    if arguments.demo:
        demo_users.make_with_fresh_passwords(operator_name())
    else:
        demo_users.make_with_published_passwords(operator_name())
    return 0


def migrate(_: Namespace) -> int:
    """Run `prepazka migrate`: what a newer version has done to the tables stays."""
    applied = make_tables()
    print(f"migrated: {', '.join(applied)}" if applied else "the tables are up to date")
    if newer := schema.newer():
        print(f"prepazka: {schema.explain_newer(newer)}; {schema.FIX_NEWER}", file=sys.stderr)
    return 0


def load(arguments: Namespace) -> int:
    """Run `prepazka load-office`."""
    office = read_office_file(arguments.file)
    office_id = offices.find(office.slug)
    before = None if office_id is None else offices.load(office_id)
    _check_words(arguments.file, office, before)
    if before and not find_changes(before, office):
        print(f"nothing to change in the office {office.slug}")
    else:
        print(f"{'created' if office_id is None else 'changed'} the office {_keep(office)}")
    return 0


def make_demo_office() -> bool:
    """Create the demo office with its tables and users, as far as they are not there; return whether it was not."""
    make_tables()
    if offices.slugs():
        return False
    _keep(officefile.load_demo())
    demo_users.make_with_published_passwords(operator_name())
    return True


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


def _check_words(name: str, office: Office, before: Office | None = None) -> None:
    """Raises: UsageError when a word or a text of the office means something else, unless it did so before."""
    if wrong := new_word_problems(office, before):
        raise UsageError(*(f"{name}: {problem}" for problem in wrong))
    if untrue := new_taught_problems(office, before, clock.now()):
        raise UsageError(*(f"{name}: {problem} (tried with {problem.service}); {problem.fix}" for problem in untrue))


def _keep(office: Office) -> str:
    try:
        is_new = offices.find(office.slug) is None
        offices.keep(office.founded() if is_new else office, clock.now(), operator_name())
    except offices.OfficeError as error:
        raise UsageError(str(error)) from error
    return office.slug
