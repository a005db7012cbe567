"""A member as the rules see one: identity, and what held when."""

from datetime import date

import msgspec

from stembus.organisation.periods import Periods

ATTRIBUTES = (
    "number",
    "given",
    "particle",
    "surname",
    "born_on",
    "email",
    "phone",
    "street",
    "postcode",
    "city",
    "country",
    "registered_on",
    "first_paid_on",
    "source",
    "merged_into",
)
"""The columns of a member that hold no matter when, in the order of `MemberState`."""


class MemberState(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """Everything that is kept of one member. Two states are the same exactly when their bytes are."""

    id: str
    number: str
    given: str = ""
    particle: str = ""
    surname: str = ""
    born_on: date | None = None
    email: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    registered_on: date | None = None
    first_paid_on: date | None = None
    source: str = "import"
    merged_into: str | None = None
    periods: Periods = ()

    @property
    def name(self) -> str:
        """The name as one writes it: "Jan van der Berg"."""
        return display_name(self.given, self.particle, self.surname)

    @property
    def since(self) -> date | None:
        """The first day of membership that is known, by registration or by first payment."""
        days = [day for day in (self.registered_on, self.first_paid_on) if day is not None]
        return min(days, default=None)


pack = msgspec.msgpack.Encoder().encode
"""Return the bytes of a state."""
unpack = msgspec.msgpack.Decoder(MemberState).decode
"""Return the state in some bytes."""


def display_name(given: str, particle: str, surname: str) -> str:
    """Return a name as one writes it, leaving out what is not there."""
    return " ".join(part for part in (given, particle, surname) if part)


def sort_name(given: str, particle: str, surname: str) -> str:
    """Return a name as a list is ordered by: "Berg, Jan van der", as is the custom in the Netherlands."""
    rest = " ".join(part for part in (given, particle) if part)
    return f"{surname}, {rest}" if rest else surname
