"""`init` and `migrate`: the database, and the first office in it.

What reads, checks and stores an office is loaded where one is made: the start of the demo waits for the rest alone.
"""

import sys
from argparse import Namespace

from prepazka.commands import UsageError, demo_users, without_settings
from prepazka.commands.migrating import make_tables
from prepazka.commands.who import operator_name
from prepazka.store import offices, schema


def init(arguments: Namespace) -> int:
    """Run `prepazka init`; a second run changes nothing."""
    if arguments.office:
        _make_office(arguments.office)
    else:
        make_tables()
        _make_demo(wanted=arguments.demo)
    if arguments.demo:
        demo_users.make_with_fresh_passwords(operator_name())
    else:
        demo_users.make_with_published_passwords(operator_name())
    return 0


def _make_office(file: str) -> None:
    from prepazka.commands.offices import check_office, keep_office, read_office_file  # noqa: PLC0415 -- as said

    office = read_office_file(file)
    check_office(file, office, taken=False)
    make_tables()
    if offices.find(office.slug) is not None:
        raise UsageError(f"there is an office {office.slug} already; to change it: prepazka load-office {file}")
    print(f"created the office {keep_office(office)}")


def _make_demo(*, wanted: bool) -> None:
    """Make the demo office where it is wanted, or where nobody configured anything and there is no office."""
    if wanted and demo_users.demo_office() is None:
        print(f"created the demo office {_keep_demo()}")
    elif slugs := offices.slugs():
        print(f"the database is ready; its offices: {', '.join(slugs)}")
    # docs/spec/contract.md §1: "in a database that somebody named it makes the tables and no office"
    elif without_settings():
        print(f"created the demo office {_keep_demo()}")
    else:
        print("the database is ready and has no office yet; run: prepazka serve, or prepazka load-office FILE")


def migrate(_: Namespace) -> int:
    """Run `prepazka migrate`: what a newer version has done to the tables stays."""
    done = make_tables()
    print(f"migrated: {', '.join(done.migrations)}" if done.migrations else "the tables are up to date")
    if done.gateways or done.second_steps:
        print(f"encrypted with the key of today: gateways {done.gateways}, second steps {done.second_steps}")
    if newer := schema.newer():
        print(f"prepazka: {schema.explain_newer(newer)}; {schema.FIX_NEWER}", file=sys.stderr)
    return 0


def make_demo_office() -> bool:
    """Create the demo office with its tables and users, as far as they are not there; return whether it was not."""
    make_tables()
    if offices.slugs():
        return False
    _keep_demo()
    demo_users.make_with_published_passwords(operator_name())
    return True


def _keep_demo() -> str:
    from prepazka import officefile  # noqa: PLC0415 -- as said
    from prepazka.commands.offices import keep_office  # noqa: PLC0415 -- the same

    return keep_office(officefile.load_demo())
