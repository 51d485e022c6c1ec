"""All tables.

Two guards against double booking are in the migrations, because no model can state them for both databases: an
exclusion constraint on PostgreSQL and triggers on SQLite refuse overlapping bookings of one lane.
"""

from prepazka.store.account_models import FirstOperatorLink, Invitation, Official, SignInLink, User
from prepazka.store.booking_models import Booking, Hold, SubmittedForm, WaitlistEntry
from prepazka.store.figure_models import DayFigures
from prepazka.store.health_models import GatewayHour, MetricCount
from prepazka.store.kiosk_models import Kiosk, Recording, Slide, SubmittedTouch
from prepazka.store.lease_models import Lease
from prepazka.store.mark_models import Mark
from prepazka.store.message_models import (
    Breaker,
    Inbound,
    InboundPart,
    OptOut,
    Outbound,
    OutboundRef,
    Receipt,
    Stray,
)
from prepazka.store.office_models import (
    Agenda,
    Audit,
    Closure,
    Counter,
    ExtraDay,
    Gateway,
    Number,
    Office,
    Service,
    WeeklyRule,
)
from prepazka.store.process_models import ProcessBeat
from prepazka.store.queue_models import QueueState, Staffing, Ticket, TicketEvent, TicketSeries
from prepazka.store.rate_limit_models import RateCount
from prepazka.store.register_models import Access, Erasure

__all__ = [
    "Access",
    "Agenda",
    "Audit",
    "Booking",
    "Breaker",
    "Closure",
    "Counter",
    "DayFigures",
    "Erasure",
    "ExtraDay",
    "FirstOperatorLink",
    "Gateway",
    "GatewayHour",
    "Hold",
    "Inbound",
    "InboundPart",
    "Invitation",
    "Kiosk",
    "Lease",
    "Mark",
    "MetricCount",
    "Number",
    "Office",
    "Official",
    "OptOut",
    "Outbound",
    "OutboundRef",
    "ProcessBeat",
    "QueueState",
    "RateCount",
    "Receipt",
    "Recording",
    "Service",
    "SignInLink",
    "Slide",
    "Staffing",
    "Stray",
    "SubmittedForm",
    "SubmittedTouch",
    "Ticket",
    "TicketEvent",
    "TicketSeries",
    "User",
    "WaitlistEntry",
    "WeeklyRule",
]
