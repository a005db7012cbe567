"""A place: a seat that an election fills, and everybody to whom it was offered, one after another. Pure.

Declining, not answering in time and leaving later are one mechanism: the last offer is over, and the policy says who
is called next. What the clock decides is computed, never kept.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from stembus_ballots.countback import CountbackRecord
from stembus_procedures import Policy
from stembus_procedures.language.bodies import Seats, Vacancy
from stembus_procedures.language.stages import Seating
from stembus_procedures.language.values import Words

Origin = Literal["elected", "countback", "next_in_result", "nobody"]
"""How somebody came to be offered a place."""
Follows = Literal["", "leave_empty", "by_election", "appoint"]
"""What the policy says where nobody is left."""
Standing = Literal["open", "accepted", "seated", "left", "declined", "lapsed", "replaced", "nobody"]
"""Where an offer stands. Accepted: and not yet in the seat. Lapsed: no answer in time. Replaced: the result was
declared again and came out otherwise."""
State = Literal["open", "accepted", "seated", "to_fill", "empty"]
"""Where a place stands. To fill: somebody has to be called. Empty: nobody is left, and the policy says what follows."""

STANDINGS: Mapping[Standing, Words] = {
    "open": Words(nl="nog te beantwoorden", en="open"),
    "accepted": Words(nl="aangenomen", en="accepted"),
    "seated": Words(nl="in functie", en="seated"),
    "left": Words(nl="vertrokken", en="left"),
    "declined": Words(nl="niet aangenomen", en="declined"),
    "lapsed": Words(nl="vervallen", en="lapsed"),
    "replaced": Words(nl="vervangen", en="replaced"),
    "nobody": Words(nl="onbezet", en="nobody"),
}
OVER: tuple[Standing, ...] = ("left", "declined", "lapsed")


class Offer(Struct, frozen=True, kw_only=True):
    """One turn in the chain of a place; the row says the rest. `until` is the last moment of an answer."""

    turn: int
    origin: Origin
    offered_at: datetime
    member_id: str | None = None
    candidate: int | None = None
    until: datetime | None = None
    answer: Literal["", "accepted", "declined", "replaced"] = ""
    seat_id: str | None = None
    term_until: date | None = None
    left_on: date | None = None
    found: CountbackRecord | None = None
    why: Words | None = None
    follows: Follows = ""

    def standing(self, now: datetime) -> Standing:
        """Where it stands at `now`."""
        if self.member_id is None or self.until is None:
            return "nobody"
        if self.left_on is not None:
            return "left"
        if self.seat_id is not None:
            return "seated"
        if self.answer:
            return self.answer
        return "open" if now < self.until else "lapsed"


class Place(Struct, frozen=True, kw_only=True):
    """A seat of one contest under its number, from 1 in the order of election, with its offers in turn."""

    contest: str
    number: int
    offers: tuple[Offer, ...]

    @property
    def last(self) -> Offer:
        """The offer that counts."""
        return self.offers[-1]

    @property
    def was_held(self) -> bool:
        """Whether anybody ever took the seat: from then on it falls vacant; before that it is not accepted."""
        return any(offer.seat_id is not None for offer in self.offers)

    @property
    def holder(self) -> Offer:
        """The offer whose papers fill the place again: of the last who took the seat, else of who was elected."""
        held = [offer for offer in self.offers if offer.seat_id is not None or offer.origin == "elected"]
        return held[-1]

    def state(self, now: datetime) -> State:
        """Where it stands at `now`."""
        match self.last.standing(now):
            case "open" | "accepted" | "seated" as state:
                return state
            case "nobody":
                return "empty"
            case _:
                return "to_fill"


def seats_of(policy: Policy) -> Seats:
    """Return the seats that a policy fills. Raises ValueError when it fills none."""
    if policy.seats is None:
        raise ValueError(f"Policy {policy.id} fills no seats.")
    return policy.seats


def seating_of(policy: Policy) -> Seating:
    """Return how those elected take their seats. Raises ValueError when the policy does not say."""
    stage = policy.first(Seating)
    if stage is None:
        raise ValueError(f"Policy {policy.id} has no stage of kind `seating`: it does not say how seats are taken.")
    return stage


def days_to_answer(policy: Policy, was_held: bool) -> int:
    """Return in how many days somebody answers: as the seating says, and once a seat fell vacant as that rule says."""
    vacancy = seats_of(policy).vacancy
    return vacancy.accept_within_days if was_held and vacancy else seating_of(policy).accept_within_days


Way = Literal["countback", "next_in_result", "by_election", "appoint", "leave_empty"]


def way_to_fill(policy: Policy, was_held: bool) -> Way:
    """Return how a place is filled again: one that was never taken by the seating, one that was by the vacancy rule."""
    if not was_held:
        return seating_of(policy).not_accepted
    vacancy = seats_of(policy).vacancy
    return vacancy.fill if vacancy else "leave_empty"


def when_nobody_is_left(policy: Policy) -> Follows:
    """Return what follows when nobody is left to call."""
    vacancy: Vacancy | None = seats_of(policy).vacancy
    return vacancy.then if vacancy else "leave_empty"


def balance_holds(policy: Policy, was_held: bool) -> bool:
    """Whether the hard balance rules hold for who is called next.

    A place that nobody took yet is still part of the election, whose count keeps to them; afterwards the vacancy
    rule says so.
    """
    vacancy = seats_of(policy).vacancy
    return vacancy.balance_applies if was_held and vacancy else True
