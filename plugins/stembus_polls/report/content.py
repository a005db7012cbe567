"""Everything that the report of an election says, as one record: what is printed, shown and published as JSON.

Nothing here is computed from the database or a clock: whoever assembles it gives numbers and texts, and the report
shows them. Where a rule can be recomputed from the numbers (the accounting of papers, the moves between stages), the
report does so itself, so that a number and its check cannot part. Candidates are named by place in
`Contest.candidates`, from 0, as in the record of the count. Times are aware; days are days in `Report.time_zone`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct

from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.meek import MeekRecord
from stembus_ballots.pairwise import PairwiseRecord
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.record import StvRecord
from stembus_ballots.whole import WholeRecord
from stembus_polls.counting.records import FromRankings, RankedRecord, Record
from stembus_polls.paper.accounting import Check, PaperNumbers

Language = Literal["nl", "en"]
Level = Literal["elected", "totals", "stages", "first_preferences", "rankings"]
"""How much is published, each level with what the one before it shows; the words of a policy's publication level.

elected: who. totals: and turnout, papers, accounting. stages: and every stage of the count. first_preferences: and
the first preference of every paper as data. rankings: and the rankings, up to `Publication.first_ranks` places.
"""
LEVELS: tuple[Level, ...] = ("elected", "totals", "stages", "first_preferences", "rankings")


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the report; strict, since it is also read back by who checks it."""


class Text(Part, frozen=True):
    """A text that exists in both languages of the report."""

    nl: str
    en: str


class PolicyAdopted(Part, frozen=True):
    """The policy under which the procedure ran: which text binds, and by which decision."""

    id: str
    version: str
    fingerprint: str
    adopted_by: Text
    adopted_on: date | None
    decision: str


class Arithmetic(Part, frozen=True):
    """A quorum: `counted` of `base` were there (`needed` are enough), with the sum in words."""

    base: int
    needed: int
    counted: int
    met: bool
    sum: Text


class Challenge(Part, frozen=True):
    """Somebody contested the chair's ruling at once (BW 2:13); what came of it."""

    by: str
    ground: str
    outcome: Text


class Meeting(Part, frozen=True):
    """The meeting in which the election took place, as the office recorded it."""

    body: Text
    held_on: date
    convened_on: date
    clear_days: int
    clear_days_needed: int
    agenda_item: str
    entitled: int
    present: int
    proxies: int
    quorum: Arithmetic | None
    second_meeting: bool
    chairs_ruling: str
    challenge: Challenge | None


class BureauMember(Part, frozen=True):
    """Somebody on the stembureau, and in which seat."""

    name: str
    seat: Text


class Bureau(Part, frozen=True):
    """The stembureau: who sat on it, who appointed it, and who was kept off it and why."""

    appointed_by: Text | None
    members: tuple[BureauMember, ...]
    excluded: tuple[str, ...] = ()


class Objections(Part, frozen=True):
    """Objections to the roll, in numbers only: who objected is nobody's business."""

    made: int = 0
    upheld: int = 0
    rejected: int = 0
    withdrawn: int = 0
    decided_by: Text | None = None


class Roll(Part, frozen=True):
    """The frozen roll: how many, its Merkle root, when, and what was objected."""

    size: int
    merkle_root: str
    frozen_at: datetime
    objections: Objections


class Candidate(Part, frozen=True):
    """A candidate as on the ballot paper; `withdrew` before or after the ballot was printed, or not."""

    name: str
    branch: str = ""
    withdrew: Literal["no", "before_print", "after_print"] = "no"


class PublicLot(Part, frozen=True):
    """An order drawn by lot: from a seed that was not known before, or in the room."""

    seed_from: Text
    seed: str
    drawn_by: tuple[str, ...]
    witnesses: tuple[str, ...]
    drawn_at: datetime | None
    order: tuple[int, ...]


class Explanation(Part, frozen=True):
    """Why two numbers of the accounting differ."""

    check: Check
    text: str


