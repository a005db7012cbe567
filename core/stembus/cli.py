"""The command `stembus`: the core's commands and those that plugins add."""

import io
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stembus.errors import Problem

if TYPE_CHECKING:
    from stembus.plugins import Plugins


def build(plugins: "Plugins") -> click.Group:
    """Return the whole command, with what each plugin adds."""
    from stembus.commands import CORE_COMMANDS  # noqa: PLC0415 - loaded where a failure becomes one line

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
    """Run the command and leave with its exit code: 0 done, 1 checked and failed, 2 unusable input or usage.

    A command may have a code of its own for what is neither, and says so in its help.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a letter that this terminal lacks stops nothing
    try:
        "".join(sys.argv[1:] if arguments is None else arguments).encode()  # half a letter would be lost for good
        from stembus.plugins import Plugins  # noqa: PLC0415 - loading takes a moment in which somebody may stop it

        plugins = Plugins.discover()
        group = build(plugins)
        for failure in plugins.failures:
            click.echo(f"Plugin {failure.plugin}: {failure.reason}.", err=True)
        code = group.main(args=arguments, prog_name="stembus", standalone_mode=False)
    except Problem as problem:
        problem.show()
        code = problem.exit_code
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message(), err=True)
        code = 2
    except click.ClickException as usage:
        context = usage.ctx if isinstance(usage, click.UsageError) else None
        command = context.command_path if context else "stembus"
        click.echo(f"{usage.format_message()} Try `{command} --help`.", err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was finished is kept.", err=True)
        code = 1
    except BrokenPipeError:
        sys.stdout = None
        code = 1
    except UnicodeEncodeError:
        click.echo("A letter in this command did not arrive as UTF-8: set LC_ALL=C.UTF-8 and try again.", err=True)
        code = 2
    except OSError as error:
        where = f"{error.filename} cannot be used" if error.filename else "What was to be written cannot be"
        click.echo(f"{where}: {error.strerror or error}.", err=True)
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
