"""Makes the arithmetic of electing all candidates together again, by the policy in the archive."""

from collections.abc import Iterator

from stembus.errors import Refused
from stembus_ballots.errors import CountError
from stembus_ballots.whole import WholeRecord, elect_unopposed, vote_on_whole
from stembus_polls.counting.decision_rule import decision_rule
from stembus_procedures import Policy
from stembus_procedures.language.stages import EnoughCandidates

from .content import Contest, Papers


def whole_findings(contest: Contest, record: WholeRecord, policy: Policy) -> Iterator[tuple[bool, str, str]]:
    """Yield each check of such a contest: whether it holds, and a sentence for when it does and when it does not."""
    ways = {
        way for stage in policy.stages_of(EnoughCandidates) for way in (stage.as_many_as_seats, stage.fewer_than_seats)
    }
    yield (
        record.method in ways,
        f"{contest.id}: the policy knows this way, {record.method}.",
        f"{contest.id}: the policy does not know this way, {record.method}.",
    )
    yield (
        contest.elected == record.elected,
        f"{contest.id}: the elected are those of the record.",
        f"{contest.id}: the elected are not those of the record.",
    )
    if record.vote:
        votes = record.vote.votes
        yield (
            contest.papers == Papers(votes.yes + votes.no, votes.blank, votes.invalid),
            f"{contest.id}: the votes on all candidates together are the papers in the report.",
            f"{contest.id}: the votes on all candidates together are not the papers in the report.",
        )
    try:
        again = _again(record, policy)
    except (CountError, Refused) as error:
        yield False, "", f"{contest.id}: who is elected cannot be decided again: {error}"
        return
    yield (
        again == record,
        f"{contest.id}: decided again by the rule in the policy: the same.",
        f"{contest.id}: decided again by the rule in the policy: the outcome is another one.",
    )


def _again(record: WholeRecord, policy: Policy) -> WholeRecord:
    everybody = elect_unopposed(record.title, record.candidates, record.seats, withdrawn=record.withdrawn)
    if record.vote is None:
        return everybody
    there = record.vote.attendance
    return vote_on_whole(everybody, decision_rule(policy, there.entitled), record.vote.votes, there)
