"""Holding two typings against each other: what differs, what is doubtful, what has been ruled, what is still open."""

from collections.abc import Collection, Mapping
from typing import Literal

from msgspec import Struct

State = Literal["agreed", "differs", "doubtful", "missing"]


class PaperRead(Struct, frozen=True):
    """One paper as two people read it, in their words; a side is None where it was not typed yet.

    `unclear` says that both read the same marks, and that the policy has no rule for them.
    """

    paper: int
    first: str | None
    second: str | None
    unclear: bool = False
    ruled: bool = False

    @property
    def state(self) -> State:
        """How the two readings stand to each other."""
        if self.first is None or self.second is None:
            return "missing"
        if self.unclear or self.first.startswith("?") or self.second.startswith("?"):
            return "doubtful"
        return "agreed" if self.first == self.second else "differs"


class Comparison(Struct, frozen=True):
    """Two typings of `papers` papers. `attention` are those that do not simply agree, in order of number."""

    papers: int
    first_typed: int
    second_typed: int
    attention: tuple[PaperRead, ...] = ()

    @property
    def is_typed(self) -> bool:
        """Whether both typed everything."""
        return self.first_typed == self.second_typed == self.papers

    @property
    def differences(self) -> tuple[PaperRead, ...]:
        """Papers that both typed, and that differ or are doubtful."""
        return tuple(paper for paper in self.attention if paper.state != "missing")

    @property
    def to_rule(self) -> tuple[PaperRead, ...]:
        """Those of them on which the stembureau has not ruled."""
        return tuple(paper for paper in self.differences if not paper.ruled)

    @property
    def is_settled(self) -> bool:
        """Whether the papers can be counted: all typed twice, nothing left to rule on."""
        return self.is_typed and not self.to_rule


def compare(
    papers: Collection[int],
    first: Mapping[int, str],
    second: Mapping[int, str],
    *,
    unclear: Collection[int] = (),
    ruled: Collection[int] = (),
) -> Comparison:
    """Compare two typings (marks by paper number) of `papers`.

    `unclear` are papers whose marks the policy cannot read, `ruled` those that were ruled on.
    """
    read = (
        PaperRead(number, first.get(number), second.get(number), number in unclear, number in ruled)
        for number in sorted(papers)
    )
    return Comparison(
        papers=len(papers),
        first_typed=len(first),
        second_typed=len(second),
        attention=tuple(paper for paper in read if paper.state != "agreed"),
    )
