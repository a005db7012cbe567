"""Whether a policy asks of votes that are only added up what nothing can say of them.

By approval, in a block vote and in a vote on each person a ballot has no order, so there is nothing to publish beyond
the votes for each candidate. What no count but that of a transferable vote can do is in check_method.py.
"""

from collections.abc import Iterator

from .findings import Finding, error
from .language.policy import Policy
from .language.stages import Result, Tally, Vote
from .language.voting import RANKED, Ballot, Method
from .sentence import Sentence

CROSSED: tuple[Method, ...] = ("approval", "block")
"""Methods in which a voter crosses candidates, in no order."""
ADDED_UP: tuple[Method, ...] = (*CROSSED, "yes_no_per_person")
"""Methods in which nothing counts but how many say what of each candidate."""


def check_marks(policy: Policy) -> Iterator[Finding]:
    """Everything that a policy says of votes that are added up and that means nothing there."""
    votes = {vote.id: vote for vote in policy.stages_of(Vote)}
    for tally in policy.stages_of(Tally):
        vote = votes.get(tally.vote)
        if vote is None:
            continue
        if vote.ballot.method in ADDED_UP:
            yield from _added_up(policy, vote, tally)
        elif vote.ballot.method in RANKED and tally.yes_threshold is not None:
            text = Sentence("is for crosses, and a vote by {method} has none; leave it out.", method=vote.ballot.method)
            yield error("method", f"stages.{tally.id}.yes_threshold", text)


def _added_up(policy: Policy, vote: Vote, tally: Tally) -> Iterator[Finding]:
    method = vote.ballot.method
    yield from _ballot(f"stages.{vote.id}.ballot", vote.ballot)
    if method in CROSSED and tally.yes_threshold is not None and vote.ballot.invalid == "in_base":
        text = Sentence("is a share of the valid votes, and `ballot.invalid` is in_base; write not_cast there.")
        yield error("method", f"stages.{tally.id}.yes_threshold", text)
    for result in policy.stages_of(Result):
        level = result.publication.level
        if level in ("first_preferences", "rankings"):
            text = Sentence(
                "is {level}, and no vote by {method} is a ranking; write stages.", level=level, method=method
            )
            yield error("method", f"stages.{result.id}.publication.level", text)
        elif "electronic" in vote.channels and level != "stages":
            text = Sentence(
                "is {level}, and the public archive of an electronic vote holds the votes for each candidate; write "
                "stages.",
                level=level,
            )
            yield error("electronic", f"stages.{result.id}.publication.level", text)


def _ballot(path: str, ballot: Ballot) -> Iterator[Finding]:
    for key, without in (
        ("complete_ranking", False),
        ("skipped_rank", "stops_there"),
        ("repeated_rank", "stops_there"),
    ):
        if getattr(ballot, key) != without:
            text = Sentence("is about ranks, and by {method} there are none; leave it out.", method=ballot.method)
            yield error("method", f"{path}.{key}", text)
