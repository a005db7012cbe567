"""Who comes next in a result: the order in which candidates were left behind, the last one first. Pure.

Simple, and not proportional: the runner-up of the whole count takes any seat (see a countback for the other way).
"""

from collections.abc import Collection

from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.lots import Lots
from stembus_ballots.meek import MeekRecord
from stembus_ballots.pairwise import PairwiseRecord, next_in_order
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.record import in_units
from stembus_polls import RankedRecord

CountedRecord = RankedRecord | ApprovalRecord | PairwiseRecord | PerPersonRecord


def runners_up(record: CountedRecord, lots: Lots) -> tuple[int, ...]:
    """Return the candidates who were not elected, next in line first.

    Who was never excluded goes before who was, by the votes at the end of the count; a tie there takes the lot of
    the count (drawn first goes first; raises NeedsLot without one). Of those excluded, the last one goes first. Of
    approvals the most approved goes first, of votes on each person who has the most votes for; who did not reach what
    was needed never follows. Of a count by pairs the next in its order goes first.
    """
    if isinstance(record, PairwiseRecord):
        return next_in_order(record, lots)
    excluded: list[int] = []
    barred: Collection[int] = ()
    if isinstance(record, PerPersonRecord):
        yes = {one.candidate: one.votes.yes for one in record.verdicts}
        votes = [yes.get(candidate, 0) for candidate in range(len(record.candidates))]
        barred = yes.keys() - set(record.passed)
    elif isinstance(record, ApprovalRecord):
        barred, votes = record.below, list(record.approvals)
    else:
        excluded = _excluded(record)
        votes = [in_units(text) for text in record.stages[-1].votes] if record.stages else []
    gone = {*record.elected, *record.withdrawn, *excluded, *barred}
    left = [candidate for candidate in range(len(record.candidates)) if candidate not in gone]
    ordered: list[int] = []
    while left:
        most = max((votes[candidate] if votes else 0) for candidate in left)
        tied = [candidate for candidate in left if not votes or votes[candidate] == most]
        chosen = tied[0] if len(tied) == 1 else lots.draw(tied, "elect", record.candidates)
        ordered.append(chosen)
        left.remove(chosen)
    return (*ordered, *reversed(excluded))


def _excluded(record: RankedRecord) -> list[int]:
    if isinstance(record, MeekRecord):
        return [c for stage in record.stages if stage.action == "exclude" for c in stage.candidates]
    return [stage.candidate for stage in record.stages if stage.action == "exclude" and stage.candidate is not None]
