"""Mistakes that pydantic finds, in the words of somebody who writes a file by hand: what to write there instead."""

from typing import Any

_TEXT, _NUMBER = "must be a text in quotation marks", "must be a whole number, without quotation marks"
_LIST, _SECTION = "must be a list in square brackets", "must be a section with keys of its own"
# By the types of pydantic's errors; what stands in no row has a word of ours, or is told as pydantic does.
_WORDS = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false, without quotation marks",
    "dataclass_type": _SECTION,
    "dict_type": _SECTION,
    "float_parsing": "must be a number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "int_from_float": _NUMBER,
    "int_parsing": "must be a whole number",
    "int_type": _NUMBER,
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "list_type": _LIST,
    "literal_error": "must be {expected}",
    "model_type": _SECTION,
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "string_type": _TEXT,
    "too_long": "must have at most {max_length} items",
    "too_short": "must have at least {min_length} items",
    "tuple_type": _LIST,
}


def describe(details: Any) -> str:
    """Return the words for an error of pydantic, as `ValidationError.errors()` has it."""
    kind = details["type"]
    if details.get("ctx", {}).get("field_type") == "Value":  # as pydantic calls a secret, which is a text
        kind = f"string_{kind}"
    word = _WORDS.get(kind, "")
    said: str = details["msg"]
    return word.format(**details.get("ctx", {})) if word else said.removeprefix("Value error, ")
