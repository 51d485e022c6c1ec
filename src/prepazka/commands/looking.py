"""Commands that only look: they make nothing, so that no second database appears where a name was mistyped."""

from argparse import Namespace

from prepazka.process.secret_key import OWN_KEY

_LOOKING = frozenset(
    {
        "check:check",
        "demo_users:list_published",
        "demo_users:withdraw_published",  # which changes what is there, if it is
        "gammu:config",
        "gateways:kinds",
        "gateways:list_strays",
        "gateways:show",
        "gateways:show_delivery",
        "showing:dump",
        "showing:example",
        "showing:list_",
        "users:list_",
    }
)
# With one of these options they do something. `check --prepare` is how `serve` makes its tables.
_UNLESS = ("assign", "prepare")


# docs/spec/contract.md §1: "A command that only looks makes nothing"
def only_looks(arguments: Namespace) -> bool:
    """Return whether the command makes nothing that is not there."""
    return arguments.run in _LOOKING and not any(getattr(arguments, option, None) for option in _UNLESS)


def keep_no_key() -> None:
    """Let the settings, which are not read yet, make no key that stays."""
    OWN_KEY.kept = False


def make_no_database() -> None:
    """Let no connection make an SQLite file; Django is set up by now."""
    from django.db import connection  # noqa: PLC0415 -- as said

    from prepazka.store import connections  # noqa: PLC0415 -- the same

    connections.only_existing(connection.settings_dict)
