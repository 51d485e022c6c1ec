"""Whether a page tells a number: by what people read, and by six of its digits in whatever they do not."""

import pytest

from tests.web.shown import shown, tells_number

NUMBER = "+420608314159"


@pytest.mark.parametrize(
    "page",
    [
        "<td>608 314 159</td>",
        "<td>+420608…</td>",
        "<td>608&nbsp;…</td>".replace("&nbsp;", "\xa0"),
        '<a href="tel:+420608314159">…159</a>',
        '<input value="608 314 15">',
    ],
)
def test_a_number_is_told(page: str) -> None:
    assert tells_number(page, NUMBER)


@pytest.mark.parametrize(
    "page",
    [
        "<td>…159</td>",
        '<a href="/demo/desk/inbox/608/">…159</a>',
        '<input type="hidden" name="csrfmiddlewaretoken" value="x608y3141z">',
        "<script>let width = 608;</script>",
    ],
)
def test_an_id_or_a_token_is_no_number(page: str) -> None:
    assert not tells_number(page, NUMBER)


def test_what_is_shown_has_the_spaces_people_see() -> None:
    assert shown("<p class='a'>Tři\xa0<b>lidé</b>\n čekají</p>").strip() == "Tři lidé čekají"
