"""What an act of two opens: the procedure, the poll or the contest that it is about, and who can do it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from stembus.conduct.about_procedure import OfProcedure, running
from stembus.conduct.running import Running
from stembus_polls.contests import Contest
from stembus_polls.poll import Poll, open_poll

if TYPE_CHECKING:
    from stembus.instance import Transaction


class OfContest(OfProcedure, frozen=True):
    """What an act about one contest is done with: the id of the procedure, and the contest."""

    contest: str


def poll(transaction: "Transaction", arguments: OfProcedure) -> Poll:
    """Return the poll that an act is about, as it stands now."""
    return open_poll(transaction, running(transaction, arguments).procedure.name)


def contest(transaction: "Transaction", arguments: OfContest) -> Contest:
    """Return the contest that an act is about, as it stands now."""
    return poll(transaction, arguments).contest(arguments.contest)


def about_contest(arguments: OfContest) -> Mapping[str, str]:
    """Return the subject of an act about a contest."""
    return {"procedure": arguments.procedure, "contest": arguments.contest}


def at(found: Running, name: str) -> datetime | None:
    """Return a moment of a procedure such as "vote.opens", None where it has none."""
    return found.times.get(name)
