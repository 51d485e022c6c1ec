"""Short codes: numbers of three to eight digits without a country, which operators give to services."""

import re

_SHORT_CODE = re.compile(r"[1-9][0-9]{2,7}", re.ASCII)


# docs/spec/delivery.md §1: "A short code is three to eight digits"
def is_short_code(number: str) -> bool:
    """Whether a number is a short code: no number in E.164, and no national one."""
    return _SHORT_CODE.fullmatch(number) is not None
