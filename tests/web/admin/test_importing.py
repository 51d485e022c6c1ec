"""Bringing in bookings on the page of the administration: tried first, mistakes in words, and for whom."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from prepazka.store import models
from tests.web.staff import FOREIGN, SignedIn

PAGE = "/demo/admin/import"
ROW = "kód;činnost;datum;čas;jméno;telefon\n482913;ZOP;11.8.2026;8:15;Kučerová;602 111 333\n"


def send(client: object, text: str, **ticks: str) -> str:
    given = {"file": SimpleUploadedFile("stare.csv", text.encode())} | ticks
    answer = client.post(PAGE, given)  # type: ignore[attr-defined]
    return str(answer.content.decode().replace("\xa0", " "))


def test_a_file_is_tried_and_then_imported(signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    assert 'name="trial"' in client.get(PAGE).content.decode()
    assert "Zatím jsme nic neuložili" in send(client, ROW, trial="on")
    assert not models.Booking.objects.exists()
    assert "Hotovo." in send(client, ROW)
    assert models.Booking.objects.get().code == "482913"


def test_mistakes_are_shown_by_line_and_markup_stays_text(signed_in: SignedIn) -> None:
    wrong = ROW + "4;<b>X</b>;11.8.2026;8:30;Bureš;\n"
    shown = send(signed_in("administrator"), wrong)
    assert "Nic jsme nepřevzali" in shown
    assert "<td>3</td><td>kód</td><td>„4“ není kód o šesti číslicích" in shown
    assert "<b>X" not in send(signed_in("administrator"), ROW.replace("ZOP", "<b>X</b>"))
    assert not models.Booking.objects.exists()


@pytest.mark.parametrize("who", ["manager", "clerk", FOREIGN, ""])
def test_nobody_else_imports(signed_in: SignedIn, who: str) -> None:
    send(signed_in(who), ROW)
    assert not models.Booking.objects.exists()
