"""What a person is told when something cannot go on: one line that says what, where and what to do."""

import click

from stembus_procedures.sentence import Sentence


class Problem(Sentence, click.ClickException):
    """An expected failure. Its message is one line; commands show it and stop with `exit_code`.

    The message is a template with {places} for its values, so that pages can tell it in the language of the reader;
    `str()` is the English sentence. `field` names what was filled in wrongly on a form, where it is about one.
    """

    exit_code = 2

    def __init__(self, message: str | Sentence, /, *, field: str = "", **values: object) -> None:
        if isinstance(message, Sentence):
            values = {**message.values, **values}
            message = message.template
        Sentence.__init__(self, message, **values)
        click.ClickException.__init__(self, Sentence.__str__(self))
        self.field = field

    def show(self, file: object = None) -> None:
        """Print the one line on standard error."""
        click.echo(self.format_message(), err=True)


class UnusableInput(Problem):
    """The input, the settings or the way a command was called cannot be used. Nothing was changed."""

    exit_code = 2


class Unavailable(Problem):
    """What the machine needs does not work now, such as a database that is away, full or not migrated.

    Whoever runs the machine is told; a visitor only that it is no fault of theirs. Nothing was changed.
    """

    exit_code = 2


class PluginFailed(Unavailable):
    """A plugin raised what it should not have. Nothing was changed.

    The reason may hold what somebody typed: commands show it, no page and no log does.
    """


class CheckFailed(Problem):
    """Something was checked and does not hold, or was skipped. Nothing was changed."""

    exit_code = 1


class Refused(Problem):
    """A rule does not allow this act now, or not by this person. Nothing was changed."""

    exit_code = 1
