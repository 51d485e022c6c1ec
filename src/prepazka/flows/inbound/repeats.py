"""Repeated messages: what came of them the first time, for a caller that lost the answer."""

from collections.abc import Sequence

from prepazka.flows.phone_numbers import e164
from prepazka.gateways.values import Inbound, storable_text
from prepazka.store import messages
from prepazka.store.messages import Earlier


# docs/spec/safety.md §1: "only where sender and number are the same"
def earlier_answers(repeats: Sequence[Inbound]) -> dict[str, Earlier]:
    """Return what came of these when they were handed in before, by their ids; of one gateway.

    One that came from somebody else, or to another number, under the same id is left out: its caller would tell the
    one citizen what was answered to the other.
    """
    if not repeats:
        return {}
    between = {one.id: (storable_text(e164(one.sender)), e164(one.recipient)) for one in repeats}
    found = messages.find_earlier(repeats[0].gateway, between.keys())
    return {id_: one for id_, one in found.items() if (one.sender, one.recipient) == between[id_]}
