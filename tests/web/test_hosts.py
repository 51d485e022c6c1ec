"""Which host names are answered; a refused one is told once, and never stops a gateway or a probe."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from prepazka.store import marks, models
from prepazka.web import clock, hosts
from tests.web.conftest import ME, NOW, HandIn, message

pytestmark = pytest.mark.usefixtures("office")
OURS, LAN, STRANGE = "objednani.hlinsko.example", "192.168.7.20:8000", "zcela-jine.example"


@pytest.fixture(autouse=True)
def one_host(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOWED_HOSTS = [OURS, "127.0.0.1", "localhost", "[::1]"]
    monkeypatch.setattr(hosts, "refused", hosts.RefusedHosts())


@pytest.mark.parametrize("host", [OURS, f"{OURS}:443", "127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_pages_answer_to_their_names_and_to_this_machine(client: Client, host: str) -> None:
    assert client.get("/demo/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", [LAN, STRANGE, "", "a b", "[::2]:8000"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_answered_whatever_name_they_use(client: Client, path: str, host: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 200


def test_gateways_are_answered_whatever_name_they_use(hand_in: HandIn, client: Client) -> None:
    assert hand_in(message(), HTTP_HOST=LAN).status_code == 202
    known, unknown = (client.post(f"/gateways/{name}", headers={"Host": LAN}) for name in ("first", "none"))
    assert {known.status_code, unknown.status_code} == {404}, "as without a wrong name: there is no such listener"
    assert models.Inbound.objects.get().sender == ME


def test_other_names_get_a_page_that_says_what_to_do(client: Client) -> None:
    refused = client.get("/demo/", headers={"Host": STRANGE})
    assert refused.status_code == 400
    assert "PREPAZKA_HOSTS" in refused.content.decode()
    assert STRANGE not in refused.content.decode()
    told = client.get("/api/v1/offices/demo/services", headers={"Host": STRANGE})
    assert (told.status_code, "PREPAZKA_HOSTS" in told.json()["detail"]) == (400, True)


def test_a_posted_form_is_refused_as_well(client: Client) -> None:
    answer = client.post("/demo/book/ZOP/", headers={"Host": STRANGE, "Referer": f"http://{STRANGE}/demo/"})
    assert answer.status_code == 400


def test_a_refused_name_is_told_once_an_hour(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(now: datetime, host: str = f"{STRANGE}:8443") -> None:
        monkeypatch.setattr(clock, "now", lambda: now)
        client.get("/demo/", headers={"Host": host})

    with capture_logs() as logged:
        for minutes in (0, 1, 59, 60):
            ask(NOW + timedelta(minutes=minutes))
    assert [(one["event"], one["host"]) for one in logged] == [("host refused", STRANGE)] * 2
    assert marks.refused_hosts(NOW) == {STRANGE: NOW + timedelta(hours=1)}


def test_a_flood_of_names_fills_neither_the_log_nor_the_database(client: Client) -> None:
    with capture_logs() as logged:
        for number in range(hosts.MOST_TOLD + 20):
            client.get("/demo/", headers={"Host": f"x{number}.example"})
    assert len(logged) == hosts.MOST_TOLD
    for number in range(marks.MOST_HOSTS + 20):
        marks.put_host(f"y{number}.example", NOW)
    assert models.Mark.objects.count() == marks.MOST_HOSTS
    marks.put_host("z.example", NOW + timedelta(days=8))
    assert set(marks.refused_hosts(NOW)) == {"z.example"}


@pytest.mark.parametrize("host", ["a\nlevel=info", "x" * 400, "<script>", "úřad.example"])
def test_nothing_that_is_no_name_is_told(client: Client, host: str) -> None:
    with capture_logs() as logged:
        client.get("/demo/", headers={"Host": host})
    assert [one["host"] for one in logged] == ["(no host name)"]
