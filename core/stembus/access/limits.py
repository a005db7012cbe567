"""Slowing down who guesses: how often something may be tried under one name before it has to wait, each time longer.

What is counted is a name such as an address, or a browser's way in, and the row holds only its fingerprint. A name that
nobody has is counted just as one that somebody has. Each try is counted in a transaction of its own, so that a refusal
does not undo it.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from stembus.access.tables import AccessLimit
from stembus.access.tokens import fingerprint
from stembus.errors import Refused
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """`tries` in `window` are free; each one more has to wait `first_wait`, and twice as long as the one before."""

    name: str
    tries: int
    window: timedelta
    first_wait: timedelta
    longest: timedelta = timedelta(hours=1)


LINK_TO_ADDRESS = Limit(name="link to", tries=4, window=timedelta(hours=1), first_wait=timedelta(minutes=5))
"""Mails with a link to one address: more would let a stranger fill somebody's mailbox."""
LINK_FROM_PLACE = Limit(
    name="link from",
    tries=600,
    window=timedelta(minutes=10),
    first_wait=timedelta(minutes=1),
    longest=timedelta(minutes=5),
)
"""Mails asked from one network: a hall with a thousand members is on one, and they come in together.

It keeps one machine from filling the table. What protects a member is counted by address, and what protects a code is
its length and its own tries.
"""
CODE_FROM_PLACE = Limit(
    name="code from",
    tries=600,
    window=timedelta(minutes=10),
    first_wait=timedelta(minutes=1),
    longest=timedelta(minutes=5),
)
"""Codes typed, and questions for a passkey or a provider, from one network: the same holds."""


def attempt(instance: "Instance", limit: Limit, who: str) -> None:
    """Count one try of `who`. Raises `Refused` with the moment from which it can be tried again.

    Of tries at the same moment each is counted: the row is written before it is read.
    """
    with instance.write() as transaction:
        until = _counted(transaction, limit, who)
    if until is not None:
        raise Refused(
            N_("This was tried too often. For your safety you wait until {clock}. You can also call the office."),
            clock=f"{until.astimezone(instance.zone):%H:%M}",
        )


def waits_until(session: Session, limit: Limit, who: str, now: datetime) -> datetime | None:
    """Return until when `who` has to wait, None when they may try. It counts no try."""
    row = session.get(AccessLimit, _key(limit, who))
    return row.until if row is not None and row.until is not None and now < row.until else None


def count_try(transaction: "Transaction", limit: Limit, who: str) -> datetime | None:
    """Count a try that failed; return until when the next one has to wait, None when it may come at once."""
    return _counted(transaction, limit, who)


def forget(transaction: "Transaction", limit: Limit, who: str) -> None:
    """Let the next try of `who` be the first again: it was them."""
    transaction.session.execute(delete(AccessLimit).where(col(AccessLimit.key_hash) == _key(limit, who)))


def _counted(transaction: "Transaction", limit: Limit, who: str) -> datetime | None:
    """Count a try, and return until when it has to wait, or None when it may go on."""
    session, now = transaction.session, transaction.now
    key = _key(limit, who)
    insert = sqlite.insert if transaction.instance.database.is_sqlite else postgresql.insert
    session.execute(
        insert(AccessLimit)
        .values(key_hash=key, tries=0, since=now, expires_at=now + limit.window)
        .on_conflict_do_nothing()
    )
    row = session.get_one(AccessLimit, key, with_for_update=True)
    if row.until is not None and now < row.until:
        return row.until
    if now >= row.expires_at:
        row.tries, row.since, row.until = 0, now, None
    row.tries += 1
    over = row.tries - limit.tries
    if over > 0:
        row.until = now + min(limit.first_wait * 2 ** min(over - 1, 20), limit.longest)
    row.expires_at = max(now + limit.window, row.until or now)
    session.add(row)
    return row.until if over > 0 else None


def _key(limit: Limit, who: str) -> str:
    return fingerprint(f"limit {limit.name}", who)
