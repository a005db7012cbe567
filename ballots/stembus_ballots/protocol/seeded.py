"""Random numbers that follow from a seed: whoever has the seed makes the same ballot again, and can see what is in it.

The booth draws every number of a ballot in this way, so that a checker on another device can hold the booth to what it
said that it would cast. The signature is not drawn from the seed. Source: docs/protocol.md, "The ballot of the booth".
"""

import hmac
from itertools import count

from stembus_ballots.protocol.group import RandomBelow

SEED_BYTES = 32
_BLOCK_BITS = 256


def seeded(seed: bytes) -> RandomBelow:
    """The random source of a seed. Each number that it gives is as likely as any other below the same bound.

    Number n is made of the first bits of HMAC-SHA256(seed, "stembus-scalar|n|attempt|block"), block 0, 1 and so on: as
    many as the bound has. An attempt that is not below the bound is thrown away, and the next one taken.
    """
    place = count()

    def below(bound: int) -> int:
        number, bits = next(place), int(bound).bit_length()
        blocks = -(-bits // _BLOCK_BITS)
        for attempt in count():
            drawn = b"".join(
                hmac.digest(seed, f"stembus-scalar|{number}|{attempt}|{block}".encode(), "sha256")
                for block in range(blocks)
            )
            found = int.from_bytes(drawn, "big") >> (blocks * _BLOCK_BITS - bits)
            if found < bound:
                return found
        raise AssertionError  # pragma: no cover - counting never ends

    return below
