"""One wish of the web, of a clerk or of another program: decided, kept and confirmed as every message is.

The channel is only noted: limits, hours and places are the same for all, because `commit_requests` is.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID, uuid5

from django.db import transaction

from prepazka.core.booking.codes import draw
from prepazka.core.booking.ledger import Submission
from prepazka.core.booking.outcomes import Booked, Outcome
from prepazka.core.booking.requests import Request
from prepazka.flows.booking.commit import commit_requests, retry_transaction
from prepazka.flows.outbound import notify
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.render import render
from prepazka.store import idempotency, offices


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """Something asked for off SMS.

    sender: E.164, the identity; "" for a caller without a phone. confirm: whether a booking is confirmed to that
    number by SMS, because whoever asks does not tell the citizen its code; language: of that SMS. form: the key of the
    form it came by; the same wish by the same form again is a double press, and is answered with what it made.
    """

    request: Request
    channel: Literal["web", "desk", "api"]
    sender: str = ""
    confirm: bool = True
    language: str = FIRST
    form: UUID | None = None

    @property
    def key(self) -> UUID | None:
        """Of the form and of what was asked for: the form sent again with another name is another wish."""
        return None if self.form is None else uuid5(self.form, f"{self.request!r} {self.sender}")


def submit(office_id: int, wanted: BookingRequest, now: datetime) -> Outcome:
    """What comes of a wish. Its confirmation is queued in the same transaction, and sent later."""
    return retry_transaction(partial(_in_one_transaction, office_id, wanted, now))


def _in_one_transaction(office_id: int, wanted: BookingRequest, now: datetime) -> Outcome:
    with transaction.atomic():
        office = offices.locked(office_id, offices.lock(office_id))
        # Under the office's lock: of two presses at the same time, the second sees what the first made.
        if wanted.key and (before := idempotency.made(office, wanted.key)):
            return Booked(before)
        codes = (draw(secrets.randbelow), draw(secrets.randbelow))
        [(outcome, row)] = commit_requests(
            office, [Submission(wanted.request, now, wanted.sender, codes=codes)], wanted.channel
        )
        if isinstance(outcome, Booked) and row is not None and wanted.key:
            idempotency.note(wanted.key, row, now)
        if isinstance(outcome, Booked) and row is not None and wanted.confirm and wanted.sender:
            reply = render(outcome, office, wanted.language)
            assert reply, "a booking is always told"  # noqa: S101 -- render has no reply only for what is ignored
            notify.enqueue(office, [notify.of_booking("confirmation", outcome.booking, row, reply)], now)
        return outcome
