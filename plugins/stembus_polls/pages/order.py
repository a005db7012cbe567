"""The order of the names on the paper: drawn by lot, with the seed, who drew and who watched."""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from stembus.conduct.running import open_procedure
from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.candidates.rows import candidacies
from stembus_polls.lots.order import draw_order, last_draw
from stembus_polls.pages.opening import procedure_values, running_for
from stembus_polls.powers import ENTER
from stembus_procedures.language.stages import OrderLot

POWERS = (ENTER,)


class OrderForm(Form, frozen=True):
    """The seed, or the entry numbers as they were drawn; who drew and who watched (one on a line)."""

    seed: str = ""
    in_the_room: str = ""
    drawn_by: str = ""
    witnesses: str = ""


@page("/procedures/{name:str}/poll/order", who=power(*POWERS))
def order_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """The order as it was drawn, or how it is drawn."""
    with visit.read() as session:
        running = running_for(visit, session, name, POWERS)
        stage = running.policy.first(OrderLot)
        if stage is None:
            raise NotFoundException
        rows = candidacies(session, running.procedure.id)
        bodies = running.policy.bodies
        return visit.page(
            "polls/office/order.html",
            drawn=last_draw(session, running),
            names={row.entry: row.name for row in rows},
            admitted=[row for row in rows if row.decision == "admitted" and row.withdrawn_at is None],
            undecided=[row for row in rows if not row.decision and row.withdrawn_at is None],
            lot=stage.lot,
            drawers=[bodies[one].name for one in (stage.lot.drawn_by,) if one in bodies],
            watchers=[bodies[one].name for one in stage.lot.witnesses if one in bodies],
            **procedure_values(running),
        )


@action(
    "/procedures/{name:str}/poll/order",
    who=power(*POWERS),
    writes=("order.drawn", "procedure.completed"),
    again=order_page,
)
def draw(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[OrderForm]) -> Answer:
    """Draw the order; it stands in the ledger with its seed."""
    witnesses = tuple(line.strip() for line in data.witnesses.splitlines() if line.strip())
    with visit.write() as transaction:
        running_for(visit, transaction.session, name, POWERS)
        running = open_procedure(transaction.session, visit.instance.plugins, name)
        draw_order(
            transaction,
            running,
            by=(visit.member.number,),
            drawn_by=data.drawn_by,
            witnesses=witnesses,
            seed=data.seed,
            in_the_room=_entries(data.in_the_room),
        )
    return visit.go(f"/procedures/{name}/poll/order", N_("The order is drawn."))


def _entries(text: str) -> tuple[int, ...]:
    parts = text.replace(",", " ").split()
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise UnusableInput(N_("Write the numbers with spaces between them, such as 3 1 2."), field="in_the_room")
    return tuple(map(int, parts))


PAGES = (order_page, draw)
