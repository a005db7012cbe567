"""A public result as its page and its card show it: who is elected, and the arithmetic behind it."""

from datetime import date, datetime
from itertools import pairwise

from msgspec import Struct

from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.pairwise import PairwiseRecord, place_of
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.record import StvRecord
from stembus_polls.counting.records import was_counted
from stembus_polls.publishing.published import Published
from stembus_polls.report import Report, content
from stembus_polls.report.count_sections import without_quota
from stembus_polls.report.figures import exact_votes
from stembus_polls.whole_outcome import outcome_words, persons_in, rule_words
from stembus_procedures.language.values import Words


class ShownDuel(Struct, frozen=True, kw_only=True):
    """The narrowest win of somebody one against one: against whom, with how many votes to how many."""

    other: str
    votes: int
    against: int


class ShownElected(Struct, frozen=True, kw_only=True):
    """Somebody who is elected: the stage of the count (0: no stages are public), and whether by the quota.

    `pairs` is why, in a count by pairs: as in `pairwise.place_of`, or "lot"; with the narrowest win in `closest`.
    `rounds` is by what, in a count in rounds: as in `RankedRoundsRecord.by`.
    """

    name: str
    stage: int
    by_quota: bool
    pairs: str = ""
    closest: ShownDuel | None = None
    rounds: str = ""


class ShownWin(Struct, frozen=True, kw_only=True):
    """A win in a circle: who beats whom, with how many votes to how many."""

    one: str
    other: str
    votes: int
    against: int


class ShownVotes(Struct, frozen=True, kw_only=True):
    """The votes for one candidate, where they are only added up."""

    name: str
    votes: int
    is_elected: bool


class ShownRound(Struct, frozen=True, kw_only=True):
    """A round: the votes of who stands, most first; `needed` is more than half of `counted`."""

    number: int
    needed: int
    counted: int
    votes: tuple[ShownVotes, ...]


class ShownContest(Struct, frozen=True, kw_only=True):
    """One contest of a result. Numbers that are not public are None; `together` is how the vote on the whole came out,
    `persons` how the vote on each person did.

    `quota_exact` is the quota of a count by Meek, which has decimals. `circles` are those in a count by pairs;
    `is_list` says that a list was ordered. `votes` are those for each candidate where they are only added up, most
    votes first; `needed` of them is the threshold, and `drawn` says that a lot decided. `rounds` are those of a count
    in rounds.
    """

    title: Words
    seats: int
    elected: tuple[ShownElected, ...]
    on_roll: int | None = None
    voted: int | None = None
    valid: int | None = None
    blank: int | None = 0
    invalid: int = 0
    emptied: int = 0
    quota: int | None = None
    quota_exact: str = ""
    is_majority: bool = False
    is_list: bool = False
    circles: tuple[tuple[ShownWin, ...], ...] = ()
    uncontested: bool = False
    together: Words | None = None
    persons: tuple[tuple[str, Words], ...] = ()
    rule: Words | None = None
    recounted: bool = False
    second_count: str = ""
    votes: tuple[ShownVotes, ...] = ()
    needed: int | None = None
    drawn: bool = False
    rounds: tuple[ShownRound, ...] = ()


class ShownResult(Struct, frozen=True, kw_only=True):
    """A public result. `left_out` says what is not public, and why."""

    at: datetime
    archive_sha256: str
    contests: tuple[ShownContest, ...]
    seats_from: date | None
    seats_until: date | None
    objection_until: datetime | None
    objection_to: Words
    left_out: tuple[Words, ...]


def shown_result(published: Published) -> ShownResult:
    """Return what the pages show of a publication; it holds no more than was published."""
    report: Report = published.content
    return ShownResult(
        at=published.at,
        archive_sha256=published.archive_sha256,
        contests=tuple(_contest(contest) for contest in report.contests),
        seats_from=report.result.seats_from,
        seats_until=report.result.seats_until,
        objection_until=report.terms.objection_until,
        objection_to=_words(report.terms.objection_to),
        left_out=tuple(_words(text) for text in report.left_out),
    )


