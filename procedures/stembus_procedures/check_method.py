"""Whether what follows a vote fits the rule by which it is counted: transfers, a countback, hard balance rules."""

from collections.abc import Iterator

from .findings import Finding, error
from .language.policy import Policy
from .language.stages import Seating, Tally, Vote
from .language.voting import RANKED, Method
from .sentence import Sentence

_TRANSFERABLE: tuple[Method, ...] = ("stv", "irv", "meek")
_WITH_PILES: tuple[Method, ...] = ("stv", "irv")
"""Methods whose count keeps the pile of papers that elected somebody, and can keep to a balance rule as it goes on."""


def check_method(policy: Policy) -> Iterator[Finding]:
    """Everything that the methods of a policy's votes on persons cannot do, and that the policy asks of them."""
    votes = {vote.id: vote.ballot.method for vote in policy.stages_of(Vote) if vote.on_persons}
    for tally in policy.stages_of(Tally):
        method = votes.get(tally.vote)
        if method is not None and tally.transfer is not None and method not in _TRANSFERABLE:
            text = Sentence("is there, and with {method} no vote is transferred; leave it out.", method=method)
            yield error("method", f"stages.{tally.id}.transfer", text)
        if method in RANKED and tally.yes_threshold is not None:
            text = Sentence(
                "is there, and a count by {method} asks no share of the votes; leave it out.", method=method
            )
            yield error("method", f"stages.{tally.id}.yes_threshold", text)
    if votes and not set(votes.values()) & set(_WITH_PILES):
        first = next(iter(votes.values()))
        yield from _countbacks(policy, first)
        yield from _hard_balance(policy, first)


def _countbacks(policy: Policy, method: Method) -> Iterator[Finding]:
    seats = policy.seats
    asked: list[tuple[str, str]] = [
        (f"stages.{stage.id}.not_accepted", stage.not_accepted) for stage in policy.stages_of(Seating)
    ]
    if seats is not None and seats.vacancy is not None:
        asked.append(("seats.vacancy.fill", seats.vacancy.fill))
    if seats is not None and seats.deputies is not None:
        asked.append(("seats.deputies.found_by", seats.deputies.found_by))
    for path, way in asked:
        if way == "countback":
            text = Sentence(
                "is countback, and a count by {method} keeps no pile of papers for anybody; write next_in_result.",
                method=method,
            )
            yield error("method", path, text)


def _hard_balance(policy: Policy, method: Method) -> Iterator[Finding]:
    for index, rule in enumerate(policy.seats.balance if policy.seats else ()):
        if rule.strength == "hard" and rule.applies_to == "seats":
            text = Sentence(
                "is hard, and a count by {method} keeps to no balance rule; write soft, or vote by stv.", method=method
            )
            yield error("balance", f"seats.balance[{index}].strength", text)
