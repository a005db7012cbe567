"""Makes a count in rounds again from the votes of each round in the report, also where no ranking is published."""

from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from stembus.errors import Refused
from stembus_ballots.errors import CountError
from stembus_ballots.ranked_rounds import CountedRound, RankedRoundsRecord, Votes, check_rule, decided
from stembus_polls.contests import vote_of
from stembus_polls.counting.rounds import rounds_rule
from stembus_procedures import Policy

from .content import Contest, Papers
from .verify_approval import lots_of


def rounds_findings(
    contest: Contest, record: RankedRoundsRecord, policy: Policy | None
) -> Iterator[tuple[bool, str, str]]:
    """Yield each check of such a contest: whether it holds, and a sentence for when it does and when it does not."""
    if policy is not None:
        yield (
            record.method == vote_of(policy).ballot.method,
            f"{contest.id}: the policy counts by {record.method}.",
            f"{contest.id}: the policy does not count by {record.method}.",
        )
        yield (
            _is_rule_of(record, policy),
            f"{contest.id}: the rounds are those of the policy.",
            f"{contest.id}: the policy has other rounds, or another base of the majority.",
        )
    papers = Papers(record.valid, record.blank, record.invalid, record.emptied)
    yield (
        contest.papers in (papers, None),
        f"{contest.id}: the votes that were counted are the papers in the report.",
        f"{contest.id}: the votes that were counted are not the papers in the report.",
    )
    yield (
        record.seats == 1 and _is_alone(record) == record.uncontested,
        f"{contest.id}: one seat, and rounds were counted where more than one candidate stood.",
        f"{contest.id}: it is not one seat, or it says of candidates who stood that there were none.",
    )
    if record.uncontested:
        yield (
            record.elected == record.standing and not record.rounds and record.by == "unopposed",
            f"{contest.id}: the one candidate is elected without a round.",
            f"{contest.id}: without a round somebody else is elected than the one candidate.",
        )
        return
    yield (
        _is_possible(record),
        f"{contest.id}: in each round {record.valid} ballots can have given these votes.",
        f"{contest.id}: {record.valid} ballots cannot have given the votes of these rounds.",
    )
    yield (
        _again(record) == record,
        f"{contest.id}: who goes on, the majorities and who is elected follow from the votes of each round.",
        f"{contest.id}: who goes on, the majorities or who is elected do not follow from the votes of each round.",
    )


def _is_rule_of(record: RankedRoundsRecord, policy: Policy) -> bool:
    try:
        return record.rule == rounds_rule(policy, len(record.candidates))
    except Refused:
        return False


def _is_alone(record: RankedRoundsRecord) -> bool:
    return len(record.standing) == 1


def _is_possible(record: RankedRoundsRecord) -> bool:
    """Whether all votes are there in each round, and nobody who goes on loses one that they had."""
    rounds = record.rounds
    whole = all(
        min(*one.votes, one.exhausted) >= 0 and sum(one.votes) + one.exhausted == record.valid for one in rounds
    )
    return whole and all(_can_follow(one, following) for one, following in pairwise(rounds))


def _can_follow(one: CountedRound, following: CountedRound) -> bool:
    return (
        set(following.between) < set(one.between)
        and following.exhausted >= one.exhausted
        and all(following.votes_of(c) >= one.votes_of(c) for c in following.between)
    )


def _again(record: RankedRoundsRecord) -> RankedRoundsRecord | None:
    """The record made from the votes in it; None where they lead to a round that is not there."""
    votes = {one.between: dict(zip(one.between, one.votes, strict=True)) for one in record.rounds}

    def votes_in(between: tuple[int, ...]) -> Votes:
        if between not in votes:
            raise CountError("This round is not in the record.")
        return votes[between]

    try:
        check_rule(record.rule)
        empty = replace(record, elected=(), rounds=(), lots=())
        return decided(empty, votes_in, lots_of(record.lot_order, record.lots))
    except CountError:
        return None
