"""Whether those who sit there meet the balance rules, in numbers. Pure; a soft rule is reported and changes nothing."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from stembus_polls import ContestCandidate, asked_minimum, counts_for
from stembus_procedures.language.bodies import Seats
from stembus_procedures.language.values import Words


class BalanceNow(Struct, frozen=True, kw_only=True):
    """One rule and how it stands: how many count towards it, between which numbers they should lie."""

    rule: str
    about: Words
    strength: Literal["soft", "hard"]
    has: int
    least: int
    most: int | None
    seats: int

    @property
    def is_met(self) -> bool:
        """Whether the number lies where the rule wants it."""
        return self.least <= self.has and (self.most is None or self.has <= self.most)


def balance_now(seats: Seats, members: Sequence[ContestCandidate]) -> tuple[BalanceNow, ...]:
    """Return how each rule about the seats stands with these members, by what they declared themselves."""
    return tuple(
        BalanceNow(
            rule=rule.id,
            about=rule.description,
            strength=rule.strength,
            has=sum(counts_for(rule, member) for member in members),
            least=asked_minimum(rule, len(members)),
            most=rule.maximum,
            seats=len(members),
        )
        for rule in seats.balance
        if rule.applies_to == "seats"
    )
