"""What a trial learns of an SMSC: how it wants addresses, which fields it refuses, and how it writes ids and texts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from smpplib import consts

from prepazka.gateways.parts import gsm_decode, gsm_encode
from prepazka.gateways.smpp.deliveries import Alphabet, MessageIds, normalized_ref, receipt_id
from prepazka.gateways.smpp.events import Delivery, LateResponse, SessionEvent, SubmitResponse
from prepazka.gateways.smpp.gateway import Smpp
from prepazka.gateways.smpp.session import SmppSession
from prepazka.gateways.smpp.settings import SmppSettings
from prepazka.gateways.values import Outbound

Settings = Mapping[str, Any]

# TON and NPI that SMSCs want, the usual ones first: international, unknown, short code, name, national.
_SOURCES: Sequence[Settings] = [
    {"source_ton": ton, "source_npi": npi} for ton, npi in ((1, 1), (0, 1), (6, 0), (3, 0), (5, 0), (0, 0), (2, 1))
]
_DESTINATIONS: Sequence[Settings] = [
    {"dest_ton": ton, "dest_npi": npi} for ton, npi in ((1, 1), (0, 1), (0, 0), (2, 1))
]
_OTHERS: Mapping[int, Sequence[Settings]] = {
    consts.SMPP_ESME_RINVSRCADR: _SOURCES,
    consts.SMPP_ESME_RINVSRCTON: _SOURCES,
    consts.SMPP_ESME_RINVSRCNPI: _SOURCES,
    consts.SMPP_ESME_RINVDSTADR: _DESTINATIONS,
    consts.SMPP_ESME_RINVDSTTON: _DESTINATIONS,
    consts.SMPP_ESME_RINVDSTNPI: _DESTINATIONS,
    consts.SMPP_ESME_RINVSCHED: [{"validity": False}],
    consts.SMPP_ESME_RINVEXPIRY: [{"validity": False}],
    consts.SMPP_ESME_RINVREGDLVFLG: [{"receipts": False}],
}
"""The settings to try after a refusal, by its status."""


class ObservedSmpp(Smpp):
    """A gateway that notes statuses and ids as the SMSC writes them."""

    def __init__(self, name: str, settings: SmppSettings) -> None:
        super().__init__(name, settings)
        self.settings = settings
        self.statuses: list[int] = []
        self.given_ids: list[str] = []
        self.receipt_ids: list[str] = []

    def _on_event(self, session: SmppSession, event: SessionEvent) -> None:
        match event:
            case SubmitResponse() | LateResponse():
                answer = event.response if isinstance(event, LateResponse) else event
                self.statuses.append(answer.status)
                if answer.message_id:
                    self.given_ids.append(answer.message_id)
            case Delivery(pdu):
                if id_ := receipt_id(pdu):
                    self.receipt_ids.append(id_)
            case _:
                pass
        super()._on_event(session, event)


class SmppLearner:
    """What is known of the peculiarities of SMSCs."""

    def __init__(self) -> None:
        self._tried: list[Settings] = []

    def open(self, name: str, settings: SmppSettings) -> ObservedSmpp:
        """Open a gateway that notes what the SMSC writes."""
        return ObservedSmpp(name, settings)

    def after_refusal(self, gateway: ObservedSmpp) -> Settings | None:
        """Return the next settings SMSCs are known to want where they refuse with this status."""
        known = _OTHERS.get(gateway.statuses[-1], ()) if gateway.statuses else ()
        self._tried += [one for one in known if _are_set(one, gateway.settings)]
        for one in known:
            if one not in self._tried:
                return one
        return None

    def learnt(self, gateway: ObservedSmpp, sent: Outbound, answer: str) -> Settings:
        """Return how the SMSC writes ids and its default alphabet, where that is not what is set."""
        learnt: dict[str, Any] = {}
        settings = gateway.settings
        notation = _notation(gateway.given_ids, gateway.receipt_ids, settings.message_ids)
        if notation != settings.message_ids:
            learnt["message_ids"] = notation
        alphabet = _alphabet(sent.text, answer, settings.alphabet)
        if alphabet != settings.alphabet:
            learnt["alphabet"] = alphabet
        return learnt


def _are_set(values: Settings, settings: SmppSettings) -> bool:
    return all(getattr(settings, name) == value for name, value in values.items())


def _notation(given: Sequence[str], received: Sequence[str], set_now: MessageIds) -> MessageIds:
    """Return the notation under which a receipt names what was given; that which is set where none or it does."""
    fitting = {
        notation
        for notation in get_args(MessageIds)
        for one in given
        for other in received
        if normalized_ref(one, notation, in_receipt=False) == normalized_ref(other, notation, in_receipt=True)
    }
    if not fitting or set_now in fitting:
        return set_now
    ordered: Sequence[MessageIds] = get_args(MessageIds)
    return next(notation for notation in ordered if notation in fitting)


def _alphabet(sent: str, answer: str, set_now: Alphabet) -> Alphabet:
    """Return the alphabet in which the phone's answer is the text it was asked to send back, as far as one is."""
    if not answer or sent in answer:
        return set_now
    for alphabet, read in _readings(answer, set_now):
        if sent in read:
            return alphabet
    return set_now


def _readings(answer: str, set_now: Alphabet) -> Iterator[tuple[Alphabet, str]]:
    """Yield the answer as it reads in the other alphabets of one character an octet."""
    try:
        if set_now == "gsm":
            yield "latin1", gsm_encode(answer).decode("latin-1")
        elif set_now == "latin1":
            yield "gsm", gsm_decode(answer.encode("latin-1"))
    except ValueError:  # it has characters that no octet of the alphabet gives
        return
