"""Who there is: bodies and committees, the seats to fill, how they are spread, and vacancies."""

from typing import Literal

from .values import Article, BodyId, Count, Name, Part, Positive, Prose, RetentionId, Share, Span, Words

Excluded = Literal[
    "candidates", "board", "relatives_of_candidates", "relatives_of_board", "employees", "screeners", "members_of_body"
]
"""People who may not sit on a bureau or committee."""


class Body(Part, frozen=True):
    """A body or office that a policy names: the assembly, the board, the electoral committee, the office."""

    name: Words
    """What it is called."""
    kind: Literal["assembly", "board", "council", "committee", "bureau", "office", "branch", "court", "list", "person"]
    """What sort of body it is; a list of candidates is none, and is named so that seats on it can be spoken of."""


class NumberDecided(Part, frozen=True):
    """The number to be elected is not in the policy: a body decides it."""

    by: BodyId
    """Who decides."""
    when: Literal["at_call", "at_meeting"]
    """Before the call opens, or in the meeting that elects."""


class Constituency(Part, frozen=True):
    """A part of the seats that is elected by, or kept for, a part of the party."""

    id: Name
    """How the data names it."""
    name: Words
    """What people read."""
    seats: Positive
    """How many of the seats it fills."""
    by: Literal["branch", "region", "function", "portfolio"] = "region"
    """What the members or candidates of a constituency have in common."""
    branches: tuple[str, ...] = ()
    """The branches whose members belong to it."""
    takes_members_abroad: bool = False
    """Members who live outside the Netherlands, Caribbean part included, vote here."""
    if_vacant: Literal["at_large", "leave_empty", "by_election"] = "at_large"
    """What happens with a seat for which nobody stands."""


class Balance(Part, frozen=True):
    """A rule about who are elected together: so many, or such a share, with a characteristic."""

    id: Name
    """How the data names it."""
    criterion: Name
    """The characteristic of a candidate that is counted, as declared ("gender", "region", "age_group")."""
    values: tuple[str, ...]
    """The values of that characteristic that count towards the rule."""
    description: Words
    """Whom it is about, in words ("women and non-binary people")."""
    strength: Literal["soft", "hard"]
    """Soft: reported, changes nobody's election. Hard: the count keeps to it."""
    minimum: Count | None = None
    """At least so many of the seats."""
    maximum: Count | None = None
    """At most so many of the seats."""
    minimum_share: Share | None = None
    """At least this share of the seats to be filled."""
    rounding: Literal["down", "up"] = "down"
    """How a share becomes a number of seats."""
    applies_to: Literal["seats", "deputies", "list_positions", "committee"] = "seats"
    """What the rule counts."""
    self_declared: bool = True
    """The candidate declares the characteristic; nobody else decides it."""
    if_infeasible: Literal["lower", "stop"] = "lower"
    """When too few candidates have the characteristic: lower the minimum to what can be met, or stop and report."""
    if_unmet: Literal["report", "extend_call", "substitute", "none"] = "report"
    """What follows when the outcome does not meet a soft rule."""
    list_order: Literal["none", "alternate", "best_effort"] = "none"
    """How whoever adopts a list orders its places; the count orders by votes alone."""
    show_unconstrained: Literal["not_by_name", "by_name"] = "not_by_name"
    """How the record shows what the outcome would have been without the rule."""


class Deputies(Part, frozen=True):
    """Those who stand ready to take a seat."""

    number: Count
    """How many are kept; 0: nobody."""
    found_by: Literal["countback", "next_in_result", "own_ballot"]
    """Countback: from the piles of papers that elected the member whose seat it is."""
    balance_applies: bool
    """The hard balance rules hold for them too."""


class Vacancy(Part, frozen=True):
    """What happens when a seat falls empty during the term."""

    fill: Literal["countback", "next_in_result", "by_election", "appoint", "leave_empty"]
    """How it is filled."""
    decided_by: BodyId
    """Who states the vacancy and has it filled."""
    valid_for: Span
    """How long after the result the papers may be used for this."""
    accept_within_days: Positive
    """Days in which the person called says yes."""
    balance_applies: bool
    """The hard balance rules hold for the successor too."""
    kept_as: RetentionId | None = None
    """Under which class the rankings are kept that a countback needs; a countback without it is refused."""
    then: Literal["by_election", "appoint", "leave_empty"] = "leave_empty"
    """What follows when nobody is left, or the papers are too old."""
    below_minimum: Literal["by_election", "appoint_interim", "body_stops"] = "by_election"
    """What follows when fewer members are left than may form the body."""
    term_ends_with_predecessor: bool = True
    """The successor serves the rest of the term."""


class Staggering(Part, frozen=True):
    """Not everybody leaves at once."""

    groups: Positive
    """In how many groups the seats are split."""
    every: Span
    """How long after one another the groups leave."""
    first_groups_by: Literal["lot", "order_of_election"] = "lot"
    """Who leaves first, the first time."""


class Seats(Part, frozen=True):
    """The seats that this procedure fills."""

    body: BodyId
    """The body that they are seats of."""
    minimum: Positive
    """The body has at least so many seats."""
    maximum: Positive
    """The body has at most so many seats."""
    number: Positive | NumberDecided
    """How many are to be elected, or who decides that and when."""
    minimum_to_constitute: Positive
    """With fewer elected members than this the body cannot begin."""
    term: Span
    """How long a member serves."""
    starts: Literal["on_result", "on_acceptance", "on_constitution"]
    """When the term begins."""
    maximum_terms: Positive | None = None
    """How many terms in a row somebody may serve; leave out only when there is no limit."""
    until_replaced: bool = False
    """A member stays after the term until a successor is there."""
    cooling_off: Span | None = None
    """How long somebody waits after the last term before standing again."""
    staggering: Staggering | None = None
    """How the members leave in turn; without it all leave together."""
    constituencies: tuple[Constituency, ...] = ()
    """Seats by constituency; what is left is filled at large."""
    filling_order: Literal["constituencies_first", "at_large_first"] = "constituencies_first"
    """Which seats are filled first."""
    balance: tuple[Balance, ...] = ()
    """Rules about who are elected together."""
    deputies: Deputies | None = None
    """Those who stand ready; without it there are none."""
    vacancy: Vacancy | None = None
    """What happens when a seat falls empty."""
    meetings_a_year: Count = 0
    """The body meets at least so often a year."""


class Committee(Part, frozen=True):
    """A committee that a procedure leans on: who puts it together and when it may decide."""

    body: BodyId
    """Which committee."""
    size: Positive
    """How many members."""
    appointed_by: BodyId
    """Who appoints them."""
    quorum: Count | None = None
    """How many must take part to decide. Never assumed: a committee without it is refused."""
    parity: Literal["none", "required"] | None = None
    """Whether its composition must be even between groups before it may decide. Never assumed."""
    parity_article: Article | None = None
    """The article that requires parity."""
    nominated_by: BodyId | None = None
    """Who proposes them."""
    deputies: Count = 0
    """How many deputies."""
    term: Span | None = None
    """How long they serve."""
    maximum_terms: Positive | None = None
    """How many terms in a row."""
    appointed_as: Literal["one_by_one", "together"] = "one_by_one"
    """One vote on each person, or one on all."""
    excludes: tuple[Excluded, ...] = ()
    """Who may not be a member."""
    decides_by: Literal["majority", "consensus"] = "majority"
    """How it decides."""
    until_replaced: bool = True
    """Members stay until successors are there."""
    transition: Prose | None = None
    """What happens with those who sit there now."""
