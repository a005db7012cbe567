"""What a grave act about a procedure opens, and whose seats can do it."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from stembus.access.grave_acts import Arguments, Who, beside
from stembus.conduct.holding import bodies_that_count, counts
from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import Running, running_of
from stembus.conduct.speaking import may_speak
from stembus.organisation.authority import acting_seats, current_definitions, today

if TYPE_CHECKING:
    from stembus.instance import Transaction


class OfProcedure(Arguments, frozen=True):
    """What an act about one procedure is done with: its id."""

    procedure: str


def running(transaction: "Transaction", arguments: OfProcedure) -> Running:
    """Return the procedure that an act is about."""
    kinds = installed_kinds(transaction.instance.plugins)
    return running_of(transaction.session, arguments.procedure, kinds)


def about_procedure(arguments: OfProcedure) -> Mapping[str, str]:
    """Return the subject of an act about a procedure."""
    return {"procedure": arguments.procedure}


def speaking_for(transaction: "Transaction", found: Running, bodies: Collection[str]) -> Who:
    """Return who can act where one of both speaks for one of these bodies of the policy."""
    session, branch = transaction.session, found.held_by
    definitions = current_definitions(session)
    seats = acting_seats(session, today(transaction.instance, transaction.now))
    one_of = [
        seat
        for seat in seats
        if counts(seat, found.policy, branch, definitions)
        and any(may_speak(seat, found.policy, body, definitions, branch) for body in bodies)
    ]
    return beside(transaction, one_of, branch, bodies_that_count(found.policy, branch, definitions))
