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
