"""The statement that no vote was cast in somebody's name: the server signs it for that member, once the box is sealed.

It binds the server: whoever shows later that it noted a vote of this member after all shows that it lied. What it does
not show by itself is which credential was the member's; docs/voting.md says how that is found out. It is a signed note
under the key of the ledger, as a promise is.
"""

from typing import TYPE_CHECKING, Final

import msgspec

from stembus.errors import CheckFailed
from stembus.ledger.keys import current_signer
from stembus.ledger.note import Verifier, open_note, sign_note

if TYPE_CHECKING:
    from sqlmodel import Session

    from stembus.instance import Instance

FIRST_LINE: Final = "stembus.nothing-cast/1"


class NothingCast(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was stated: with the event of this `height` and hash (`head`) the box of the poll `uuid` was sealed, and
    until then no vote of the `member` with this number was taken in by any way. `note` is the signed text.
    """

    uuid: str
    member: str
    height: int
    head: str
    note: str


def state_nothing_cast(
    instance: "Instance", session: "Session", *, uuid: str, member: str, height: int, head: str
) -> NothingCast:
    """Return the statement, signed now; the same each time. Raises `CheckFailed` when the key is not there."""
    text = "\n".join((FIRST_LINE, uuid, member, f"{height} {head}", ""))
    note = sign_note(text, [current_signer(session, instance.folder)])
    return NothingCast(uuid=uuid, member=member, height=height, head=head, note=note)


def read_nothing_cast(note: str, verifiers: list[Verifier]) -> NothingCast:
    """Return what a statement says, once one of these keys signed it. Raises `CheckFailed` for anything else."""
    lines = open_note(note, verifiers).text.splitlines()
    if len(lines) != 4 or lines[0] != FIRST_LINE or len(at := lines[3].split(" ")) != 2 or not at[0].isdecimal():
        raise CheckFailed("This is a note of another kind: a statement that nothing was cast was expected.")
    return NothingCast(uuid=lines[1], member=lines[2], height=int(at[0]), head=at[1], note=note)
