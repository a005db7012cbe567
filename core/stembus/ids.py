"""Identifiers made by the application: UUID version 7, so rows of one time lie together in an index."""

import os
import uuid
from datetime import datetime


def new_id(now: datetime) -> str:
    """Return a new UUIDv7 (RFC 9562, section 5.7) as 36 characters, for the moment `now` (aware).

    The order of ids says nothing about the order of acts: only the ledger does.
    """
    milliseconds = int(now.timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80 | random & ((1 << 80) - 1)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=value))
