"""However many passwords are guessed, only a few are hashed at a time, and the rest is refused at once."""

import errno
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event, Semaphore

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from prepazka.web import hashing_pool
from prepazka.web.hashing_pool import HashingBusy, HashingPool, PooledPasswordHasher, refuse_when_busy

WORD = "sedm modrych labuti"


@pytest.fixture
def quick(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's own hasher, with few rounds."""
    settings.PASSWORD_HASHERS = ["prepazka.web.hashing_pool.PooledPasswordHasher"]  # type: ignore[attr-defined]
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 10)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(24) as pool:
        yield pool


def test_passwords_hashed_before_are_still_right(quick: None) -> None:
    before = PBKDF2PasswordHasher().encode(WORD, "pepper1", 12)
    assert check_password(WORD, before)
    assert not check_password(f"{WORD}!", before)
    assert PooledPasswordHasher().encode(WORD, "pepper1", 12) == before
    assert check_password(WORD, make_password(WORD))


def test_of_24_guesses_at_once_eight_are_taken_and_two_are_hashed(threads: ThreadPoolExecutor) -> None:
    pool, go, begun = HashingPool(hashers=2, at_once=8), Event(), Semaphore(0)
    hashing: list[int] = []

    def hash_password() -> str:
        hashing.append(1)
        begun.release()
        go.wait(60)
        return "hash"

    guesses = [threads.submit(pool.run, hash_password) for _ in range(24)]
    ended = as_completed(guesses, timeout=60)
    refused = [next(ended) for _ in range(16)]
    assert {type(guess.exception()) for guess in refused} == {HashingBusy}
    assert begun.acquire(timeout=60)
    assert begun.acquire(timeout=60)
    assert len(hashing) == 2
    go.set()
    assert [guess.result(60) for guess in guesses if guess not in refused] == ["hash"] * 8
    assert pool.run(lambda: "again") == "again", "there is room again"


def test_an_error_while_hashing_leaves_the_room_free() -> None:
    pool = HashingPool(hashers=1, at_once=1)

    def broken() -> str:
        raise ValueError("no salt")

    for _ in range(3):
        with pytest.raises(ValueError, match="no salt"):
            pool.run(broken)


def test_who_finds_no_room_gets_a_page_that_says_when_to_come_again() -> None:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    middleware = refuse_when_busy(view)
    request = RequestFactory().get("/account/sign-in")
    response = middleware.process_exception(request, HashingBusy())  # type: ignore[attr-defined]
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "přihlašuje mnoho lidí" in response.content.decode().replace("\xa0", " ")
    assert middleware.process_exception(request, Http404()) is None  # type: ignore[attr-defined]


def test_the_pool_leaves_processors_for_the_pages() -> None:
    assert hashing_pool.AT_ONCE < 16
    assert hashing_pool.HASHERS >= 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing yields")
@pytest.mark.parametrize(("own", "of_pool"), [(0, 10), (10, 10), (17, 17)])
def test_a_process_that_yields_more_than_the_pool_still_hashes(
    monkeypatch: pytest.MonkeyPatch, own: int, of_pool: int
) -> None:
    """As a service with Nice=17: whoever is not root may yield more, and never less."""
    niceness = [own]

    def set_priority(which: int, who: int, priority: int) -> None:
        if priority < niceness[-1]:
            raise PermissionError(errno.EACCES, "Permission denied")
        niceness.append(priority)

    monkeypatch.setattr(os, "getpriority", lambda _which, _who: niceness[-1])
    monkeypatch.setattr(os, "setpriority", set_priority)
    assert HashingPool(1).run(lambda: "pbkdf2") == "pbkdf2"
    assert niceness[-1] == of_pool
