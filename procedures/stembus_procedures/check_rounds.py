"""Whether a vote in rounds says what its rounds need, and one in ranked rounds only what rankings can tell.

By `majority_rounds` members vote again for each round; by `ranked_rounds` every round is counted from one ranking, so
nothing of it can hang on what people do in between. Both elect one person for each seat.
"""

from collections.abc import Iterator

from .check_numbers import numbers_to_elect
from .findings import Finding, error
from .language.bodies import Seats
from .language.policy import Policy
from .language.stages import Vote
from .language.voting import Method, Rounds
from .sentence import Sentence

_IN_ROUNDS: tuple[Method, ...] = ("majority_rounds", "ranked_rounds")


def check_rounds(policy: Policy) -> Iterator[Finding]:
    """Everything that a policy says of rounds, or leaves out, and that no count can follow."""
    ranked = False
    for vote in policy.stages_of(Vote):
        path, method = f"stages.{vote.id}", vote.ballot.method
        if method in _IN_ROUNDS and vote.rounds is None:
            yield error("method", f"{path}.rounds", Sentence("is missing: say how many rounds and who goes on."))
        if method not in _IN_ROUNDS and vote.rounds is not None:
            text = Sentence("is there, and a vote by {method} has no rounds; leave it out.", method=method)
            yield error("method", f"{path}.rounds", text)
        if method != "ranked_rounds":
            continue
        ranked = True
        if vote.ballot.blank == "not_cast" and vote.ballot.invalid == "in_base":
            text = Sentence(
                "is in_base, and blank is not_cast: no majority is taken of invalid votes and not of blank ones; write "
                "not_cast."
            )
            yield error("method", f"{path}.ballot.invalid", text)
        if vote.rounds is not None:
            yield from _from_one_ranking(f"{path}.rounds", vote.rounds)
    if ranked and policy.seats is not None:
        yield from _one_each(policy.seats)


def _from_one_ranking(path: str, rounds: Rounds) -> Iterator[Finding]:
    if rounds.most == 1:
        text = Sentence("is 1: then nothing of a ranking counts but the first choice; write 2 or more.")
        yield error("method", f"{path}.most", text)
    if rounds.proceed == "all":
        text = Sentence(
            "is all: nobody votes again, so the next round would be the same; write top_two, top_three or drop_last."
        )
        yield error("method", f"{path}.proceed", text)
    elif rounds.proceed == "drop_last" and rounds.tie_at_cut == "all":
        text = Sentence(
            "is all, and where the last are equal nobody drops out: nobody votes again, so the next round would be the "
            "same; write lot."
        )
        yield error("method", f"{path}.tie_at_cut", text)
    if not rounds.declined_are_struck:
        text = Sentence("is false, and nobody declines between rounds that are counted at once; leave it out.")
        yield error("method", f"{path}.declined_are_struck", text)


def _one_each(seats: Seats) -> Iterator[Finding]:
    """Each contest is one seat: of a constituency, or at large."""
    for index, constituency in enumerate(seats.constituencies):
        path = f"seats.constituencies[{index}]"
        if constituency.seats != 1:
            text = Sentence(
                "is {seats}, and ranked_rounds elects one at a time; make a constituency of each seat.",
                seats=constituency.seats,
            )
            yield error("method", f"{path}.seats", text)
        if constituency.if_vacant == "at_large":
            text = Sentence(
                "is at_large, which could add a seat to another, and ranked_rounds elects one at a time; write "
                "leave_empty or by_election."
            )
            yield error("method", f"{path}.if_vacant", text)
    most = max(numbers_to_elect(seats), default=1) - sum(one.seats for one in seats.constituencies)
    if most > 1:
        text = Sentence(
            "leaves up to {seats} seats to be filled together, and ranked_rounds elects one at a time; make a "
            "constituency of each seat, or vote by stv.",
            seats=most,
        )
        yield error("method", "seats.number", text)
