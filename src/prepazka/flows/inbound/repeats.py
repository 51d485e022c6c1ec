"""Repeated messages: what came of them the first time, for a caller that lost the answer."""

from collections.abc import Sequence

from prepazka.core.booking.outcomes import Duplicate
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.values import Inbound, storable_text
from prepazka.store import messages
from prepazka.store.messages import Earlier


# docs/spec/safety.md §1: "only where sender and number are the same"
def earlier_answers(inbounds: Sequence[Inbound], handled: Sequence[Handled]) -> dict[str, Earlier]:
    """Return what came of those that were handed in before, by their ids; of one gateway.

    One that came from somebody else, or to another number, under the same id is left out: its caller would tell the
    one citizen what was answered to the other.
    """
    repeated = {
        inbound.id: (storable_text(e164(inbound.sender)), e164(inbound.recipient))
        for inbound, message in zip(inbounds, handled, strict=True)
        if isinstance(message.outcome, Duplicate)
    }
    if not repeated:
        return {}
    found = messages.find_earlier(inbounds[0].gateway, repeated.keys())
    return {id_: one for id_, one in found.items() if (one.sender, one.recipient) == repeated[id_]}
