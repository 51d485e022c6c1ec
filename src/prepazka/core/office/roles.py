"""What an official may do in an office: three roles, each able to do all that those before it can."""

from typing import Literal, get_args

Role = Literal["clerk", "manager", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)


# docs/spec/administration.md §1: "Each role may do all that those before it may."
def enough(role: Role, least: Role) -> bool:
    """Return whether `role` includes the rights of `least`."""
    return ROLES.index(role) >= ROLES.index(least)
