"""Limits on trying: a few tries are free, then each next one has to wait longer."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from stembus.access.tables import AccessLimit
from stembus.access.tokens import fingerprint
from stembus.errors import Refused
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Transaction

WINDOW = timedelta(hours=1)
"""After this the count begins anew."""


class Limit(NamedTuple):
    """`free` tries an hour go on at once; then each waits, twice as long as the one before, `longest` at most."""

    name: str
    free: int
    wait: timedelta
    longest: timedelta


ASKED_FOR_MAILBOX = Limit("link for a mailbox", 5, timedelta(minutes=1), timedelta(minutes=15))
"""Mails to one address: enough for who deletes the first two, too few to fill a mailbox."""
CODE_IN_BROWSER = Limit("code in a browser", 5, timedelta(seconds=30), timedelta(minutes=15))
"""Codes from paper that were wrong, for one browser."""
PASSKEY_ITSELF = Limit("passkey", 5, timedelta(seconds=30), timedelta(minutes=15))
"""Answers of one passkey that were wrong."""
FROM_ADDRESS = Limit("network address", 1000, timedelta(minutes=1), timedelta(minutes=1))
"""Everything from one network address. A hall of members shares one, so this is loose: 1000 an hour."""


def take(transaction: "Transaction", limit: Limit, key: str) -> datetime | None:
    """Count a try under `key`; return None when it may go on, else the moment until which it has to wait.

    Two tries at the same moment are counted as two. What waits is not counted. The row holds a digest of the key, and
    is counted for keys that belong to nobody as well, so that neither time nor answer tells which those are.
    """
    now, key_hash = transaction.now, fingerprint(limit.name, key)
    table = AccessLimit.__table__  # type: ignore[attr-defined]
    insert = (postgresql if transaction.session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)
    fresh = {"tries": 1, "since": now, "until": None, "expires_at": now + WINDOW}
    old = or_(table.c.expires_at <= now)
    waits = table.c.until > now
    statement = insert.values(key_hash=key_hash, **fresh).on_conflict_do_update(
        index_elements=["key_hash"],
        set_={
            "tries": case((waits, table.c.tries), (old, 1), else_=table.c.tries + 1),
            "since": case((waits, table.c.since), (old, now), else_=table.c.since),
            "expires_at": case((waits, table.c.expires_at), (old, now + WINDOW), else_=table.c.expires_at),
        },
    )
    transaction.session.execute(statement)
    row = transaction.session.get(AccessLimit, key_hash, populate_existing=True)
    assert row is not None  # noqa: S101 - it was written just now
    if row.until is not None and row.until > now:
        return row.until
    row.until = now + _wait(limit, row.tries) if row.tries >= limit.free else None
    row.expires_at = max(row.expires_at, row.until or now)
    transaction.session.add(row)
    transaction.session.flush()
    return None


def forget(transaction: "Transaction", limit: Limit, key: str) -> None:
    """Begin the count of `key` anew: it was the right person after all."""
    transaction.session.execute(delete(AccessLimit).where(col(AccessLimit.key_hash) == fingerprint(limit.name, key)))


def too_often(until: datetime) -> Refused:
    """Return what is said to who has to wait."""
    return Refused(N_("There were too many tries. Try again after {until}, or call the office."), until=until)


def _wait(limit: Limit, tries: int) -> timedelta:
    doubled = min(tries - limit.free, 20)
    return min(limit.wait * 2**doubled, limit.longest)
