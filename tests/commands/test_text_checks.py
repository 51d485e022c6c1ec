"""`prepazka check --texts`, and `load-office` with a text that teaches something else."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import F

from prepazka import officefile
from prepazka.commands.text_checks import check_texts
from prepazka.store import models, offices
from tests.commands.conftest import Prepazka

NOW = datetime(2026, 10, 6, 6, 45, tzinfo=UTC)
DEMO = officefile.load_demo()
UNTRUE = "Nic tu není. Pošlete OBJ PCD 20.10. 9:45 KADLEC"
SECOND = replace(DEMO, slug="jinde", numbers=("+420739547766",), texts={"cs": {"mine_none": UNTRUE}})


@pytest.mark.django_db
def test_each_office_has_its_line() -> None:
    offices.keep(DEMO, NOW)
    offices.keep(SECOND, NOW)
    fine, wrong = check_texts(NOW)
    assert (fine.level, fine.what) == ("ok", "office demo: what its replies teach does what it says")
    assert wrong.level == "error"
    assert wrong.what.startswith("office jinde: the text cs mine_none teaches another booking")
    assert '"OBJ PCD 20.10. 9:45 KADLEC" (tried with ' in wrong.what
    assert wrong.fix == "write {book} there, alone on its line"


@pytest.mark.django_db
def test_an_office_that_cannot_be_tried_is_named() -> None:
    offices.keep(replace(DEMO, services=()), NOW)
    [finding] = check_texts(NOW)
    assert finding.level == "warning"
    assert finding.fix


@pytest.mark.django_db
def test_an_office_that_cannot_be_read_holds_up_no_other() -> None:
    offices.keep(DEMO, NOW)
    offices.keep(replace(SECOND, texts={}), NOW)
    models.Office.objects.filter(slug="demo").update(version=F("version") + 1, timezone="Europe/Nowhere")
    unreadable, fine = check_texts(NOW)
    assert (unreadable.level, unreadable.fix) == ("error", "see what is wrong with it: prepazka check --office demo")
    assert unreadable.what.startswith("office demo: its texts could not be tried (")
    assert (fine.level, fine.what.split(":")[0]) == ("ok", "office jinde")


@pytest.mark.django_db
def test_one_office_is_tried_alone() -> None:
    offices.keep(DEMO, NOW)
    offices.keep(SECOND, NOW)
    assert [one.what.split(":")[0] for one in check_texts(NOW, "demo")] == ["office demo"]


def test_the_command_tries_the_texts_only_when_asked(prepazka: Prepazka) -> None:
    offices.keep(SECOND, NOW)
    assert "teaches" not in prepazka("check", "--without-gateways").out
    done = prepazka("check", "--quiet", "--texts", "--without-gateways")
    assert done.code == 1
    [line] = [line for line in done.out.splitlines() if "mine_none" in line]
    assert line.startswith("error   office jinde: the text cs mine_none teaches ")
    assert line.endswith(" → write {book} there, alone on its line")
    assert done.err == ""


def test_a_file_with_such_a_text_is_refused_and_changes_nothing(prepazka: Prepazka, tmp_path: Path) -> None:
    offices.keep(DEMO, NOW)
    file = tmp_path / "urad.toml"
    file.write_text(officefile.dump(replace(DEMO, texts={"cs": {"mine_none": UNTRUE}})), "utf-8")
    done = prepazka("load-office", str(file))
    assert done.code == 2
    assert done.err.startswith(f"prepazka: {file}: the text cs mine_none teaches ")
    assert done.err.count("\n") == 1
    assert not offices.load(offices.find("demo") or 0).texts
