"""Sends messages to an SMSC: the submits of each message, and the result of their responses.

The parts of one message are submitted one after another, each after the SMSC has accepted the one before. So a refused
message is refused before any part of it is sent, in all but the rarest cases.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from smpplib import consts

from prepazka.gateways import parts
from prepazka.gateways.smpp.deliveries import normalized_ref
from prepazka.gateways.smpp.events import SubmitResponse, SubmitUnanswered
from prepazka.gateways.smpp.pdus import Value, description
from prepazka.gateways.smpp.session import SmppSession
from prepazka.gateways.smpp.settings import SmppSettings
from prepazka.gateways.values import Cause, LostAnswer, Outbound, Receipt, SendError, SendResult, Sent

# The SMSC would accept the message later.
THROTTLED = {consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL}

# The SMSC will never accept this message. Any other status, including the SMSC's own, may be temporary.
PERMANENT = {
    consts.SMPP_ESME_RINVMSGLEN,
    consts.SMPP_ESME_RINVCMDLEN,
    consts.SMPP_ESME_RINVCMDID,
    consts.SMPP_ESME_RINVPRTFLG,
    consts.SMPP_ESME_RINVDSTADR,
    consts.SMPP_ESME_RINVREPFLAG,
    consts.SMPP_ESME_RX_P_APPN,
    consts.SMPP_ESME_RX_R_APPN,
    consts.SMPP_ESME_RINVOPTPARSTREAM,
    consts.SMPP_ESME_ROPTPARNOTALLWD,
    consts.SMPP_ESME_RINVPARLEN,
    consts.SMPP_ESME_RMISSINGOPTPARAM,
    consts.SMPP_ESME_RINVOPTPARAMVAL,
}

# docs/spec/delivery.md §4.3: "A refusal that speaks of how the gateway is set up leaves the message waiting"
# The SMSC refuses every message because of how this account is set up, by the setting to correct: the message waits
# for that, as long as it is of use.
FAULTS: Mapping[int, str] = {
    consts.SMPP_ESME_RINVREGDLVFLG: "receipts",
    consts.SMPP_ESME_RINVSRCADR: "source_address",
    consts.SMPP_ESME_RINVSERTYP: "service_type",
    consts.SMPP_ESME_RINVESMCLASS: "esm_class",
    consts.SMPP_ESME_RINVSRCTON: "source_ton",
    consts.SMPP_ESME_RINVSRCNPI: "source_npi",
    consts.SMPP_ESME_RINVDSTTON: "dest_ton",
    consts.SMPP_ESME_RINVDSTNPI: "dest_npi",
    consts.SMPP_ESME_RINVSCHED: "validity",
    consts.SMPP_ESME_RINVEXPIRY: "validity",
}

# What a refusal of the SMSC speaks of, where it is neither its pace nor the settings.
_CAUSES: Mapping[int, Cause] = {
    consts.SMPP_ESME_RINVDSTADR: "number",
    consts.SMPP_ESME_RINVMSGLEN: "text",
    consts.SMPP_ESME_RINVCMDLEN: "text",
    consts.SMPP_ESME_RINVPARLEN: "text",
    consts.SMPP_ESME_RINVSYSID: "account",
    consts.SMPP_ESME_RINVPASWD: "account",
    consts.SMPP_ESME_RINVBNDSTS: "account",
}


def submits(message: Outbound, settings: SmppSettings) -> list[dict[str, Value]]:
    """Return the fields of the submit_sm of each part. Raises: parts.TooLong."""
    source = settings.source_address or message.sender
    ton, npi = _source_type(source, settings)
    common: dict[str, Value] = {
        "service_type": settings.service_type,
        "source_addr_ton": ton,
        "source_addr_npi": npi,
        "source_addr": source.removeprefix("+"),
        "dest_addr_ton": settings.dest_ton,
        "dest_addr_npi": settings.dest_npi,
        "destination_addr": message.recipient.removeprefix("+"),
        "validity_period": _time(message.expires) if settings.validity else "",
        "registered_delivery": consts.SMPP_SMSC_DELIVERY_RECEIPT_BOTH if settings.receipts else 0,
    }
    found = parts.split(message.text, parts.reference_for(message.id))
    latin = settings.alphabet == "latin1"
    if latin and found.coding == "gsm" and not _is_latin(message.text):
        found = parts.split(message.text, parts.reference_for(message.id), "ucs2")
    return [
        common
        | {
            "esm_class": consts.SMPP_GSMFEAT_UDHI if part.header else 0,
            "data_coding": consts.SMPP_ENCODING_ISO10646 if found.coding == "ucs2" else consts.SMPP_ENCODING_DEFAULT,
            "short_message": part.header + _octets(part, found.coding, settings),
        }
        for part in found.parts
    ]


def _source_type(source: str, settings: SmppSettings) -> tuple[int, int]:
    """Return TON and NPI of the sender: those that are set, else by its form."""
    given = {"source_ton", "source_npi"} & settings.model_fields_set
    if given or source.startswith("+"):
        return settings.source_ton, settings.source_npi
    short = source.isdecimal() and len(source) <= 8
    return (consts.SMPP_TON_ABBREV, consts.SMPP_NPI_UNK) if short else (settings.source_ton, settings.source_npi)


def _octets(part: parts.TextPart, coding: parts.Coding, settings: SmppSettings) -> bytes:
    if coding == "ucs2":
        return part.data
    match settings.alphabet:
        case "gsm":
            return part.data
        case "latin1":
            return part.text.encode("latin-1")
        case "gsm_packed":
            return parts.pack(part.data, parts.fill_bits(len(part.header)))


def _is_latin(text: str) -> bool:
    return all(ord(character) < 0x100 for character in text)


def _time(at: datetime) -> str:
    """Format a time as SMPP 3.4, 7.1.1, defines, in UTC."""
    return at.astimezone(UTC).strftime("%y%m%d%H%M%S000+")


class SendJob:
    """One message being sent: `next` is the submit to make now, `result` the final result."""

    def __init__(self, message: Outbound, settings: SmppSettings) -> None:
        self.result: SendResult | None = None
        self.not_before = 0.0
        self.session: SmppSession | None = None  # in which its parts are submitted, once one has been
        self._message = message
        self._ids = settings.message_ids
        self._refs: list[str] = []
        self._accepted = 0
        self._in_flight = False
        self._submits: Sequence[dict[str, Value]] = ()
        try:
            self._submits = submits(message, settings)
        except parts.TooLong as error:
            self.fail(f"longer than SMS can be: {error}", retryable=False, cause="text")

    @property
    def next(self) -> dict[str, Value] | None:
        """The fields of the submit to make; None while a response is outstanding and when the job is done."""
        return None if self._in_flight or self.result else self._submits[self._accepted]

    @property
    def recipient(self) -> str:
        """The number the message is for."""
        return self._message.recipient

    @property
    def refs(self) -> tuple[str, ...]:
        """The SMSC's names of the parts it has accepted so far."""
        return tuple(self._refs)

    @property
    def started(self) -> bool:
        """Whether the SMSC has, or may have, any part of the message."""
        return self._in_flight or self._accepted > 0

    def mark_submitted(self) -> None:
        """Note that `next` has been submitted."""
        self._in_flight = True

    def on_response(self, event: SubmitResponse, now: float, pause: float) -> None:
        """Process the response to the submit. pause: seconds until a throttled later part is submitted again."""
        self._in_flight = False
        if event.status == consts.SMPP_ESME_ROK:
            self._accepted += 1
            if event.message_id:
                self._refs.append(normalized_ref(event.message_id, self._ids, in_receipt=False))
            if self._accepted == len(self._submits):
                self.result = Sent(self._message.id, tuple(self._refs))
        elif event.status in FAULTS:
            self.fail(f"{description(event.status)}, setting {FAULTS[event.status]}", cause="settings")
        elif event.status in THROTTLED and self._accepted:
            self.not_before = now + pause
        else:
            throttled = event.status in THROTTLED
            retryable = event.status not in PERMANENT
            cause = "throttled" if throttled else _CAUSES.get(event.status, "refused")
            self.fail(description(event.status), retryable=retryable, throttled=throttled, cause=cause)

    def on_unanswered(self, event: SubmitUnanswered) -> None:
        """Note that the submit will get no response."""
        self._in_flight = False
        if event.possibly_sent:
            self.result = LostAnswer(self._message.id, "the SMSC did not answer", tuple(self._refs))
        else:
            self.fail("the connection was cut before it was sent", cause="unreachable")

    # docs/spec/delivery.md §4.4: "An answer that comes late wins over silence"
    def on_late_response(self, event: SubmitResponse, gateway: str, at: datetime) -> Receipt | None:
        """Return what an answer says that came after the job had ended in doubt; None where the doubt stays."""
        if event.status == consts.SMPP_ESME_ROK:
            ref = normalized_ref(event.message_id, self._ids, in_receipt=False) if event.message_id else ""
            last = self._accepted == len(self._submits) - 1
            return Receipt(gateway, "handed", at, id=self._message.id, ref=ref) if ref or last else None
        if event.status in PERMANENT and not self._accepted:
            return Receipt(gateway, "failed", at, id=self._message.id, reason=description(event.status))
        return None

    def fail(self, reason: str, *, retryable: bool = True, throttled: bool = False, cause: Cause = "refused") -> None:
        """End the job: as refused, or as in doubt where earlier parts were accepted."""
        if self._accepted:
            reason = f"only the beginning was taken: {reason}"
            self.result = LostAnswer(self._message.id, reason, tuple(self._refs), "partly")
        else:
            self.result = SendError(self._message.id, reason, retryable, throttled, cause)
