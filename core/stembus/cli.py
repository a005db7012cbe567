"""The command `stembus`: the core's commands and those that plugins add."""

import os
import sys
import traceback
from pathlib import Path

import click

from stembus.commands import CORE_COMMANDS
from stembus.errors import Problem
from stembus.plugins import Plugins


def build(plugins: Plugins) -> click.Group:
    """Return the whole command, with what each plugin adds."""
    group = click.Group(
        "stembus",
        help="Elections and governance for a party: policies that run, ballots that anyone can recount.",
        params=[
            click.Option(
                ["--instance"],
                type=click.Path(path_type=Path, file_okay=False),
                envvar="STEMBUS_INSTANCE",
                default=Path(),
                show_default="this folder",
                help="The folder of the instance.",
            )
        ],
        callback=_remember_instance,
    )
    core = {str(command.name) for command in CORE_COMMANDS}
    for command in (*CORE_COMMANDS, *plugins.commands(taken=core)):
        group.add_command(command)
    return group


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit code: 0 done, 1 checked and failed, 2 unusable input or usage."""
    plugins = Plugins.discover()
    try:
        group = build(plugins)
        for failure in plugins.failures:
            click.echo(f"Plugin {failure.plugin}: {failure.reason}.", err=True)
        code = group.main(args=arguments, prog_name="stembus", standalone_mode=False)
    except Problem as problem:
        problem.show()
        code = problem.exit_code
    except click.ClickException as usage:
        click.echo(f"{usage.format_message()} Try `stembus --help`.", err=True)
        code = 2
    except click.Abort:
        click.echo("Stopped. What was finished is kept.", err=True)
        code = 1
    except BrokenPipeError:
        sys.stdout = None
        code = 1
    except OSError as error:
        click.echo(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.", err=True)
        code = 2
    except Exception as fault:
        code = _fault(fault)
    sys.exit(code if isinstance(code, int) else 0)


def _remember_instance(instance: Path) -> None:
    click.get_current_context().obj = instance


def _fault(fault: Exception) -> int:
    """Tell of a fault of ours in one line; the whole trace is for whoever mends it."""
    if os.environ.get("STEMBUS_TRACE"):
        traceback.print_exception(fault)
    click.echo(
        f"This is a fault in Stembus, not in what you did ({type(fault).__name__}). Nothing half-done was kept. Run "
        "the command again with STEMBUS_TRACE=1 and report what it prints.",
        err=True,
    )
    return 1
