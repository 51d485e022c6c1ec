"""Pleasantries around a message: "Dobrý den", "Děkuji", "S pozdravem" (phrases of the language files).

At the very start and end it is accounted for and left out. In the midst it is not understood: it is never a
name, nor part of one ("NOVAK Dekuji" must not become a name).
"""

from collections.abc import Sequence

from prepazka.sms.understand.tokens import Token
from prepazka.sms.vocabulary import Vocabulary


# docs/spec/messages.md §3.6: "are accounted for at the very start and end of a message, and left out"
def without_pleasantries(tokens: Sequence[Token], words: Vocabulary) -> list[Token]:
    """The message itself, without pleasantries and decoration around it; a pleasantry within is of kind "other"."""
    if words.polite.isdisjoint([token.folded for token in tokens]):
        return list(tokens)  # there is nothing to leave out, as in most messages
    start, end = 0, len(tokens)
    while start < end and (taken := _decorated(tokens[start]) or _opening(tokens, start, words)):
        start += taken
    while start < end and (taken := _decorated(tokens[end - 1]) or _closing(tokens, end, words)):
        end -= taken
    message = list(tokens[start:end])
    for i, token in enumerate(message):
        if token.folded in words.opening:
            for j in range(i, i + _opening(message, i, words)):
                message[j] = message[j]._replace(kind="other")
    return message


def _decorated(token: Token) -> int:
    return 1 if token.kind == "decoration" else 0


def _opening(tokens: Sequence[Token], i: int, words: Vocabulary) -> int:
    """How many tokens from `i` on are a pleasantry."""
    for phrase in words.opening.get(tokens[i].folded, ()):
        if tuple(token.folded for token in tokens[i : i + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _closing(tokens: Sequence[Token], end: int, words: Vocabulary) -> int:
    """How many tokens before `end` are a pleasantry."""
    for phrase in words.closing.get(tokens[end - 1].folded, ()):
        if tuple(token.folded for token in tokens[max(end - len(phrase), 0) : end]) == phrase:
            return len(phrase)
    return 0
