"""Approval: each ballot names the candidates it approves of, and the most approved are elected.

Block voting (each ballot chooses at most as many candidates as there are seats) is counted by the same sums.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from msgspec import Struct

from stembus_ballots.border import fill_seats
from stembus_ballots.errors import BallotFileError, CountError
from stembus_ballots.grouped_rows import Row, grouped_rows, whole_number
from stembus_ballots.lots import NO_LOTS, Lots, check_lots
from stembus_ballots.record import LotDrawn
from stembus_ballots.sums import Sums, add_up
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

    @property
    def approving_nobody(self) -> int:
        """How many of them approve of nobody."""
        return sum(group.count for group in self.groups if not group.approved)


class YesThreshold(Struct, frozen=True):
    """Only who is approved by at least (`strict`: more than) `fraction` of the valid ballots can be elected."""

    fraction: Fraction
    strict: bool

    def __post_init__(self) -> None:
        check_fraction(self.fraction, strict=self.strict, where="Yes-threshold")


class ApprovalRecord(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole count. `approvals`: for each candidate, 0 for the withdrawn. `elected`: most approvals first.

    `base` are the ballots that the threshold is a share of, `needed` the approvals that it asks for, None without one;
    `below`: candidates who did not reach it. `border`: who shared the last seats; `lots`: the draws among them.
    """

    method: Literal["approval", "block"]
    title: str
    candidates: tuple[str, ...]
    withdrawn: tuple[int, ...]
    seats: int
    valid: int
    blank: int
    invalid: int
    approvals: tuple[int, ...]
    fraction: str | None
    strict: bool
    base: int
    needed: int | None
    below: tuple[int, ...]
    elected: tuple[int, ...]
    border: tuple[int, ...]
    lots: tuple[LotDrawn, ...]
    lot_order: tuple[int, ...] | None = None

    @property
    def vacant(self) -> int:
        """The seats that nobody could fill."""
        return self.seats - len(self.elected)


def count_approval(
    profile: ApprovalProfile,
    seats: int,
    *,
    threshold: YesThreshold | None = None,
    lots: Lots = NO_LOTS,
    withdrawn: Collection[int] = (),
) -> ApprovalRecord:
    """Elect the most approved, as `count_sums` does with the sums of these ballots."""
    size = len(profile.candidates)
    ballots = (([0 if c in approved else None for c in range(size)], count) for approved, count in profile.groups)
    sums = add_up(ballots, candidates=size, answers=1)
    return count_sums(
        profile.title, profile.candidates, sums, seats, threshold=threshold, lots=lots, withdrawn=withdrawn
    )


def count_sums(
    title: str,
    candidates: Sequence[str],
    sums: Sums,
    seats: int,
    *,
    method: Literal["approval", "block"] = "approval",
    threshold: YesThreshold | None = None,
    blank_in_base: bool = False,
    lots: Lots = NO_LOTS,
    withdrawn: Collection[int] = (),
) -> ApprovalRecord:
    """Elect the most approved; equal at the border: a lot among the border group only. `sums` has one answer a row.

    The threshold is applied before the ranking, to the valid ballots (and, with `blank_in_base`, the blank ones); a
    ballot stays valid when all whom it approves of have withdrawn. Raises NeedsLot, and CountError for no valid
    ballots or more seats than candidates.
    """
    check_lots(lots, len(candidates))
    standing = [c for c in range(len(candidates)) if c not in withdrawn]
    if not sums.valid:
        raise CountError(f"{title}: there are no ballots, so there is nothing to count.")
    if not 1 <= seats <= len(standing):
        raise CountError(f"{seats} seats for {len(standing)} candidates: give from 1 to {len(standing)} seats.")
    if [len(row) for row in sums.rows] != [1] * len(candidates):
        raise CountError(f"{title}: the sums are not one number for each of {len(candidates)} candidates.")
    approvals = tuple(0 if c in withdrawn else row[0] for c, row in enumerate(sums.rows))
    base = sums.valid + (sums.blank if blank_in_base else 0)
    needed = smallest_passing(threshold.fraction, base, strict=threshold.strict) if threshold else None
    able = {c: approvals[c] for c in standing if approvals[c] >= (needed or 0)}
    filled = fill_seats(able, seats, lots, candidates)
    return ApprovalRecord(
        method=method,
        title=title,
        candidates=tuple(candidates),
        withdrawn=tuple(sorted(withdrawn)),
        seats=seats,
        valid=sums.valid,
        blank=sums.blank,
        invalid=sums.invalid,
        approvals=approvals,
        fraction=str(threshold.fraction) if threshold else None,
        strict=bool(threshold and threshold.strict),
        base=base,
        needed=needed,
        below=tuple(c for c in standing if c not in able),
        elected=filled.elected,
        border=filled.border,
        lots=filled.lots,
        lot_order=lots.order,
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
