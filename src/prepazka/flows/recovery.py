"""After a database went back in time: what may have gone out since then does not go out again."""

from dataclasses import dataclass
from datetime import datetime

from prepazka.flows.booking import cancel_later, hold, waitlist
from prepazka.flows.outbound.remind import remind
from prepazka.store import leases, recovery


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many messages are not sent: waiting ones, and those that became due since."""

    waiting: int
    due: int


# docs/spec/delivery.md §10: "what is due by now is decided now, and then not sent"
def stop_what_may_have_gone(now: datetime, who: str, what: str) -> Stopped:
    """Let everything that is due by now happen, and send none of the messages of it. Call it before anybody is served.

    what: the words of the audit trail. It may be run again: what was killed half way is stopped by the next run.
    """
    leases.forget()
    waiting = recovery.stop_unsent()
    remind(now)
    waitlist.notify_after_delay(now)
    hold.settle(now)
    cancel_later.carry_out(now)
    stopped = Stopped(waiting, recovery.stop_unsent())
    recovery.note(now, who, what, unsent=stopped.waiting, due=stopped.due)
    return stopped
