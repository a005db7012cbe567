"""Who acts in a running procedure by a power of their seat: one of the party, or of the branch that holds it."""

from collections.abc import Container
from typing import TYPE_CHECKING, Protocol, TypedDict

from stembus.access.grave_acts import Who, with_power
from stembus.conduct.holding import bodies_that_count
from stembus.ledger.acts import Actor
from stembus.organisation.authority import authorise, authorise_two, current_definitions, self_or_office
from stembus_procedures import Policy

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Held(Protocol):
    """What is done in a procedure: the procedure itself, or a part of it that knows whose it is."""

    @property
    def policy(self) -> Policy:
        """The policy that it runs under."""

    @property
    def held_by(self) -> str | None:
        """The body of the branch that holds it; None: it is the party's."""


def acts(transaction: "Transaction", of: Held, number: str, power: str) -> Actor:
    """Return the member with the seat that lets them use `power` in this procedure now. Raises as `authorise`."""
    return authorise(transaction, number, power, **_whose(transaction, of))


def two_act(transaction: "Transaction", of: Held, numbers: tuple[str, str], power: str) -> tuple[Actor, Actor]:
    """Return two members with two seats that let them use `power` in it now. Raises as `authorise_two`."""
    return authorise_two(transaction, *numbers, power, **_whose(transaction, of))


def enters(transaction: "Transaction", of: Held, number: str, by: str, power: str) -> Actor:
    """Return who enters something for a member in it: they themselves, or somebody whose seat allows it."""
    return self_or_office(transaction, number, by, power, **_whose(transaction, of))


def who_has(transaction: "Transaction", of: Held, power: str) -> Who:
    """Return whose seats allow `power` in it today, for an act of two by that power."""
    return with_power(transaction, power, **_whose(transaction, of))


class _Whose(TypedDict):
    branch: str | None
    bodies: Container[str] | None


def _whose(transaction: "Transaction", of: Held) -> _Whose:
    if of.held_by is None:
        return {"branch": None, "bodies": None}
    definitions = current_definitions(transaction.session)
    return {"branch": of.held_by, "bodies": bodies_that_count(of.policy, of.held_by, definitions)}
