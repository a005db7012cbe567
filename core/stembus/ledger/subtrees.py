"""The subtrees that lie below a range of leaves, as large as they are kept: what a proof is made of."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from stembus.errors import CheckFailed
from stembus.ledger.merkle import TALL, Subtree
from stembus.ledger.tables import LedgerHash, LedgerSubtree


def subtrees_between(session: Session, start: int, end: int) -> Iterator[Subtree]:
    """Return the subtrees over the leaves from `start` up to but not including `end`, the largest first.

    At most 255 of each size but the largest, whatever the log holds. Raises `CheckFailed` when one is not there.
    """
    tallest = ((end - start).bit_length() - 1) // TALL * TALL
    for height in range(tallest, -1, -TALL):
        first, last = start >> height, end >> height
        if first < last:
            hashes = _hashes(session, height, first, last)
            if len(hashes) < last - first:
                raise CheckFailed("A hash that this proof needs is not there: run `stembus ledger verify`.")
            yield from (Subtree(height, first + i, one) for i, one in enumerate(hashes))
            start = last << height


def _hashes(session: Session, height: int, first: int, last: int) -> Sequence[bytes]:
    if height == 0:
        leaves = select(LedgerHash.hash).where(col(LedgerHash.position) >= first, col(LedgerHash.position) < last)
        return session.exec(leaves.order_by(col(LedgerHash.position))).all()
    tall = select(LedgerSubtree.hash).where(
        LedgerSubtree.height == height, col(LedgerSubtree.place) >= first, col(LedgerSubtree.place) < last
    )
    return session.exec(tall.order_by(col(LedgerSubtree.place))).all()
