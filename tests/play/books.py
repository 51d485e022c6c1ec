"""Compares the database at the end of the play with the ledger."""

from collections import Counter
from csv import reader
from itertools import pairwise

from playwright.sync_api import Page

from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import ACTS
from prepazka.store import models
from tests.play.ledger import Ledger


def nothing_is_to_be_sent() -> bool:
    """Whether every message is on its way, or given up."""
    return not models.Outbound.objects.filter(state="queued").exists()


class Books:
    """The database of the office."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def agree_with(self, ledger: Ledger) -> None:
        self._messages(ledger)
        self._bookings(ledger)
        self._tickets(ledger)
        self._telephones(ledger)
        assert not models.Staffing.objects.exists()
        assert not models.Ticket.objects.filter(state__in=["waiting", "called", "serving"]).exists()

    def _messages(self, ledger: Ledger) -> None:
        """Every message was handled and answered once."""
        assert Counter(models.Inbound.objects.values_list("outcome", flat=True)) == ledger.messages
        assert set(models.Inbound.objects.values_list("state", flat=True)) == {"answered"}
        answered = models.Outbound.objects.filter(kind="reply").values_list("in_reply_to", flat=True)
        assert Counter(answered) == Counter(models.Inbound.objects.values_list("id", flat=True))
        # A reply is handed back with its message, and a notification arrives on the screen at once. Only the
        # confirmation of a booking that was cancelled meanwhile is not sent.
        unsent = models.Outbound.objects.exclude(state__in=["handed", "delivered"]).exclude(booking__state="cancelled")
        assert list(unsent.values_list("kind", "state", "error", "text")) == []

    def _bookings(self, ledger: Ledger) -> None:
        """Exactly the confirmed bookings without the cancelled ones are stored; no place was booked twice."""
        rows = models.Booking.objects.select_related("service")
        kept = {
            row.code: f"{row.service.code} {self._wall(row)} {row.name.upper()}"
            for row in rows
            if row.state == "booked"
        }
        assert kept.keys() == ledger.granted.keys() - ledger.cancelled
        assert {row.code for row in rows if row.state == "cancelled"} == ledger.cancelled
        places = Counter((row.agenda_id, row.starts_at) for row in rows if row.state == "booked")
        lanes = {agenda.id: agenda.rules[0].hours.lanes for agenda in self.office.agendas}
        assert all(count <= lanes[agenda] for (agenda, _), count in places.items())
        for code, booking in kept.items():
            assert booking.split()[:3] == ledger.granted[code].split()[:3]

    def _wall(self, row: models.Booking) -> str:
        at = row.starts_at.astimezone(self.office.zone)
        return f"{at:%Y-%m-%d} {at.hour}:{at:%M}"

    def _tickets(self, ledger: Ledger) -> None:
        """Each number was given once, and its events lead from the arrival to the end without a gap."""
        rows = list(models.Ticket.objects.prefetch_related("events"))
        assert {f"{row.prefix}{row.number}": (row.kind, row.state) for row in rows} == {
            number: (kind, ledger.ends[number]) for number, kind in ledger.tickets.items()
        }
        for prefix in {row.prefix for row in rows}:
            numbers = sorted(row.number for row in rows if row.prefix == prefix)
            assert numbers == list(range(1, len(numbers) + 1))
        for row in rows:
            events = sorted(row.events.all(), key=lambda event: event.version)
            assert [event.version for event in events] == list(range(1, row.version + 1))
            assert (events[0].act, events[-1].after) == ("arrive", row.state)
            for before, after in pairwise(events):
                assert before.after == after.before
                assert ACTS[after.act, after.before] == after.after  # type: ignore[index]  # as the table has them
                assert before.at <= after.at

    def _telephones(self, ledger: Ledger) -> None:
        """Each telephone shows what the office sent it, and has every reply its owner saw."""
        for number, texts in ledger.received.items():
            sent = models.Outbound.objects.filter(recipient=number).order_by("id").values_list("text", flat=True)
            assert [" ".join(text.split()) for text in texts] == [" ".join(text.split()) for text in sent]
            assert Counter(ledger.replies.get(number, ())) <= Counter(texts)
        assert set(models.Outbound.objects.values_list("recipient", flat=True)) == ledger.received.keys()

    def agree_with_statistics(self, ledger: Ledger, page: Page) -> None:
        """Compare the sums and tables of the statistics page."""
        page.goto("/demo/admin/statistics/?first=2026-07-31&last=2026-08-04")
        cards = dict(
            zip(
                [title.replace("\xa0", " ") for title in page.locator("dl.cards dt").all_inner_texts()],
                page.locator("dl.cards dd").all_inner_texts(),
                strict=True,
            )
        )
        active = {code: booking for code, booking in ledger.granted.items() if code not in ledger.cancelled}
        assert cards["Objednávek"] == str(len(active))
        assert cards["Zrušených"] == str(len(ledger.cancelled))
        assert cards["Lístků u přepážek"] == str(len(ledger.tickets))
        visited = sum(kind != "walk_in" for kind in ledger.tickets.values())
        monday = sum("2026-08-03" in booking for booking in active.values())
        assert self._table(page, "came") == [["2026-08-03", str(visited), str(monday - visited)]]
        assert sum(int(row[1]) for row in self._table(page, "messages")) == ledger.messages.total()
        received = sum(state != "closed" for state in ledger.ends.values())
        assert sum(int(row[3]) for row in self._table(page, "waits")) == received
        counted = self._table(page, "booked")
        assert sum(int(count) for row in counted for count in row[1:]) == len(active)

    def _table(self, page: Page, name: str) -> list[list[str]]:
        response = page.request.get(f"/demo/admin/statistics/{name}.csv?first=2026-07-31&last=2026-08-04")
        assert response.ok
        return list(reader(response.text().lstrip("\ufeff").splitlines(), delimiter=";"))[1:]
