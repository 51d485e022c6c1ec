"""Filling a reply text with values so that it stays within its parts."""

from collections.abc import Mapping

from prepazka.sms import gsm

ROOM: Mapping[int, int] = {1: gsm.ONE_PART, 2: 2 * gsm.EACH_OF_SEVERAL, 3: 3 * gsm.EACH_OF_SEVERAL}
"""Septets of a reply, by the most parts it may take."""

CUTTABLE = {"name": 20, "reason": 20, "token": 12, "office": 20, "bring": 120}
"""Values that may be cut where a text would not fit otherwise, and to how many septets at the least.

Codes, dates, times and messages to send are never cut.
"""


# docs/spec/messages.md §5.1: "Where a text would not fit, names, reasons, the office's name and repeated tokens are
# cut, as little as needed."
def filled(template: str, values: Mapping[str, str], parts: int) -> str:
    """The folded template with folded values; where it would not fit, names and reasons are cut, as little as needed.

    Longer than its parts only if there is nothing left to cut.
    """
    text = template.format_map(values)
    for name, least in CUTTABLE.items():
        if name not in values:
            continue
        over = gsm.septets(text) - ROOM[parts]
        if over <= 0:
            break
        used = template.count(f"{{{name}}}")
        if used:
            room = max(least, gsm.septets(values[name]) - -(-over // used))
            values = {**values, name: gsm.cut(values[name], room)}
            text = template.format_map(values)
    return text


def fits(text: str, parts: int) -> bool:
    """Whether a folded text goes into so many parts."""
    used = gsm.septets(text)
    return used <= gsm.ONE_PART or (parts > 1 and used <= ROOM[parts] and len(gsm.split(text)) <= parts)
