"""`user …`: the accounts of the people who work at the offices."""

import getpass
import secrets
import sys
from argparse import Namespace
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from prepazka import clock
from prepazka.commands import UsageError
from prepazka.commands.its_office import ensure_office, find_office
from prepazka.commands.starting import address_of, make_secret
from prepazka.commands.who import operator_name
from prepazka.store import accounts, factors, first_operator, memberships, provider_links
from prepazka.store.models import User


def add(arguments: Namespace) -> int:
    """Run `prepazka user add NAME`: give a role to a new or an existing account."""
    if arguments.operator and (arguments.role or arguments.office):
        raise UsageError("an operator may do everything in every office: leave out --role and --office, or --operator")
    ensure_office(needed=not arguments.operator)
    if not arguments.operator and not arguments.role:
        raise UsageError("say what the user may do: --role clerk, manager, administrator or officer, or --operator")
    office_id = None if arguments.operator else find_office(arguments.office)
    now, who = clock.now(), operator_name()
    with transaction.atomic():
        user = accounts.find(arguments.name)
        if user is None or not user.is_active:
            user = _open_account(arguments.name, now, who)
            if office_id is not None:
                memberships.give_home(user, office_id)
        if office_id is None:
            accounts.make_operator(user, now, who)
        else:
            accounts.appoint(user, office_id, arguments.role, now, who)
    return 0


def password(arguments: Namespace) -> int:
    """Run `prepazka user password NAME`: replace a forgotten password."""
    user = _find_active(arguments.name)
    chosen = _ask_password(user)
    accounts.give_password(user, chosen, clock.now(), operator_name(), given=True)
    return 0


def link(arguments: Namespace) -> int:
    """Run `prepazka user link NAME`: print the page that ties an account to its owner's sign-in at the provider."""
    user = _find_active(arguments.name)
    if not settings.OIDC_URL:
        raise UsageError("no provider is set; see PREPAZKA_OIDC_URL in README.md")
    token = secrets.token_urlsafe(32)
    provider_links.make_link(user, token, clock.now(), operator_name())
    print(f"/account/link/{token}")
    return 0


def first_link(_: Namespace) -> int:
    """Run `prepazka user first-link`: print the page where the first operator is made, as `serve` does at first."""
    if not first_operator.is_missing():
        raise UsageError("there is an operator already; another one: prepazka user add NAME --operator")
    print(address_of(make_secret()))
    return 0


def reset_factor(arguments: Namespace) -> int:
    """Run `prepazka user reset-factor NAME`: forget a lost second factor; who must have one enrols a new one."""
    user = _find_active(arguments.name)
    if not factors.reset(user, clock.now(), operator_name()):
        raise UsageError(f"{user.username} has no second factor")
    return 0


def list_(_: Namespace) -> int:
    """Run `prepazka user list`: print each user's roles."""
    for user in User.objects.order_by("username"):
        posts = [] if user.is_superuser else accounts.posts(user)
        may = ", ".join(f"{post.role} of {post.slug}" for post in posts)
        print(f"{user.username}: {'closed' if not user.is_active else may or _describe_no_role(user)}")
    return 0


def remove(arguments: Namespace) -> int:
    """Run `prepazka user remove NAME`: remove one role, or close the account; its name stays in the audit trail."""
    user = _find_active(arguments.name)
    now, who = clock.now(), operator_name()
    if not arguments.office:
        accounts.close_account(user, now, who)
    elif not accounts.dismiss(user, find_office(arguments.office), now, who):
        raise UsageError(f"{user.username} has no role in the office {arguments.office}")
    return 0


def _describe_no_role(user: User) -> str:
    return "operator" if user.is_superuser else "no role"


def _find_active(name: str) -> User:
    user = accounts.find(name)
    if user is None or not user.is_active:
        raise UsageError(f"there is no account {name}; see: prepazka user list")
    return user


def _open_account(name: str, now: datetime, who: str) -> User:
    try:
        user = User(username=accounts.username(name))
        return accounts.open_account(name, make_password(_ask_password(user)), now, who)
    except accounts.AccountError as error:
        raise UsageError(str(error)) from error


def _ask_password(user: User) -> str:
    """Ask for a password on a terminal; without one, or for an empty answer, generate and print it."""
    typed = getpass.getpass("Password (leave empty to have one made): ") if sys.stdin.isatty() else ""
    if not typed:
        generated = secrets.token_urlsafe(12)
        print(f"password of {user.username}: {generated}")
        return generated
    try:
        with translation.override("en"):
            validate_password(typed, user)
    except ValidationError as error:
        raise UsageError(" ".join(error.messages)) from error
    if getpass.getpass("The same again: ") != typed:
        raise UsageError("the second password was another one; nothing was changed")
    return typed
