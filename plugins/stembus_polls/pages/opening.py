"""What the pages of a poll open: the procedure in the address, as it stands, for whoever may see it."""

from collections.abc import Iterable
from typing import Any

from litestar.exceptions import NotFoundException
from sqlmodel import Session, select

from stembus.conduct.holding import counts
from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import Running, running_of
from stembus.conduct.tables import Procedure
from stembus.instance import Transaction
from stembus.organisation.authority import current_definitions
from stembus.organisation.mandate import allows
from stembus.web import Visit
from stembus_polls.contests import Contest
from stembus_polls.paper.forms import form_of
from stembus_polls.poll import Poll, open_poll, poll_of


def running_at(visit: Visit, session: Session, name: str) -> Running:
    """Return the procedure called `name`. Raises `NotFoundException` when there is none."""
    row = session.exec(select(Procedure).where(Procedure.name == name)).first()
    if row is None:
        raise NotFoundException
    return running_of(session, row.id, installed_kinds(visit.instance.plugins))


def running_for(visit: Visit, session: Session, name: str, powers: Iterable[str]) -> Running:
    """Return the procedure called `name` for a seat that reaches it with one of `powers`.

    A seat in a branch reaches what that branch holds; to everybody else the page is not there.
    """
    running = running_at(visit, session, name)
    if not may_in(visit, session, running, *powers):
        raise NotFoundException
    return running


def may_in(visit: Visit, session: Session, running: Running, *powers: str) -> bool:
    """Whether the visitor has one of these powers now in a seat that counts in this procedure."""
    if visit.visitor is None or not visit.visitor.is_strong:
        return False
    definitions = current_definitions(session)
    return any(
        counts(seat, running.policy, running.held_by, definitions)
        and any(allows(seat, power, definitions) for power in powers)
        for seat in visit.visitor.seats
    )


def poll_for(visit: Visit, session: Session, name: str, powers: Iterable[str]) -> Poll:
    """Return the poll of a procedure as it stands now, for a seat that reaches it."""
    return poll_of(session, running_for(visit, session, name, powers), visit.now)


def writing(visit: Visit, transaction: Transaction, name: str, powers: Iterable[str]) -> Poll:
    """Return the poll of a procedure, to do something in it, for a seat that reaches it."""
    running_for(visit, transaction.session, name, powers)
    return open_poll(transaction, name)


def contest_called(poll: Poll, contest_id: str) -> Contest:
    """Return a contest of a poll; without a name the first. Raises `NotFoundException` for one that is not there."""
    for contest in poll.contests:
        if not contest_id or contest.id == contest_id:
            return contest
    raise NotFoundException


def contest_values(poll: Poll, contest: Contest) -> dict[str, Any]:
    """Return what every page about one contest shows: the procedure, the contest, and the others to go to."""
    return {
        **procedure_values(poll.running),
        "contest": contest,
        "contests": poll.contests,
        "paper_form": form_of(contest),
    }


def procedure_values(running: Running) -> dict[str, Any]:
    """Return what every page about a procedure shows."""
    name = running.procedure.name
    return {"name": name, "title": running.policy.title, "home": f"/procedures/{name}"}
