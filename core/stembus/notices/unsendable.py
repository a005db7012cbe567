"""What no mail of the server may hold: secrets that a plugin knows by their form, and the server must not have."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from stembus.errors import Refused
from stembus_procedures.language.values import Words

if TYPE_CHECKING:
    from stembus.plugins import Plugins


class Unsendable(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of secret: what it is, and whether a text holds something that looks like one."""

    what: Words
    is_in: Callable[[str], bool]


def check_sendable(plugins: "Plugins", *texts: str) -> None:
    """Raise `Refused` when one of these texts holds what no mail may hold; it does not repeat it."""
    for kind in plugins.unsendable():
        if any(kind.is_in(text) for text in texts):
            raise Refused(
                "This holds something that looks like {what}. The office does not have one and sends none: take it "
                "out. Nothing was sent.",
                what=kind.what,
            )
