"""`gateway token`, `gateway strays` and `gateway kinds`."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prepazka.core.credentials import PURPOSES, Scope
from prepazka.flows.inbound.intake import store
from prepazka.gateways.values import Inbound
from prepazka.store import gateways, models, offices, tokens
from prepazka.store.tokens import Token
from tests.commands.conftest import Prepazka

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


def test_a_token_is_printed_once_and_only_its_digest_kept(prepazka: Prepazka, demo: int) -> None:
    token = prepazka("gateway", "token", "kanal").out.strip()
    gateway = models.Gateway.objects.get()
    assert (gateway.name, gateway.kind) == ("kanal", "http")
    assert gateway.token_sha256 == hashlib.sha256(token.encode()).hexdigest()


def test_a_new_token_replaces_the_old_one(prepazka: Prepazka, demo: int) -> None:
    old, new = (prepazka("gateway", "token", "kanal").out.strip() for _ in range(2))
    assert old != new
    assert models.Gateway.objects.get().token_sha256 == hashlib.sha256(new.encode()).hexdigest()


@pytest.mark.parametrize("name", ["", "Kanál", "a b", "x" * 41])
def test_a_name_that_cannot_be_is_bad_use(prepazka: Prepazka, demo: int, name: str) -> None:
    done = prepazka("gateway", "token", name)
    assert (done.code, done.err) == (
        2,
        f"prepazka: {name!r} must be small letters, digits and hyphens, at most 40\n",
    )


def test_every_setting_says_whether_it_may_be_left_out(prepazka: Prepazka) -> None:
    output = prepazka("gateway", "kinds").out
    assert not set("ěščřžýáíéúůťďňó") & set(output.lower()), "all commands speak English"
    assert "  per_minute (8): " in output
    assert "  password (may be left out): " in output
    assert "  phone: " in output
    assert " ():" not in output


def test_a_place_that_another_gateway_has_is_refused_and_nothing_is_stored(prepazka: Prepazka, demo: int) -> None:
    assert prepazka("gateway", "set", "leva", "smstools", "spool=/srv/spool-leva").code == 0
    done = prepazka("gateway", "set", "prava", "smstools", "spool=/srv/spool-leva/")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "prepazka: spool: the gateway leva takes its messages there already, and each would take the other's; "
        "give prava a spool of its own, or first: prepazka gateway remove leva\n"
    )
    assert [one.name for one in gateways.configured()] == ["leva"]
    assert prepazka("gateway", "set", "leva", "smstools", "per_minute=5").code == 0, "it may keep its own place"


# --- what a token may do (docs/spec/safety.md §1) ------------------------------------------------

NUMBER = "+420739547765"


def scope(name: str = "kanal") -> Scope | None:
    found = gateways.find(name)
    assert found
    return found.token


def test_a_token_may_only_hand_in_unless_told_more(prepazka: Prepazka, demo: int) -> None:
    done = prepazka("gateway", "token", "kanal")
    assert scope() == Scope(("messages",), None)
    assert done.err == "token: messages; for no number: bind one to this gateway\n"


def test_purposes_and_numbers_are_given_with_the_token(prepazka: Prepazka, demo: int) -> None:
    done = prepazka(
        "gateway", "token", "kanal", "--purpose", "replies", "--purpose", "messages", "--number", "739 547 765"
    )
    assert scope() == Scope(("messages", "replies"), (NUMBER,))
    assert done.err == f"token: messages, replies; for {NUMBER}\n"
    assert offices.load(demo).gateways == {NUMBER: "kanal"}, "a number without a gateway is bound to this one"
    assert "  token: messages, replies; for +420739547765" in prepazka("gateway", "list").out


def test_every_purpose_can_be_given(prepazka: Prepazka, demo: int) -> None:
    prepazka("gateway", "token", "kanal", *(option for purpose in PURPOSES for option in ("--purpose", purpose)))
    assert scope() == Scope(PURPOSES, None)


def test_they_are_changed_without_a_new_token(prepazka: Prepazka, demo: int) -> None:
    token = prepazka("gateway", "token", "kanal", "--number", NUMBER).out.strip()
    done = prepazka("gateway", "token", "kanal", "--keep", "--purpose", "bookings", "--all-numbers")
    assert done.out == ""
    assert tokens.find(token) == Token("kanal", Scope(("bookings",), None))


def test_a_token_that_is_replaced_may_do_the_same(prepazka: Prepazka, demo: int) -> None:
    prepazka("gateway", "token", "kanal", "--purpose", "bookings", "--number", NUMBER)
    prepazka("gateway", "token", "kanal")
    assert scope() == Scope(("bookings",), (NUMBER,))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        pytest.param(["--number", "+420739000111"], "+420739000111 is the number of no office", id="no office's"),
        pytest.param(["--number", NUMBER], f"{NUMBER} is bound to the gateway modem", id="another gateway's"),
        pytest.param(["--keep"], "the gateway kanal has no token", id="no token to keep"),
        pytest.param(["--purpose", "all"], "invalid choice: 'all'", id="no purpose"),
        pytest.param(["--number", NUMBER, "--all-numbers"], "not allowed with", id="two answers"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_changed(
    prepazka: Prepazka, demo: int, options: list[str], why: str
) -> None:
    modem = models.Gateway.objects.create(name="modem", kind="gammu", made_at=NOW)
    models.Number.objects.update(gateway=modem)
    done = prepazka("gateway", "token", "kanal", *options)
    assert (done.code, done.out) == (2, "")
    assert why in done.err
    assert not models.Gateway.objects.filter(name="kanal").exists()


@pytest.mark.parametrize("name", ["phone", "console"])
def test_the_names_of_the_programs_own_gateways_are_taken(prepazka: Prepazka, demo: int, name: str) -> None:
    done = prepazka("gateway", "token", name)
    assert (done.code, done.err) == (2, f"prepazka: {name!r} is the program's own gateway; choose another name\n")


def test_who_gets_no_answers_is_warned(prepazka: Prepazka, demo: int) -> None:
    prepazka("gateway", "token", "kanal", "--number", NUMBER)
    assert "warning: its token may not read replies" in prepazka("gateway", "list").out
    prepazka("gateway", "token", "kanal", "--keep", "--purpose", "messages", "--purpose", "replies")
    assert "ok: calls the API with a token" in prepazka("gateway", "list").out


# --- strays -------------------------------------------------------------------------------------


def test_strays_are_listed_and_assigned(prepazka: Prepazka, demo: int) -> None:
    models.Gateway.objects.create(name="modem", kind="test", made_at=NOW)
    store([Inbound("modem", "1", "+420602111987", NUMBER, "POMOC \x1b[2J\x9b", NOW)], NOW)
    listed = prepazka("gateway", "strays").out
    assert f"modem → {NUMBER}: 1, the last 2026-08-03 07:00 UTC; bind that number to this gateway" in listed
    assert "…987  POMOC ·[2J·" in listed, "what a citizen wrote does not steer the terminal"
    assert "602111" not in listed

    refused = prepazka("gateway", "strays", "--assign", NUMBER)
    assert (refused.code, "bound to no gateway" in refused.err) == (2, True)

    offices.keep(replace(offices.load(demo), gateways={NUMBER: "modem"}), NOW)
    assert f"prepazka gateway strays --assign {NUMBER}" in prepazka("gateway", "strays").out
    assert prepazka("gateway", "strays", "--assign", NUMBER).out.startswith("assigned 1 ")
    assert models.Inbound.objects.get().text.startswith("POMOC")
    assert prepazka("gateway", "strays").out == ""


def test_settings_that_are_wrong_are_told_in_words(prepazka: Prepazka, tmp_path: Path) -> None:
    for given, told in (
        (["smpp", "host=smsc", "system_id=urad", "password=x", "port=dva"], "port: must be a whole number"),
        (["smpp", "host=", "system_id=urad", "password=x"], "host: must have at least 1 characters"),
        (["gammu", "database=urad.sqlite3"], "database: cannot be that; it is: "),
        (["smpp", f"host=@{tmp_path}/nikde"], "nikde: No such file or directory; correct the name, or make it"),
        (["smpp", "--file", str(tmp_path)], "Is a directory; name a file"),
    ):
        done = prepazka("gateway", "set", "modem-vzadu", *given)
        assert done.code == 2
        assert told in done.err
        assert "Errno" not in done.err


def test_the_delivery_of_a_gateway_that_is_not_there_is_not_silent(prepazka: Prepazka, db: None) -> None:
    done = prepazka("gateway", "delivery", "modme")
    told = "prepazka: there is no gateway modme; see: prepazka gateway list\n"
    assert (done.code, done.out, done.err) == (2, "", told)
