"""What the server tells about a poll beside the record of its election."""

import msgspec


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The poll as the booth is told it; what is not named here is of no use to a program.

    `minimum`, `maximum` and `blank` are of a ranked question; those of others stand in the record.
    """

    election: str
    organisation: str
    practice: bool
    minimum: int
    maximum: int | None
    blank: bool
    padded_length: int
