"""The stage kinds that ship, in the order in which a procedure mostly has them."""

from typing import Literal

from .candidates import (
    Acceptance,
    Appeal,
    CampaignRules,
    Document,
    RecruitmentTarget,
    Repair,
    ScreeningRules,
    Stand,
    Supporters,
    Withdrawal,
)
from .electronic import Electronic
from .oversight import Annulment, ErrorRule, Lot, Motions, Publication, Recount, StatuteChange, Typing
from .stage import Stage, Task, UnknownStage, Window, kind_of
from .values import BodyId, ChannelId, Count, Moment, Positive, Prose, Share, StageId, Words
from .voting import (
    Ballot,
    DecisionRule,
    LateAdditions,
    Nomination,
    Objection,
    Proxies,
    Question,
    Quorum,
    Rounds,
    Ruling,
    SecondMeeting,
    Secrecy,
    Transfer,
    VoteRight,
)

__all__ = [
    "KINDS",
    "Advice",
    "Announcement",
    "Appointment",
    "Call",
    "Campaign",
    "Candidacy",
    "Convocation",
    "Decision",
    "EnoughCandidates",
    "Meeting",
    "OrderLot",
    "Report",
    "Result",
    "Roll",
    "Screening",
    "Seating",
    "SignUp",
    "Stage",
    "Submission",
    "Tally",
    "Task",
    "UnknownStage",
    "Vote",
    "Window",
    "kind_of",
]

Announcement = Literal["mail", "post", "website", "members_page", "branches", "meeting"]
"""How something is made known."""


class Decision(Task, frozen=True, kw_only=True, tag="decision"):
    """A body decides something: the number of seats, to take part, a proposal."""

    about: Literal["number_of_seats", "participation", "nomination", "list", "matter", "policy"]
    """What it decides."""
    rule: DecisionRule
    """When it is adopted."""
    question: Question | None = None
    """The matter as it is put."""


class Call(Window, frozen=True, kw_only=True, tag="call"):
    """Members are called to stand as candidates."""

    announced_via: tuple[Announcement, ...]
    """How the call is made known."""
    late: Literal["invalid", "by_decision"]
    """What happens with a candidacy after the close."""
    late_decided_by: BodyId | None = None
    """Who decides about a late one."""
    targets: tuple[RecruitmentTarget, ...] = ()
    """How many candidates the party hopes for."""


class Candidacy(Task, frozen=True, kw_only=True, tag="candidacy"):
    """Candidacies are examined: who may stand, what must be handed in, who decides."""

    stand: Stand
    """The conditions for standing."""
    acceptance: Acceptance
    """Whether and until when a candidate accepts."""
    withdrawal: Withdrawal
    """Until when a candidate is left off the paper, and what happens later."""
    nominated_by: tuple[Literal["self", "member", "branch", "body"], ...] = ("self",)
    """Who can put a candidate forward."""
    supporters: Supporters | None = None
    """Members who support a candidacy; without it none are asked."""
    documents: tuple[Document, ...] = ()
    """What a candidate hands in."""
    repair: Repair | None = None
    """The chance to complete what is missing; without it there is none."""
    appeal: Appeal | None = None
    """Who looks again at a refusal."""


class EnoughCandidates(Task, frozen=True, kw_only=True, tag="enough_candidates"):
    """Are there enough candidates? When there are too few, a body chooses what happens; nothing goes on by itself."""

    decided_by: BodyId
    """Who chooses when there are too few."""
    too_few_below: Literal["minimum_to_constitute", "number_to_elect", "number_to_elect_plus_one"]
    """What "too few" is measured against."""
    options: tuple[Literal["postpone", "reopen", "proceed_smaller", "appoint_interim"], ...]
    """Between what."""
    as_many_as_seats: Literal["ballot", "vote_on_whole", "elected_unopposed"]
    """What happens with exactly as many candidates as seats."""
    fewer_than_seats: Literal["by_decision", "ballot", "vote_on_whole", "elected_unopposed"]
    """What happens with fewer candidates than seats, but enough to constitute the body."""
    reopen_days: Count = 0
    """How many days a reopened call stays open."""
    reopen_most_times: Count = 1
    """How often the call can be reopened."""
    interim_until: Moment | None = None
    """Until when an interim appointment holds at most."""


