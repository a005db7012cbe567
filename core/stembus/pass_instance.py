"""Giving a command the instance that it works on."""

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from stembus.instance import Instance, open_instance
from stembus.ledger.seal import seal

P = ParamSpec("P")
R = TypeVar("R")


def pass_instance(function: Callable[Concatenate[Instance, P], R]) -> Callable[P, R]:
    """Open the instance named by `--instance` for a command, as its first argument, and close it afterwards.

    Acts that the command recorded are sealed at its end, also when it failed after some of its work was kept.
    """

    def opened(*args: P.args, **kwargs: P.kwargs) -> R:
        folder = click.get_current_context().find_object(Path) or Path()
        instance = open_instance(folder)
        try:
            try:
                return function(instance, *args, **kwargs)
            finally:
                if instance.recorded:
                    seal(instance)
        finally:
            instance.close()

    return update_wrapper(opened, function)
