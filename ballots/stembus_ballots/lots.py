"""Lots that anyone can draw again: one published order of all candidates, or lots that people drew.

Drawn first means excluded first and transferred first. Where a rule elects from a tie, it means elected.
"""

import hashlib
from collections.abc import Sequence

from msgspec import Struct

from stembus_ballots.errors import CountError

LotOrder = tuple[int, ...]
"""All candidates (from 0) in the order in which they were drawn."""


class NeedsLot(CountError):  # noqa: N818 - a question to people, not a mistake of anyone
    """The count stops here until a lot is drawn among `tied` for the purpose `why`."""

    def __init__(self, tied: Sequence[int], why: str, names: Sequence[str] = ()) -> None:
        self.tied = tuple(sorted(tied))
        self.why = why
        who = ", ".join(f"{c} ({names[c]})" if names else str(c) for c in self.tied)
        super().__init__(
            f"A lot is needed ({why}) among the candidates {who}: "
            "give a lot order of all candidates, or enter the lot that was drawn among these."
        )


class DecidedLot(Struct, frozen=True, forbid_unknown_fields=True):
    """A lot that people drew when the count asked: among `tied`, for the purpose `why`, `drawn` came first."""

    tied: tuple[int, ...]
    drawn: int
    why: str


class Lots(Struct, frozen=True, forbid_unknown_fields=True):
    """The lots a count may use. A decided lot goes before the order; with neither, a tie stops the count."""

    order: LotOrder | None = None
    decided: tuple[DecidedLot, ...] = ()

    def draw(self, tied: Sequence[int], why: str, names: Sequence[str] = ()) -> int:
        """The candidate drawn first among the tied.

        Raises NeedsLot where no decided lot names exactly these candidates for this purpose and there is no
        order. `why` is the purpose, in the words the count's rule uses ("exclude", "surplus", ...).
        """
        asked = frozenset(tied)
        for lot in self.decided:
            if frozenset(lot.tied) == asked and lot.why == why:
                return lot.drawn
        if self.order is None:
            raise NeedsLot(tied, why, names)
        return next(candidate for candidate in self.order if candidate in asked)


NO_LOTS = Lots()


def check_lots(lots: Lots, candidates: int) -> None:
    """Raises CountError unless the order has each candidate once and each decided lot one of its tied."""
    if lots.order is not None and sorted(lots.order) != list(range(candidates)):
        raise CountError(
            f"The lot order {list(lots.order)} must name each of the {candidates} candidates once, from 0 to "
            f"{candidates - 1}."
        )
    for lot in lots.decided:
        if lot.drawn not in lot.tied or not all(0 <= c < candidates for c in lot.tied):
            raise CountError(
                f"The lot among {sorted(lot.tied)} ({lot.why}) drew {lot.drawn}: it must draw one of "
                f"the tied, who are candidates from 0 to {candidates - 1}."
            )


def order_from_seed(seed: str, election_id: str, candidate_ids: Sequence[str]) -> LotOrder:
    """The lot order of a public seed: candidates sorted by SHA-256(seed LF election id LF candidate id).

    All text as UTF-8; LF is one line feed. Publish before the close how the seed will come about (for
    instance the numbers of a named lottery draw), so that nobody can choose it. Raises CountError where a
    text holds a line feed or two candidates have the same id: the order would then not be fixed by the seed.
    """
    texts = [seed, election_id, *candidate_ids]
    if any("\n" in text for text in texts):
        raise CountError("Seed, election id and candidate ids may not contain a line break: leave it out.")
    if len(set(candidate_ids)) != len(candidate_ids):
        twice = next(name for place, name in enumerate(candidate_ids) if name in candidate_ids[:place])
        raise CountError(f"Two candidates are called “{twice}”: give each an id of its own for the lot order.")

    def digest(candidate: int) -> bytes:
        return hashlib.sha256(f"{seed}\n{election_id}\n{candidate_ids[candidate]}".encode()).digest()

    return tuple(sorted(range(len(candidate_ids)), key=digest))