class Accounting(Part, frozen=True):
    """The papers of one contest, from the printer to the count, and the stembureau's explanations of differences."""

    numbers: PaperNumbers
    explanations: tuple[Explanation, ...] = ()


class Ruling(Part, frozen=True):
    """Doubtful papers that the stembureau ruled on: for one reason, with one outcome."""

    reason: str
    outcome: Literal["valid", "blank", "invalid"]
    papers: int


class Typings(Part, frozen=True):
    """Two people typed over the papers, apart: how many differences there were, and how many are settled."""

    papers: int
    differences: int
    settled: int


class Papers(Part, frozen=True):
    """What the papers were; `emptied` ones name only candidates who have withdrawn.

    `blank` is None where no paper is blank as a whole, since each person on it can be left blank.
    """

    valid: int
    blank: int | None
    invalid: int
    emptied: int = 0


class BranchTurnout(Part, frozen=True):
    """Turnout in one branch; after reduction a line can stand for several, without a name."""

    branch: str
    on_roll: int
    voted: int
    branches: int = 1


class BoxTrustee(Part, frozen=True):
    """A trustee of a secret poll, by number, and what they did when the box was opened."""

    number: int
    mixed: bool
    decrypted: bool


class BoxVerdict(Part, frozen=True):
    """Whether a program that verified the archive accepts it."""

    program: str
    holds: bool


class WayOfVoting(Part, frozen=True):
    """How many voted in one way; after reduction a line can stand for several, without a name."""

    way: Literal["electronic", "paper_in_meeting", "post", "together"]
    voters: int


class Box(Part, frozen=True, kw_only=True):
    """The box that all votes of a contest came out of, and by what anybody can verify it.

    `fingerprint` is that of the election, `certificates` that of the trustees' certificates as the numbers that they
    read to each other, `head` the hash of the last event of the board, `archive_sha256` that of the whole archive.
    `same` says that all who voted chose the same: then one knows of everybody who voted how.
    """

    uuid: str
    group: str
    threshold: int
    trustees: tuple[BoxTrustee, ...]
    fingerprint: str
    certificates: str = ""
    head: str
    archive_sha256: str
    ballots: int
    verdicts: tuple[BoxVerdict, ...]
    decides: str
    ways: tuple[WayOfVoting, ...] = ()
    same: bool = False


class Recount(Part, frozen=True):
    """A recount: who asked, on what ground, what it changed."""

    asked_by: str
    ground: str
    outcome: Text


class CrossCheck(Part, frozen=True):
    """What a program that is not ours makes of the same ballots. It never decides.

    `theirs` is its elected set where it has one; `why` says why it differs or does not apply.
    """

    program: str
    outcome: Literal["agrees", "differs", "not_applicable"]
    theirs: tuple[int, ...] = ()
    why: Text | None = None


class Contest(Part, frozen=True):
    """One count: a constituency, or all seats at large. None for what has not happened or is not published.

    `count` is the record of a count by Scottish STV or IRV, `meek` of one by Meek, `whole` of electing all candidates
    together, `approval` of approvals or block votes, `pairs` of one by pairs, `rounds` of one in ranked rounds, `each`
    of a vote on each person; never two of them.
    """

    id: str
    title: Text
    seats: int
    candidates: tuple[Candidate, ...]
    elected: tuple[int, ...]
    deputies: tuple[int, ...] = ()
    deputies_by: Text | None = None
    ballot_order: PublicLot | None = None
    accounting: Accounting | None = None
    on_roll: int | None = None
    voted: int | None = None
    papers: Papers | None = None
    box: Box | None = None
    rulings: tuple[Ruling, ...] = ()
    typings: Typings | None = None
    lot: PublicLot | None = None
    count: StvRecord | None = None
    meek: MeekRecord | None = None
    whole: WholeRecord | None = None
    approval: ApprovalRecord | None = None
    pairs: PairwiseRecord | None = None
    rounds: RankedRoundsRecord | None = None
    each: PerPersonRecord | None = None
    recounts: tuple[Recount, ...] = ()
    cross_check: CrossCheck | None = None

    def __post_init__(self) -> None:
        known = range(len(self.candidates))
        named = [*self.elected, *self.deputies, *(self.cross_check.theirs if self.cross_check else ())]
        for lot in (self.ballot_order, self.lot):
            named += lot.order if lot else ()
        if unknown := [c for c in named if c not in known]:
            raise ValueError(
                f"Contest {self.id}: candidate {unknown[0]} does not exist, there are {len(self.candidates)} "
                "from 0; give places in `candidates`."
            )
        names = tuple(candidate.name for candidate in self.candidates)
        if self.record and self.record.candidates != names:
            raise ValueError(
                f"Contest {self.id}: the record of the count names other candidates than the contest; "
                "give both in the order of the ballot paper."
            )

    @property
    def record(self) -> Record | None:
        """The record of the count, whichever rule made it."""
        return next((made for name in RECORD_FIELDS.values() if (made := getattr(self, name)) is not None), None)

    @property
    def staged(self) -> RankedRecord | None:
        """The record of a count of rankings by stages."""
        return self.count or self.meek

    @property
    def ranked(self) -> FromRankings | None:
        """The record of a count of rankings, by stages, by pairs or in rounds."""
        return self.staged or self.pairs or self.rounds


