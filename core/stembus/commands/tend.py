"""`stembus tend`: what is due now, for a timer of the machine where no pages are served."""

import click

from stembus.errors import CheckFailed
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus.tending import tend


@click.command("tend")
@pass_instance
def tend_command(instance: Instance) -> None:
    """Do what is due at this moment. The pages do the same every minute, beside serving."""
    failed = tend(instance)
    if failed:
        raise CheckFailed(
            "Not everything could be done: {what}", what="; ".join(f"{name}: {why}" for name, why in failed.items())
        )
    click.echo("Everything that was due is done.")
