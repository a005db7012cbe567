"""What a person is told when something cannot go on: one line that says what, where and what to do."""

import click


class Problem(click.ClickException):
    """An expected failure. Its message is one line; commands show it and stop with `exit_code`."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the one line on standard error."""
        click.echo(self.format_message(), err=True)


class UnusableInput(Problem):
    """The input, the settings or the way a command was called cannot be used. Nothing was changed."""

    exit_code = 2


class CheckFailed(Problem):
    """Something was checked and does not hold, or was skipped. Nothing was changed."""

    exit_code = 1


class Refused(Problem):
    """A rule does not allow this act now, or not by this person. Nothing was changed."""

    exit_code = 1
