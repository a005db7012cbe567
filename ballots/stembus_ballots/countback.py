"""Countback: who takes the seat of a member who leaves, from the papers that elected that member.

Source: the recounts of Hare-Clark elections (Tasmania, Australian Capital Territory). The papers that the leaver held
when elected, worth the quota together, go to the first candidate on each who may still be seated, and are counted
as for one seat.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from stembus_ballots.constraints import Conformance, Constraints
from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, Lots, check_lots
from stembus_ballots.papers import SortedPapers
from stembus_ballots.profile import Profile, strike
from stembus_ballots.record import (
    SCOTTISH_DECIMALS,
    ConstraintEffect,
    LotDrawn,
    Pile,
    SettledEarlier,
    Stage,
    StvRecord,
    Tie,
    as_text,
    in_units,
)
from stembus_ballots.scottish import UNIT, StageCount
from stembus_ballots.ties import TieBreaker
from stembus_ballots.transfers import Pile as PapersByValue
from stembus_ballots.transfers import Tally


class CountbackRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """The record of a countback for the seat of `leaver`.

    `struck` are candidates whom the constraints leave no seat, with the limits that do it; `contestants` are those
    who were left. `worth` is what the leaver's papers count for together, `votes` the part that names a contestant,
    `quota` more than half of that. `seated` is None where nobody can be seated, and `outcome` says in words how
    the seat was filled or why it was not. `pile` is what a later countback for this seat starts from.
    """

    title: str
    candidates: tuple[str, ...]
    seats: int
    leaver: int
    sitting: tuple[int, ...]
    unavailable: tuple[int, ...]
    struck: tuple[ConstraintEffect, ...]
    contestants: tuple[int, ...]
    worth: str
    votes: str
    quota: str
    seated: int | None
    outcome: str
    stages: tuple[Stage, ...] = ()
    lots: tuple[LotDrawn, ...] = ()
    ties_settled_by_earlier_stage: tuple[SettledEarlier, ...] = ()
    ties: tuple[Tie, ...] = ()
    pile: Pile | None = None
    method: str = "countback"


def count_back(
    profile: Profile,
    record: StvRecord | CountbackRecord,
    leaver: int,
    *,
    sitting: Iterable[int] | None = None,
    unavailable: Iterable[int] = (),
    lots: Lots = NO_LOTS,
    constraints: Constraints | None = None,
) -> CountbackRecord:
    """Finds who takes the seat of `leaver` and returns the record of how.

    `record` is the count (or the earlier countback) that seated the leaver, `profile` its ballots. `sitting` are
    the members who keep their seats; where it is left out, all others whom the record elected. `unavailable` no
    longer stand. With constraints, who cannot be seated beside the sitting members is struck first. A contestant
    who is alone is seated without a count.

    Raises CountError where the record has no pile of the leaver or the ballots are not those of the record, and
    NeedsLot where a tie needs a lot.
    """
    check_lots(lots, len(profile.candidates))
    staying = tuple(sorted(set(_elected(record) if sitting is None else sitting) - {leaver}))
    absent = tuple(sorted(set(unavailable)))
    _check_candidates(profile, (*staying, *absent))
    papers = SortedPapers(strike(profile.groups, profile.withdrawn)[0])
    start = _leavers_papers(papers, record, leaver)
    gone = {leaver, *staying, *absent, *profile.withdrawn}
    if isinstance(record, CountbackRecord):
        gone.add(record.leaver)
    able = [candidate for candidate in range(len(profile.candidates)) if candidate not in gone]
    struck = _struck(constraints, record.seats, profile, staying, able)
    barred = {candidate for effect in struck for candidate in effect.candidates}
    contestants = [candidate for candidate in able if candidate not in barred]
    standing = [candidate in contestants for candidate in range(len(profile.candidates))]
    trial = Tally(papers, start, standing, SCOTTISH_DECIMALS)
    trial.first_preferences()
    votes = sum(trial.votes)
    count = StageCount(
        Tally(papers, start, standing, SCOTTISH_DECIMALS), 1, votes // 2 + 1, TieBreaker(lots, profile.candidates)
    )
    seated, outcome = _fill(count, contestants, votes, struck)
    return CountbackRecord(
        title=record.title,
        candidates=record.candidates,
        seats=record.seats,
        leaver=leaver,
        sitting=staying,
        unavailable=absent,
        struck=struck,
        contestants=tuple(contestants),
        worth=as_text(votes + trial.non_transferable, SCOTTISH_DECIMALS),
        votes=as_text(votes, SCOTTISH_DECIMALS),
        quota=as_text(votes // 2 + 1, SCOTTISH_DECIMALS),
        seated=seated,
        outcome=outcome,
        stages=tuple(count.stages),
        lots=tuple(count.ties.lots),
        ties_settled_by_earlier_stage=tuple(count.ties.settled_earlier),
        ties=tuple(count.ties.ties),
        pile=count.piles[0] if count.piles else None,
    )


def _check_candidates(profile: Profile, named: Iterable[int]) -> None:
    for candidate in named:
        if not 0 <= candidate < len(profile.candidates):
            raise CountError(
                f"{profile.title}: there is no candidate {candidate}: {len(profile.candidates)} candidates, from 0."
            )


def _fill(
    count: StageCount, contestants: Sequence[int], votes: int, struck: Sequence[ConstraintEffect]
) -> tuple[int | None, str]:
    if not contestants:
        because = "the constraints leave none of those who still stand" if struck else "nobody still stands"
        return None, f"not filled: {because}"
    if len(contestants) > 1 and votes == 0:
        return None, "not filled: no paper of the member who leaves names anyone who still stands"
    count.run()
    if len(contestants) == 1:
        return count.elected[0], "filled without a contest: one candidate still stands"
    return count.elected[0], "filled by countback"


def _elected(record: StvRecord | CountbackRecord) -> tuple[int, ...]:
    if isinstance(record, StvRecord):
        return record.elected
    return record.sitting if record.seated is None else (*record.sitting, record.seated)


def _leavers_papers(papers: SortedPapers, record: StvRecord | CountbackRecord, leaver: int) -> PapersByValue:
    """The papers that elected the leaver, each at what it is worth: in all the quota, or less where it was less."""
    piles = record.piles if isinstance(record, StvRecord) else [record.pile] if record.pile else []
    pile = next((pile for pile in piles if pile.candidate == leaver), None)
    if pile is None:
        raise CountError(
            f"{record.title}: the record keeps no papers of candidate {leaver}: a countback needs a member whom this "
            "count elected; a seat filled without a count needs an election."
        )
    total = in_units(pile.votes)
    quota = record.quota * UNIT if isinstance(record, StvRecord) else total
    by_value: PapersByValue = {}
    found = 0
    for parcel in pile.parcels:
        value = in_units(parcel.value)
        found += value * papers.count(parcel.first, parcel.end)
        worth = value if total <= quota else value * quota // total
        by_value.setdefault(worth, []).extend((parcel.first, parcel.end, 0))
    if found != total:
        raise CountError(
            f"{record.title}: these ballots give candidate {leaver} {as_text(found, SCOTTISH_DECIMALS)} votes "
            f"where the record has {pile.votes}: they are not the ballots of this record."
        )
    return by_value


def _struck(
    constraints: Constraints | None, seats: int, profile: Profile, sitting: Sequence[int], able: Sequence[int]
) -> tuple[ConstraintEffect, ...]:
    if constraints is None:
        return ()
    conformance = Conformance(constraints, seats, len(profile.candidates), able)
    conformance.now(sitting, able)
    return conformance.explain("doomed", conformance.doomed())
