"""On how few votes a count hangs: the gap at the last exclusion, between who was excluded and who stayed.

A policy can ask for a recount without anybody asking, when that gap is small enough.
"""

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.majority import Proceed
from stembus_ballots.pairwise import PairwiseRecord, closest_pair
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.record import SCOTTISH_DECIMALS, StvRecord, in_units
from stembus_ballots.whole import WholeRecord
from stembus_polls.counting.records import Record


class Gap(Struct, frozen=True):
    """The last exclusion for votes: in which stage (from 1), who, next above whom, and how many votes lie between."""

    stage: int
    excluded: int
    next_above: int
    votes: Fraction


class Turn(Struct, frozen=True):
    """How many papers, read otherwise, turn a vote on all candidates together: 1 where one vote decided it."""

    votes: int


class Lead(Struct, frozen=True):
    """By how many votes the last who is in leads the first who is out."""

    last_in: int
    first_out: int
    votes: int


class Pair(Struct, frozen=True):
    """How many votes lie between two one against one, or in a circle between the rows of wins from one to the other."""

    one: int
    other: int
    votes: int


class Short(Struct, frozen=True):
    """How many votes a candidate has beyond what the threshold asks and can lose, or is short of it: at least 1."""

    candidate: int
    votes: int


Closeness = Gap | Turn | Lead | Short | Pair


def closeness(record: Record) -> Closeness | None:
    """Return on how few votes a count hangs; None where no recount of papers could change who is elected."""
    match record:
        case PairwiseRecord():
            duel = closest_pair(record)
            return Pair(duel.one, duel.other, duel.votes) if duel else None
        case WholeRecord():
            return _of_whole(record)
        case PerPersonRecord():
            close = _of_persons(record)
        case ApprovalRecord():
            close = _of_approvals(record)
        case RankedRoundsRecord():
            close = _of_rounds(record)
        case _:
            return last_gap(record)
    return min(close, key=lambda one: one.votes, default=None)


def last_gap(record: Record) -> Gap | None:
    """Return the gap of the last exclusion that was for fewest votes; None where there was none, or by Meek.

    A tie that a lot settled is a gap of 0. Candidates whom the constraints guard are no competitors.
    """
    if not isinstance(record, StvRecord):
        return None
    gone: set[int] = set(record.withdrawn)
    guarded: set[int] = set()
    last: Gap | None = None
    before: tuple[str, ...] = ()
    for number, stage in enumerate(record.stages, 1):
        if stage.action == "exclude" and stage.candidate is not None:
            if stage.reason == "fewest":
                rivals = [c for c in range(len(before)) if c not in gone and c not in guarded and c != stage.candidate]
                last = _gap(number, stage.candidate, rivals, before) or last
            gone.add(stage.candidate)
        for effect in stage.constraint_effects:
            if effect.effect == "guarded":
                guarded.update(effect.candidates)
        gone.update(stage.elected, stage.elected_without_quota)
        before = stage.votes
    return last


def _of_whole(record: WholeRecord) -> Turn | None:
    vote = record.vote
    if vote is None or vote.outcome not in ("adopted", "rejected"):
        return None
    lead = vote.votes.yes - vote.needed
    return Turn(lead + 1 if lead >= 0 else -lead)


def _of_approvals(record: ApprovalRecord) -> Iterator[Lead | Short]:
    out = [c for c in range(len(record.candidates)) if c not in (*record.elected, *record.below, *record.withdrawn)]
    if record.elected and out:
        last_in = min(record.elected, key=lambda c: (record.approvals[c], -c))
        first_out = max(out, key=lambda c: (record.approvals[c], -c))
        yield Lead(last_in, first_out, record.approvals[last_in] - record.approvals[first_out])
    if record.needed is not None:
        for c in record.elected:
            yield Short(c, record.approvals[c] - record.needed + 1)
        for c in record.below:
            yield Short(c, record.needed - record.approvals[c])


def _of_persons(record: PerPersonRecord) -> Iterator[Lead | Short]:
    """Who passed and got no seat needs more votes than the last who did; who did not pass needs the votes for that."""
    decided = [one for one in record.verdicts if one.outcome in ("adopted", "rejected")]
    yes = {one.candidate: one.votes.yes for one in decided}
    last_in = min(record.elected, key=lambda c: (yes[c], -c), default=None)
    if last_in is not None and (out := [c for c in record.passed if c not in record.elected]):
        first_out = max(out, key=lambda c: (yes[c], -c))
        yield Lead(last_in, first_out, yes[last_in] - yes[first_out])
    for one in decided:
        lead = one.votes.yes - one.needed
        if one.candidate in record.elected:
            yield Short(one.candidate, lead + 1)
        elif one.outcome == "rejected":
            to_seat = 0 if record.vacant or last_in is None else yes[last_in] - one.votes.yes
            yield Short(one.candidate, max(-lead, to_seat))


def _of_rounds(record: RankedRoundsRecord) -> Iterator[Lead | Short]:
    """In each round: how far who has most is from a majority, and what lies at the cut, or before who is elected."""
    rule = record.rule
    for one in record.rounds:
        votes = dict(zip(one.between, one.votes, strict=True))
        is_last = one is record.rounds[-1]
        stays = record.elected if is_last else record.rounds[one.number].between
        order = sorted(votes, key=lambda c: (-votes[c], c not in stays, c))
        if is_last and record.by == "majority":
            yield Short(order[0], votes[order[0]] - one.needed + 1)
            continue
        if one.number <= len(rule.proceed):
            yield Short(order[0], one.needed - votes[order[0]])
            keep = _kept(rule.proceed[one.number - 1], len(order))
            if keep < len(order):
                yield Lead(order[keep - 1], order[keep], votes[order[keep - 1]] - votes[order[keep]])
        if is_last and record.by != "unopposed":
            if rule.last_rule == "lot":
                yield Short(order[0], one.needed - votes[order[0]])
            else:
                yield Lead(order[0], order[1], votes[order[0]] - votes[order[1]])


def _kept(entry: Proceed, standing: int) -> int:
    """How many the rule means to keep, of so many who stand."""
    if entry == "drop_last":
        return standing - 1
    return standing if entry == "all" else entry


def _gap(stage: int, excluded: int, rivals: list[int], votes: tuple[str, ...]) -> Gap | None:
    if not rivals:
        return None
    next_above = min(rivals, key=lambda candidate: (in_units(votes[candidate]), candidate))
    units = in_units(votes[next_above]) - in_units(votes[excluded])
    return Gap(stage, excluded, next_above, Fraction(units, 10**SCOTTISH_DECIMALS))
