"""The code that a booth is held to: it says what it will cast, before it knows whether it has to show how it was made.

It follows from the hash that the signature of a ballot signs. So it can be compared with a ballot that was made again
from an opening, and with the one on the board. Source: docs/protocol.md, "The ballot of the booth".
"""

import base64
import hashlib

from stembus_ballots.protocol.ballot import BallotRecord, UnsignedBallot
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.typed_credential import with_check

CHARACTERS = 28
"""Those that carry the first 140 bits of the hash; two characters of check come after them."""
_BITS = 5


def commitment_to(unsigned: UnsignedBallot) -> str:
    """The code of a ballot that was not signed yet: 30 characters."""
    return _code(hashlib.sha256(text_of(unsigned)).digest())


def commitment_on_board(ballot: bytes | memoryview) -> str:
    """The code of a ballot on the board. Raises ProtocolError(ballot.form) where it is no ballot."""
    record = read_canonical(ballot, BallotRecord, "ballot.form", "The ballot")
    return _code(base64.b64decode(f"{record.signature.hash}="))


def _code(digest: bytes) -> str:
    bits = int.from_bytes(digest, "big") >> (len(digest) * 8 - CHARACTERS * _BITS)
    return with_check([bits >> _BITS * place & 31 for place in reversed(range(CHARACTERS))])
