"""What the code of an earlier version does on the tables of today: run by it, with its own sources on the path."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import django

django.setup()

from prepazka import officefile  # noqa: E402 -- models can be imported only after the set-up
from prepazka.flows.counters import arrive, call, seat  # noqa: E402
from prepazka.flows.inbound.receive import receive  # noqa: E402
from prepazka.flows.outbound.remind import remind  # noqa: E402
from prepazka.flows.retention import erase  # noqa: E402
from prepazka.gateways.values import Inbound  # noqa: E402
from prepazka.store import models, offices, reports  # noqa: E402
from prepazka.store.statistics import Period  # noqa: E402

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739000071"

office_id = offices.keep(replace(officefile.load_demo(), slug="jicin", numbers=(NUMBER,)), NOW, "earlier")
office = offices.load(office_id)
texts = ("OBJ ZOP 4.8. 9:00 SOUKUP", "TERMIN ZOP 5.8.", "STOP", "TERMIN ZOP", "STAV ZOP", "nesmysl")
answers = receive(
    [Inbound("modem", str(place), f"+42060211100{place}", NUMBER, text) for place, text in enumerate(texts)], NOW
)
done: list[object] = [answer.outcome.outcome for answer in answers if answer.outcome]
code = models.Booking.objects.get(name="SOUKUP").code
arrive.walk_in(office_id, "ZOP", NOW)
seat.sit_down(office_id, office.counters[0].id, "earlier", NOW)
call.call_next(office_id, "earlier", NOW)
remind(NOW + timedelta(hours=2))
[cancelled] = receive([Inbound("modem", "late", "+420602111000", NUMBER, f"STORNO {code} 4.8.")], NOW)
done.append(cancelled.outcome and cancelled.outcome.outcome)
done += [
    len(reports.visits(office, Period(NOW.date(), NOW.date()))),
    erase(office_id, NOW + timedelta(days=60)).bookings,
]
sys.stdout.write(json.dumps(done))