def _contest(contest: content.Contest) -> ShownContest:
    record, papers = contest.staged, contest.papers
    stages = dict(zip(record.elected, record.elected_stage, strict=True)) if record and record.stages else {}
    no_quota = without_quota(record) if record else frozenset()
    vote = contest.whole.vote if contest.whole else None
    decided = vote or contest.each
    counted = isinstance(contest.count, StvRecord) and not contest.count.uncontested
    return ShownContest(
        title=_words(contest.title),
        seats=contest.seats,
        elected=tuple(
            ShownElected(
                name=contest.candidates[one].name,
                stage=stages.get(one, 0),
                by_quota=one in stages and one not in no_quota,
                pairs=_by_pairs(contest.pairs, one),
                closest=_closest(contest.pairs, one),
                rounds=contest.rounds.by if contest.rounds and contest.rounds.rounds else "",
            )
            for one in contest.elected
        ),
        on_roll=contest.on_roll,
        voted=contest.voted,
        valid=None if papers is None else papers.valid,
        blank=papers.blank if papers else 0,
        invalid=papers.invalid if papers else 0,
        emptied=papers.emptied if papers else 0,
        quota=contest.count.quota if counted and contest.count else None,
        quota_exact=exact_votes(contest.meek.quota, "nl") if contest.meek and not contest.meek.uncontested else "",
        is_majority=contest.seats == 1,
        is_list=bool(contest.pairs and contest.pairs.method == "list_ranking"),
        circles=_circles(contest.pairs) if contest.pairs else (),
        uncontested=contest.record is not None and not was_counted(contest.record),
        together=outcome_words(vote) if vote else None,
        persons=persons_in(contest.each) if contest.each else (),
        rule=rule_words(decided) if decided else None,
        recounted=bool(contest.recounts),
        second_count=contest.cross_check.outcome if contest.cross_check else "",
        votes=_votes(contest.approval) if contest.approval else (),
        needed=contest.approval.needed if contest.approval else None,
        drawn=bool(contest.approval and contest.approval.lots),
        rounds=_rounds(contest.rounds) if contest.rounds else (),
    )


def _votes(record: ApprovalRecord) -> tuple[ShownVotes, ...]:
    standing = [c for c in range(len(record.candidates)) if c not in record.withdrawn]
    return tuple(
        ShownVotes(name=record.candidates[c], votes=record.approvals[c], is_elected=c in record.elected)
        for c in sorted(standing, key=lambda c: (-record.approvals[c], c))
    )


def _rounds(record: RankedRoundsRecord) -> tuple[ShownRound, ...]:
    return tuple(
        ShownRound(
            number=one.number,
            needed=one.needed,
            counted=one.counted,
            votes=tuple(
                ShownVotes(
                    name=record.candidates[c],
                    votes=one.votes_of(c),
                    is_elected=one is record.rounds[-1] and c in record.elected,
                )
                for c in sorted(one.between, key=lambda c: (-one.votes_of(c), c))
            ),
        )
        for one in record.rounds
    )


def _by_pairs(record: PairwiseRecord | None, candidate: int) -> str:
    if record is None or not record.order:
        return ""
    return "lot" if any(lot.drawn == candidate for lot in record.lots) else place_of(record, candidate).why


def _closest(record: PairwiseRecord | None, candidate: int) -> ShownDuel | None:
    duel = place_of(record, candidate).closest if record and record.order else None
    if record is None or duel is None:
        return None
    return ShownDuel(other=record.candidates[duel.other], votes=duel.for_, against=duel.against)


def _circles(record: PairwiseRecord) -> tuple[tuple[ShownWin, ...], ...]:
    return tuple(
        tuple(
            ShownWin(
                one=record.candidates[one],
                other=record.candidates[other],
                votes=record.preferred[one][other],
                against=record.preferred[other][one],
            )
            for one, other in pairwise((*cycle.around, cycle.around[0]))
        )
        for cycle in record.cycles
    )


def _words(text: content.Text) -> Words:
    return Words(nl=text.nl, en=text.en)
