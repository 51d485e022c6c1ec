"""A complete message with a question mark: what would change something is asked for, and not done."""

from dataclasses import replace

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Move
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.query import JoinWaitlist
from prepazka.core.booking.reminders import ResumeReminders
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.understanding import Certain, Draft, Misread


# docs/spec/conversation.md §2: "has a question mark is not acted on either: it is shown or read back"
def asked(request: Request, language: str) -> Certain | Misread | None:
    """What a request with a question mark is; None where it changes nothing, so that it is answered.

    A wish for no more reminders changes no booking, and is never refused. They begin again only for who says so.
    """
    match request:
        case Accept():
            return Certain(replace(request, asks=True), language)
        case Cancel(code=code, day=day):
            return Misread("cancel", language, draft=Draft("cancel", code=code, day=day))
        case Move(code=code, day=day, at=at):
            return Misread("move", language, draft=Draft("move", code=code, day=day, at=at))
        case JoinWaitlist(service=service, day=day):
            return Misread("question", language, draft=Draft("watch", service, day=day))
        case ResumeReminders():
            return Misread("question", language, draft=Draft("resume"))
        case _:
            return None
