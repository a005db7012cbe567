"""Makes the count of approvals or block votes again from the sums in the report, by the policy in the archive."""

from collections.abc import Iterator, Sequence

from stembus_ballots.approval import ApprovalRecord, YesThreshold, count_sums
from stembus_ballots.errors import CountError
from stembus_ballots.lots import DecidedLot, LotOrder, Lots
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.record import LotDrawn
from stembus_ballots.sums import Sums
from stembus_polls.contests import tally_of, vote_of
from stembus_procedures import Policy

from .content import Contest, Papers


def approval_findings(contest: Contest, record: ApprovalRecord, policy: Policy) -> Iterator[tuple[bool, str, str]]:
    """Yield each check of such a contest: whether it holds, and a sentence for when it does and when it does not."""
    yield from fits_report(contest, record, policy, Papers(record.valid, record.blank, record.invalid))
    try:
        again = _again(record, policy)
    except CountError as error:
        yield False, "", f"{contest.id}: the count cannot be repeated: {error}"
        return
    yield (
        again == record,
        f"{contest.id}: counted again from the votes for each candidate, by the rule in the policy: the same.",
        f"{contest.id}: counted again from the votes for each candidate, by the rule in the policy: another outcome.",
    )


def fits_report(
    contest: Contest, record: ApprovalRecord | PerPersonRecord, policy: Policy, papers: Papers
) -> Iterator[tuple[bool, str, str]]:
    """Yield whether a record of sums is of this policy, elects who the report says, and is of these papers."""
    yield (
        record.method == vote_of(policy).ballot.method,
        f"{contest.id}: the policy counts by {record.method}.",
        f"{contest.id}: the policy does not count by {record.method}.",
    )
    yield (
        contest.elected == record.elected,
        f"{contest.id}: the elected are those of the record.",
        f"{contest.id}: the elected are not those of the record.",
    )
    yield (
        contest.papers == papers,
        f"{contest.id}: the votes that were counted are the papers in the report.",
        f"{contest.id}: the votes that were counted are not the papers in the report.",
    )


def lots_of(order: LotOrder | None, drawn: Sequence[LotDrawn]) -> Lots:
    """Return the lots that a record was counted with: its order, and each lot that people drew otherwise."""
    lots = Lots(order=order)
    decided = (
        DecidedLot(lot.tied, lot.drawn, lot.for_)
        for lot in drawn
        if lots.order is None or lots.draw(lot.tied, lot.for_) != lot.drawn
    )
    return Lots(order=order, decided=tuple(decided))


def _again(record: ApprovalRecord, policy: Policy) -> ApprovalRecord:
    share = tally_of(policy).yes_threshold
    return count_sums(
        record.title,
        record.candidates,
        Sums(
            rows=tuple((votes,) for votes in record.approvals),
            valid=record.valid,
            blank=record.blank,
            invalid=record.invalid,
        ),
        record.seats,
        method=record.method,
        threshold=None if share is None else YesThreshold(share, strict=True),
        blank_in_base=vote_of(policy).ballot.blank == "in_base",
        lots=lots_of(record.lot_order, record.lots),
        withdrawn=record.withdrawn,
    )
