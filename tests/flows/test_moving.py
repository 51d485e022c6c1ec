"""An office moves: with all it has or not at all, and what is left behind does nothing more."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from prepazka.core.booking.cancel import Cancel
from prepazka.flows import moving
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.inbound.receive import ForeignNumber, receive, receive_bound, work
from prepazka.flows.office_archive import ArchiveError
from prepazka.flows.outbound import notify
from prepazka.flows.outbound.remind import remind
from prepazka.flows.retention import erase
from prepazka.gateways.values import Inbound
from prepazka.process.hourly import erase_offices
from prepazka.store import accounts, folded, inbox, models, offices, register, removal, reports, transfer
from prepazka.store.statistics import Period
from tests.archives import comparable, raw
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
OURS, OTHERS = "+420739000041", "+420739000042"
CITIZEN = "+420602000100"


@pytest.fixture(autouse=True)
def two(transactional_db: None, settings: Any) -> dict[str, int]:
    """Two offices at one gateway, in which everything happened that leaves rows."""
    settings.SIMULATOR = True
    models.Gateway.objects.create(name="modem", kind="console", made_at=NOW)
    user = accounts.open_account("kubat", "!", NOW, "test")
    found = {}
    for slug, number in (("litomysl", OURS), ("policka", OTHERS)):
        kept = replace(demo_office(), slug=slug, name=f"Obec {slug}", numbers=(number,), gateways={number: "modem"})
        office_id = found[slug] = offices.keep(kept, NOW, "test")
        accounts.appoint(user, office_id, "manager", NOW, "test")
        texts = ("OBJ ZOP 4.8. 9:00 BENES", "HLIDEJ ZOP 5.8.", "STOP", "nesmysl", "TERMIN ZOP", "OBJ PTP 5.8. ŽÁČEK")
        for place, text in enumerate(texts):
            receive([Inbound("modem", f"{slug}{place}", f"+42060200010{place}", number, text)], NOW)
        arrive.walk_in(office_id, "ZOP", NOW)
        seat.sit_down(office_id, offices.load(office_id).counters[0].id, "kubat", NOW)
        call.call_next(office_id, "kubat", NOW)
        booking = models.Booking.objects.filter(office_id=office_id).earliest("id")
        arrive.check_in_booking(office_id, booking.id, NOW, "kubat")
        register.note(office_id, NOW, "kubat", "person shown", CITIZEN)
        register.note(office_id, NOW, "kubat", "person shown", "+420605777888")
        register.count(office_id, NOW, "kubat", "queue shown")
        add_rare_rows(office_id, booking)
        models.Slide.objects.create(office_id=office_id, text="Zavřeno", picture=b"\x89PNG\x00\xff", made_at=NOW)
    remind(datetime(2026, 8, 3, 8, tzinfo=UTC))
    return found


def add_rare_rows(office_id: int, booking: models.Booking) -> None:
    """Add a row to each table that ordinary days leave empty."""
    agenda = models.Agenda.objects.filter(office_id=office_id).earliest("id")
    hours = {"opens": "9:00", "closes": "12:00", "step": 15, "lanes": 1, "breaks": "10:00-10:15"}
    models.ExtraDay.objects.create(agenda=agenda, day=date(2026, 8, 8), **hours)
    models.Closure.objects.create(
        office_id=office_id, agenda=agenda, first=date(2026, 8, 9), last=date(2026, 8, 9), reason="slavnost"
    )
    models.Recording.objects.create(
        office_id=office_id, language="cs", piece="counter.1", sound=bytes(range(256)), kind="audio/mpeg", made_at=NOW
    )
    models.Hold.objects.create(booking=booking, office_id=office_id, number=CITIZEN, caller="10.0.0.0", chosen_at=NOW)
    models.SubmittedForm.objects.create(key=uuid4(), booking=booking, at=NOW)
    models.WaitlistEntry.objects.create(
        office_id=office_id, service=booking.service, day=booking.day, sender=CITIZEN, recipient=OURS, gateway="modem",
        language="cs", made_at=NOW, told_start="9:15",
    )  # fmt: skip
    sent = models.Outbound.objects.filter(office_id=office_id).earliest("id")
    models.OutboundRef.objects.create(outbound=sent, gateway="modem", ref=f"{office_id}-1", copy=0, total=1)
    models.Receipt.objects.create(
        outbound=sent, gateway="modem", message="1", ref=f"{office_id}-1", status="delivered", reason="", at=NOW,
        received_at=NOW,
    )  # fmt: skip
    with transaction.atomic():
        folded.add(office_id, date(2025, 6, 2), {"people": [[agenda.key, 7]]})


def export(slug: str, path: Path, *, close: bool = True) -> Path:
    moving.export_office(offices.find(slug) or 0, path, NOW, "test", close=close)
    return path


def gone(slug: str) -> None:
    removal.remove(offices.find(slug) or 0, slug, NOW, "test")


def counts() -> dict[str, int]:
    return {table.name: table.model._default_manager.count() for table in removal.tables()}


def test_an_office_comes_with_everything_it_had(two: dict[str, int], tmp_path: Path) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    gone("litomysl")
    moving.import_office(away, NOW, "test")
    back = export("litomysl", tmp_path / "back.zip", close=False)
    before, after = comparable(away), comparable(back)
    assert after == before
    assert [name for name, rows in before.items() if not rows] == [], "nothing is proved of a table without rows"
    assert reports.people_by_day(
        offices.load(offices.find("litomysl") or 0), Period(date(2025, 6, 2), date(2025, 6, 2))
    )


def test_ids_are_new_and_none_is_of_another_office(two: dict[str, int], tmp_path: Path) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    gone("litomysl")
    kept = comparable(export("policka", tmp_path / "policka.zip", close=False))
    moving.import_office(away, NOW, "test")
    assert comparable(export("policka", tmp_path / "again.zip", close=False)) == kept
    old = {row["id"] for row in raw(away)["booking"]}
    new = set(models.Booking.objects.filter(office__slug="litomysl").values_list("id", flat=True))
    assert len(new) == len(old)
    assert not new & old, "no id is ever given twice"


def test_it_works_there_at_once(two: dict[str, int], tmp_path: Path) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    gone("litomysl")
    moving.import_office(away, NOW, "test")
    office = offices.load(offices.find("litomysl") or 0)
    kept = replace(office, gateways={OURS: "modem"})
    offices.keep(kept, NOW, "test")
    code = models.Booking.objects.get(office=office.id, name="BENES").code
    [answer] = receive([Inbound("modem", "litomysl0", CITIZEN, OURS, f"STORNO {code} 4.8.")], NOW)
    assert answer.outcome
    assert answer.outcome.outcome == "cancelled", "an id that the old gateway gave is no repeat of the new one's"


def test_what_is_ended_half_way_leaves_nothing_and_can_be_done_again(
    two: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    gone("litomysl")
    before, whole = counts(), transfer.Renewal.insert
    for place in range(0, len(transfer.travelling()), 5):
        tables = count()

        def ended(self: transfer.Renewal, *arguments: Any, place: int = place, tables: Any = tables) -> int:
            done = whole(self, *arguments)
            if next(tables) == place:
                raise KeyboardInterrupt
            return done

        monkeypatch.setattr(transfer.Renewal, "insert", ended)
        with pytest.raises(KeyboardInterrupt):
            moving.import_office(away, NOW, "test")
        assert counts() == before, place
    monkeypatch.setattr(transfer.Renewal, "insert", whole)
    moving.import_office(away, NOW, "test")
    assert offices.find("litomysl")


def test_an_office_that_is_here_or_whose_number_is_changes_nothing(two: dict[str, int], tmp_path: Path) -> None:
    away, before = export("litomysl", tmp_path / "away.zip"), counts()
    with pytest.raises(ArchiveError, match="there is an office litomysl here already"):
        moving.import_office(away, NOW, "test")
    gone("litomysl")
    models.Number.objects.filter(e164=OTHERS).update(e164=OURS)
    before = counts()
    with pytest.raises(ArchiveError, match=r"the number \+420739000041 belongs to the office policka"):
        moving.import_office(away, NOW, "test")
    assert counts() == before


def altered(archive: Path, name: str, change: Any) -> Path:
    """Write the archive anew, as somebody does who changes one file of it."""
    other = archive.with_name("altered.zip")
    with zipfile.ZipFile(archive) as opened, zipfile.ZipFile(other, "w") as written:
        for one in opened.namelist():
            content = opened.read(one)
            if one == name:
                content = change(content)
            if content is not None:
                written.writestr(one, content)
    return other


def manifest(**changed: object) -> Any:
    return lambda content: json.dumps(json.loads(content) | changed)


ALTERED: list[tuple[str, Any, str]] = [
    ("booking.jsonl", lambda content: content.replace(b"BENES", b"ZIMA"), "booking.jsonl is not what was written"),
    ("inbound.jsonl", lambda content: content[: len(content) // 2], "inbound.jsonl is not what was written"),
    ("ticket.jsonl", lambda _: None, "ticket.jsonl is missing"),
    ("manifest.json", lambda _: None, "has no manifest"),
    ("manifest.json", lambda content: content[:-20], "manifest.json is damaged"),
    ("manifest.json", manifest(format=2), "has format 2, this version reads up to 1"),
    ("manifest.json", manifest(schema="9999_later"), r"newer version \(9999_later\)"),
    ("manifest.json", manifest(sha256={}), "manifest.json does not name"),
    ("manifest.json", manifest(sha256=[]), "manifest.json is damaged"),
    ("manifest.json", manifest(format="two"), "manifest.json is damaged"),
    ("manifest.json", manifest(gateways=None), "manifest.json is damaged"),
    ("manifest.json", lambda _: b"[]", "manifest.json is damaged"),
    ("manifest.json", manifest(slug="tabor"), "its manifest is that of another office"),
]


def test_an_archive_that_is_not_whole_is_refused_by_name(two: dict[str, int], tmp_path: Path) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    gone("litomysl")
    before, content = counts(), away.read_bytes()
    for name, change, said in ALTERED:
        with pytest.raises(ArchiveError, match=said):
            moving.import_office(altered(away, name, change), NOW, "test")
    for share in (0, 0.01, 0.5, 0.99):
        away.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(ArchiveError, match="is cut off, or no archive"):
            moving.import_office(away, NOW, "test")
    assert counts() == before


def sealed_anew(archive: Path, name: str, change: Any) -> Path:
    """Change a file of the archive and its hash in the manifest, as somebody does who means it."""
    with zipfile.ZipFile(archive) as opened:
        content = change(opened.read(name))
        hashes = json.loads(opened.read("manifest.json"))["sha256"] | {name: sha256(content).hexdigest()}
    changed = altered(archive, name, lambda _: content).rename(archive.with_name("changed.zip"))
    return altered(changed, "manifest.json", manifest(sha256=hashes))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("office.jsonl", lambda _: b"null\n", "office has a row"),
        ("numbers.json", lambda _: b"[7]", "has a row that does not belong there"),
        ("service.jsonl", lambda content: content + content.splitlines()[0] + b"\n", "service has a row"),
        ("service.jsonl", lambda content: content[:-9], "service has a row"),
        ("booking.jsonl", lambda content: content.replace(b'"persons": 1', b'"persons": null'), "booking has a row"),
        ("counter.jsonl", lambda content: re.sub(rb'"id": \d+, ', b"", content), "counter has a row"),
        ("weekly_rule.jsonl", lambda _: b"[1, 2]\n", "weekly_rule has a row"),
    ],
)
def test_rows_that_do_not_belong_in_their_table_are_refused_by_its_name(
    two: dict[str, int], tmp_path: Path, name: str, change: Any, said: str
) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    gone("litomysl")
    before, wrong = counts(), sealed_anew(away, name, change)
    with pytest.raises(ArchiveError, match=f"{said}.*; export the office again"):
        moving.import_office(wrong, NOW, "test")
    assert counts() == before


def test_the_numbers_that_count_are_those_that_are_taken_in(two: dict[str, int], tmp_path: Path) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    gone("litomysl")
    models.Number.objects.filter(e164=OTHERS).update(e164=OURS)
    before, hidden = counts(), altered(away, "manifest.json", manifest(gateways=[]))
    with pytest.raises(ArchiveError, match=r"the number \+420739000041 belongs to the office policka"):
        moving.import_office(hidden, NOW, "test")
    assert counts() == before


def test_an_archive_packed_again_with_a_password_is_told_so(two: dict[str, int], tmp_path: Path) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    content = bytearray(away.read_bytes())
    with zipfile.ZipFile(away) as opened:
        at = opened.getinfo("manifest.json").header_offset
    content[at + 6] |= 1  # the flag of an encrypted file, in its own header …
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # … and in the list of files, whose last it is
    away.write_bytes(content)
    with pytest.raises(ArchiveError, match="is encrypted, or packed in another way"):
        moving.import_office(away, NOW, "test")


def test_the_register_finds_people_whose_number_is_still_held_and_nobody_else(
    two: dict[str, int], tmp_path: Path, settings: Any
) -> None:
    away = export("litomysl", tmp_path / "away.zip")
    gone("litomysl")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the key of another installation " * 3, []
    moving.import_office(away, NOW, "test")
    office_id = offices.find("litomysl") or 0
    assert [row.what for row in register.of_number(office_id, CITIZEN)] == ["person shown"]
    assert register.of_number(office_id, "+420605777888") == []
    assert models.Access.objects.filter(office_id=office_id, number="…888", number_hash="").count() == 1


def test_what_was_not_sent_yet_is_not_sent_by_both(two: dict[str, int], tmp_path: Path) -> None:
    office = offices.load(two["litomysl"])
    models.Outbound.objects.filter(office=office.id).update(state="queued", due_at=NOW, expires_at=NOW)
    models.Outbound.objects.filter(office=office.id, kind="reminder").update(state="sending")
    count = models.Outbound.objects.filter(office=office.id).count()
    away = export("litomysl", tmp_path / "away.zip")
    assert models.Outbound.objects.filter(office=office.id, state="queued").exists(), "the old one sends it"
    gone("litomysl")
    assert moving.import_office(away, NOW, "test").doubted == count
    assert set(models.Outbound.objects.filter(office__slug="litomysl").values_list("state", flat=True)) == {"unknown"}


# --- what is left behind ------------------------------------------------------------------------


@pytest.fixture
def closed(two: dict[str, int], tmp_path: Path) -> int:
    """An office that has moved away."""
    export("litomysl", tmp_path / "away.zip")
    return two["litomysl"]


def test_a_closed_office_takes_in_nothing(closed: int) -> None:
    before = counts()
    assert offices.by_number([OURS, OTHERS]).keys() == {OTHERS}
    with pytest.raises(ForeignNumber):
        receive_bound([Inbound("modem", "new", CITIZEN, OURS, "OBJ ZOP 6.8. 9:00 BENES")], NOW)
    work(NOW + timedelta(minutes=5))
    code = models.Booking.objects.get(office=closed, name="BENES")
    for refused in (
        lambda: submit(closed, BookingRequest(Cancel(code.code, code.day), "web", confirm=False), NOW),
        lambda: arrive.walk_in(closed, "ZOP", NOW),
        lambda: call.call_next(closed, "kubat", NOW),
        lambda: offices.load(closed),
    ):
        with pytest.raises(offices.MovedOffice, match="litomysl: has moved to another installation"):
            refused()
    assert remind(datetime(2026, 8, 4, 6, tzinfo=UTC)) == 0 or not models.Outbound.objects.filter(
        office=closed, made_at__gt=NOW + timedelta(hours=2)
    )
    assert counts() == before | {"outbound": models.Outbound.objects.count()}
    assert inbox.office_with_waiting() is None


def test_people_of_a_closed_office_are_erased_on_time(closed: int) -> None:
    later = NOW + timedelta(days=40)
    assert erase(closed, later).bookings > 0
    erase_offices(later)
    assert not models.Booking.objects.filter(office=closed, name__gt="").exists()


def test_it_can_be_opened_again(closed: int) -> None:
    assert moving.reopen_office(closed, NOW, "test")
    assert not moving.reopen_office(closed, NOW, "test")
    assert offices.load(closed).slug == "litomysl"
    assert notify.routes_of(offices.load(closed)).first is not None


def test_an_office_with_messages_to_be_handled_stays(two: dict[str, int], tmp_path: Path) -> None:
    models.Inbound.objects.filter(office=two["litomysl"], gateway_id="litomysl3").update(state="waiting")
    with pytest.raises(moving.StillWaiting, match="1"):
        export("litomysl", tmp_path / "away.zip")
    assert not list(tmp_path.iterdir())
    assert offices.load(two["litomysl"]).gateways == {OURS: "modem"}


def test_the_other_office_goes_on(closed: int) -> None:
    [answer] = receive([Inbound("modem", "on", CITIZEN, OTHERS, "OBJ ZOP 6.8. 10:00 BENES")], NOW)
    assert answer.outcome
    assert answer.outcome.outcome == "booked"
    assert connection.in_atomic_block is False
