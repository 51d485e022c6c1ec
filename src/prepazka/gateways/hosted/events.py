"""Reads messages and receipts as a profile describes them, whether the provider calls with them or they are fetched."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from prepazka.gateways.hosted.described import EventTables, Messages, PartFields, Receipts
from prepazka.gateways.hosted.fields import matches, text_at, time_at, words_at
from prepazka.gateways.values import GatewayEvent, Inbound, Part, Receipt, fingerprint, storable_text

# Without an id and a time, equal messages within so many seconds are one.
SAME_WITHIN: Final = 60
# The longest id stored unchanged, in characters.
_LONGEST = 200


class Unreadable(Exception):
    """An event that the profile does not describe; the argument says why, without number or text."""


def read_event(gateway: str, tables: EventTables, event: Any, now: datetime) -> GatewayEvent | None:
    """Read an event; return None for an ignored one. Raises: Unreadable for one the profile does not describe."""
    if not isinstance(event, Mapping):
        raise Unreadable("an event that has no fields")
    if tables.receipts is not None and matches(event, tables.receipts.where):
        return _receipt(gateway, tables.receipts, event, now)
    if tables.messages is not None and matches(event, tables.messages.where):
        return _message(gateway, tables.messages, event, now)
    if any(matches(event, where) for where in tables.ignored):
        return None
    raise Unreadable("an event that is neither a message nor a receipt")


def _message(gateway: str, fields: Messages, event: Any, now: datetime) -> Inbound | Part:
    sender, text = text_at(event, fields.sender), text_at(event, fields.text)
    recipient = text_at(event, fields.recipient)
    if not sender or text is None or (fields.recipient and not recipient):
        missing = [name for name, value in (("sender", sender), ("text", text), ("recipient", recipient)) if not value]
        raise Unreadable(f"a message without {', '.join(missing)}")
    sender, recipient, text = storable_text(sender), storable_text(recipient or ""), storable_text(text)
    sent = time_at(event, fields.time)
    id_ = _id(fields, event, (sender, recipient, text), sent, now)
    if fields.part and (place := _place(fields.part, event)):
        return Part(gateway, id_, sender, recipient, text, *place, sent=sent)
    return Inbound(gateway, id_, sender, recipient, text, sent)


def _place(fields: PartFields, event: Any) -> tuple[int, int, int] | None:
    """Return the reference, the total and the number of a part; None for a message of one part."""
    found = [text_at(event, path) or "" for path in (fields.reference, fields.total, fields.number)]
    if not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in found):
        return None
    reference, total, number = map(int, found)
    return (reference, total, number) if total > 1 else None


def _id(fields: Messages, event: Any, content: tuple[str, str, str], sent: datetime | None, now: datetime) -> str:
    """Return the provider's id; without one, a hash of the content and its time, or of the content and this minute."""
    if fields.id:
        given_id = storable_text(text_at(event, fields.id) or "")
        if not given_id:
            raise Unreadable("a message without id")
        if fields.reused:
            time = (text_at(event, fields.time.field) if fields.time else None) or ""
            return _hash("place", given_id, time, *content)
        return given_id if len(given_id) <= _LONGEST else hashlib.sha256(given_id.encode()).hexdigest()
    sender, recipient, text = content
    if sent is not None:
        return f"content-{fingerprint(sender, recipient, sent, text)}"
    return _hash("minute", *content, str(int(now.timestamp()) // SAME_WITHIN))


def _hash(kind: str, *content: str) -> str:
    joined = "\0".join(content)
    return f"{kind}-{hashlib.sha256(joined.encode('utf-8', 'replace')).hexdigest()}"


def _receipt(gateway: str, fields: Receipts, event: Any, now: datetime) -> Receipt | None:
    word = text_at(event, fields.status)
    status = fields.statuses.get(word, fields.statuses.get("*")) if word is not None else None
    id_, ref = text_at(event, fields.id) or "", text_at(event, fields.ref) or ""
    if not status or not (id_ or ref):  # not final yet, or of a message that is not ours
        return None
    at_ = time_at(event, fields.time) or now
    reason = words_at(event, fields.reason)
    return Receipt(gateway, status, at_, storable_text(id_), storable_text(ref)[:_LONGEST], reason)
