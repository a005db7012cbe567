"""The contests of a procedure: one for each constituency, and one for the seats at large."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from stembus_procedures import Policy
from stembus_procedures.language.stages import Tally, Vote
from stembus_procedures.language.values import Words
from stembus_procedures.language.voting import Ballot
from stembus_procedures.sentence import Sentence

AT_LARGE = "at_large"


class ContestPlan(Struct, frozen=True, kw_only=True):
    """A contest as the policy makes it: so many seats, kept for these branches (empty: for the whole party).

    `merged` are the contests whose seats and candidates are in this one, since too few may vote in each of them.
    """

    id: str
    title: Words
    seats: int
    branches: tuple[str, ...] = ()
    vacant_to: Literal["at_large", "leave_empty", "by_election"] = "leave_empty"
    merged: tuple[str, ...] = ()


class ContestCandidate(Struct, frozen=True, kw_only=True):
    """A candidate as printed on the paper, with the number there, from 1. `declared` are their own statements.

    `id` names the candidacy, `member_id` the person, who can stand in several contests.
    """

    id: str
    member_id: str = ""
    number: int
    name: str
    branch: str = ""
    declared: dict[str, str] = {}
    withdrew: bool = False


class Way(Struct, frozen=True, kw_only=True):
    """How the seats of a poll are filled, and why so; `to_act` is the body that has to choose while it is undecided.

    On the paper of a `vote_on_whole` stand two boxes, for and against all candidates together.
    """

    kind: Literal["ballot", "vote_on_whole", "elected_unopposed", "undecided"]
    reason: Words
    to_act: str = ""


BALLOTS = Way(
    kind="ballot", reason=Words(nl="er worden stembiljetten geteld", en="the marks on ballot papers are counted")
)


class VoteTimes(Struct, frozen=True, kw_only=True):
    """The moments of the vote, extensions included. `post_until` is None where the policy has no vote by post."""

    opens: datetime
    closes: datetime
    post_until: datetime | None


class Contest(Struct, frozen=True, kw_only=True):
    """One contest of a running procedure, with everything about it that the rules ask for.

    `waits_for` are the stages that must be complete before the vote opens and are not; `stopped` says in words why
    nothing may happen in the procedure any more, and is None while it runs; `annulled`: that is because its
    vote was annulled. `other_seats` are filled in the other
    contests of the procedure. `blocked` says what keeps an open vote from taking anything in, such as a stembureau
    that is not composed as the policy says. `held_by` is the body of the branch whose poll it is; None: the party's.
    """

    procedure_id: str
    procedure: str
    policy: Policy
    held_by: str | None = None
    plan: ContestPlan
    candidates: tuple[ContestCandidate, ...]
    times: VoteTimes
    waits_for: tuple[str, ...] = ()
    stopped: Sentence | None = None
    annulled: bool = False
    other_seats: int = 0
    blocked: Words | None = None
    way: Way = BALLOTS

    @property
    def id(self) -> str:
        """How the data names it."""
        return self.plan.id

    @property
    def vote(self) -> Vote:
        """The vote as the policy has it."""
        return vote_of(self.policy)

    @property
    def ballot(self) -> Ballot:
        """The paper, and how marks on it are read; a block vote has as many marks as seats by itself."""
        ballot = self.vote.ballot
        if ballot.method == "block" and ballot.maximum_choices is None:
            return replace(ballot, maximum_choices=self.plan.seats)
        return ballot

    @property
    def on_each_person(self) -> bool:
        """Whether voters say for, against or blank of each candidate."""
        return self.way.kind == "ballot" and self.ballot.method == "yes_no_per_person"

    @property
    def decided_by_rule(self) -> bool:
        """Whether a rule of decision says who is elected, so that it matters how many take part."""
        return self.way.kind == "vote_on_whole" or self.on_each_person

    @property
    def tally(self) -> Tally:
        """How the votes are counted."""
        return tally_of(self.policy)

    @property
    def title(self) -> str:
        """The name under which its lots are drawn and its ballots published: procedure and contest."""
        return f"{self.procedure}/{self.id}"

    def local(self, moment: datetime) -> datetime:
        """A moment in the zone of the policy, for a sentence."""
        return moment.astimezone(ZoneInfo(self.policy.timezone))

    def shown(self, moment: datetime) -> str:
        """A moment as a table shows it: to the minute, in the zone of the policy."""
        return f"{self.local(moment):%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> dict[str, str]:
        """What an act about it names."""
        return {"procedure": self.procedure_id, "contest": self.id}

    @property
    def withdrawn(self) -> tuple[int, ...]:
        """The candidates (from 0) who withdrew after printing and are passed over in the count."""
        return tuple(candidate.number - 1 for candidate in self.candidates if candidate.withdrew)


def vote_of(policy: Policy) -> Vote:
    """Return the vote of a policy. Raises ValueError when it has none."""
    vote = policy.first(Vote)
    if vote is None:
        raise ValueError(f"Policy {policy.id} has no stage of kind `vote`, so there is no poll to hold.")
    return vote


def tally_of(policy: Policy) -> Tally:
    """Return how a policy counts its vote. Raises ValueError when it does not say."""
    vote = vote_of(policy)
    for tally in policy.stages_of(Tally):
        if tally.vote == vote.id:
            return tally
    raise ValueError(f"Policy {policy.id} has no stage of kind `count` for the vote {vote.id!r}.")


def plan_contests(policy: Policy, seats: int, merged: Sequence[str] = ()) -> tuple[ContestPlan, ...]:
    """Return the contests for so many seats, in the order in which they are filled.

    What the constituencies leave is filled at large, and so are the seats of those that are `merged`. Raises ValueError
    when they take more seats than there are.
    """
    if policy.seats is None:
        raise ValueError(f"Policy {policy.id} fills no seats: there is no contest.")
    kept = [
        ContestPlan(id=c.id, title=c.name, seats=c.seats, branches=c.branches, vacant_to=c.if_vacant)
        for c in policy.seats.constituencies
        if c.id not in merged
    ]
    left = seats - sum(plan.seats for plan in kept)
    if left < 0:
        raise ValueError(f"The constituencies fill {seats - left} seats, and only {seats} are to be elected.")
    if not left:
        return tuple(kept)
    at_large = ContestPlan(id=AT_LARGE, title=policy.title, seats=left, merged=tuple(merged))
    if policy.seats.filling_order == "at_large_first":
        return (at_large, *kept)
    return (*kept, at_large)
