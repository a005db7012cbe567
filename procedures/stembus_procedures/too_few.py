"""Are there enough candidates? The arithmetic, and what the policy then allows."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from .events import TooFewOption
from .language.policy import Policy
from .language.stages import EnoughCandidates
from .language.values import Words
from .sentence import Sentence

OPTION_WORDS: Mapping[TooFewOption, Words] = {
    "postpone": Words(
        nl="uitstellen (alle data vervallen, er komen nieuwe)", en="postpone (all dates lapse, new ones are chosen)"
    ),
    "reopen": Words(nl="de oproep weer openstellen", en="open the call again"),
    "proceed_smaller": Words(nl="doorgaan met minder zetels", en="go on with fewer seats"),
    "appoint_interim": Words(nl="tijdelijk mensen benoemen", en="appoint people for the time being"),
}
"""What can be chosen when there are too few, as people say it."""


class NotKnownError(Sentence, ValueError):
    """How many are to be elected is not known yet; the message says who decides it."""


class Sufficiency(Struct, frozen=True):
    """How the number of candidates compares with the number of seats."""

    outcome: Literal["enough", "as_many_as_seats", "fewer_than_seats", "too_few"]
    """More than seats, exactly as many, fewer but enough to constitute the body, or too few."""
    candidates: int
    """How many candidates."""
    seats: int
    """How many are to be elected."""
    needed: int
    """How few would be too few: fewer than this."""
    follows: str
    """What follows without a decision: the policy's word ("ballot", "vote_on_whole"), empty when a body decides."""
    options: tuple[TooFewOption, ...]
    """Between what the body chooses; empty when nothing has to be chosen."""
    decided_by: str
    """Which body; empty when nothing has to be chosen."""
    reason: Words
    """The arithmetic, for people."""


def sufficiency(policy: Policy, stage: EnoughCandidates, candidates: int, number: int | None) -> Sufficiency:
    """Judges so many candidates for `number` seats (None: not decided, then the number in the policy).

    Raises NotKnownError when the policy has no seats, or the number is not known.
    """
    seats = policy.seats
    if seats is None:
        raise NotKnownError(
            "Policy {policy} has no table `seats`, so candidates cannot be compared with seats.", policy=policy.id
        )
    to_elect = number if number is not None else seats.number
    if not isinstance(to_elect, int):
        raise NotKnownError("The number to be elected was not decided yet; {body} decides it.", body=to_elect.by)
    needed = {
        "minimum_to_constitute": seats.minimum_to_constitute,
        "number_to_elect": to_elect,
        "number_to_elect_plus_one": to_elect + 1,
    }[stage.too_few_below]
    outcome: Literal["enough", "as_many_as_seats", "fewer_than_seats", "too_few"]
    if candidates < needed:
        outcome, follows = "too_few", ""
    elif candidates < to_elect:
        outcome, follows = "fewer_than_seats", stage.fewer_than_seats
    elif candidates == to_elect:
        outcome, follows = "as_many_as_seats", stage.as_many_as_seats
    else:
        outcome, follows = "enough", "ballot"
    decides = outcome == "too_few" or follows == "by_decision"
    return Sufficiency(
        outcome=outcome,
        candidates=candidates,
        seats=to_elect,
        needed=needed,
        follows="" if decides else follows,
        options=_options(stage, candidates, seats.minimum_to_constitute) if decides else (),
        decided_by=stage.decided_by if decides else "",
        reason=Words(
            nl=f"{candidates} kandidaten voor {to_elect} plaatsen; ten minste {needed} nodig.",
            en=f"{candidates} candidates for {to_elect} seats; at least {needed} needed.",
        ),
    )


def _options(stage: EnoughCandidates, candidates: int, constitutes: int) -> tuple[TooFewOption, ...]:
    """Going on with a smaller body is no choice when the body could not begin."""
    return tuple(option for option in stage.options if option != "proceed_smaller" or candidates >= constitutes)
