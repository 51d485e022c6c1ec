"""Which pages may be shown in a frame, by whom: none by default, and the board and the free times by named origins."""

from dataclasses import replace
from typing import Any

import pytest
from csp.utils import build_policy
from django.test import Client

from prepazka import officefile
from prepazka.core.office.office import Office
from prepazka.store import offices
from prepazka.web import headers
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

TOWN = "https://www.mestec-kralove.example"
FRAMED = ["/demo/board/", "/demo/book/", "/demo/book/ZOP/"]
OTHERS = ["/demo/", "/demo/cancel/", "/demo/book/ZOP/2026-08-10/14-00/", "/account/sign-in"]


def name_origins(office: Office, *origins: str) -> None:
    offices.keep(replace(office, settings=replace(office.settings, frame_origins=origins)), NOW, "test")


def ancestors(answer: Any) -> str:
    policy: list[str] = answer.headers["Content-Security-Policy"].split(";")
    return next(part.strip() for part in policy if "frame-ancestors" in part)


@pytest.mark.parametrize("page", FRAMED + OTHERS)
def test_nobody_frames_a_page_of_an_office_that_names_nobody(client: Client, office: Office, page: str) -> None:
    answer = client.get(page)
    assert (ancestors(answer), answer.headers["X-Frame-Options"]) == ("frame-ancestors 'none'", "DENY")


def test_the_policy_of_all_of_them_is_the_library_s_and_put_together_once(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []

    def build() -> str:
        built.append(build_policy())
        return built[-1]

    monkeypatch.setattr(headers, "build_policy", build)
    assert {client.get(page).headers["Content-Security-Policy"] for page in FRAMED + OTHERS} == {*built}
    assert len(built) == 1


@pytest.mark.parametrize("page", FRAMED)
def test_the_named_origins_frame_the_board_and_the_free_times(client: Client, office: Office, page: str) -> None:
    name_origins(office, TOWN, "https://obec.example:8443")
    answer = client.get(page)
    assert ancestors(answer) == f"frame-ancestors {TOWN} https://obec.example:8443"
    assert "X-Frame-Options" not in answer.headers
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", OTHERS)
def test_they_frame_no_other_page(client: Client, office: Office, page: str) -> None:
    name_origins(office, TOWN)
    answer = client.get(page)
    assert (ancestors(answer), answer.headers["X-Frame-Options"]) == ("frame-ancestors 'none'", "DENY")


def test_another_office_is_framed_by_nobody(client: Client, office: Office) -> None:
    name_origins(office, TOWN)
    offices.keep(replace(office, slug="vlkov", numbers=("+420739000081",)), NOW, "test")
    assert ancestors(client.get("/vlkov/board/")) == "frame-ancestors 'none'"


def test_a_chosen_time_leads_out_of_the_frame(client: Client, office: Office, settings: Any) -> None:
    assert 'target="_top"' not in client.get("/demo/book/ZOP/").content.decode()
    name_origins(office, TOWN)
    page = client.get("/demo/book/ZOP/").content.decode()
    starts = [link for link in page.split("<a ")[1:] if 'href="/demo/book/ZOP/2026' in link.split(">")[0]]
    assert starts
    assert all('target="_top"' in link.split(">")[0] for link in starts)


@pytest.mark.parametrize(
    "origin",
    [
        "http://www.mesto.example",
        "https://*.mesto.example",
        "https://www.mesto.example/cesta",
        "https://www.mesto.example; script-src *",
        "https://www.mesto.example https://jina.example",
        "https://www.mesto.example,https://jina.example",
        "https://jmeno:heslo@www.mesto.example",
        "https://www.mesto.example:443x",
        "https://město.example",
        "https://mesto",
        "'self'",
        "*",
        "null",
    ],
)
def test_what_is_no_origin_is_refused_in_the_file_and_on_the_page(
    signed_in: SignedIn, office: Office, origin: str
) -> None:
    document = officefile.to_document(office)
    document["settings"]["frame_origins"] = [origin]
    with pytest.raises(officefile.OfficeFileError):
        officefile.read(document)
    client = signed_in("administrator")
    client.post("/demo/admin/rules", {"frame_origins": origin})
    assert offices.load(office.id).settings.frame_origins == ()
