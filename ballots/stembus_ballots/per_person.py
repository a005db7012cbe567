"""Persons voted on one by one, with yes and no: each who passes the threshold can be elected."""

from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from stembus_ballots.border import fill_seats
from stembus_ballots.decision import Base, Decision, DecisionRule, Outcome, Votes, decide
from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, Lots, check_lots
from stembus_ballots.quorum import Attendance
from stembus_ballots.record import LotDrawn
from stembus_ballots.whole import QuorumReached


class PersonVerdict(Struct, frozen=True, forbid_unknown_fields=True):
    """What the votes on one person come to: `outcome` is adopted when the person passes the threshold.

    `counted` is the size of the rule's base, `needed` the fewest yes votes that pass with it.
    """

    candidate: int
    votes: Votes
    outcome: Outcome
    counted: int
    needed: int


class PerPersonRecord(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All verdicts, in order of the ballot paper, and who gets the seats. Candidates are places on the paper, from 0.

    `withdrawn` are passed over: there is no verdict on them. `valid` are the ballots that say something on each
    person, which can be blank; `invalid` say nothing on anybody. No ballot as a whole is blank: on how many persons
    one ballot was blank cannot be seen where ballots are added up while encrypted.

    `passed`: who passes the threshold. `elected`: these, or where they are more than the seats, those with the
    most yes votes, highest first. `border`: who shared the last seats; `lots`: the draws among them. `fraction` is
    written "1/2", with `strict` for more than that of the `base`.
    """

    method: Literal["yes_no_per_person"] = "yes_no_per_person"
    title: str
    candidates: tuple[str, ...]
    withdrawn: tuple[int, ...]
    seats: int
    valid: int
    blank: Literal[0] = 0
    invalid: int
    attendance: Attendance
    base: Base
    fraction: str
    strict: bool
    quorum: QuorumReached | None
    verdicts: tuple[PersonVerdict, ...]
    passed: tuple[int, ...]
    elected: tuple[int, ...]
    border: tuple[int, ...]
    lots: tuple[LotDrawn, ...]
    lot_order: tuple[int, ...] | None = None

    @property
    def vacant(self) -> int:
        """The seats for which nobody passed."""
        return self.seats - len(self.elected)


def count_per_person(
    title: str,
    candidates: Sequence[str],
    votes: Sequence[Votes],
    *,
    seats: int,
    rule: DecisionRule,
    attendance: Attendance,
    lots: Lots = NO_LOTS,
    withdrawn: Collection[int] = (),
) -> PerPersonRecord:
    """Decide on each person by the rule, with `votes[c]` on candidate c, and fill the seats with who passed.

    A blank on one person is what the rule says it is: never a no where blanks are not in the base. `withdrawn` cannot
    be elected, whatever was said of them. Raises NeedsLot where more passed than there are seats and the border is
    shared, CountError for numbers that cannot be true.
    """
    _check_votes(title, candidates, votes)
    check_lots(lots, len(candidates))
    standing = [candidate for candidate in range(len(candidates)) if candidate not in withdrawn]
    if not 1 <= seats <= len(standing):
        raise CountError(f"{seats} seats for {len(standing)} candidates: give from 1 to {len(standing)} seats.")
    decisions = {candidate: decide(rule, votes[candidate], attendance) for candidate in standing}
    passed = {candidate: found.yes for candidate, found in decisions.items() if found.outcome == "adopted"}
    filled = fill_seats(passed, seats, lots, candidates)
    return PerPersonRecord(
        title=title,
        candidates=tuple(candidates),
        withdrawn=tuple(sorted(withdrawn)),
        seats=seats,
        valid=votes[0].cast - votes[0].invalid,
        invalid=votes[0].invalid,
        attendance=attendance,
        base=rule.base,
        fraction=str(rule.fraction),
        strict=rule.strict,
        quorum=_quorum(next(iter(decisions.values()))),
        verdicts=tuple(
            PersonVerdict(candidate, votes[candidate], found.outcome, found.counted, found.needed)
            for candidate, found in decisions.items()
        ),
        passed=tuple(passed),
        elected=filled.elected,
        border=filled.border,
        lots=filled.lots,
        lot_order=lots.order,
    )


def _check_votes(title: str, candidates: Sequence[str], votes: Sequence[Votes]) -> None:
    """Every ballot has one answer on each person: what is on one is on all, and only the answers differ."""
    if len(votes) != len(candidates):
        raise CountError(f"{title}: there are votes on {len(votes)} persons and {len(candidates)} candidates.")
    for name, cast in zip(candidates, votes, strict=True):
        if (cast.cast, cast.invalid) != (votes[0].cast, votes[0].invalid):
            raise CountError(
                f"{title}: {cast.cast} ballots are on {name}, {cast.invalid} of them invalid, and {votes[0].cast} on "
                f"{candidates[0]}, {votes[0].invalid} of them invalid: every ballot is on every person."
            )


def _quorum(decision: Decision) -> QuorumReached | None:
    """The quorum, which is one for all: it looks at who takes part, and not at what they say of whom."""
    reached = decision.quorum
    return QuorumReached(reached.met, reached.counted, reached.whole, reached.needed) if reached else None
