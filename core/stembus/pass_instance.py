"""Giving a command the instance that it works on."""

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from stembus.instance import Instance, open_instance

P = ParamSpec("P")
R = TypeVar("R")


def pass_instance(function: Callable[Concatenate[Instance, P], R]) -> Callable[P, R]:
    """Open the instance named by `--instance` for a command, as its first argument, and close it afterwards."""

    def opened(*args: P.args, **kwargs: P.kwargs) -> R:
        folder = click.get_current_context().find_object(Path) or Path()
        instance = open_instance(folder)
        try:
            return function(instance, *args, **kwargs)
        finally:
            instance.close()

    return update_wrapper(opened, function)
