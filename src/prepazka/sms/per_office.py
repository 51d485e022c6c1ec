"""Values worked out once for each office as it stands, and not once for each message."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import ref

from prepazka.core.office.office import Office

Value = TypeVar("Value")


def per_office(make: Callable[[Office], Value]) -> Callable[[Office], Value]:
    """Keep what a function returns for an office as long as that `Office` lives; an office that changed is another one.

    The office is found by identity: comparing or hashing all it holds would take longer than most of what is kept.
    """
    kept: dict[int, tuple[ref[Office], Value]] = {}

    @wraps(make)
    def known(office: Office) -> Value:
        key = id(office)
        found = kept.get(key)
        if found is None or found[0]() is not office:
            found = kept[key] = ref(office, lambda _: kept.pop(key, None)), make(office)
        return found[1]

    return known
