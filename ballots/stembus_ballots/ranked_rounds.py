"""One person by absolute majority in rounds, of which all are counted from rankings that voters gave once.

The contingent vote: in each round a ballot counts for the candidate it ranks highest of those who still stand. So the
president of Sri Lanka is elected (Constitution, article 94), and so mayors in England were until 2022 (supplementary
vote), with two rounds each. Who goes on, ties and the last round are those of `majority.py`, which decides each step
here as it does in a room.

A ballot that ranks nobody who still stands is in that round as a blank one: in a room its voter would hand in a paper
without a name. So where blank papers do not count as cast, it is not in the base, and the majority is one of the
ballots that still name somebody; where they do, it is, and the majority is one of the same number in every round. A
ballot that ranks only candidates who withdrew is so in all rounds.

Rounds in a room give voters time to think again; here a round between the same candidates would be the same round, so
it is not counted once more: what the rule has after it follows at once, and in the end what it has for the last round.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, Lots, NeedsLot, check_lots
from stembus_ballots.majority import Elected, LotNeeded, NextRound, Proceed, Round, RoundsRule, rounds_verdict
from stembus_ballots.profile import Group, Profile, strike
from stembus_ballots.record import LotDrawn
from stembus_ballots.scottish import check_seats, require_ballots

Votes = dict[int, int]
"""How many ballots count for each candidate who stands."""
GO_ON: Mapping[str, Proceed] = {"top_two": 2, "top_three": 3, "drop_last": "drop_last", "all": "all"}
"""Who goes on, in the words of a policy."""


class CountedRound(Struct, frozen=True, forbid_unknown_fields=True):
    """One round: `votes` of each of those it is `between`, in order of the paper.

    `exhausted` valid ballots rank none of them. `counted` is the size of the base, `needed` the smallest number of
    votes that is more than half of it.
    """

    number: int
    between: tuple[int, ...]
    votes: tuple[int, ...]
    exhausted: int
    counted: int
    needed: int

    def votes_of(self, candidate: int) -> int:
        """The votes of a candidate who stands in it."""
        return self.votes[self.between.index(candidate)]


class RankedRoundsRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """The record of such a count. `by`: what made the elected the one, as in `majority.Elected`.

    `emptied` ballots rank only candidates who withdrew; they are in no round's `exhausted`. An uncontested election
    (one candidate stands) has no rounds; its `by` is "unopposed".
    """

    method: Literal["ranked_rounds"]
    title: str
    candidates: tuple[str, ...]
    withdrawn: tuple[int, ...]
    seats: int
    valid: int
    blank: int
    invalid: int
    emptied: int
    uncontested: bool
    rule: RoundsRule
    elected: tuple[int, ...]
    by: Literal["majority", "plurality", "lot", "unopposed"]
    rounds: tuple[CountedRound, ...]
    lots: tuple[LotDrawn, ...]
    lot_order: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        """Raises CountError for a record whose parts do not fit each other: one that somebody changed."""
        everyone, last = range(len(self.candidates)), self.rounds[-1].between if self.rounds else self.standing
        named = (*self.withdrawn, *self.elected, *(c for lot in self.lots for c in (lot.drawn, *lot.tied)))
        if (
            not {*named} <= {*everyone}
            or not all(_fits(one, at) for at, one in enumerate(self.rounds, 1))
            or not all({*later.between} < {*one.between} for one, later in pairwise(self.rounds))
            or not all({*one.between} <= {*self.standing} for one in self.rounds)
            or len(self.elected) > 1
            or not {*self.elected} <= {*last}
            or bool(self.elected) != bool(self.rounds or self.uncontested)
            or (self.lot_order is not None and sorted(self.lot_order) != list(everyone))
        ):
            raise CountError(f"{self.title}: the parts of this count in rounds do not fit each other.")

    @property
    def standing(self) -> tuple[int, ...]:
        """Who stands in the first round, in order of the paper."""
        return tuple(c for c in range(len(self.candidates)) if c not in self.withdrawn)

    @property
    def as_blank(self) -> int:
        """The ballots that are as blank in every round: blank ones, and those for withdrawn candidates only."""
        return self.blank + self.emptied

    def out_after(self, number: int) -> tuple[int, ...]:
        """Who stood in this round (from 1) and not in the next; nobody after the last."""
        if number == len(self.rounds):
            return ()
        return tuple(c for c in self.rounds[number - 1].between if c not in self.rounds[number].between)


def _fits(one: CountedRound, number: int) -> bool:
    return one.number == number and len(one.votes) == len(one.between) == len({*one.between}) > 1


def count_ranked_rounds(
    profile: Profile, rule: RoundsRule, seats: int | None = None, *, lots: Lots = NO_LOTS
) -> RankedRoundsRecord:
    """Counts the rankings of a profile in rounds and returns the record of the count.

    Raises NeedsLot ("proceed", "exclude" or "elect") where the rule has a lot and none was drawn; CountError for what
    cannot be counted, as `count_scottish` does, for more than one seat, and for a rule that rankings cannot follow.
    """
    seats = check_seats(profile, seats)
    if seats != 1:
        raise CountError(f"{profile.title}: {seats} seats, and ranked rounds elect one; give 1, or count by STV.")
    check_rule(rule)
    check_lots(lots, len(profile.candidates))
    groups, emptied = strike(profile.groups, profile.withdrawn)
    valid = sum(group.count for group in groups)
    standing = tuple(c for c in range(len(profile.candidates)) if c not in profile.withdrawn)
    uncontested = len(standing) == seats
    record = RankedRoundsRecord(
        method="ranked_rounds",
        title=profile.title,
        candidates=profile.candidates,
        withdrawn=profile.withdrawn,
        seats=seats,
        valid=valid,
        blank=profile.blank,
        invalid=profile.invalid,
        emptied=emptied,
        uncontested=uncontested,
        rule=rule,
        elected=standing if uncontested else (),
        by="unopposed",
        rounds=(),
        lots=(),
        lot_order=lots.order,
    )
    if uncontested:
        return record
    require_ballots(profile, valid)
    return decided(record, lambda between: votes_between(groups, between), lots)


def at_most(most: int, go_on: str, candidates: int) -> tuple[Proceed, ...]:
    """`RoundsRule.proceed` for at most `most` rounds, after each of which the same go on (a word of `GO_ON`).

    It is no longer than so many candidates can need, since every round that is counted is between fewer.
    """
    return (GO_ON[go_on],) * (min(most, candidates) - 1)


def check_rule(rule: RoundsRule) -> None:
    """Raises CountError where rankings cannot say what the rule asks of people in a room."""
    if rule.base == "present":
        raise CountError("Ranked rounds: rankings do not say who is present; take the majority of what is cast.")
    if rule.unopposed != "elected":
        raise CountError("Ranked rounds: rankings hold no yes or no; who is the only one left is elected.")


def votes_between(groups: Sequence[Group], between: Sequence[int]) -> Votes:
    """For how many ballots each of these candidates is the highest that it ranks of them."""
    votes = dict.fromkeys(between, 0)
    for ranking, count in groups:
        highest = next((candidate for candidate in ranking if candidate in votes), None)
        if highest is not None:
            votes[highest] += count
    return votes


def decided(record: RankedRoundsRecord, votes_in: Callable[[tuple[int, ...]], Votes], lots: Lots) -> RankedRoundsRecord:
    """The record with its rounds, who is elected, by what and by which lots.

    `votes_in` gives the votes of a round between these candidates. Raises NeedsLot as `count_ranked_rounds` does, and
    CountError where a round has more votes than there are ballots.
    """
    rule = record.rule
    held: list[Round] = []
    while True:
        verdict = rounds_verdict(rule, record.candidates, held, lots, withdrawn=record.withdrawn)
        match verdict.next:
            case NextRound(number, between) if held and between == verdict.rounds[-1].between:
                rule = replace(rule, proceed=(*rule.proceed[: number - 2], *rule.proceed[number - 1 :]))
            case NextRound(number, between):
                votes = votes_in(between)
                exhausted = record.valid - sum(votes.values())
                if exhausted < 0:
                    raise CountError(f"{record.title}: in round {number} there are more votes than ballots.")
                held.append(Round(votes, blank=record.as_blank + exhausted, invalid=record.invalid))
            case LotNeeded(among, why):
                raise NeedsLot(among, why, record.candidates)
            case Elected(candidate, by):
                break
            case other:
                raise CountError(f"{record.title}: the rounds end with {type(other).__name__}, and not with anybody.")
    return replace(
        record,
        elected=(candidate,),
        by=by,
        lots=verdict.lots,
        rounds=tuple(
            CountedRound(
                number=one.number,
                between=one.between,
                votes=one.votes,
                exhausted=record.valid - sum(one.votes),
                counted=one.counted,
                needed=one.needed,
            )
            for one in verdict.rounds
        ),
    )