class Screening(Task, frozen=True, kw_only=True, tag="screening"):
    """Candidates are screened (antecedentenonderzoek)."""

    rules: ScreeningRules
    """How it is done."""
    appeal: Appeal | None = None
    """Who looks again at an advice against."""


class Advice(Task, frozen=True, kw_only=True, tag="advice"):
    """A committee or body advises about candidates; the candidate sees it first."""

    form: Literal["suitable", "ranked", "ranked_groups", "recommended"]
    """What the advice looks like."""
    shown_to_candidate_days: Positive
    """Days in which the candidate alone has it."""
    reaction_days: Positive
    """Days in which the candidate may react or withdraw."""
    reasons: bool = True
    """It gives reasons."""
    withdrawal_keeps_private: bool = True
    """An advice about somebody who withdraws stays private."""
    may_persist: bool = True
    """Somebody who is not recommended may still stand."""
    published: Moment | None = None
    """When it is published."""
    board_advice: Literal["none", "separate"] = "none"
    """The board's own advice stands apart and is labelled."""


class Campaign(Window, frozen=True, kw_only=True, tag="campaign"):
    """Candidates present themselves to the voters."""

    rules: CampaignRules
    """What is the same for all."""


class OrderLot(Task, frozen=True, kw_only=True, tag="order_lot"):
    """The order of the candidates on the paper is drawn in public."""

    lot: Lot
    """How it is drawn."""


class Roll(Task, frozen=True, kw_only=True, tag="roll"):
    """Who may vote is laid down, can be objected to, and is closed."""

    record_date: Moment
    """The moment on which the right to vote is judged."""
    vote_right: VoteRight
    """Who may vote."""
    objection: Objection
    """The time in which a member can object."""
    late_additions: LateAdditions
    """Whether somebody can be added later."""
    shown_to: Literal["own_row_only", "bureau"] = "own_row_only"
    """Everybody sees their own row and the reason; nobody else's."""


class Convocation(Task, frozen=True, kw_only=True, tag="convocation"):
    """The members are called to the meeting."""

    meeting: StageId
    """Which meeting."""
    agenda_item: Words
    """The item on the agenda."""
    sent_via: tuple[Literal["mail_with_consent", "post"], ...]
    """How; by mail only to those who agreed to that."""
    documents_due: Moment | None = None
    """When the documents are there."""
    states_conditions: bool = False
    """It states the conditions for taking part electronically (BW 2:38 lid 9)."""
    statute_change: StatuteChange | None = None
    """The terms for a change of the statutes, when one is proposed."""


class Meeting(Task, frozen=True, kw_only=True, tag="meeting"):
    """The meeting. Its record (convocation, presence, proxies, quorum, ruling) makes an outcome valid."""

    body: BodyId
    """Whose meeting it is."""
    begins: Moment
    """When it begins."""
    quorum: Quorum | None = None
    """How many must be there; leave out only when the statutes ask for none."""
    proxies: Proxies
    """Voting for somebody else."""
    ruling: Ruling
    """How the outcome is stated and challenged."""
    second_meeting: SecondMeeting | None = None
    """The meeting that may decide when the first lacked its quorum."""
    participation: tuple[Literal["in_room", "online"], ...] = ("in_room",)
    """How members take part."""
    motions: Motions | None = None
    """Proposals by members."""
    minutes_due_days: Count = 0
    """Days after which the minutes are there; 0: not ruled here."""
    practice: bool = False
    """A practice meeting is held before."""


class Vote(Window, frozen=True, kw_only=True, tag="vote"):
    """Members vote."""

    channels: tuple[ChannelId, ...]
    """How votes can be cast."""
    ballot: Ballot
    """The paper, and how marks on it are read."""
    secrecy: Secrecy
    """Who gets to know how somebody voted."""
    counts_in: StageId | None = None
    """The meeting in which these votes count; without it they are no votes in a meeting."""
    proxies: Proxies | None = None
    """Voting for somebody else; without it as in the meeting."""
    questions: tuple[Question, ...] = ()
    """Matters on the paper."""
    rule: DecisionRule | None = None
    """When a matter, or the whole of a proposal, is adopted."""
    rounds: Rounds | None = None
    """Rounds until somebody has a majority, for majority_rounds and ranked_rounds."""
    stopped_by: BodyId | None = None
    """Who can stop the vote when it goes wrong."""
    electronic: Electronic | None = None
    """How the secret electronic vote is held; without it nobody votes electronically."""

    @property
    def on_persons(self) -> bool:
        """Whether persons are voted on, and not matters."""
        return not self.questions and self.ballot.method != "yes_no"


