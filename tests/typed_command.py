"""The command as a person would type it, run in this process."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from stembus import cli


class Ran(NamedTuple):
    """The exit code and what was printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def typed(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs the command with the given words."""

    def run(*words: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main([str(word) for word in words])
        read = capsys.readouterr()
        return Ran(int(left.value.code or 0), read.out, read.err)

    return run