RECORD_FIELDS: Mapping[type[Record], str] = {
    StvRecord: "count",
    MeekRecord: "meek",
    WholeRecord: "whole",
    ApprovalRecord: "approval",
    PairwiseRecord: "pairs",
    RankedRoundsRecord: "rounds",
    PerPersonRecord: "each",
}
"""In which field of a contest the record of each kind stands."""


def record_fields(record: Record | None) -> dict[str, Any]:
    """Return the fields of a contest that hold the record of its count: it in its own, None in all others."""
    return {name: record if isinstance(record, kind) else None for kind, name in RECORD_FIELDS.items()}


class Result(Part, frozen=True):
    """Whether the election stands: elected, or blocked and why; and when the seats begin and end."""

    status: Literal["elected", "blocked"]
    blocked_because: tuple[Text, ...] = ()
    seats_from: date | None = None
    seats_until: date | None = None


class Note(Part, frozen=True, kw_only=True):
    """An incident, a complaint or a dissent. All of them are in the report, also those found groundless."""

    at: datetime | None = None
    by: str = ""
    text: str
    answer: str = ""


class Terms(Part, frozen=True):
    """Until when and to whom people can object, and until when a court can annul."""

    objection_until: datetime | None
    objection_to: Text
    annulment_until: date | None
    annulment_article: str = "BW 2:15 lid 5"


class Annulled(Part, frozen=True):
    """The vote was annulled: when, by whom, what was wrong, on which ground, and where it is held again."""

    at: datetime
    by: tuple[Text, ...]
    reason: Literal["objection_upheld", "verdicts_differ", "box_damaged", "roll_wrong", "other"]
    ground: str
    again: tuple[str, ...] = ()


class Publication(Part, frozen=True):
    """What the policy lets everybody see."""

    level: Level
    first_ranks: int | None = None
    smallest_group: int = 10
    names_unconstrained: bool = False


class Report(Part, frozen=True, kw_only=True):
    """A whole report. `left_out` is filled when the report is reduced to what may be published."""

    format: Literal["stembus.report.v1"] = "stembus.report.v1"
    organisation: str
    practice: bool
    procedure: Text
    procedure_id: str
    policy: PolicyAdopted
    drawn_up_at: datetime
    time_zone: str
    program: str
    meeting: Meeting | None
    bureau: Bureau
    roll: Roll
    contests: tuple[Contest, ...]
    result: Result
    turnout_by_branch: tuple[BranchTurnout, ...] = ()
    incidents: tuple[Note, ...] = ()
    complaints: tuple[Note, ...] = ()
    dissents: tuple[Note, ...] = ()
    terms: Terms
    checkpoint: str = ""
    publication: Publication
    left_out: tuple[Text, ...] = ()
    annulled: Annulled | None = None
