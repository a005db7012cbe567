"""Approval: each ballot names the candidates it approves of, and the most approved are elected."""

from collections import Counter
from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from msgspec import Struct

from stembus_ballots.border import fill_seats
from stembus_ballots.errors import BallotFileError, CountError
from stembus_ballots.grouped_rows import Row, grouped_rows, whole_number
from stembus_ballots.lots import NO_LOTS, Lots, check_lots
from stembus_ballots.record import LotDrawn
from stembus_ballots.threshold import check_fraction, smallest_passing

MOST_CANDIDATES = 10_000
"""Numbers above this are taken for a slip of the pen: the shape has no list of candidates to hold them against."""


class ApprovalGroup(NamedTuple):
    """Ballots that approve of the same candidates (from 0, in rising order, maybe nobody); `count` of them."""

    approved: tuple[int, ...]
    count: int  # type: ignore[assignment]  # the tuple method of this name is of no use here


class ApprovalProfile(Struct, frozen=True):
    """Approval ballots, grouped. A ballot that approves of nobody is valid: it says no to each candidate.

    Where the statutes call an empty paper blank, intake leaves it out of here.
    """

    title: str
    candidates: tuple[str, ...]
    groups: tuple[ApprovalGroup, ...]

    @property
    def valid(self) -> int:
        """How many ballots there are, those that approve of nobody included."""
        return sum(group.count for group in self.groups)


class YesThreshold(Struct, frozen=True):
    """Only who is approved by at least (`strict`: more than) `fraction` of the valid ballots can be elected."""

    fraction: Fraction
    strict: bool

    def __post_init__(self) -> None:
        check_fraction(self.fraction, strict=self.strict, where="Yes-threshold")


class ApprovalRecord(Struct, frozen=True):
    """The whole count. `approvals`: for each candidate, 0 for the withdrawn. `elected`: most approvals first.

    `needed`: the approvals that the threshold asks for, None without one; `below`: candidates who did not reach
    it. `border`: who shared the last seats; `lots`: the draws among them. `vacant` seats nobody could fill.
    """

    seats: int
    valid: int
    approving_nobody: int
    approvals: tuple[int, ...]
    needed: int | None
    below: tuple[int, ...]
    elected: tuple[int, ...]
    border: tuple[int, ...]
    lots: tuple[LotDrawn, ...]
    vacant: int


def count_approval(
    profile: ApprovalProfile,
    seats: int,
    *,
    threshold: YesThreshold | None = None,
    lots: Lots = NO_LOTS,
    withdrawn: Collection[int] = (),
) -> ApprovalRecord:
    """Elects the most approved; equal at the border: a lot among the border group only.

    The threshold is applied before the ranking, to the valid ballots; a ballot stays valid when all whom it
    approves of have withdrawn. Raises NeedsLot, and CountError for no ballots or more seats than candidates.
    """
    names = profile.candidates
    check_lots(lots, len(names))
    standing = [c for c in range(len(names)) if c not in withdrawn]
    if not profile.groups:
        raise CountError(f"{profile.title}: there are no ballots, so there is nothing to count.")
    if not 1 <= seats <= len(standing):
        raise CountError(f"{seats} seats for {len(standing)} candidates: give from 1 to {len(standing)} seats.")
    points = [0] * len(names)
    for approved, count in profile.groups:
        for candidate in approved:
            points[candidate] += count
    approvals = tuple(0 if c in withdrawn else points[c] for c in range(len(names)))
    needed = smallest_passing(threshold.fraction, profile.valid, strict=threshold.strict) if threshold else None
    able = {c: approvals[c] for c in standing if approvals[c] >= (needed or 0)}
    filled = fill_seats(able, seats, lots, names)
    return ApprovalRecord(
        seats=seats,
        valid=profile.valid,
        approving_nobody=sum(group.count for group in profile.groups if not group.approved),
        approvals=approvals,
        needed=needed,
        below=tuple(c for c in standing if c not in able),
        elected=filled.elected,
        border=filled.border,
        lots=filled.lots,
        vacant=seats - len(filled.elected),
    )


def read_approval(text: str, title: str, file: str) -> ApprovalProfile:
    """Ballots in the shape `approval`: `count,approved`, the numbers of the approved separated by spaces.

    Numbers count from 1; there are as many candidates as the highest number, called by their numbers, since
    the shape has no names. An empty second cell approves of nobody. Raises BallotFileError with file and line.
    """
    header, rows = grouped_rows(text, file)
    if not header or not header[0].lower().startswith("approved"):
        raise BallotFileError(f"{file}, line 1: the second column must be called approved; correct the headings.")
    counts: Counter[tuple[int, ...]] = Counter()
    for row in rows:
        counts[approved_in(row)] += row.ballots
    highest = max((approved[-1] for approved in counts if approved), default=-1)
    if highest < 0:
        raise BallotFileError(f"{file}: no ballot approves of anybody, so the number of candidates is unknown.")
    return ApprovalProfile(
        title=title,
        candidates=tuple(f"Candidate {number}" for number in range(1, highest + 2)),
        groups=tuple(ApprovalGroup(approved, counts[approved]) for approved in sorted(counts)),
    )


def approved_in(row: Row) -> tuple[int, ...]:
    """The candidates (from 0) that one row approves of."""
    if any(row.cells[1:]):
        raise BallotFileError(f"{row.where}: there is a third column; separate the approved numbers by spaces.")
    numbers = [whole_number(part, row.where, "an approved number") for part in (row.cells or ("",))[0].split()]
    for place, number in enumerate(numbers):
        if number > MOST_CANDIDATES:
            raise BallotFileError(f"{row.where}: candidate {number} is beyond {MOST_CANDIDATES}; correct the number.")
        if number in numbers[:place]:
            raise BallotFileError(f"{row.where}: candidate {number} is approved twice; name each once.")
    return tuple(sorted(number - 1 for number in numbers))
