"""What a page shows: its text as people read it, without addresses, ids and tokens, in which any digits may be."""

import re


def shown(page: str) -> str:
    """The text of a page, or of a part of one."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text).replace("\xa0", " "))


def tells_number(page: str, number: str) -> bool:
    """Whether a page shows how a number begins, or has six of its digits anywhere."""
    national = number.removeprefix("+420")
    return national[:3] in shown(page) or national[:6] in re.sub(r"\s", "", page)
