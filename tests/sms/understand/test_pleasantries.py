from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from prepazka.sms.understand.pleasantries import without_pleasantries
from prepazka.sms.understand.tokens import tokens
from tests.sms.understand.spellings import VOCABULARY, anything, names

POLITE = sorted({" ".join(phrase) for phrases in VOCABULARY.opening.values() for phrase in phrases})
scraps = st.sampled_from((*POLITE, *(word for phrase in POLITE for word in phrase.split())))
usual = st.sampled_from(("OBJ", "ZOP", "10.8.", "14:00", "!", "...", "-", "\u0308", "\U0001f600"))
texts = st.lists(scraps | usual | names, max_size=9).map(" ".join)


@given(st.one_of(texts, anything))
@settings(max_examples=400, deadline=None)
def test_a_message_that_is_not_searched_has_nothing_to_leave_out(text: str) -> None:
    found = tokens(text)
    searched = replace(VOCABULARY, polite=frozenset(token.folded for token in found))
    assert without_pleasantries(found, VOCABULARY) == without_pleasantries(found, searched)
