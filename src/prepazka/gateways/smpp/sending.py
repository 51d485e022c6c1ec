"""Messages on their way to an SMSC: the submits each is sent in, and what its answers come to.

The parts of one message go one after another, each when the SMSC has taken the one before: so a message is refused
with nothing of it sent, or not at all, in all but the rarest cases.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from smpplib import consts

from prepazka.gateways import parts
from prepazka.gateways.smpp.deliveries import ref
from prepazka.gateways.smpp.pdus import Value, description
from prepazka.gateways.smpp.session import Responded, Silent
from prepazka.gateways.smpp.settings import SmppSettings
from prepazka.gateways.values import LostAnswer, Outbound, SendError, SendResult, Sent

# The SMSC would take the message later.
THROTTLED = {consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL}

# The SMSC will never take this message. All others, the SMSC's own among them, may pass.
PERMANENT = {
    consts.SMPP_ESME_RINVMSGLEN,
    consts.SMPP_ESME_RINVCMDLEN,
    consts.SMPP_ESME_RINVCMDID,
    consts.SMPP_ESME_RINVPRTFLG,
    consts.SMPP_ESME_RINVREGDLVFLG,
    consts.SMPP_ESME_RINVSRCADR,
    consts.SMPP_ESME_RINVDSTADR,
    consts.SMPP_ESME_RINVSERTYP,
    consts.SMPP_ESME_RINVESMCLASS,
    consts.SMPP_ESME_RINVSRCTON,
    consts.SMPP_ESME_RINVSRCNPI,
    consts.SMPP_ESME_RINVDSTTON,
    consts.SMPP_ESME_RINVDSTNPI,
    consts.SMPP_ESME_RINVREPFLAG,
    consts.SMPP_ESME_RINVSCHED,
    consts.SMPP_ESME_RINVEXPIRY,
    consts.SMPP_ESME_RX_P_APPN,
    consts.SMPP_ESME_RX_R_APPN,
    consts.SMPP_ESME_RINVOPTPARSTREAM,
    consts.SMPP_ESME_ROPTPARNOTALLWD,
    consts.SMPP_ESME_RINVPARLEN,
    consts.SMPP_ESME_RMISSINGOPTPARAM,
    consts.SMPP_ESME_RINVOPTPARAMVAL,
}


def submits(message: Outbound, settings: SmppSettings) -> list[dict[str, Value]]:
    """The fields of the submit_sm of each part. Raises: parts.TooLong."""
    source = settings.source_address or message.sender
    common: dict[str, Value] = {
        "source_addr_ton": settings.source_ton,
        "source_addr_npi": settings.source_npi,
        "source_addr": source.removeprefix("+"),
        "dest_addr_ton": settings.dest_ton,
        "dest_addr_npi": settings.dest_npi,
        "destination_addr": message.recipient.removeprefix("+"),
        "validity_period": _time(message.expires),
        "registered_delivery": consts.SMPP_SMSC_DELIVERY_RECEIPT_BOTH if settings.receipts else 0,
    }
    found = parts.split(message.text, parts.reference(message.id))
    latin = settings.alphabet == "latin1"
    if latin and found.coding == "gsm" and not _is_latin(message.text):
        found = parts.split(message.text, parts.reference(message.id), "ucs2")
    return [
        common
        | {
            "esm_class": consts.SMPP_GSMFEAT_UDHI if part.header else 0,
            "data_coding": consts.SMPP_ENCODING_ISO10646 if found.coding == "ucs2" else consts.SMPP_ENCODING_DEFAULT,
            "short_message": part.header + _octets(part, found.coding, settings),
        }
        for part in found.parts
    ]


def _octets(part: parts.TextPart, coding: parts.Coding, settings: SmppSettings) -> bytes:
    if coding == "ucs2":
        return part.data
    match settings.alphabet:
        case "gsm":
            return part.data
        case "latin1":
            return part.text.encode("latin-1")
        case "gsm_packed":
            return parts.pack(part.data, parts.fill_after(len(part.header)))


def _is_latin(text: str) -> bool:
    return all(ord(character) < 0x100 for character in text)


def _time(at: datetime) -> str:
    """A time as SMPP 3.4, 7.1.1, writes it, in UTC."""
    return at.astimezone(UTC).strftime("%y%m%d%H%M%S000+")


class Job:
    """One message on its way: `next` is what to submit now, None while an answer is waited for or when it is done."""

    def __init__(self, message: Outbound, settings: SmppSettings) -> None:
        self.answer: SendResult | None = None
        self.not_before = 0.0
        self._message = message
        self._ids = settings.message_ids
        self._refs: list[str] = []
        self._taken = 0
        self._waiting = False
        self._submits: Sequence[dict[str, Value]] = ()
        try:
            self._submits = submits(message, settings)
        except parts.TooLong as error:
            self.refused(f"longer than SMS can be: {error}", retryable=False)

    @property
    def next(self) -> dict[str, Value] | None:
        """The fields of the submit to be made."""
        return None if self._waiting or self.answer else self._submits[self._taken]

    @property
    def begun(self) -> bool:
        """Whether the SMSC has, or may have, anything of it."""
        return self._waiting or self._taken > 0

    def submitted(self) -> None:
        """`next` is on its way."""
        self._waiting = True

    def responded(self, event: Responded, now: float, pause: float) -> None:
        """The SMSC has answered the submit. pause: seconds until a later part it had no time for is tried again."""
        self._waiting = False
        if event.status == consts.SMPP_ESME_ROK:
            self._taken += 1
            if event.message_id:
                self._refs.append(ref(event.message_id, self._ids, in_receipt=False))
            if self._taken == len(self._submits):
                self.answer = Sent(self._message.id, tuple(self._refs))
        elif event.status in THROTTLED and self._taken:
            self.not_before = now + pause
        else:
            throttled = event.status in THROTTLED
            retryable = event.status not in PERMANENT
            self.refused(description(event.status), retryable=retryable, throttled=throttled)

    def silent(self, event: Silent) -> None:
        """The SMSC will not answer the submit."""
        self._waiting = False
        if event.given:
            self.answer = LostAnswer(self._message.id, "the SMSC did not answer", tuple(self._refs))
        else:
            self.refused("the connection was cut before it was sent")

    def refused(self, reason: str, *, retryable: bool = True, throttled: bool = False) -> None:
        """It is not taken: certainly, or of all but the parts taken before."""
        if self._taken:
            self.answer = LostAnswer(self._message.id, f"only the beginning was taken: {reason}", tuple(self._refs))
        else:
            self.answer = SendError(self._message.id, reason, retryable, throttled)
