"""Who may stand and what they hand in: conditions, documents, repair, supporters, acceptance, withdrawal, screening."""

from typing import Literal

from .values import Article, BodyId, Count, Moment, Name, Part, Positive, RetentionId, Span, Words

Contribution = Literal["paid", "reduced", "waived", "by_arrangement"]
"""How a member stands with the contribution."""


class IncompatibleOffice(Part, frozen=True):
    """An office that cannot be held together with the seat."""

    office: Name
    """Any seat of a body by its name ("kiescommissie"), one office in it ("bestuur.voorzitter"), or any seat of a kind
    of body ("board")."""
    name: Words
    """What people read."""
    resolved: Literal["before_candidacy", "before_order_lot", "before_seating"]
    """When it has to be given up at the latest."""


class Stand(Part, frozen=True):
    """The conditions for standing as a candidate."""

    judged_on: Moment
    """The day on which membership, contribution and suspension are judged."""
    member_for: Span | None = None
    """How long somebody must have been a member by then."""
    count_from: Literal["registration", "first_payment"] = "registration"
    """When membership began."""
    minimum_age: Count = 0
    """Age in whole years; 0: no condition."""
    age_on: Moment | None = None
    """The day on which that age must be reached; without it the day above."""
    contribution: tuple[Contribution, ...] = ()
    """Which states of the contribution are accepted; empty: no condition."""
    may_be_suspended: bool = False
    """A suspended member may stand."""
    code_of_conduct: str = ""
    """The version of the code of conduct that must be signed; empty: none."""
    branches: tuple[str, ...] = ()
    """Only members of these branches; empty: of any branch."""
    own_constituency: bool = False
    """Only for the constituency of one's own branch."""
    residence: Literal["anywhere", "netherlands", "municipality"] = "anywhere"
    """Where a candidate must live."""
    incompatible_offices: tuple[IncompatibleOffice, ...] = ()
    """Offices that cannot go together with the seat."""
    conduct_certificate: Literal["none", "before_list", "before_start"] = "none"
    """When a certificate of conduct (VOG) must have been seen; it is never kept."""
    posts_at_once: Positive = 1
    """For how many posts somebody may stand in one procedure."""


class Supporters(Part, frozen=True):
    """Members who declare that they support a candidacy or a proposal."""

    number: Count
    """How many; 0: none are asked."""
    among: Literal["members", "branch", "constituency", "voters_on_roll"] = "members"
    """Who may give support."""
    check: Literal["all", "sample"] = "all"
    """Which statements are checked."""
    sample: Count = 0
    """How many are checked in a sample."""
    each_supports: Positive = 1
    """How many candidates one member may support."""


class Document(Part, frozen=True):
    """Something that a candidate hands in."""

    type: Name
    """How the data names it."""
    name: Words
    """What people read."""
    sensitivity: Literal["normal", "special", "criminal"]
    """Special: health, belief, origin and the like; criminal: convictions and suspicions, a VOG included."""
    required: bool = True
    """Without it the candidacy is not complete."""
    form: Literal["free", "template", "upload", "seen_only"] = "upload"
    """How it is handed in; "seen_only": shown, never kept."""
    viewers: tuple[BodyId, ...] = ()
    """Who may see it."""
    retention: RetentionId | None = None
    """Under which class it is kept and destroyed."""
    longest_characters: Count = 0
    """The most characters of a text; 0: no limit."""
    public: bool = False
    """Members may read it."""


class Repair(Part, frozen=True):
    """The chance to complete what is missing."""

    days: Positive
    """Days after the notice of what is missing."""
    decided_by: BodyId
    """Who decides whether it is complete."""
    once: bool = True
    """Only one chance."""


class Acceptance(Part, frozen=True):
    """A candidacy put forward by others counts only when the candidate accepts it."""

    required: bool
    """Whether the candidate must accept in writing."""
    until: Moment
    """Until when."""


class Withdrawal(Part, frozen=True):
    """A candidate may always stop; what that means depends on whether the papers are printed."""

    struck_until: Moment
    """Until then the name is left off the ballot paper."""
    after_printing: Literal["ranked_as_withdrawn", "stays_until_result"]
    """Afterwards: votes pass to the next choice, or the candidate stays in the count and may refuse the seat."""
    announced: bool = True
    """A withdrawal after printing is told to all voters."""


class Appeal(Part, frozen=True):
    """Who looks again at a decision about a person."""

    to: BodyId
    """The body that decides on the appeal."""
    days: Positive
    """Days in which an appeal may be made."""
    decided_within_days: Positive
    """Days in which it is decided."""
    suspends: bool = False
    """The procedure waits for it."""


class RecruitmentTarget(Part, frozen=True):
    """How many candidates the party hopes for, shown while the call is open; it excludes nobody."""

    number: Positive
    """How many."""
    group: Words | None = None
    """Among whom; without it in all."""
    branches: tuple[str, ...] = ()
    """Counted among members of these branches."""


class CampaignRules(Part, frozen=True):
    """What is the same for all candidates while members choose."""

    equal_space: bool
    """Every candidate has the same room, in an order that nobody chose."""
    statement_longest_characters: Positive
    """The longest statement."""
    member_mail: Literal["no", "via_office"]
    """Whether a candidate can write to all members; never with their addresses."""
    photo: bool = True
    """A portrait is shown."""


class Instrument(Part, frozen=True):
    """One step of screening, in the order that the policy gives."""

    kind: Literal[
        "information_and_consent", "questionnaire", "interview", "open_sources", "referees", "conduct_certificate",
        "weighing",
    ]  # fmt: skip
    """Which step."""
    days: Count
    """The days that the candidate has for it."""
    number: Positive = 1
    """How many (interviews, referees)."""
    viewers: tuple[BodyId, ...] = ()
    """Who may see what comes out of it."""


class ScreeningRules(Part, frozen=True):
    """How screening (antecedentenonderzoek) is done."""

    screeners: Positive
    """How many people look at each file."""
    instruments: tuple[Instrument, ...]
    """Which steps, in this order."""
    findings_shown_before_advice_days: Positive
    """Days before the advice in which the candidate sees the findings and may reply."""
    hearing_before_negative_advice: bool
    """The candidate is heard before an advice against."""
    outcomes: tuple[Literal["no_remark", "discussed", "condition", "advice_against", "withdrawn"], ...]
    """The outcomes that may be given; never a score."""
    retention: RetentionId
    """Under which class the file is kept and destroyed."""
    legal_basis: tuple[Article, ...] = ()
    """On what articles it rests."""
    searcher_is_interviewer: bool = False
    """Whether the person who searches open sources may also hold the interview."""
