"""Playing a script: the clock is set, the command is shown and run for real, and its answer is shown in short."""

import io
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import redirect_stdout
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from stembus.cli import build
from stembus.errors import CheckFailed, Problem
from stembus.plugins import Plugins
from stembus_party_council.demo.script import Scene, Typed

FIRST_LINES, LAST_LINES = 3, 6
ANSWER_WIDTH = 116
READING_SECONDS = 0.8


class Stage:
    """Where a script is played: the instance, the console, and how long people get to read."""

    def __init__(self, instance: Path, console: Console, *, pause: bool) -> None:
        self.instance = instance
        self.console = console
        self.pause = pause
        self._group = build(Plugins.discover())
        self._bar = Progress(
            TextColumn("[bold]{task.fields[clock]}[/]"), BarColumn(), TextColumn("{task.description}"),
            TimeElapsedColumn(), console=console, transient=True,
        )  # fmt: skip

    def play(self, scenes: Iterable[Scene], number: int) -> None:
        """Play about `number` scenes. Raises `CheckFailed` when a command does not end as the script says."""
        with self._bar:
            task = self._bar.add_task("", total=number, clock="")
            for scene in scenes:
                self._bar.update(task, clock=_clock(scene.at), description=scene.title)
                self._show(scene)
                for command in scene.commands:
                    self._run(scene, command)
                self._bar.advance(task)
                if self.pause:
                    time.sleep(READING_SECONDS)

    def _show(self, scene: Scene) -> None:
        self.console.rule(f"[bold]{_clock(scene.at)}[/]  {scene.title}", align="left")
        self.console.print(scene.told, highlight=False)

    def _run(self, scene: Scene, command: Typed) -> None:
        self.console.print(f"[bold cyan]$[/] [cyan]{_plain(command.line)}[/]", soft_wrap=True, highlight=False)
        code, answer = self._answer(scene.at, command)
        if command.heard is not None:
            command.heard(answer)
        lines = [] if command.brief and code == command.fails else answer.splitlines()
        left_out = len(lines) - FIRST_LINES - LAST_LINES
        if left_out > 1:
            lines[FIRST_LINES:-LAST_LINES] = [f"… {left_out} more lines …"]
        for line in lines:
            self.console.print(f"  [dim]{_plain(line)}[/]", soft_wrap=True, highlight=False)
        if code != command.fails:
            raise CheckFailed(f"The demonstration stopped: `{command.line}` ended with {code}, not {command.fails}.")

    def _answer(self, at: datetime, command: Typed) -> tuple[int, str]:
        os.environ |= {"STEMBUS_CLOCK": at.isoformat(), "COLUMNS": str(ANSWER_WIDTH)}
        answer = io.StringIO()
        where = () if command.arguments[:1] == ("init",) else ("--instance", str(self.instance))
        try:
            if command.does is not None:
                return 0, command.does()
            with redirect_stdout(answer):
                code = self._group.main([*where, *command.arguments], "stembus", standalone_mode=False)
        except Problem as problem:
            return problem.exit_code, answer.getvalue() + problem.format_message()
        except click.ClickException as usage:
            return 2, answer.getvalue() + usage.format_message()
        finally:
            del os.environ["STEMBUS_CLOCK"], os.environ["COLUMNS"]
        return code if isinstance(code, int) else 0, answer.getvalue()


def clear(folder: Path, mark: str) -> None:
    """Make room for a new demonstration in `folder`: an earlier one goes, anything else is left alone.

    Raises `CheckFailed` when the folder holds something else.
    """
    if folder.exists() and not (folder / mark).exists() and any(folder.iterdir()):
        raise CheckFailed(f"{folder} is not empty and holds no earlier demonstration: name another folder with --dir.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / mark).touch()


def _clock(at: datetime) -> str:
    return f"{at:%a %d %b %Y %H:%M}"


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
