"""Making something expensive once for all processes of a test run."""

import fcntl
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def made_once(factory: pytest.TempPathFactory, worker: str, name: str, make: Callable[[Path], T]) -> T:
    """Return what `make` gave for a folder of its own: whoever comes first makes it, the others wait and read it.

    `worker` is the name that pytest-xdist gives this process, or "master". What is made is not to be changed.
    """
    shared = factory.getbasetemp() if worker == "master" else factory.getbasetemp().parent
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = shared / f"{name}.pickle"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make(shared / name)))
        made: T = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this very test run
    return made
