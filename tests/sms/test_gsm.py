import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prepazka.sms import gsm
from prepazka.sms.alphabets import GSM

FOLDED = st.text(alphabet="ab 9.?\n[]~|€éÄ")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Příliš žluťoučký kůň úpěl ďábelské ódy", "Prilis zlutoucky kun upel dabelske ody", id="czech"),
        pytest.param("PŘÍŠERNĚ ŽLUŤOUČKÝ", "PRISERNE ZLUTOUCKY", id="czech-upper-case"),
        pytest.param("Édith a André", "Edith a Andre", id="e-acute-too-though-gsm-has-it"),
        pytest.param("Müller & Åse ß Ω", "Muller & Ase ss O", id="other-letters-that-gsm-has"),
        pytest.param("Nova\u0301k", "Novak", id="accent-apart-from-its-letter"),
        pytest.param("Щукин Пётр", "Shchukin Petr", id="cyrillic-in-latin"),
        pytest.param("„ano“ – ‘ne’ …", "\"ano\" - 'ne' ...", id="typographic"),
        pytest.param("`kód`", "'kod'", id="ascii-that-is-not-in-gsm"),
        pytest.param("10\u00a0Kč", "10 Kc", id="no-break-space"),
        pytest.param("a\r\nb\tc", "a\nb c", id="white-space"),
        pytest.param("a\x00\x1b\x07\u200b\u202eb", "ab", id="control-characters-dropped"),
        pytest.param("dobře 😀👍🏽", "dobre ", id="emoji-dropped"),
        pytest.param("[5 €] ~ {a|b} ^ \\", "[5 €] ~ {a|b} ^ \\", id="extension-table-stays"),
        pytest.param("", "", id="empty"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert gsm.fold(text) == folded


@given(st.text())
@example("\u2126\u212b\u1e9b\u0323")
def test_folded_text_is_gsm_only_and_folds_to_itself(text: str) -> None:
    folded = gsm.fold(text)
    assert gsm.is_gsm(folded)
    assert gsm.fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "septets"),
    [
        pytest.param("", 0, id="empty"),
        pytest.param("OBJ ZOP 10.8. 14:00 NOVAK", 25, id="plain"),
        pytest.param("é", 1, id="basic-letter-beyond-ascii"),
        *(pytest.param(character, 2, id=f"escaped-{ord(character):x}") for character in "^{}[]~\\|€\f"),
    ],
)
def test_septets(text: str, septets: int) -> None:
    assert gsm.septets(text) == septets


@given(st.text() | FOLDED)
def test_a_text_is_counted_as_its_characters_are(text: str) -> None:
    assert gsm.septets(text) == sum(map(gsm.septets, text))
    assert gsm.is_gsm(text) == all(map(gsm.is_gsm, text))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("a" * 160, [160], id="one-part-of-160"),
        pytest.param("a" * 161, [153, 8], id="two-parts-of-153"),
        pytest.param("a" * 459, [153, 153, 153], id="three-full-parts"),
        pytest.param("€" * 80, [80], id="escaped-in-one-part"),
        pytest.param("a" * 152 + "€" + "a" * 10, [152, 11], id="escape-pair-not-split"),
        pytest.param("", [0], id="empty"),
    ],
)
def test_splitting_into_parts(text: str, parts: list[int]) -> None:
    assert [len(part) for part in GSM.split(text)] == parts


@given(FOLDED)
def test_parts_together_are_the_text_and_none_is_too_long(text: str) -> None:
    parts = GSM.split(text * 5)
    assert "".join(parts) == text * 5
    room = GSM.one_part if len(parts) == 1 else GSM.each
    assert all(gsm.septets(part) <= room for part in parts)


@pytest.mark.parametrize(
    ("text", "room", "cut"),
    [
        pytest.param("Novak", 5, "Novak", id="fits"),
        pytest.param("Novakova", 6, "Nov...", id="cut-visibly"),
        pytest.param("Jan Novak", 7, "Jan...", id="no-space-before-the-dots"),
        pytest.param("€€€€", 7, "€€...", id="escaped-characters-count-two"),
    ],
)
def test_cutting(text: str, room: int, cut: str) -> None:
    assert GSM.cut(text, room) == cut


@given(FOLDED, st.integers(3, 40))
def test_what_was_cut_has_room(text: str, room: int) -> None:
    assert gsm.septets(GSM.cut(text, room)) <= room


def test_a_value_stands_on_one_line() -> None:
    assert GSM.line(" Jan\r\n\t Novák\u00a0 ml. ") == "Jan Novak ml."
