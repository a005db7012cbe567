"""What the pages of a council open: the places of the procedure in the address."""

from sqlmodel import Session

from stembus.errors import Refused
from stembus.web import Visit
from stembus_party_council.council import Council, council_of
from stembus_polls import poll_of
from stembus_polls.pages.opening import running_at


def council_at(visit: Visit, session: Session, name: str) -> Council | None:
    """Return the places of a procedure, None while its result is not declared.

    Raises `NotFoundException` when there is no such procedure.
    """
    running = running_at(visit, session, name)
    try:
        return council_of(session, poll_of(session, running, visit.now))
    except Refused:
        return None
