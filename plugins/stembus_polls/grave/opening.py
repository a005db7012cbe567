"""What an act of two opens: the procedure, the poll or the contest that it is about, and who can do it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from stembus.access.grave_acts import Arguments, Who, beside
from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import Running, running_of
from stembus.conduct.speaking import may_speak
from stembus.organisation.authority import acting_seats, current_definitions, today
from stembus.organisation.mandate import reaches
from stembus_polls.contests import Contest
from stembus_polls.poll import Poll, open_poll

if TYPE_CHECKING:
    from stembus.instance import Transaction


class OfProcedure(Arguments, frozen=True):
    """What an act about one procedure is done with: its id."""

    procedure: str


class OfContest(OfProcedure, frozen=True):
    """What an act about one contest is done with: the id of the procedure, and the contest."""

    contest: str


def running(transaction: "Transaction", arguments: OfProcedure) -> Running:
    """Return the procedure that an act is about."""
    kinds = installed_kinds(transaction.instance.plugins)
    return running_of(transaction.session, arguments.procedure, kinds)


def poll(transaction: "Transaction", arguments: OfProcedure) -> Poll:
    """Return the poll that an act is about, as it stands now."""
    return open_poll(transaction, running(transaction, arguments).procedure.name)


def contest(transaction: "Transaction", arguments: OfContest) -> Contest:
    """Return the contest that an act is about, as it stands now."""
    return poll(transaction, arguments).contest(arguments.contest)


def about_procedure(arguments: OfProcedure) -> Mapping[str, str]:
    """Return the subject of an act about a procedure."""
    return {"procedure": arguments.procedure}


def about_contest(arguments: OfContest) -> Mapping[str, str]:
    """Return the subject of an act about a contest."""
    return {"procedure": arguments.procedure, "contest": arguments.contest}


def speaking_for(transaction: "Transaction", found: Running, bodies: Collection[str]) -> Who:
    """Return who can act where one of both speaks for one of these bodies of the policy."""
    session, branch = transaction.session, found.procedure.held_by
    definitions = current_definitions(session)
    seats = acting_seats(session, today(transaction.instance, transaction.now))
    one_of = [
        seat
        for seat in seats
        if reaches(seat, branch, definitions)
        and any(may_speak(seat, found.policy, body, definitions) for body in bodies)
    ]
    return beside(transaction, one_of, branch=branch)


def at(found: Running, name: str) -> datetime | None:
    """Return a moment of a procedure such as "vote.opens", None where it has none."""
    return found.times.get(name)
