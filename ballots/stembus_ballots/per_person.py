"""Persons voted on one by one, with yes and no: each who passes the threshold can be elected."""

from collections.abc import Sequence

from msgspec import Struct

from stembus_ballots.border import fill_seats
from stembus_ballots.decision import Decision, DecisionRule, Votes, decide
from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, Lots, check_lots
from stembus_ballots.quorum import Attendance
from stembus_ballots.record import LotDrawn


class PersonVerdict(Struct, frozen=True):
    """What the votes on one person come to: adopted means that the person passes the threshold."""

    candidate: int
    decision: Decision


class PerPersonRecord(Struct, frozen=True):
    """All verdicts, in order of the ballot paper, and who gets the seats.

    `passed`: who passes the threshold. `elected`: these, or where they are more than the seats, those with the
    most yes votes, highest first. `border`: who shared the last seats; `lots`: the draws among them. `vacant`:
    seats for which nobody passed.
    """

    seats: int
    verdicts: tuple[PersonVerdict, ...]
    passed: tuple[int, ...]
    elected: tuple[int, ...]
    border: tuple[int, ...]
    lots: tuple[LotDrawn, ...]
    vacant: int


def count_per_person(
    candidates: Sequence[str],
    votes: Sequence[Votes],
    *,
    seats: int,
    rule: DecisionRule,
    attendance: Attendance,
    lots: Lots = NO_LOTS,
) -> PerPersonRecord:
    """Decides on each person by the rule, with `votes[c]` on candidate c, and fills the seats with who passed.

    A blank on one person is what the rule says it is: never a no where blanks are not in the base. Raises
    NeedsLot where more passed than there are seats and the border is shared, CountError for impossible numbers.
    """
    if len(votes) != len(candidates):
        raise CountError(f"There are votes on {len(votes)} persons and {len(candidates)} candidates: give each.")
    check_lots(lots, len(candidates))
    verdicts = tuple(PersonVerdict(candidate, decide(rule, cast, attendance)) for candidate, cast in enumerate(votes))
    passed = {v.candidate: v.decision.yes for v in verdicts if v.decision.outcome == "adopted"}
    filled = fill_seats(passed, seats, lots, candidates)
    return PerPersonRecord(
        seats=seats,
        verdicts=verdicts,
        passed=tuple(passed),
        elected=filled.elected,
        border=filled.border,
        lots=filled.lots,
        vacant=seats - len(filled.elected),
    )
