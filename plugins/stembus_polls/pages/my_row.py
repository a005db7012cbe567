"""A member's own row of the frozen roll with its proof: a file that they can check without us."""

import msgspec
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from stembus.organisation.tables import Member
from stembus.web import Answer, Visit, page, signed_in
from stembus_polls.pages.opening import running_at
from stembus_polls.roll.lookup import own_row
from stembus_procedures.language.stages import Roll


@page("/procedures/{name:str}/my-row", who=signed_in)
def my_row(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """The row and its proof as JSON, for that member only."""
    with visit.read() as session:
        running = running_at(visit, session, name)
        if running.policy.first(Roll) is None or running.state.anchors is None:
            raise NotFoundException
        own = own_row(session, running, session.get_one(Member, visit.member.member_id))
    if own.proof is None:
        raise NotFoundException
    content = msgspec.json.format(msgspec.json.encode(own.proof)) + b"\n"
    return visit.file(content, "my-row-on-the-roll.json", "application/json")


PAGES = (my_row,)
