"""Unfinished and broken offices are found, named, and forgotten when they are mended."""

from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from prepazka.flows.health.offices import Examination, examine
from prepazka.store import models, offices
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


def keep(slug: str, number: str, **changes: object) -> int:
    return offices.keep(replace(demo_office(), slug=slug, numbers=(number,), **changes), NOW)  # type: ignore[arg-type]  # fields


def test_a_finished_office_has_no_problems() -> None:
    assert examine(keep("brno", "+420739000001")) == []


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (
            {"timezone": "Europe/Nowhere"},
            "cannot be read (No time zone found with key Europe/Nowhere); its messages wait",
        ),
        ({"holidays": "XX"}, "cannot be worked with (Country XX not available)"),
        ({"answers": [{"x": 1}]}, "cannot be read ("),
    ],
)
def test_a_broken_office_is_named_with_the_reason(columns: dict[str, object], named: str) -> None:
    office_id = keep("brno", "+420739000001")
    models.Office.objects.update(version=F("version") + 1, **columns)
    (problem,) = examine(office_id)
    assert (problem.level, problem.what[: len(named)]) == ("error", named)
    assert "load-office" in problem.fix


def test_each_office_is_examined_once_a_version(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    keep("brno", "+420739000001", services=())
    keep("cheb", "+420739000002")
    keep("zlin", "+420739000003", counters=())
    examination = Examination()
    assert [examination.go_on(2), examination.go_on(2), examination.go_on(2)] == [2, 1, 0]
    assert {slug: one.what for slug, one in examination.errors().items()} == {"brno": "has no services"}
    with django_assert_num_queries(1):
        examination.go_on(2)
    offices.keep(replace(demo_office(), slug="brno", numbers=("+420739000001",)), NOW)
    assert examination.go_on(2) == 1
    assert examination.errors() == {}


def test_an_office_that_is_gone_is_forgotten() -> None:
    keep("brno", "+420739000001", services=())
    examination = Examination()
    examination.go_on(5)
    models.Office.objects.update(slug="jihlava", version=F("version") + 1)
    assert examination.go_on(5) == 1
    assert set(examination.errors()) == {"jihlava"}


def test_one_that_changed_goes_before_those_never_examined() -> None:
    keep("brno", "+420739000001", services=())
    keep("cheb", "+420739000002")
    keep("zlin", "+420739000003", services=())
    examination = Examination()
    assert examination.go_on(1) == 1
    offices.keep(replace(demo_office(), slug="brno", numbers=("+420739000001",)), NOW)
    assert examination.go_on(1) == 1
    assert examination.errors() == {}
    assert [examination.go_on(1) for _ in range(3)] == [1, 1, 0]
    assert set(examination.errors()) == {"zlin"}


def test_all_versions_are_asked_only_when_one_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    keep("brno", "+420739000001")
    keep("cheb", "+420739000002")
    versions = Mock(wraps=offices.versions)
    monkeypatch.setattr(offices, "versions", versions)
    examination = Examination()
    assert [examination.go_on(1) for _ in range(3)] == [1, 1, 0]
    versions.assert_called_once()


def test_an_office_that_could_not_be_asked_for_is_examined_later(monkeypatch: pytest.MonkeyPatch) -> None:
    keep("brno", "+420739000001", services=())
    examination = Examination()

    def away(_office_id: int) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(offices, "load", away)
        with pytest.raises(OperationalError):
            examination.go_on(1)
    assert examination.go_on(1) == 1
    assert set(examination.errors()) == {"brno"}
