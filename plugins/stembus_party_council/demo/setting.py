"""Where the demonstration plays, and what its scenes share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from stembus.conduct.running import Running, open_procedure
from stembus.instance import open_instance
from stembus.plugins import Plugins
from stembus_party_council.demo.cast import Cast

PROCEDURE = "partijraad-2026"
NEXT_PROCEDURE = "bestuur-2026"
ZONE = ZoneInfo("Europe/Amsterdam")


class Setting(NamedTuple):
    """Where the demonstration plays: its folder, its people, the number of seats, the papers, and the policy.

    `papers` is what stands on each paper, with candidates by their place in the cast, from 1; the lot decides which
    number each has in print. `by_post` is how many of them come by post. `online` are the votes that are cast in the
    secret poll, in the same form; there are none where the policy holds the election on paper alone. `port` is where
    the pages are while the scenes are played, if it is free.
    """

    folder: Path
    cast: Cast
    seats: int
    papers: Sequence[str]
    by_post: int
    policy: str
    online: Sequence[str] = ()
    port: int = 8000

    @property
    def inputs(self) -> Path:
        """The folder of the files that people hand in."""
        return self.folder / "input"

    @property
    def results(self) -> Path:
        """The folder of what comes out."""
        return self.folder / "result"


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of 2026 in the party's zone."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def two(first: str, second: str) -> tuple[str, ...]:
    """Return the options for an act of two."""
    return ("--by", first, "--with", second)


@contextmanager
def as_it_stands(setting: Setting) -> Iterator[tuple[Session, Plugins, Running]]:
    """Give the procedure as it stands, to read from."""
    instance = open_instance(setting.folder / "instance")
    try:
        with instance.read() as session:
            yield session, instance.plugins, open_procedure(session, instance.plugins, PROCEDURE)
    finally:
        instance.close()
