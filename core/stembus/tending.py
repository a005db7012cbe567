"""Doing what is due at moments: the chores of plugins, one after the other, each by itself."""

import logging
from threading import Event
from typing import TYPE_CHECKING, Final

from stembus.errors import Problem
from stembus.ledger.seal import seal

if TYPE_CHECKING:
    from stembus.instance import Instance

EVERY_SECONDS: Final = 60.0


def tend(instance: "Instance") -> dict[str, str]:
    """Do every chore that is due and seal what it recorded; return what could not be done, by the name of the chore.

    One that fails keeps no other from being done, and is tried again at the next turn.
    """
    failed = {}
    for chore in instance.plugins.chores():
        try:
            chore.tend(instance)
        except Problem as problem:
            failed[chore.name] = problem.format_message()
        except Exception as error:
            logging.getLogger("stembus.chores").exception("%s failed", chore.name)
            failed[chore.name] = type(error).__name__
    try:
        if instance.recorded:
            seal(instance)
    except Problem as problem:
        failed["ledger"] = problem.format_message()
    return failed


def keep_tending(instance: "Instance", stop: Event) -> None:
    """Go on doing what is due, a turn a minute, until `stop` is set; what cannot be done is logged."""
    while not stop.is_set():
        for name, reason in tend(instance).items():
            logging.getLogger("stembus.chores").warning("%s: %s", name, reason)
        stop.wait(EVERY_SECONDS)
