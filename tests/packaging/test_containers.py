"""Containerfile and compose.yaml: what they name exists, and nothing in them has more rights than it needs."""

import re
import shlex
from typing import Any

import pytest
import yaml

from prepazka.commands.cli import parser
from tests.docs.pages import ROOT
from tests.test_documents import SETTINGS

FILE = (ROOT / "Containerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "prepazka"}
READY = "http://127.0.0.1:8000/readyz"


def instructions(word: str) -> list[str]:
    """The arguments of each instruction of a kind in the last stage."""
    last = FILE.rpartition("\nFROM ")[2].replace("\\\n", " ")
    return re.findall(rf"^{word} (.*)$", last, re.MULTILINE)


def test_the_image_runs_as_nobody_special_and_says_whether_it_works() -> None:
    (user,) = instructions("USER")
    assert all(int(number) >= 1000 for number in user.split(":"))
    (health,) = instructions("HEALTHCHECK")
    assert READY in health
    assert instructions("ENTRYPOINT") == ['["prepazka"]']


def test_only_locked_libraries_are_installed() -> None:
    installs = [line for line in FILE.replace("\\\n", " ").split("&&") if re.search(r"pip .*install", line)]
    assert len(installs) == 3
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_what_is_copied_exists_and_is_let_in() -> None:
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", FILE, re.MULTILINE) for word in line.split()[:-1]]
    assert copied
    let_in = (ROOT / ".containerignore").read_text("utf-8").split()
    assert [name for name in copied if not (ROOT / name).exists() or f"!{name.rstrip('/')}" not in let_in] == []
    assert (ROOT / ".dockerignore").read_text("utf-8") == (ROOT / ".containerignore").read_text("utf-8")


def test_what_the_sources_link_to_is_copied_too() -> None:
    links = {str(path.resolve().relative_to(ROOT)) for path in (ROOT / "src").rglob("*") if path.is_symlink()}
    assert links
    assert [link for link in links if link not in FILE] == []


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_of_ours_can_write_nothing_and_become_nobody(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert "ports" not in service


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_of_ours_is_set_by_settings_that_exist(name: str) -> None:
    given = {setting.removesuffix("_FILE") for setting in OURS[name]["environment"]}
    assert given <= set(SETTINGS)
    for command in (["migrate"], ["serve", "--host", "0.0.0.0"], ["backup", "/backup/"]):
        parser().parse_args(command)


def test_the_commands_of_the_services_are_ours() -> None:
    for service in OURS.values():
        if "command" in service:
            parser().parse_args([str(word) for word in service["command"]])
    (loop,) = OURS["backup"]["entrypoint"][2:]
    (line,) = re.findall(r"prepazka ([^;]*)", loop)
    parser().parse_args(shlex.split(line))


def test_the_web_is_ready_when_readyz_says_so() -> None:
    assert READY in COMPOSE["services"]["web"]["healthcheck"]["test"][-1]
    assert COMPOSE["services"]["backup"]["depends_on"]["web"] == {"condition": "service_healthy"}


def test_the_proxy_is_believed_and_alone_listens_to_the_world() -> None:
    (network,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert OURS["web"]["environment"]["PREPAZKA_PROXIES"] == network["subnet"]
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]


def test_no_secret_is_in_the_file_and_each_is_declared() -> None:
    used = {name for service in COMPOSE["services"].values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    told = (ROOT / "docs/operations.md").read_text("utf-8")
    for secret in COMPOSE["secrets"].values():
        assert f"> {secret['file']}" in told
        assert f"/{secret['file'].partition('/')[0]}/" in (ROOT / ".gitignore").read_text("utf-8")