class Tally(Task, frozen=True, kw_only=True, tag="count"):
    """The votes are counted."""

    vote: StageId
    """Which vote."""
    ties: Lot
    """How a tie is settled when the rules cannot."""
    transfer: Transfer | None = None
    """The rules of a single transferable vote."""
    typing: Typing | None = None
    """How papers are typed over."""
    recount: Recount | None = None
    """When papers are counted again."""
    tie_between_persons: Literal["lot", "runoff", "longest_member", "oldest"] = "lot"
    """What decides between persons with the same number of votes, outside a ranked count."""
    yes_threshold: Share | None = None
    """The share of the valid votes that a candidate needs to be elected at all, strictly more."""
    second_count: bool = True
    """An independent program counts too, and the report says whether it agrees."""


class Result(Task, frozen=True, kw_only=True, tag="result"):
    """The outcome is stated and published."""

    publication: Publication
    """How much everybody may see."""
    objection_days: Positive
    """Days after publication in which an objection can be made."""
    objection_to: BodyId
    """To whom."""
    objection_suspends: bool
    """Members elected wait until objections are decided."""
    error: ErrorRule
    """What a fault in the procedure does to the outcome."""
    annulment: Annulment
    """The term in which a court can annul it."""


class Appointment(Task, frozen=True, kw_only=True, tag="appointment"):
    """The assembly, or another body, appoints people who were put forward."""

    body: BodyId
    """Who appoints."""
    nomination: Nomination
    """Who proposes, and whether that binds."""
    rule: DecisionRule
    """When somebody is appointed."""
    ballot: Ballot
    """The paper."""
    each: Literal["one_by_one", "together"] = "one_by_one"
    """One vote on each person, or one on all."""


class Seating(Task, frozen=True, kw_only=True, tag="seating"):
    """Those elected accept, and take their seats."""

    accept_within_days: Positive
    """Days in which somebody elected accepts."""
    not_accepted: Literal["next_in_result", "countback", "leave_empty"]
    """Who comes next when somebody does not."""
    first_meeting: Moment | None = None
    """When the body meets for the first time."""


class SignUp(Window, frozen=True, kw_only=True, tag="sign_up"):
    """A branch signs up to take part in an election."""

    by: BodyId
    """Who signs up for a branch."""
    supporters: Supporters
    """Members of the branch who support it."""
    branch_decision: DecisionRule
    """When the branch's own meeting has decided for it."""
    requires: tuple[
        Literal["programme", "budget", "treasurer", "campaign_lead", "candidate_list", "safe_space_contact", "plan"],
        ...,
    ]
    """What is handed in with it."""
    repair: Repair
    """The chance to complete what is missing."""
    decided_by: BodyId
    """Who decides."""
    decided_before: Moment
    """When it is decided."""
    appeal: Appeal | None = None
    """Who looks again at a refusal."""


class Submission(Task, frozen=True, kw_only=True, tag="submission"):
    """A candidate list is handed in at an electoral office of the state."""

    to: Words
    """Where."""
    forms: tuple[Literal["h1", "h3_1", "h3_2", "h4", "h9", "h10", "id_copy", "deposit"], ...]
    """Which forms go with it (Kieswet)."""
    longest_list: Positive
    """The most names on a list."""
    repair_days: Count
    """Days in which the electoral office lets a fault be repaired."""


class Report(Task, frozen=True, kw_only=True, tag="report"):
    """Somebody gives account."""

    to: BodyId
    """To whom."""
    contents: Prose
    """About what."""


KINDS: tuple[type[Stage], ...] = (
    Decision,
    Call,
    Candidacy,
    EnoughCandidates,
    Screening,
    Advice,
    Campaign,
    OrderLot,
    Roll,
    Convocation,
    Meeting,
    Vote,
    Tally,
    Result,
    Appointment,
    Seating,
    SignUp,
    Submission,
    Report,
)
"""The stage kinds that ship."""
