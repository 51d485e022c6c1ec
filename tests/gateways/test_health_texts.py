"""What gateways say of their health: each by a stable name with its values, in English and on pages."""

import re
from pathlib import Path

import pytest

import prepazka
from prepazka.gateways.health_texts import TEXTS, health_of
from prepazka.gateways.values import Health
from prepazka.web.gateway_words import WORDS, describe_health

SOURCE = Path(prepazka.__file__).parent
VALUES = {
    "kind": "pigeon", "wrong": "host, port", "name": "modem", "since": "2026-08-03 07:00", "reason": "it said: no, 5 %",
    "phone": "modem", "duration": "12 min", "zone": "Europe/Prague", "count": 7, "signal": "43 %", "network": "T: cz",
    "address": "smsc.example:2775", "pending": 2, "directory": "outgoing", "minutes": 11, "seconds": 95,
    "bound": 1, "binds": 3,
    "names": "gsm, smsc-2", "box": "prepazka", "title": "Posta, s.r.o.: SMS", "host": "api.example",
    "settings": "username, key", "setting": "definition (fetch.each)", "until": "07:05:00", "ours": "31", "theirs": "4",
    "lock": "sim-pin", "state": "disabled", "checks": "battery fail", "status": 502, "path": "/var/spool/sms/two words",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_said_carries_its_name_and_its_values(name: str) -> None:
    said = health_of(name, **VALUES)
    used = set(re.findall(r"{(\w+)}", TEXTS[name].summary + TEXTS[name].fix))
    assert (said.name, said.values) == (name, {value: str(VALUES[value]) for value in used})
    assert all(value in said.summary + said.fix for value in said.values.values())
    assert bool(said.fix) == (said.level != "ok")


def test_words_of_an_older_version_are_shown_as_they_are_in_english() -> None:
    said = describe_health(Health("error", "the pigeon is ill", "feed it"))
    assert said == ("the pigeon is ill", "feed it", "en")


@pytest.mark.parametrize("name", TEXTS)
def test_pages_say_the_same_with_the_same_values(name: str) -> None:
    english = [set(re.findall(r"{(\w+)}", text)) for text in (TEXTS[name].summary, TEXTS[name].fix)]
    czech = [set(re.findall(r"%\((\w+)\)s", str(words))) for words in WORDS[name]]
    assert czech[0] == english[0]
    assert czech[1] <= english[0] | english[1]
    assert bool(WORDS[name][1]) == bool(TEXTS[name].fix)


def test_pages_have_no_other_words() -> None:
    assert WORDS.keys() == TEXTS.keys()


def test_every_gateway_says_its_health_by_a_name() -> None:
    said = {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r"health_of\(\s*f?\"(\w+)", path.read_text("utf-8"))
    }
    assert {name for name in said if name in TEXTS} | {"hosted_calls", "hosted_ok", "hosted_sends"} == {
        name for name in TEXTS if not name.endswith("_untried")
    }
    in_words = [
        path.name
        for path in (SOURCE / "gateways").rglob("*.py")
        if path.name != "health_texts.py" and re.search(r"\bHealth\(\s*\"", path.read_text("utf-8"))
    ]
    assert in_words == [], "say it by a name of gateways/health_texts.py, so that pages can say it in Czech"
