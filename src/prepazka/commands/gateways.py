"""`gateway …`: the programs and devices messages come and leave by."""

import re
import sys
import tomllib
from argparse import Namespace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.offices import ensure_office, operator_name
from prepazka.flows.outbound import gateway_health
from prepazka.gateways.kinds import KINDS, kept
from prepazka.store import gateways


def token(arguments: Namespace) -> int:
    """`prepazka gateway token NAME`: the token is printed this once; only its SHA-256 is kept."""
    name = _name(arguments.name)
    ensure_office()
    print(gateways.give_token(name, clock.now(), operator_name()))
    return 0


def keep(arguments: Namespace) -> int:
    """`prepazka gateway set NAME KIND [SETTING=VALUE …]`: what is not named stays as it was."""
    name = _name(arguments.name)
    if arguments.kind not in KINDS:
        raise UsageError(f"there is no kind {arguments.kind!r}; kinds are: {', '.join(KINDS)}")
    ensure_office()
    before = gateways.find(name)
    settings = dict(before.settings) if before and before.kind == arguments.kind else {}
    if arguments.file:
        settings |= _of_file(arguments.file)
    settings |= dict(_given(one) for one in arguments.settings)
    try:
        checked = KINDS[arguments.kind].settings.model_validate(settings)
    except ValidationError as error:
        raise UsageError(*_told(arguments.kind, error)) from None
    new = gateways.keep(name, arguments.kind, kept(checked), clock.now(), operator_name())
    print(f"{'made' if new else 'changed'} the gateway {name}")
    if not (before and before.numbers):
        bound = f'{{ number = "+420…", gateway = "{name}" }}'
        print(f"now bind a number to it in the office file: numbers = [{bound}]", file=sys.stderr)
    return 0


def remove(arguments: Namespace) -> int:
    """`prepazka gateway remove NAME`."""
    ensure_office()
    try:
        gateways.remove(arguments.name, clock.now(), operator_name())
    except gateways.GatewayError as error:
        raise CommandFailed(str(error)) from error
    print(f"removed the gateway {arguments.name}")
    return 0


def show(_: Namespace) -> int:
    """`prepazka gateway list`: every gateway with its numbers, and how it is."""
    ensure_office()
    for one, health in gateway_health.all_gateways(clock.now()):
        print(f"{one.name}  {one.kind}  {', '.join(one.numbers) or 'no number'}")
        print(f"  {health.level}: {health.what}{health.fix and f'; {health.fix}'}")
    return 0


def kinds(_: Namespace) -> int:
    """`prepazka gateway kinds`: every kind with its settings."""
    for name, kind in KINDS.items():
        print(f"{name}: {kind.title}")
        for setting, field in kind.settings.model_fields.items():
            default = "" if field.is_required() else _shown(field.get_default(call_default_factory=True))
            print(f"  {setting}{default}: {field.description or field.title}")
    return 0


def _shown(default: object) -> str:
    nothing = default is None or default == "" or isinstance(default, SecretStr | BaseModel)
    return " (may be left out)" if nothing else f" ({default})"


def _name(name: str) -> str:
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,39}", name):
        raise UsageError(f"{name!r} must be small letters, digits and hyphens, at most 40")
    return name


def _given(text: str) -> tuple[str, str]:
    """SETTING=VALUE; a VALUE that begins with @ is the name of a file that holds it."""
    setting, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is no setting; write it like name=value, or name=@file")
    if not value.startswith("@"):
        return setting, value
    try:
        return setting, Path(value[1:]).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{setting}: {value[1:]} cannot be read: {error}") from error


def _of_file(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{name}: {error}") from error


def _told(kind: str, error: ValidationError) -> list[str]:
    """One line a mistake: the setting, what is wrong, and which settings there are."""
    known = ", ".join(KINDS[kind].settings.model_fields)
    lines = []
    for one in error.errors(include_url=False, include_input=False):
        setting = ".".join(map(str, one["loc"])) or "settings"
        match one["type"]:
            case "missing":
                lines.append(f"{setting}: is missing")
            case "extra_forbidden":
                lines.append(f"{setting}: a {kind} gateway has no such setting; it has: {known}")
            case _:
                lines.append(f"{setting}: {one['msg'].removeprefix('Value error, ')}")
    return lines
