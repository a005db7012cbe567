"""Who watches and what follows: the stembureau, lots, recounts, complaints, publication, keeping, disputes."""

from typing import Literal

from .bodies import Excluded
from .values import Article, BodyId, Count, Moment, Part, Positive, Share, Span, Words

PublishedField = Literal["turnout", "counts", "blank", "invalid", "per_channel", "per_branch", "stages", "ties"]
"""Something that a report can show."""


class Bureau(Part, frozen=True):
    """The stembureau: the people who run the vote and sign its report."""

    body: BodyId
    """Under which name it appears among the bodies."""
    appointed_by: BodyId
    """Who appoints it."""
    size_min: Positive
    """The fewest members."""
    size_max: Positive
    """The most members."""
    excludes: tuple[Excluded, ...]
    """Who may not sit on it."""
    deputies: Count = 0
    """How many deputies."""
    decides_by: Literal["majority", "consensus"] = "majority"
    """How it rules on a doubtful paper."""
    signatures: Literal["all", "majority"] = "all"
    """Who signs the report; who disagrees may write why."""
    may_see: tuple[Literal["papers", "strike_offs", "turnout", "small_groups"], ...] = (
        "papers",
        "strike_offs",
        "turnout",
    )
    """What its members may see."""


class Lot(Part, frozen=True):
    """Drawing lots so that nobody can choose the outcome and anybody can repeat it."""

    drawn_by: BodyId
    """Who draws."""
    witnesses: tuple[BodyId, ...]
    """Who watches; somebody else than who draws."""
    source: Literal["public_seed", "in_the_room"]
    """An order computed from a public number, or a draw in the room that is written down."""
    seed_from: Words
    """Which public source gives the number, or what is drawn from."""
    seed_known: Literal["after_close", "before_close"]
    """The number may be known only after the close of what it decides on."""
    announced_before: bool = True
    """The source is announced beforehand."""


class Recount(Part, frozen=True):
    """When the papers are counted again."""

    margin: Count
    """Without asking when an outcome hangs on so many votes or fewer; 0: never without asking."""
    requested_by: tuple[BodyId | Literal["candidate", "voter"], ...]
    """Who can ask for it."""
    within_days: Positive
    """Days after publication in which it can be asked."""
    most_times: Positive = 1
    """How often."""


class Typing(Part, frozen=True):
    """Papers are typed over by people who do not see each other's work."""

    independent: Positive
    """How many people type over each paper."""
    doubtful_ruled_by: BodyId
    """Who rules on a doubtful paper, with the reason."""


class Complaints(Part, frozen=True):
    """Complaints about the procedure; every one of them is in the report."""

    to: BodyId
    """Who receives them."""
    until: Moment
    """Until when."""
    decided_within_days: Positive
    """Days in which they are answered."""
    appeal_to: BodyId | None = None
    """Who looks at it again."""


class Publication(Part, frozen=True):
    """How much of the outcome everybody may see."""

    level: Literal["elected", "totals", "stages", "first_preferences", "rankings"]
    """From only who is elected to the anonymous rankings themselves (long rankings can be signatures of sold votes)."""
    smallest_group: Positive = 10
    """Nothing is published about a group of fewer voters than this; the party may choose a larger number."""
    below: Literal["withhold", "merge", "scrutineers_only"] = "scrutineers_only"
    """What happens with smaller groups."""
    fields: tuple[PublishedField, ...] = ("turnout", "counts", "blank", "invalid", "stages", "ties")
    """What the report shows."""


class ErrorRule(Part, frozen=True):
    """What a fault in the procedure does to the outcome."""

    no_influence: Literal["result_stands"]
    """The fault cannot have changed who is elected."""
    possible_influence: Literal["recount", "repeat_vote", "repeat_procedure"]
    """The fault can have changed it."""
    decided_by: BodyId
    """Who decides which of the two it is."""


class Annulment(Part, frozen=True):
    """The term in which a court can annul the decision; papers are kept at least as long."""

    span: Span
    """How long (BW 2:15 lid 5: one year)."""
    counted_from: Moment
    """From sufficient publicity."""
    article: Article = "BW 2:15 lid 5"
    """On what it rests."""


class Retention(Part, frozen=True):
    """How long a class of data is kept, and what then happens with it."""

    what: Words
    """Which data."""
    keep_for: Span
    """How long."""
    counted_from: Literal[
        "annulment_ends", "result_published", "list_final", "appeal_ends", "procedure_ends", "term_ends", "withdrawal"
    ]
    """From when."""
    then: Literal["destroy", "anonymise", "archive"]
    """What happens then."""
    proof: Literal["act", "act_with_two_signatures"] = "act"
    """How the destruction is shown."""


class DisputeRules(Part, frozen=True):
    """How a dispute committee handles a case."""

    body: BodyId
    """Which committee."""
    panel: Positive
    """How many members hear a case."""
    deputies: Count
    """How many deputies can step in."""
    recusal: Literal["declared_per_case", "declared_yearly"]
    """When members declare an interest; who has one gets no access to the file."""
    admissible: tuple[Literal["members", "former_members", "organs", "candidates", "applicants"], ...]
    """Who can bring a case."""
    about: tuple[Literal["decisions", "conduct", "elections", "membership", "signals"], ...]
    """About what."""
    appeal_days: Positive
    """Days after a decision became known in which a case can be brought."""
    decide_days: Positive
    """Days in which the committee decides."""
    extension_days: Count
    """Days it may take longer, once, with the reason."""
    hearing: Literal["always", "on_request", "unless_manifest"]
    """When parties are heard."""
    representation: bool
    """Parties may bring somebody along."""
    suspends: Literal["never", "on_decision", "always"]
    """Whether the decision waits."""
    binding: bool
    """The outcome binds the organs."""
    restorative_first: bool
    """A talk to restore comes first when both want it."""
    publish_anonymised: bool
    """Outcomes are published without names."""
    report_yearly: bool = True
    """The committee reports to the assembly each year."""


class StatuteChange(Part, frozen=True):
    """The terms for changing the statutes (BW 2:42 and 2:43)."""

    notice_days: Positive
    """Days before the meeting that the convocation says a change will be proposed."""
    text_days: Count
    """Days before the meeting that the full text lies open, until the end of the day of the meeting."""
    fraction: Share
    """Share of the votes cast that adopts it."""
    text_file: str = ""
    """The file with the full text."""
    notarial_deed: bool = True
    """It works only after a deed at the notary."""


class Motions(Part, frozen=True):
    """Proposals and amendments by members."""

    deadline: Moment
    """Until when they are handed in."""
    signatories: Count
    """How many members sign."""
    share: Share | None = None
    """Or which share of the members."""
    admissibility_by: BodyId | None = None
    """Who decides whether it can be put on the agenda; with reasons."""
    amendments_until: Moment | None = None
    """Until when changes to a proposal are handed in."""
    urgent_signatories: Count = 0
    """How many sign a proposal during the meeting; 0: not possible."""
    order: Literal["farthest_first", "text_order", "merge"] = "farthest_first"
    """In what order amendments are voted on."""
    tie: Literal["rejected", "next_meeting", "chair"] = "rejected"
    """What a tie means."""
