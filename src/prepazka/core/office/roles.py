"""What an official may do in an office: three roles, each able to do all that those before it can, and one beside them.

The data protection officer (`officer`) reads the register of access and nothing else; an administrator reads it too.
"""

from collections.abc import Collection, Mapping
from typing import Literal, get_args

Role = Literal["clerk", "manager", "administrator", "officer"]
ROLES: tuple[Role, ...] = get_args(Role)

_CLERK: Collection[Role] = {"clerk"}
_MANAGER: Collection[Role] = {"clerk", "manager"}
_OFFICER: Collection[Role] = {"officer"}
_MAY: Mapping[Role, Collection[Role]] = {
    "clerk": _CLERK,
    "manager": _MANAGER,
    "administrator": ROLES,
    "officer": _OFFICER,
}


# docs/spec/administration.md §1: "Each of these three may do all that those before it may."
def enough(role: Role, least: Role) -> bool:
    """Return whether `role` includes the rights of `least`."""
    return least in _MAY[role]


FactorRule = Literal["none", "clerk", "manager", "administrator"]
"""The least role whose sign-in needs a second factor; "clerk" means everybody, "none" asks nobody."""


# docs/spec/safety.md §6.1: "An office, or the operator for all offices, may require a second factor from a role on."
def needs_second_factor(role: Role, least: FactorRule) -> bool:
    """Return whether an official in this role signs in with a second factor where the rule says `least`."""
    return least == "clerk" or (least != "none" and enough(role, least))
