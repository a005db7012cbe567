"""When those who may vote, or did, are too few for a vote to stay secret, and how they vote instead. Pure."""

from collections.abc import Mapping, Sequence

from stembus.words import N_
from stembus_polls.contests import Contest, ContestPlan
from stembus_procedures import Policy
from stembus_procedures.language.oversight import Publication
from stembus_procedures.language.stages import Result, Vote
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

SMALLEST = Publication(level="elected").smallest_group
INSTEAD = {
    "paper_in_room": Words(nl="op papier in de vergadering", en="on paper in the meeting"),
    "by_post": Words(nl="per post", en="by post"),
    "at_large": Words(nl="op papier in de vergadering", en="on paper in the meeting"),
}


def smallest_group(policy: Policy) -> int:
    """Return of how many voters at least a policy lets anything be known."""
    result = policy.first(Result)
    return SMALLEST if result is None else result.publication.smallest_group


def merges_small_groups(policy: Policy) -> bool:
    """Whether all members together fill the seats of branches in which too few may vote."""
    vote = policy.first(Vote)
    return vote is not None and vote.electronic is not None and vote.electronic.below == "at_large"


def too_small_groups(policy: Policy, plans: Sequence[ContestPlan], on_roll: Mapping[str, int]) -> tuple[str, ...]:
    """Return the contests kept for branches whose seats all members fill together, as too few may vote in each.

    `on_roll` is how many may vote in each contest. Empty where the policy does not say so (`electronic.below`).
    """
    if not merges_small_groups(policy):
        return ()
    return tuple(plan.id for plan in plans if plan.branches and on_roll.get(plan.id, 0) < smallest_group(policy))


def too_few_to_vote(contest: Contest, on_roll: int) -> Sentence | None:
    """Return why a contest cannot be voted on electronically by so many members, or None."""
    return _too_few(
        contest,
        on_roll,
        N_(
            "{number} members may vote in {contest}, fewer than the {smallest} that the policy asks: they vote "
            "{instead}."
        ),
    )


def too_few_on_roll(contest: Contest, on_roll: int) -> Words | None:
    """Return why a vote that was set up does not open with so many on the roll, or None: a roll can become shorter."""
    rule, smallest = contest.vote.electronic, smallest_group(contest.policy)
    if rule is None or on_roll >= smallest:
        return None
    title, instead = contest.plan.title, INSTEAD[rule.below]
    return Words(
        nl=f"Over {title.nl} mogen nog {on_roll} leden stemmen, minder dan de {smallest} die het beleid vraagt: hun "
        f"stem zou niet geheim blijven. Zij stemmen {instead.nl}.",
        en=f"{on_roll} members may still vote on {title.en}, fewer than the {smallest} that the policy asks: their "
        f"votes would not stay secret. They vote {instead.en}.",
    )


def too_few_to_open(contest: Contest, ballots: int) -> Sentence | None:
    """Return why a box with so many ballots is not opened, or None."""
    return _too_few(
        contest,
        ballots,
        N_(
            "{number} votes are in the box of {contest}, fewer than the {smallest} that the policy asks: it is not "
            "opened. The procedure is cancelled on that ground, and members vote {instead}."
        ),
    )


def _too_few(contest: Contest, number: int, message: str) -> Sentence | None:
    rule, smallest = contest.vote.electronic, smallest_group(contest.policy)
    if rule is None or number >= smallest:
        return None
    return Sentence(message, number=number, contest=contest.plan.title, smallest=smallest, instead=INSTEAD[rule.below])
