"""Short codes: numbers of three to eight digits without a country, which operators give to services."""

import re

# Of Czechia and Slovakia: of all help, firemen, ambulance, municipal police (twice), police.
_EMERGENCY = frozenset({"112", "150", "155", "156", "158", "159"})
_SHORT_CODE = re.compile(r"[1-9][0-9]{2,7}", re.ASCII)


# docs/spec/delivery.md §1: "A short code is three to eight digits"
def is_short_code(number: str) -> bool:
    """Whether a number is a short code: no number in E.164, and no national one."""
    return _SHORT_CODE.fullmatch(number) is not None


# docs/spec/delivery.md §1: "A number of help in need is nobody's"
def is_emergency(number: str) -> bool:
    """Whether people who need help call this number: an office that told them to text it would do harm."""
    return number in _EMERGENCY
