"""Who may enter a page: the rule that each route names."""

from collections.abc import Collection
from typing import Literal

import msgspec


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a route is for.

    `kind` "power" asks for one of `powers`; "local" is for a demonstration only; "program" asks for a secret that is
    shown with each request, and for no session.
    """

    kind: Literal["anyone", "signed_in", "seated", "power", "local", "program"]
    powers: tuple[str, ...] = ()


anyone = Who(kind="anyone")
"""Everybody, signed in or not."""
signed_in = Who(kind="signed_in")
"""Whoever signed in, as themselves."""
seated = Who(kind="seated")
"""Whoever holds a seat that acts today."""
local = Who(kind="local")
"""Everybody, in a demonstration only: elsewhere the page is not there."""
program = Who(kind="program")
"""A program that somebody runs elsewhere: it shows a secret of its own, and nobody comes in with a session."""


def power(*names: str) -> Who:
    """Return the rule that asks for one of these powers, by a seat that acts today."""
    return Who(kind="power", powers=names)


def lets_in(who: Who, *, is_member: bool, is_seated: bool, powers: Collection[str]) -> bool:
    """Whether the rule lets in somebody who is signed in (`is_member`), sits somewhere, and has these powers."""
    match who.kind:
        case "anyone" | "local":
            return True
        case "program":
            return False
        case "signed_in":
            return is_member
        case "seated":
            return is_member and is_seated
        case "power":
            return is_member and any(name in powers for name in who.powers)
