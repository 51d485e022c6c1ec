"""The pages of a second factor as people meet them: on the very phone, after a wrong code, with one next act."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.web.account.factors import CODE, SECOND_STEP, Phone, give_password, phone
from tests.web.staff import PASSWORD, SignedIn

__all__ = ["phone"]
pytestmark = pytest.mark.usefixtures("officials")


def test_who_sets_it_up_on_the_very_phone_opens_the_application_by_a_link(signed_in: SignedIn) -> None:
    page = signed_in("manager").get(f"{SECOND_STEP}/app").content.decode()
    [secret] = re.findall(r'<code id="secret">([A-Z2-7]+)</code>', page)
    [link] = re.findall(r'href="(otpauth://[^"]+)"', page)
    assert f"secret={secret}" in unescape(link)


@pytest.mark.parametrize("typed", ["317", "00000000", ""])
def test_a_wrong_code_need_not_be_deleted_and_nothing_is_said_to_be_saved(
    client: Client, signed_in: SignedIn, phone: Phone, typed: str
) -> None:
    phone.enrol(signed_in("manager"))
    give_password(client, "manager", PASSWORD)
    page = client.post(CODE, {"code": typed}).content.decode()
    assert "Opravte prosím, co je" in page
    assert "neuložili" not in page
    assert not typed or f'value="{typed}"' not in page
    assert " autofocus" in page


def test_a_new_password_can_be_thought_better_of_but_not_a_given_one(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    page = client.post("/account/password", {"old_password": "jiné"}).content.decode()
    assert "Heslo jsme nezměnili." in page
    assert '<a class="button quiet" href="/account/">Zpět</a>' in page


def test_one_act_is_the_next_one(signed_in: SignedIn) -> None:
    page = signed_in("manager").get(SECOND_STEP).content.decode()
    assert page.count('<a class="button" ') == 1
