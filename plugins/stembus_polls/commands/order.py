"""`stembus order`: the order of the names on the paper, drawn by lot, and drawn again by whoever doubts it."""

import click

from stembus.conduct.running import Running, open_procedure
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_polls.candidates.rows import candidacies
from stembus_polls.commands.asking import BY, PROCEDURE, numbers_in
from stembus_polls.lots.order import Drawn, check_order, draw_order


@click.group("order")
def order_group() -> None:
    """The order of the names on the paper."""


@order_group.command("draw")
@PROCEDURE
@click.option("--seed", default="", help="The public number, known only after the close.")
@click.option("--order", "in_the_room", default="", help="For a lot in the room: entry numbers as drawn, 3,1,2.")
@click.option("--drawn-by", required=True, help="Who drew.")
@click.option("--witness", "witnesses", multiple=True, help="Who watched; somebody else.")
@BY
@pass_instance
def draw_command(
    instance: Instance,
    *,
    procedure: str,
    seed: str,
    in_the_room: str,
    drawn_by: str,
    witnesses: tuple[str, ...],
    by: str,
) -> None:
    """Draw the order of the names, once everybody is decided. It is kept with seed, drawer and witnesses."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        drawn, running = draw_order(
            transaction,
            running,
            by=(by,),
            drawn_by=drawn_by,
            witnesses=witnesses,
            seed=seed,
            in_the_room=numbers_in("--order", in_the_room),
        )
        names = {row.entry: row.name for row in candidacies(transaction.session, running.procedure.id)}
    _show(running, drawn, names)


@order_group.command("check")
@PROCEDURE
@pass_instance
def check_command(instance: Instance, procedure: str) -> None:
    """Draw the order again from its seed, and say whether it comes out the same."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, procedure)
        drawn = check_order(session, running)
        names = {row.entry: row.name for row in candidacies(session, running.procedure.id)}
    _show(running, drawn, names)
    click.echo("The seed gives this order." if drawn.seed else "Drawn in the room: what was written down is shown.")


def _show(running: Running, drawn: Drawn, names: dict[int, str]) -> None:
    click.echo(f"Drawn by {drawn.drawn_by}, witnessed by {', '.join(drawn.witnesses) or 'nobody'}; seed: {drawn.seed}")
    for contest, order in drawn.orders.items():
        click.echo(f"{contest} (SHA-256 over seed, {running.procedure.name}/{contest} and entry, a line each):")
        for place, entry in enumerate(order, 1):
            click.echo(f"  {place:>3}  {names[entry]} (entry {entry})")
