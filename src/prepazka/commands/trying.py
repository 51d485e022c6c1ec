"""`gateway try`: one SMS by a gateway, its receipt, and what both teach of the peer."""

import secrets
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.its_office import ensure_office
from prepazka.commands.other_nodes import refuse_wrong_key
from prepazka.commands.who import operator_name
from prepazka.core.delivery import message_id
from prepazka.flows.inbound import intake
from prepazka.flows.outbound import gateway_settings
from prepazka.flows.outbound.gateway_settings import PlaceTaken
from prepazka.flows.phone_numbers import e164, replyable
from prepazka.gateways.health_texts import health_of
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.trial import Trial, TrialResult
from prepazka.gateways.values import LostAnswer, Outbound, SendError, Sent
from prepazka.process.identity import dead, me
from prepazka.store import gateways
from prepazka.store.gateways import Configured

# Seconds beside the waiting itself: connecting, binding, closing.
_AROUND = 120


def attempt(arguments: Namespace) -> int:
    """Run `prepazka gateway try NAME --to NUMBER`."""
    ensure_office(needed=False)
    configured = _find(arguments.name)
    if not 0 < arguments.wait <= 600:
        raise UsageError("--wait must be more than 0 and at most 600 seconds")
    recipient = e164(arguments.to)
    if not replyable(recipient):
        raise UsageError(f"{arguments.to!r} is no number an SMS can be sent to; write it like +420777123456")
    trial = Trial(
        configured.name,
        configured.kind,
        _settings(configured),
        _message(_sender(configured, arguments.sender), recipient, arguments.wait),
        arguments.wait,
        lambda gateway, events: intake.store_polled(gateway, events, clock.now()),
        arguments.answer,
        intake.resume,
    )
    if arguments.answer:
        print(f"when the SMS comes, send it back from the phone as it should read: {trial.message.text}", flush=True)
    with _held(configured.name, arguments.wait):
        found = trial.run()
    _print(found)
    _offer(configured, found.learnt, keep=arguments.keep)
    return 0


def _find(name: str) -> Configured:
    configured = gateways.find(name)
    if configured is None:
        raise UsageError(f"there is no gateway {name}; see: prepazka gateway list")
    if configured.kind not in KINDS:
        raise UsageError(f"{name} is a program that calls the API: it sends nothing itself, so there is nothing to try")
    if not configured.readable:
        health = health_of("sealed_elsewhere", name=name, kind=configured.kind)
        raise CommandFailed(f"{health.summary}; {health.fix}")
    return configured


def _settings(configured: Configured) -> Any:
    try:
        return KINDS[configured.kind].settings.model_validate(configured.settings)
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        health = health_of("wrong_settings", wrong=wrong, name=configured.name, kind=configured.kind)
        raise CommandFailed(f"{health.summary}; {health.fix}") from None


def _sender(configured: Configured, named: str | None) -> str:
    if named:
        return e164(named)
    if not configured.numbers:
        raise UsageError(f"no number is bound to {configured.name}: name the sender's with --from, or bind one")
    return configured.numbers[0]


def _message(sender: str, recipient: str, wait: float) -> Outbound:
    now = clock.now()
    # Characters that are other octets in each alphabet an SMSC may use; the figures tell two trials apart.
    text = f"Prepazka zkouska {secrets.randbelow(9000) + 1000}: @ $ _"
    expires = now + timedelta(seconds=max(wait, 300))
    return Outbound(message_id(0, now), sender, recipient, text, 1, expires)


@contextmanager
def _held(name: str, wait: float) -> Iterator[None]:
    """Hold the gateway: of two that serve one peer, each would get a part of what comes."""
    now, holder = clock.now(), gateways.holder(name)
    until = now + timedelta(seconds=wait + _AROUND)
    if not gateways.hold(name, me(), now, until, dead=holder if holder and dead(holder) else ""):
        raise CommandFailed(f"a running prepazka serves {name}; stop it for the trial: systemctl stop prepazka")
    try:
        yield
    finally:
        gateways.release(name, me())


def _print(found: TrialResult) -> None:
    """Print what came of the message. Raises: CommandFailed, with what to do, when the phone does not get it."""
    match found.result:
        case SendError(reason=reason):
            fix = found.health.fix or "see its section in docs/gateways.md"
            raise CommandFailed(f"not sent: {reason}; {fix}")
        case LostAnswer(reason=reason):
            print(f"in doubt: {reason}")
        case Sent():
            print("sent: the gateway has taken it")
    if found.receipt:
        why = f" ({found.receipt.reason})" if found.receipt.reason else ""
        print(f"receipt: {found.receipt.status}{why}")
    elif found.calls:
        print("receipt: it comes as a call to the office; look at the phone")
    else:
        print("receipt: none came; look at the phone, and whether this gateway sends receipts at all")
    if found.answer:
        print("answer: the phone's text has come back")


def _offer(configured: Configured, learnt: Mapping[str, Any], *, keep: bool) -> None:
    """Print what was learnt, and keep it or say how to."""
    if not learnt:
        print("settings: nothing to change")
        return
    said = " ".join(
        f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in learnt.items()
    )
    print(f"learnt: {said}")
    if not keep:
        print(f"to keep it: prepazka gateway set {configured.name} {configured.kind} {said}")
        return
    checked = KINDS[configured.kind].settings.model_validate({**configured.settings, **learnt})
    refuse_wrong_key()
    try:
        gateway_settings.keep(configured.name, configured.kind, checked, clock.now(), operator_name())
    except PlaceTaken as error:
        raise CommandFailed(str(error)) from None
    print(f"changed the gateway {configured.name}")


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
