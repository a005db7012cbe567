"""Electing all candidates together or nobody: by one vote for or against the whole of them, or without a vote.

A party can rule so where there are no more candidates than seats: nobody has a choice between persons then.
"""

from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from stembus_ballots.decision import Base, DecisionRule, Outcome, Votes, decide
from stembus_ballots.errors import CountError
from stembus_ballots.quorum import Attendance


class QuorumReached(Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of a quorum: `counted` of `whole` took part; `needed` had to."""

    met: bool
    counted: int
    whole: int
    needed: int


class WholeVote(Struct, frozen=True, forbid_unknown_fields=True):
    """The vote on the whole: the papers, who took part, and what they decide under the rule.

    `counted`, `needed` and `outcome` are those of a `Decision`; `fraction` is written "1/2", with `strict` for more
    than that of the `base`.
    """

    votes: Votes
    attendance: Attendance
    base: Base
    fraction: str
    strict: bool
    outcome: Outcome
    counted: int
    needed: int
    quorum: QuorumReached | None


class WholeRecord(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is elected together, in the order of the paper, and by which vote (None: without one).

    Candidates are places on the paper, from 0; `withdrawn` are those who are passed over.
    """

    method: Literal["vote_on_whole", "elected_unopposed"]
    title: str
    candidates: tuple[str, ...]
    withdrawn: tuple[int, ...]
    seats: int
    elected: tuple[int, ...]
    vote: WholeVote | None = None

    @property
    def valid(self) -> int:
        """The papers for or against."""
        return self.vote.votes.yes + self.vote.votes.no if self.vote else 0

    @property
    def blank(self) -> int:
        """The blank papers."""
        return self.vote.votes.blank if self.vote else 0

    @property
    def invalid(self) -> int:
        """The invalid papers."""
        return self.vote.votes.invalid if self.vote else 0


def elect_unopposed(
    title: str, candidates: Sequence[str], seats: int, *, withdrawn: Collection[int] = ()
) -> WholeRecord:
    """Elect everybody who stands without a vote. Raises CountError where there are more of them than seats."""
    standing = tuple(place for place in range(len(candidates)) if place not in withdrawn)
    if len(standing) > seats:
        raise CountError(
            f"{title}: {len(standing)} candidates stand for {seats} seats, so they cannot all be elected; "
            "only ballots can choose between them."
        )
    return WholeRecord(
        method="elected_unopposed",
        title=title,
        candidates=tuple(candidates),
        withdrawn=tuple(sorted(withdrawn)),
        seats=seats,
        elected=standing,
    )


def vote_on_whole(everybody: WholeRecord, rule: DecisionRule, votes: Votes, attendance: Attendance) -> WholeRecord:
    """Elect those of `everybody` together when the votes adopt it under the rule; else nobody.

    Raises CountError as `decide` does, where the numbers cannot be true.
    """
    decision = decide(rule, votes, attendance)
    reached = decision.quorum
    vote = WholeVote(
        votes=votes,
        attendance=attendance,
        base=rule.base,
        fraction=str(rule.fraction),
        strict=rule.strict,
        outcome=decision.outcome,
        counted=decision.counted,
        needed=decision.needed,
        quorum=QuorumReached(reached.met, reached.counted, reached.whole, reached.needed) if reached else None,
    )
    return WholeRecord(
        method="vote_on_whole",
        title=everybody.title,
        candidates=everybody.candidates,
        withdrawn=everybody.withdrawn,
        seats=everybody.seats,
        elected=everybody.elected if decision.outcome == "adopted" else (),
        vote=vote,
    )
