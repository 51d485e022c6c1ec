"""An office whose number is a short code: by the office file, by gateways, and out again."""

from datetime import UTC, datetime

import pytest

from prepazka import officefile
from prepazka.flows.inbound import intake, receive
from prepazka.flows.phone_numbers import e164, replyable
from prepazka.gateways.values import Inbound
from prepazka.officefile import OfficeFileError
from prepazka.store import models, offices

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize("code", ["115", "9021199", "90211999", "60420"])
def test_a_short_code_is_kept_as_it_is(code: str) -> None:
    assert e164(code) == code
    assert not replyable(code)


@pytest.mark.django_db
def test_a_message_to_a_short_code_is_answered_from_it() -> None:
    document = officefile.to_document(officefile.load_demo())
    models.Gateway.objects.create(name="operator", kind="smpp", made_at=NOW)
    document["office"]["numbers"] = [{"number": "9021199", "gateway": "operator"}]
    offices.keep(officefile.read(document), NOW)
    intake.store([Inbound("operator", "1", "+420605161803", "9021199", "POMOC")], NOW)
    receive.work(NOW)
    reply = models.Outbound.objects.get()
    assert (reply.sender, reply.gateway) == ("9021199", "operator")


@pytest.mark.parametrize("number", ["12", "0211999", "902119999x", "9021_199", "902119999999"])
def test_what_is_neither_a_short_code_nor_a_number_is_refused(number: str) -> None:
    document = officefile.to_document(officefile.load_demo())
    document["office"]["numbers"] = [number]
    with pytest.raises(OfficeFileError, match="number"):
        officefile.read(document)
