"""The voice as a hall hears it: decoded by a browser, rendered to a file, its length and its loudness measured."""

import base64
import json
import math
import wave
from array import array
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web.board.test_speech import PIECES, VOICE, run
from tests.web.browsing import browser

__all__ = ["browser"]

RATE = 24_000
GAP = 0.04
"""Seconds between two pieces (sound.js)."""

_DECODE = """async ([sound, rate]) => {
  const bytes = Uint8Array.from(atob(sound), (letter) => letter.charCodeAt(0));
  const heard = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes.buffer);
  const samples = Int16Array.from(heard.getChannelData(0), (value) => Math.max(-1, Math.min(1, value)) * 32767);
  let text = "";
  for (const byte of new Uint8Array(samples.buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}"""


@pytest.fixture(scope="module")
def sounds(browser: Browser) -> "dict[str, array[int]]":
    """The samples of each language."""
    page = browser.new_page()
    page.goto("about:blank")
    found = {}
    for language in PIECES:
        sound = base64.b64encode((VOICE / f"{language}.opus").read_bytes()).decode()
        found[language] = array("h", base64.b64decode(page.evaluate(_DECODE, [sound, RATE])))
    page.close()
    return found


def piece(sounds: Any, language: str, name: str) -> "array[int]":
    begin, length = PIECES[language][name]
    samples: array[int] = sounds[language][int(begin * RATE) : int((begin + length) * RATE)]
    return samples


def loudness(samples: "array[int]") -> float:
    """Return the root mean square in decibels below full scale."""
    some = samples[::3]  # enough to measure by
    mean = sum(value * value for value in some) / max(len(some), 1)
    return 10 * math.log10(mean / 32767**2 + 1e-12)


@pytest.mark.parametrize("language", ["cs", "en"])
def test_every_piece_is_as_loud_as_the_others_and_none_is_clipped(sounds: Any, language: str) -> None:
    heard = {name: loudness(piece(sounds, language, name)) for name in PIECES[language]}
    assert {name: round(one, 1) for name, one in heard.items() if not -22 < one < -19} == {}
    assert max(map(abs, sounds[language])) < 0.9 * 32767


@pytest.mark.parametrize("language", ["cs", "en"])
def test_between_the_pieces_there_is_silence(sounds: Any, language: str) -> None:
    """So each piece of the manifest is where a word begins and ends, and no word is cut."""
    ends = sorted((begin, begin + length) for begin, length in PIECES[language].values())
    for (_, ended), (begins, _) in pairwise(ends):
        middle = (ended + begins) / 2
        between = sounds[language][int((middle - 0.005) * RATE) : int((middle + 0.005) * RATE)]
        assert loudness(between) < -45, (ended, begins)


@pytest.mark.parametrize(
    ("language", "counter", "words"),
    [("cs", "přepážka 3", "ticket d n17 counter n3"), ("en", "counter 3", "ticket d n17 counter n3")],
)
def test_a_call_is_said_in_a_few_seconds(sounds: Any, tmp_path: Path, language: str, counter: str, words: str) -> None:
    """ "Lístek D sedmnáct, přepážka tři", rendered to a file as the screen plays it."""
    said = run(f'sentence("D17", {json.dumps({"key": "a", "counter": counter})}, "{language}")')
    assert said == words.split()
    whole = array("h")
    for name in said:
        whole += piece(sounds, language, name) + array("h", bytes(2 * int(GAP * RATE)))
    path = tmp_path / f"{language}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(whole.tobytes())
    with wave.open(str(path)) as file:
        seconds, samples = file.getnframes() / file.getframerate(), array("h", file.readframes(file.getnframes()))
    assert 2 < seconds < 4, "told before the next call may begin"
    assert -24 < loudness(samples) < -19
