"""How members vote: the right to vote, the roll, channels, the paper, proxies, quorum and rules of decision."""

from typing import Literal

from .candidates import Contribution
from .values import Article, BodyId, Count, Moment, Name, Part, Positive, Prose, Share, Span, Words

ChannelKind = Literal["electronic", "paper_in_meeting", "post", "show_of_hands", "online_live"]
"""A way to cast a vote."""
Method = Literal[
    "yes_no",
    "yes_no_per_person",
    "block",
    "approval",
    "score",
    "borda",
    "irv",
    "stv",
    "meek",
    "condorcet",
    "list_ranking",
    "whole_nomination",
    "majority_rounds",
    "ranked_rounds",
    "show_of_hands",
    "acclamation",
]
"""What a voter is asked, and how that is counted."""

RANKED: tuple[Method, ...] = ("borda", "irv", "stv", "meek", "condorcet", "list_ranking", "ranked_rounds")
"""Methods in which a voter puts candidates in order."""


class VoteRight(Part, frozen=True):
    """Who may vote. Each condition beyond "a member who is not suspended" must cite an article of the statutes."""

    suspended: Literal["excluded", "may_vote"]
    """Whether a suspended member may vote."""
    member_for: Span | None = None
    """How long somebody must have been a member on the record date."""
    count_from: Literal["registration", "first_payment"] = "registration"
    """When membership began."""
    contribution: tuple[Contribution, ...] = ()
    """Which states of the contribution are accepted; empty: no condition."""
    minimum_age: Count = 0
    """Age in whole years on the record date; 0: no condition."""
    maximum_age: Positive | None = None
    """Highest age in whole years on the record date (a youth vote)."""
    branches: tuple[str, ...] = ()
    """Only members of these branches; empty: all members."""


class Objection(Part, frozen=True):
    """The time in which a member can object to the roll."""

    opens: Moment
    """From when."""
    closes: Moment
    """Until when."""
    decided_by: BodyId
    """Who decides."""
    decided_before: Moment
    """When everything must be decided."""


class LateAdditions(Part, frozen=True):
    """Adding somebody after the roll was closed, because of a fault that is not theirs."""

    allowed: bool
    """Whether it can happen at all."""
    decided_by: BodyId | None = None
    """Who decides."""
    until: Moment | None = None
    """Until when."""
    signatures: Count = 2
    """How many people sign for each addition."""


class Extension(Part, frozen=True):
    """Whether a window may stay open longer. Always before it closes, by two people, with a ground."""

    by: BodyId
    """Who decides."""
    most_times: Positive
    """How often at most."""
    longest: Span
    """How long each time at most."""


class Channel(Part, frozen=True):
    """One way to cast a vote, and why it is lawful."""

    legal_basis: tuple[Article, ...]
    """The articles that it rests on: of the law, and of the party's own statutes. Never empty for a real policy."""
    received_by: Moment | None = None
    """When a vote through this channel must have arrived; without it when the vote closes."""
    same_roll: bool = True
    """One roll for all channels, so that nobody votes twice."""
    duplicate: Literal["first_counts", "last_counts", "paper_counts"] = "first_counts"
    """Which vote counts when two arrive."""
    help_desk: BodyId | None = None
    """Who helps."""
    conditions: Prose | None = None
    """Conditions that the convocation states."""


class Ballot(Part, frozen=True):
    """The paper, and how marks on it are read."""

    method: Method
    """What is asked, and how it is counted."""
    blank: Literal["not_cast", "in_base", "invalid"]
    """What a blank vote counts for. Never assumed: the law gives no rule."""
    invalid: Literal["not_cast", "in_base"]
    """What an invalid vote counts for. Never assumed: the law gives no rule."""
    minimum_choices: Count = 0
    """The fewest choices or ranks that make a vote."""
    maximum_choices: Positive | None = None
    """The most choices or ranks; leave out for as many as there are candidates."""
    complete_ranking: bool = False
    """A ranking with a missing candidate is invalid."""
    skipped_rank: Literal["stops_there", "close_up", "invalid"] = "stops_there"
    """A number is left out: the paper counts up to there, the numbers after it move up, or it is invalid."""
    repeated_rank: Literal["stops_there", "invalid"] = "stops_there"
    """A number is used twice: the paper counts up to there, or it is invalid."""
    allow_blank: bool = True
    """A voter may hand in a blank vote on purpose."""
    allow_abstain: bool = False
    """A voter may abstain expressly."""
    candidate_order: Literal["alphabetical", "lot", "per_voter"] = "lot"
    """The order of the names."""
    write_in: bool = False
    """A voter may add a name."""
    revote: bool = False
    """A voter may vote again, and the last vote counts."""
    assisted: Literal["by_anyone", "by_bureau", "no"] = "by_anyone"
    """Whom a voter who needs help may take along."""
    replacement_papers: Count = 1
    """How many times a spoiled paper is replaced, against handing it in."""


