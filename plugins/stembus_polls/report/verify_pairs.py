"""Makes the order of a count by pairs again from the pairs in the report, also where no ranking is published."""

from collections.abc import Iterator

from msgspec.structs import replace

from stembus_ballots.errors import CountError
from stembus_ballots.pairwise import PairwiseRecord, decided
from stembus_polls.contests import vote_of
from stembus_procedures import Policy

from .content import Contest
from .verify_approval import lots_of


def pairs_findings(contest: Contest, record: PairwiseRecord, policy: Policy | None) -> Iterator[tuple[bool, str, str]]:
    """Yield each check of such a contest: whether it holds, and a sentence for when it does and when it does not."""
    if policy is not None:
        yield (
            record.method == vote_of(policy).ballot.method,
            f"{contest.id}: the policy counts by {record.method}.",
            f"{contest.id}: the policy does not count by {record.method}.",
        )
    if record.uncontested:
        return
    fits = _fits(record)
    yield (
        fits,
        f"{contest.id}: no two candidates together have more than {record.valid} ballots that rank them.",
        f"{contest.id}: the votes for each two candidates are not those of {record.valid} ballots.",
    )
    if not fits:
        return
    try:
        same = (
            decided(replace(record, elected=(), order=(), cycles=()), lots_of(record.lot_order, record.lots)) == record
        )
    except CountError:
        same = False
    yield (
        same,
        f"{contest.id}: the order and the elected follow from the votes for each two candidates.",
        f"{contest.id}: the order or the elected do not follow from the votes for each two candidates.",
    )


def _fits(record: PairwiseRecord) -> bool:
    """Whether so many ballots can have given these pairs."""
    everyone, rows = range(len(record.candidates)), record.preferred
    return bool(rows) and all(
        rows[a][b] >= 0 and rows[a][b] + rows[b][a] <= record.valid for a in everyone for b in everyone
    )
