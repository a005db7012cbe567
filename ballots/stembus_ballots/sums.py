"""Ballots of which only the sums are known: what each candidate got, and how many ballots there were.

Ballots that are added up while encrypted never say more than this. Papers that are read one by one are added up to the
same numbers, so that a count cannot depend on how people voted.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from stembus_ballots.errors import CountError


class Sums(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`rows` has one row for each candidate: how many ballots gave each of the answers that a ballot has for one.

    Where candidates are chosen or not, a row is one number: how often the candidate was chosen. `valid` ballots are in
    the rows; `blank` and `invalid` ones are not.
    """

    rows: tuple[tuple[int, ...], ...]
    valid: int
    blank: int
    invalid: int

    def __post_init__(self) -> None:
        for number in (self.valid, self.blank, self.invalid, *(cell for row in self.rows for cell in row)):
            if number < 0:
                raise CountError(f"{number} ballots: a sum cannot be below 0.")
        for place, row in enumerate(self.rows, 1):
            if sum(row) > self.valid:
                raise CountError(f"Candidate {place} was given {sum(row)} answers by {self.valid} valid ballots.")

    @property
    def ballots(self) -> int:
        """All ballots."""
        return self.valid + self.blank + self.invalid


def add_up(
    ballots: Iterable[tuple[Sequence[int | None], int]],
    *,
    candidates: int,
    answers: int,
    blank: int = 0,
    invalid: int = 0,
) -> Sums:
    """Return the sums of valid ballots, each given with how many are the same.

    A ballot has for every candidate the answer that it gives (from 0 to below `answers`), None for no answer.
    """
    rows, valid = [[0] * answers for _ in range(candidates)], 0
    for ballot, count in ballots:
        valid += count
        for row, answer in zip(rows, ballot, strict=True):
            if answer is not None:
                row[answer] += count
    return Sums(rows=tuple(map(tuple, rows)), valid=valid, blank=blank, invalid=invalid)
