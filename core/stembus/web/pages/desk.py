"""The desk: what there is to do, for whom, and what is the most urgent."""

from litestar.di import NamedDependency

from stembus.access.proposals import Told, waiting
from stembus.conduct.desk import desk, items_for, waits_for, within_reach
from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import running_of
from stembus.instance import Transaction
from stembus.notices.waiting import mail_waiting
from stembus.organisation.authority import current_definitions, today
from stembus.organisation.core_powers import DESK_VIEW
from stembus.organisation.substitutes import ends_soon, sittings
from stembus.web import Answer, Visit, page, seated
from stembus.web.navigation import places_in


@page("/desk", who=seated)
def desk_page(visit: NamedDependency[Visit]) -> Answer:
    """What waits for this visitor and what their own branch holds; who may see the whole desk sees all that runs."""
    day = today(visit.instance, visit.now)
    sees_all = visit.may(DESK_VIEW)
    with visit.read() as session:
        plugins = visit.instance.plugins
        rows = desk(session, plugins, visit.now, day)
        mine = waits_for(rows, visit.member.member_id)
        items = items_for(
            [
                *within_reach(session, plugins, plugins.desk_items(session, visit.now), visit.member.seats),
                *mail_waiting(visit.instance, session, visit.now),
            ],
            visit.member.powers,
        )
        proposals = waiting(Transaction(session, visit.now, visit.instance))
        seats = sittings(session, day) if sees_all else []
        definitions = current_definitions(session)
        own = {seat.body for seat in visit.member.seats}
        held = [row for row in rows if row in mine or row.held_by in own]
        kinds = installed_kinds(plugins)
        workplaces = {
            row.procedure_id: places_in(visit, session, running_of(session, row.procedure_id, kinds))
            for row in (rows if sees_all else held)
        }
    return visit.page(
        "desk/desk.html",
        rows=rows if sees_all else held,
        sees_all=sees_all,
        mine={row.procedure_id for row in mine},
        items=items,
        workplaces=workplaces,
        titles={row.procedure_id: row.title for row in rows},
        proposals=[one for one in proposals if _concerns(one, visit)],
        ending=ends_soon(seats, day),
        definitions=definitions,
    )


def _concerns(one: Told, visit: Visit) -> bool:
    """Whether a visitor can confirm a proposal, or made it."""
    me = visit.member.member_id
    return one.row.proposed_by == me or any(seat.member_id == me for seat in one.seconds)


PAGES = (desk_page,)