class Secrecy(Part, frozen=True):
    """Who gets to know how somebody voted."""

    vote: Literal["open", "roll_call", "secret"]
    """Open, by calling names, or secret."""
    receipt: Literal["none", "receipt", "public_list"] = "none"
    """How a voter can see that the vote was taken in."""
    hide_weight: bool = True
    """Weights of votes are not shown beside them."""


class Proxies(Part, frozen=True):
    """Voting for somebody else."""

    allowed: bool
    """Whether it can be done."""
    each_holds: Count = 0
    """How many proxies one holder may have, the own vote not counted."""
    holder: Literal["member", "same_branch", "not_candidate"] = "member"
    """Who may hold one."""
    form: Literal["form", "mail", "letter"] = "form"
    """How it is given."""
    until: Moment | None = None
    """Until when it can be given and taken back."""
    revocable: bool = True
    """The giver can take it back."""
    scope: Literal["meeting", "item"] = "meeting"
    """What it is given for."""
    instruction: Literal["free", "bound"] = "free"
    """Whether the holder follows an instruction."""
    counts_for_quorum: bool = False
    """Givers count as present for the quorum."""
    holder_must_be_present: bool = True
    """The proxy sleeps when the holder leaves."""
    lapses_when_giver_appears: bool = True
    """The proxy ends when the giver comes in."""


class Quorum(Part, frozen=True):
    """How many must take part for a decision to count."""

    base: Literal["entitled", "members_of_body", "seats"]
    """Of which number the share is taken."""
    fraction: Share | None = None
    """The share that must take part."""
    number: Positive | None = None
    """Or a number that must take part."""
    strict: bool = False
    """More than the share, not at least the share."""
    counts_proxies: bool = False
    """Proxies count as taking part."""


class SecondMeeting(Part, frozen=True):
    """The meeting that may decide when the first lacked its quorum."""

    days_min: Positive
    """At the earliest so many days after the first."""
    days_max: Positive
    """At the latest so many days after the first."""
    quorum: Quorum | None = None
    """Its own quorum; without it any number of voters may decide."""


class Ruling(Part, frozen=True):
    """The chair states the outcome; who doubts it at once can have it voted again (BW 2:13)."""

    by: BodyId
    """Who states the outcome."""
    challenge_until: Literal["at_once", "end_of_meeting"]
    """Until when it can be challenged."""
    revote_when: Literal["as_law", "majority_wants"]
    """As BW 2:13: the majority wants it, or one voter when the first vote was not by roll call or in writing."""


class DecisionRule(Part, frozen=True):
    """When a proposal is adopted. With no counted votes there is no decision."""

    base: Literal["yes_no", "cast_with_blank", "cast_all", "present", "entitled"]
    """Of which votes the share is taken."""
    fraction: Share
    """The share of the base that must be in favour."""
    strict: bool
    """More than the share, not at least the share."""
    blank: Literal["not_cast", "in_base", "invalid"]
    """What a blank vote counts for. Never assumed."""
    invalid: Literal["not_cast", "in_base"]
    """What an invalid vote counts for. Never assumed."""
    abstain: Literal["not_cast", "in_base"] = "not_cast"
    """What an express abstention counts for."""
    quorum: Quorum | None = None
    """How many must take part."""
    largest_weight: Share | None = None
    """The largest share of all votes in the body that one person can have, where votes have weights."""


class Rounds(Part, frozen=True):
    """Rounds until somebody has a majority: members vote again, or by ranked_rounds all come from one ranking."""

    most: Positive
    """The most rounds."""
    proceed: Literal["top_two", "top_three", "drop_last", "all"]
    """Who goes to the next round."""
    tie_at_cut: Literal["all", "lot"]
    """Who goes on when the border is a tie."""
    last_rule: Literal["plurality", "lot"]
    """What decides in the last round."""
    declined_are_struck: bool = True
    """Somebody who declines is not in the next round, where there is voting in between."""


class Nomination(Part, frozen=True):
    """A proposal of persons that binds the voters unless they break it (BW 2:37)."""

    by: BodyId
    """Who nominates."""
    binding: bool
    """Whether it binds."""
    break_fraction: Share | None = None
    """Share of the votes cast that breaks it; the law allows no more than two thirds."""
    break_quorum: Share | None = None
    """Share of the votes of all members that must be represented for that; at most two thirds."""
    fewest_names: Positive = 1
    """The fewest names for one seat."""
    single_name: Literal["appointed_unless_broken", "vote"] = "vote"
    """What one name means."""
    members_may_nominate: bool = True
    """Members can put forward names of their own."""


class Transfer(Part, frozen=True):
    """The rules of a single transferable vote."""

    quota: Literal["droop", "hare"]
    """How many votes elect."""
    transfer: Literal["weighted_gregory", "meek", "gregory", "random"]
    """How the votes above the quota move on; "weighted_gregory" is the Scottish rule."""
    tie_in_stage: Literal["earlier_stages_then_lot", "lot"]
    """How a tie within the count is settled."""


class Question(Part, frozen=True):
    """A matter put to the vote."""

    id: Name
    """How the data names it."""
    text: Words
    """As it stands on the paper: in the words of those who propose it."""
    advice: Words | None = None
    """The advice of the board, printed beside it and labelled as such."""
