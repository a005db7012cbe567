"""Whether a policy asks of a count what only that of a transferable vote can do.

A transfer, a second program that counts too, a pile of papers that elected somebody (for a countback), and keeping to
a hard balance rule while the count goes on.
"""

from collections.abc import Iterator

from .findings import Finding, error, warning
from .language.policy import Policy
from .language.stages import Seating, Tally, Vote
from .language.voting import Method
from .sentence import Sentence

_TRANSFERABLE: tuple[Method, ...] = ("stv", "irv", "meek")
_BY_STAGES: tuple[Method, ...] = ("stv", "irv")
"""Methods whose count keeps the pile of papers that elected somebody, and can keep to a balance rule as it goes on."""
_NO_SECOND_COUNT: tuple[Method, ...] = (
    "approval",
    "block",
    "meek",
    "condorcet",
    "list_ranking",
    "yes_no_per_person",
    "ranked_rounds",
)
"""Methods that are counted here, and that the other program does not have."""
_NOBODY_NEXT: tuple[Method, ...] = ("ranked_rounds",)
"""Methods whose count puts nobody in order after who is elected: the second of the last round lost to that majority."""


def check_method(policy: Policy) -> Iterator[Finding]:
    """Everything that the methods of a policy's votes on persons cannot do, and that the policy asks of them."""
    votes = {vote.id: vote.ballot.method for vote in policy.stages_of(Vote) if vote.on_persons}
    for tally in policy.stages_of(Tally):
        method = votes.get(tally.vote)
        if method is None:
            continue
        if tally.transfer is not None and method not in _TRANSFERABLE:
            text = Sentence(
                "is the quota and the surplus of a transferable vote, and by {method} there are none; leave it out.",
                method=method,
            )
            yield error("method", f"stages.{tally.id}.transfer", text)
        if tally.second_count and method in _NO_SECOND_COUNT:
            text = Sentence(
                "is true, which it also is where it is not written, and no second program counts votes by {method}: "
                "write second_count = false.",
                method=method,
            )
            yield error("method", f"stages.{tally.id}.second_count", text)
    if "condorcet" in votes.values() and policy.seats is not None and policy.seats.maximum > 1:
        vote = next(vote for vote, method in votes.items() if method == "condorcet")
        text = Sentence(
            "is condorcet, which is not proportional: of several seats a majority can win every one. Where groups of "
            "voters are to be represented, write stv."
        )
        yield warning("method", f"stages.{vote}.ballot.method", text)
    if votes and not set(votes.values()) & set(_BY_STAGES):
        yield from _after(policy, next(iter(votes.values())))


def _after(policy: Policy, method: Method) -> Iterator[Finding]:
    """Who comes next, and who are elected together."""
    seats = policy.seats
    ways: dict[str, tuple[str, str]] = {
        f"stages.{stage.id}.not_accepted": (stage.not_accepted, "leave_empty") for stage in policy.stages_of(Seating)
    }
    if seats is not None and seats.deputies is not None:
        ways["seats.deputies.found_by"] = (seats.deputies.found_by, "own_ballot")
    if seats is not None and seats.vacancy is not None:
        ways["seats.vacancy.fill"] = (seats.vacancy.fill, "by_election")
    for path, (way, instead) in ways.items():
        if method in _NOBODY_NEXT and way in ("countback", "next_in_result"):
            text = Sentence(
                "is {way}, and a count by {method} says only who is elected; write {instead}.",
                way=way,
                method=method,
                instead=instead,
            )
            yield error("method", path, text)
        elif way == "countback":
            text = Sentence("is countback, and by {method} there are no piles; write next_in_result.", method=method)
            yield error("method", path, text)
    for index, rule in enumerate(seats.balance if seats is not None else ()):
        if rule.strength == "hard" and rule.applies_to == "seats":
            text = Sentence("is hard, and a count by {method} cannot keep to it; write soft.", method=method)
            yield error("balance", f"seats.balance[{index}].strength", text)
