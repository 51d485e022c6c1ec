"""What an official may do in an office: three roles, each able to do all that those before it can."""

from typing import Literal, get_args

Role = Literal["clerk", "manager", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)


# docs/spec/administration.md §1: "Each role may do all that those before it may."
def enough(role: Role, least: Role) -> bool:
    """Return whether `role` includes the rights of `least`."""
    return ROLES.index(role) >= ROLES.index(least)


FactorRule = Literal["none", "clerk", "manager", "administrator"]
"""The least role whose sign-in needs a second factor; "none" asks nobody."""


# docs/spec/safety.md §6.1: "An office, or the operator for all offices, may require a second factor from a role on."
def needs_second_factor(role: Role, least: FactorRule) -> bool:
    """Return whether an official in this role signs in with a second factor where the rule says `least`."""
    return least != "none" and enough(role, least)
