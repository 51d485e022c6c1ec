"""What a password must not be: a common one, or one made of what everybody knows of its user and the office."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from prepazka.sms.folding import fold
from prepazka.store import accounts
from prepazka.store.models import User
from prepazka.web.wording import format_character_count

# The program's own words, and those of the people who sign in.
_PROGRAM = "prepazka objednavka objednavky urednik urednice vedouci spravce operator provozovatel kiosk"
_ROWS = ("1234567890", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "QWERTZUIOPASDFGHJKLYXCVBNM", "QWERTYUIOPASDFGHJKLZXCVBNM")
# Shorter words of an office's or a person's name stand in too many good passwords.
_LONG_ENOUGH = 4
_FEW_CHARACTERS = 5


class LongEnough(MinimumLengthValidator):
    """Django's validator of the length, in words that its Czech catalogue lacks."""

    def get_error_message(self) -> str:
        """Return what is wrong with a password that is too short."""
        return _("Heslo je příliš krátké. Napište alespoň %(least)s.") % {
            "least": format_character_count(self.min_length)
        }


class PasswordRules:
    """Django's validator of passwords with these rules, beside its own for the length and the user's name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises: ValidationError with what is wrong, in words."""
        known = accounts.well_known(user) if isinstance(user, User) else ()
        if problem := find_problem(password, known):
            raise ValidationError(problem)

    def get_help_text(self) -> str:
        """Return the rules in words."""
        return _("Ne běžné heslo, nic opakovaného a žádné slovo ze jména úřadu, obce, uživatele nebo programu.")


# docs/spec/safety.md §6.3: "It is none of the common passwords of the world or of Czech ones, whatever digits stand
# around it, nothing repeated, no row of the keyboard, and holds no word of the office, the town, the user or the
# program."
def find_problem(password: str, known: tuple[str, ...] = ()) -> str:
    """Return what is wrong with a password, in words; "" for nothing. known: what names its user and the offices."""
    folded = fold(password)
    letters = re.sub("[^A-Z0-9]", "", folded)
    if _is_common(password, letters):
        return _("Toto heslo, nebo slovo, ze kterého je, patří k nejběžnějším.")
    if _is_repeated(folded) or any(letters in row * 2 or letters in row[::-1] * 2 for row in _ROWS):
        return _("Heslo se jen opakuje, nebo je to řada kláves vedle sebe.")
    if _holds_known(letters, known):
        return _("V hesle je slovo ze jména úřadu, obce, vašeho jména nebo programu. To zkusí útočník nejdřív.")
    return ""


def _is_common(password: str, letters: str) -> bool:
    core = letters.strip("0123456789")
    return password.lower() in _world() or not {letters.lower(), core.lower()}.isdisjoint(_world() | _czech())


def _is_repeated(folded: str) -> bool:
    """Whether it has only a few different characters, or is one piece two times or more."""
    words = folded.split()
    together = "".join(words)
    return (
        len(set(together)) < _FEW_CHARACTERS
        or (len(words) > 1 and len(set(words)) == 1)
        or re.fullmatch(r"(.+?)\1+", together) is not None
    )


def _holds_known(letters: str, known: tuple[str, ...]) -> bool:
    words = re.findall("[A-Z0-9]+", fold(" ".join((*known, _PROGRAM))))
    return any(len(word) >= _LONG_ENOUGH and word in letters for word in words)


@cache
def _world() -> frozenset[str]:
    """The common passwords of the world: Django's list, the 10,000 commonest and as many more."""
    return frozenset(CommonPasswordValidator().passwords)


@cache
def _czech() -> frozenset[str]:
    """Czech words of common passwords, and given names."""
    lines = files("prepazka.web.account").joinpath("common_passwords_cs.txt").read_text("utf-8").splitlines()
    words = " ".join(line for line in lines if not line.startswith("#")).split()
    names = [files("prepazka.sms").joinpath("names", f"{code}-given.txt").read_text("utf-8") for code in ("cs", "sk")]
    return frozenset(fold(word).lower() for word in (*words, *" ".join(names).split()))
