"""Taking away what is over. Whoever signs in sweeps, so that no job has to run for it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlmodel import col

from stembus.access.retention_classes import LIMIT_DAYS, SIGN_IN_DAYS
from stembus.access.tables import AccessChallenge, AccessCode, AccessLimit, AccessLink, AccessSession

if TYPE_CHECKING:
    from stembus.instance import Transaction


def sweep(transaction: "Transaction") -> None:
    """Delete what was over for longer than its retention class keeps it."""
    old = transaction.now - timedelta(days=SIGN_IN_DAYS)
    for ended_before in (
        delete(AccessSession).where(col(AccessSession.expires_at) < old),
        delete(AccessLink).where(col(AccessLink.code_expires_at) < old),
        delete(AccessCode).where(col(AccessCode.expires_at) < old),
        delete(AccessChallenge).where(col(AccessChallenge.expires_at) < transaction.now),
        delete(AccessLimit).where(col(AccessLimit.expires_at) < transaction.now - timedelta(days=LIMIT_DAYS)),
    ):
        transaction.session.execute(ended_before)
