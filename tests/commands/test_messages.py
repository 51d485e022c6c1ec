"""`sms` and `replay`: messages through the real path."""

import json
from pathlib import Path
from typing import Any

import pytest

from prepazka.store import models
from tests.commands.conftest import Done, Prepazka

BOOKING = "OBJ ZOP 10.8. 14:00 NOVAK"
FROM = ("--from", "+420777123456")
AT = ("--at", "2026-08-03T09:00")


def line(**fields: str) -> str:
    return json.dumps({"from": "+420777123456", "text": BOOKING, "at": "2026-08-03T09:00"} | fields)


def answers(done: Done) -> list[dict[str, Any]]:
    return [json.loads(answer) for answer in done.out.splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "messages.jsonl"


def test_sms_prints_the_reply(prepazka: Prepazka, demo: int) -> None:
    done = prepazka("sms", *FROM, *AT, BOOKING)
    code = models.Booking.objects.get().code
    assert (done.code, done.err) == (0, "")
    assert "pon 10.8. 14:00, NOVAK" in done.out
    assert code in done.out


def test_sms_as_json_prints_the_replay_line(prepazka: Prepazka, demo: int) -> None:
    (answer,) = answers(prepazka("sms", *FROM, *AT, "--json", BOOKING))
    booking = models.Booking.objects.get()
    assert answer["outcome"] == "booked"
    assert answer["booking"] == {
        "service": "ZOP",
        "date": "2026-08-10",
        "time": "14:00",
        "name": "NOVAK",
        "code": booking.code,
        "state": "booked",
    }
    assert answer["septets"] == len(answer["reply"])


def test_sms_says_when_nothing_is_sent(prepazka: Prepazka, demo: int) -> None:
    done = prepazka("sms", "--from", "Radnice", *AT, BOOKING)
    assert (done.code, done.out, done.err) == (0, "", "no reply: ignored\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            (*FROM, "--at", "zitra", "X"), "--at: 'zitra' is no time; write it like 2026-08-03T09:00", id="time"
        ),
        pytest.param(
            (*FROM, "--to", "+420700000000", "X"),
            "--to: +420700000000 is no office's number; the offices' are: +420739547765",
            id="number",
        ),
        pytest.param(("--from", "", "X"), "--from: a number has 1 to 40 characters", id="sender"),
    ],
)
def test_bad_use_of_sms_is_reported_in_one_line(
    prepazka: Prepazka, demo: int, arguments: tuple[str, ...], expected: str
) -> None:
    done = prepazka("sms", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"prepazka: {expected}\n")
    assert not models.Inbound.objects.exists()


def test_replay_answers_line_by_line_in_order(prepazka: Prepazka, demo: int, file: Path) -> None:
    names = ["Adam", "Bohumil", "Cyril", "David", "Emil"]
    senders = [f"+42077712345{number}" for number in range(5)]
    lines = [
        line(**{"id": name, "from": sender, "text": f"OBJ ZOP 10.8. 14:00 {name}"})
        for name, sender in zip(names, senders, strict=True)
    ]
    file.write_text("\n".join(lines), "utf-8")
    answered = answers(prepazka("replay", str(file)))
    assert [answer["id"] for answer in answered] == names
    assert [answer["outcome"] for answer in answered] == ["booked"] * 2 + ["slot_full"] * 3
    assert answered[2]["offers"][0] == {"date": "2026-08-10", "time": "13:45"}


def test_the_mark_windows_begins_a_file_with_is_no_mistake(prepazka: Prepazka, demo: int, file: Path) -> None:
    file.write_text(line(), "utf-8-sig")
    assert [answer["outcome"] for answer in answers(prepazka("replay", str(file)))] == ["booked"]


def test_replay_takes_more_lines_than_a_batch(prepazka: Prepazka, demo: int, file: Path) -> None:
    file.write_text("".join(f"{line(id=str(number), text='POMOC')}\n\n" for number in range(250)), "utf-8")
    done = prepazka("replay", str(file))
    assert [answer["id"] for answer in answers(done)] == [str(number) for number in range(250)]
    assert (done.code, done.err) == (0, "")


def test_the_same_id_again_is_a_duplicate_and_no_id_never_is(prepazka: Prepazka, demo: int, file: Path) -> None:
    file.write_text("\n".join([line(id="a"), line(id="a"), line(), line()]), "utf-8")
    lines = answers(prepazka("replay", str(file)))
    assert [answer["outcome"] for answer in lines] == ["booked", "duplicate", "already_booked", "already_booked"]
    assert len({answer["id"] for answer in lines}) == 3


def test_the_office_zone_is_meant_when_a_time_names_none(prepazka: Prepazka, demo: int, file: Path) -> None:
    today = "OBJ ZOP 10.8. 9:00 NOVAK"
    file.write_text(
        "\n".join([line(text=today, at="2026-08-10T09:01"), line(text=today, at="2026-08-10T06:59Z")]), "utf-8"
    )
    lines = answers(prepazka("replay", str(file)))
    assert [answer["outcome"] for answer in lines] == ["in_past", "booked"]


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        pytest.param("{", "line 3: Invalid JSON: EOF while parsing an object at line 1 column 1", id="no JSON"),
        pytest.param('{"text": "X"}', "line 3: from: Field required", id="missing"),
        pytest.param(line().replace('"text"', '"txt"'), "line 3: text: Field required", id="misspelled"),
        pytest.param(line(cc="x"), "line 3: cc: Extra inputs are not permitted", id="unknown"),
        pytest.param('{"from": "1", "text": 5}', "line 3: text: must be a text in quotation marks", id="no text"),
        pytest.param(line(at="1.8."), "line 3: at: '1.8.' is no time; write it like 2026-08-03T09:00", id="no time"),
        pytest.param(
            line(to="+420700000000"),
            "line 3: to: +420700000000 is no office's number; the offices' are: +420739547765",
            id="no office's",
        ),
    ],
)
def test_a_bad_line_is_reported_after_the_answers_before_it(
    prepazka: Prepazka, demo: int, file: Path, bad: str, expected: str
) -> None:
    file.write_text("\n".join([line(id="first"), "", bad, line(id="after")]), "utf-8")
    done = prepazka("replay", str(file))
    assert (done.code, done.err) == (2, f"prepazka: {expected}\n")
    assert [answer["id"] for answer in answers(done)] == ["first"]


def test_replay_of_no_file_is_bad_use(prepazka: Prepazka, demo: int) -> None:
    done = prepazka("replay", "none.jsonl")
    line = "prepazka: none.jsonl: No such file or directory; correct the name, or make it\n"
    assert (done.code, done.err) == (2, line)
