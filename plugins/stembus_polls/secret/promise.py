"""The promise that a voter gets: the server signs that it holds their ballot and will put it onto the board.

With it a voter whose ballot is not on the board shows everybody that the server broke its word. It says nothing of the
choice. It is a signed note under the key of the ledger, so any tool that reads those can check it.
"""

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from stembus.errors import CheckFailed
from stembus.ledger.keys import current_signer
from stembus.ledger.note import Verifier, open_note, sign_note

if TYPE_CHECKING:
    from sqlmodel import Session

    from stembus.instance import Instance

FIRST_LINE: Final = "stembus.promise/1"


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was promised: the ballot with this tracker, cast with the credential whose public key has this SHA-256,
    comes onto the board of the poll `uuid` above `height`, whose event has the hash `head`. `note` is the signed text.
    """

    uuid: str
    tracker: str
    credential: str
    height: int
    head: str
    note: str


def credential_hash(public_key: str) -> str:
    """Return how lists and promises name a public credential: the SHA-256 of its text, in hexadecimal."""
    return hashlib.sha256(public_key.encode()).hexdigest()


def make_promise(
    instance: "Instance", session: "Session", *, uuid: str, tracker: str, credential: str, height: int, head: str
) -> Promise:
    """Return the promise, signed now; the same for the same ballot. Raises `CheckFailed` when the key is not there."""
    text = "\n".join((FIRST_LINE, uuid, tracker, credential, f"{height} {head}", ""))
    note = sign_note(text, [current_signer(session, instance.folder)])
    return Promise(uuid=uuid, tracker=tracker, credential=credential, height=height, head=head, note=note)


def read_promise(note: str, verifiers: list[Verifier]) -> Promise:
    """Return what a promise says, once one of these keys signed it. Raises `CheckFailed` for anything else."""
    lines = open_note(note, verifiers).text.splitlines()
    if len(lines) != 5 or lines[0] != FIRST_LINE or len(at := lines[4].split(" ")) != 2 or not at[0].isdecimal():
        raise CheckFailed("This is a note of another kind: a promise about a ballot was expected.")
    _first, uuid, tracker, credential, _at = lines
    return Promise(uuid=uuid, tracker=tracker, credential=credential, height=int(at[0]), head=at[1], note=note)
