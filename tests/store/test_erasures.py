"""The list of erasures: whom the office erased stays erased in every older state of the database, and nobody else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from prepazka.flows import erasing, erasure_list
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import erasures, models, persons
from prepazka.store.erasures import ErasedRow
from tests.flows.booking import holding
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
HER, HIM, NUMBER = "+420775301662", "+420775301663", "+420739547765"


@pytest.fixture(autouse=True)
def _own_list(tmp_path: Path, settings: Any) -> None:
    settings.ERASURES = tmp_path / "of the office" / "list.jsonl"


@pytest.fixture
def office_id(transactional_db: None) -> int:
    id_ = kept_once(demo_office(), NOW).id
    for place, (sender, name) in enumerate([(HER, "POSPISILOVA"), (HIM, "POSPISIL")]):
        for words in (f"OBJ ZOP 15.10. 9:{15 * place:02} {name}", "STOP"):
            receive([Inbound("test", f"{place}{words}", sender, NUMBER, words)], NOW)
    return id_


def state() -> list[Any]:
    """Everything that a backup holds of people."""
    return [
        *models.Booking.objects.order_by("id").values_list("id", "sender", "name", "state"),
        *models.Inbound.objects.order_by("id").values_list("id", "sender", "text"),
        *models.Outbound.objects.order_by("id").values_list("id", "recipient", "text"),
        *models.OptOut.objects.order_by("id").values_list("id", "sender"),
    ]


def backed_up() -> list[Any]:
    return [
        list(model._default_manager.all()) for model in (models.Booking, models.Inbound, models.Outbound, models.OptOut)
    ]


def brought_back(backup: list[Any]) -> None:
    """Make the tables what they were, and the list empty: a restore by any means."""
    models.Erasure.objects.all().delete()
    for rows in backup:
        for row in rows:
            row.save(force_insert=not type(row)._default_manager.filter(id=row.id).exists())


def test_a_restore_by_hand_is_undone_before_serving(office_id: int) -> None:
    backup, before = backed_up(), state()
    assert erasing.erase_person(HER, office_id, LATER, "eva", cancel=True) == erasing.Erased(6)
    after = state()
    brought_back(backup)
    assert state() == before
    assert erasure_list.reapply(LATER) == 6
    assert state() == after
    assert HER not in str(state())
    assert next(row[2] for row in state() if row[1] == HIM) == "POSPISIL"
    assert erasure_list.reapply(LATER) == 0


def test_a_place_that_waits_for_its_phone_is_shown_freed_and_stays_erased(
    transactional_db: None, settings: Any
) -> None:
    settings.SIMULATOR = True
    office, now = holding.founded(), holding.after(60)
    holding.Citizen(office, phone=HER, caller="203.0.113.77").choose(name="Ema Pospíšilová")
    assert [row["caller"] for row in persons.held(HER, office)["held places"]] == ["203.0.113.77"]
    assert erasing.erase_person(HER, office, now, "eva") == erasing.NotErased("to_come", 1)
    backup = [*backed_up(), list(models.Hold.objects.all())]
    for again in (False, True):
        if again:
            brought_back(backup[:-1])
            models.Hold.objects.bulk_create(backup[-1])
            assert erasure_list.reapply(now) == 2
        else:
            assert isinstance(erasing.erase_person(HER, office, now, "eva", cancel=True), erasing.Erased)
        booking = models.Booking.objects.get()
        assert (booking.state, booking.sender, booking.name) == ("cancelled", "", "")
        assert not models.Hold.objects.exists()
        assert HER not in str(state())


def test_the_list_names_rows_and_no_person(office_id: int) -> None:
    erasing.erase_person(HER, office_id, LATER, "eva", cancel=True)
    listed = erasure_list.read()
    assert listed == erasures.listed()
    assert {row.kind for row in listed} == {"booking", "inbound", "outbound", "opt_out"}
    kept = str(list(models.Erasure.objects.values())) + str(listed)
    assert not any(trace in kept for trace in (HER, HER[4:], "POSPISILOVA"))


def test_a_row_that_has_the_number_of_an_erased_one_is_left(office_id: int) -> None:
    """After a restore, ids are given out again: the moment a row was made tells it apart."""
    his = models.Booking.objects.get(sender=HIM)
    hers = ErasedRow("booking", his.id, his.made_at + timedelta(seconds=1), LATER)
    assert erasure_list.reapply(LATER, [hers, ErasedRow("of a newer version", his.id, his.made_at, LATER)]) == 0
    his.refresh_from_db()
    assert (his.name, his.state) == ("POSPISIL", "booked")


def test_lists_of_several_nodes_come_together(office_id: int) -> None:
    his = models.Booking.objects.get(sender=HIM)
    persons.erase(HER, office_id, LATER)
    elsewhere = ErasedRow("booking", his.id, his.made_at, LATER)
    assert erasure_list.reapply(LATER, [elsewhere, elsewhere]) == 1
    assert elsewhere in erasure_list.read()
    assert models.Erasure.objects.count() == len(erasure_list.read())


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", '["booking", 1, "x", "y"]', '["booking", 1, "2026-01-01", "2026-01-01"]']
)
def test_a_line_that_is_none_hides_no_other(office_id: int, settings: Any, line: str) -> None:
    erasing.erase_person(HER, office_id, LATER, "eva", cancel=True)
    whole = erasure_list.read()
    settings.ERASURES.write_text(f"{line}\n" + settings.ERASURES.read_text() + '["booki')
    assert erasure_list.read() == whole


def test_a_disk_that_refuses_the_file_stops_no_erasing(office_id: int, settings: Any, tmp_path: Path) -> None:
    settings.ERASURES = tmp_path / "a file" / "list.jsonl"
    (tmp_path / "a file").write_text("")
    assert isinstance(erasing.erase_person(HER, office_id, LATER, "eva", cancel=True), erasing.Erased)
    assert models.Erasure.objects.count() == 6


def test_many_rows_are_erased_in_batches(office_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasures, "BATCH", 2)
    backup = backed_up()
    erasing.erase_person(HER, office_id, LATER, "eva", cancel=True)
    brought_back(backup)
    assert erasure_list.reapply(LATER) == 6
