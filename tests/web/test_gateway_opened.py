"""What opening a gateway costs at each of its calls."""

from typing import Any

from prepazka.core.office.office import Office
from prepazka.store import gateways
from prepazka.web.gateways import open_named_gateway
from tests.web.conftest import NOW, NUMBER, bind


def test_a_call_does_not_read_the_numbers_of_its_gateway(office: Office, django_assert_num_queries: Any) -> None:
    """A provider's gateway may have hundreds: to make objects of them took most of the time of a call."""
    account = {"url": "http://127.0.0.1:9", "username": "u", "password": "p", "secret": "0123456789abcdef"}
    gateways.keep("boxes", "kannel-http", account, NOW, "test")
    bind(NUMBER, "boxes")
    with django_assert_num_queries(1) as asked:
        opened = open_named_gateway("boxes")
    assert opened is not None
    assert opened.name == "boxes"
    assert "number" not in asked.captured_queries[0]["sql"]
    assert open_named_gateway("no such") is None
