"""The health of gateways: as reported by the serving process, checked anew, or that no process serves them."""

from datetime import UTC, datetime, timedelta

import pytest

from prepazka.core.credentials import scope_of
from prepazka.flows.outbound import gateway_health
from prepazka.flows.outbound.gateway_health import FRESH
from prepazka.gateways.values import Health
from prepazka.store import gateways, tokens
from prepazka.store.gateways import GatewayReport

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
REFUSED = GatewayReport("error", "the password was refused", "give it the right one", NOW)


def how(now: datetime, *, asking: bool = True) -> dict[str, Health]:
    return {configured.name: health for configured, health in gateway_health.all_gateways(now, asking=asking)}


def test_what_the_serving_process_said_is_believed_while_it_is_fresh() -> None:
    gateways.keep("sms", "smpp", {}, NOW, "test")
    gateways.keep_report("sms", REFUSED)
    assert how(NOW + FRESH)["sms"] == Health("error", REFUSED.what, REFUSED.fix)


def test_later_it_is_asked_anew_or_nobody_serves_it() -> None:
    gateways.keep("sms", "smpp", {}, NOW, "test")
    gateways.keep_report("sms", REFUSED)
    later = NOW + FRESH + timedelta(seconds=1)
    assert how(later)["sms"].summary.startswith("its settings are not right: ")
    assert how(later, asking=False)["sms"].summary == "no process serves it since 2026-08-03 07:00 UTC"


@pytest.mark.parametrize(("kind", "level"), [(gateways.HTTP, "warning"), ("pigeon", "error")])
def test_what_cannot_be_served_is_told_at_once(kind: str, level: str) -> None:
    gateways.keep("sms", kind, {}, NOW, "test")
    assert how(NOW, asking=False)["sms"].level == level


@pytest.mark.parametrize(
    ("purposes", "level"),
    [
        (["messages", "replies"], "ok"),
        (["bookings"], "ok"),
        pytest.param(["messages"], "warning", id="it sends nothing, and cannot read what it would have to send"),
    ],
)
def test_a_gateway_that_only_calls_is_as_well_as_its_token(purposes: list[str], level: str) -> None:
    tokens.issue("program", scope_of(purposes, None), NOW, "test")
    health = how(NOW)["program"]
    assert (health.level, bool(health.fix)) == (level, level != "ok")


def test_long_words_of_a_gateway_are_cut_and_not_lost() -> None:
    gateways.keep("sms", "smpp", {}, NOW, "test")
    gateways.keep_report("sms", GatewayReport("warning", "x" * 999, "y" * 999, NOW))
    assert how(NOW)["sms"] == Health("warning", "x" * 200, "y" * 200)
