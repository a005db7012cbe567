"""Questions that one browser answers once: what a passkey signs, and what comes back from an identity provider."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlmodel import col

from stembus.access.rows import changed
from stembus.access.tables import AccessChallenge
from stembus.access.tokens import fingerprint, new_token

if TYPE_CHECKING:
    from stembus.instance import Transaction


def ask(
    transaction: "Transaction",
    purpose: str,
    holder: str,
    *,
    life: timedelta,
    member_id: str | None = None,
    handle: str = "",
) -> str:
    """Keep a new question for one browser or session (`holder`), and return it."""
    question = new_token()
    transaction.session.add(
        AccessChallenge(
            id=fingerprint("challenge", question),
            purpose=purpose,
            holder_hash=fingerprint("holder", holder),
            member_id=member_id,
            user_handle=handle,
            expires_at=transaction.now + life,
        )
    )
    transaction.session.flush()
    return question


def take(transaction: "Transaction", purpose: str, holder: str, question: str) -> AccessChallenge | None:
    """Take a question away, and return it where this holder may answer it; of two answers to one, one finds it."""
    row = transaction.session.get(AccessChallenge, fingerprint("challenge", question)) if question else None
    if row is None:
        return None
    transaction.session.expunge(row)
    taken = changed(transaction.session, delete(AccessChallenge).where(col(AccessChallenge.id) == row.id))
    is_its = row.purpose == purpose and row.holder_hash == fingerprint("holder", holder)
    return row if taken == 1 and is_its and row.expires_at > transaction.now else None
