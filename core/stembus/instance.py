"""An instance: one party's settings, database, ledger key and plugins, put together in one place."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session, func, select

from stembus.clock import Clock, SetClock, SystemClock
from stembus.database import Database
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.ledger.record import record
from stembus.ledger.tables import LedgerLeaf
from stembus.plugins import Plugins
from stembus.settings import FILE_NAME, Settings, load_settings

# Machines that share a database may differ this much; more is a clock that ran backwards.
CLOCK_SKEW_SECONDS = 2
_LATEST = select(func.max(LedgerLeaf.at))


class Transaction(NamedTuple):
    """One write: its session, the time read inside it, and the instance it belongs to."""

    session: Session
    now: datetime
    instance: "Instance"

    def record(self, act: Act) -> str:
        """Record an act in this transaction and return its id."""
        return record(self, act)


class Instance:
    """What a command or a page works with. Make it with `open_instance`."""

    def __init__(self, folder: Path, settings: Settings, database: Database, clock: Clock, plugins: Plugins) -> None:
        self.folder = folder
        self.settings = settings
        self.database = database
        self.clock = clock
        self.plugins = plugins
        self.recorded = False  # whether acts were recorded here since the ledger was last sealed

    @property
    def zone(self) -> ZoneInfo:
        """The party's time zone."""
        return ZoneInfo(self.settings.timezone)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading."""
        with self.database.read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give one transaction. Raises `Refused` when the clock stands before what was already written."""
        with self.database.write() as session:
            yield Transaction(session, self._time(session), self)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def _time(self, session: Session) -> datetime:
        # Read first what was committed, then the clock: on one machine the clock can then only be later.
        latest = session.exec(_LATEST).one()
        now = self.clock.now()
        if latest is not None and (latest - now).total_seconds() > CLOCK_SKEW_SECONDS:
            raise Refused(
                "The clock says {now} UTC, but the ledger already holds an act of {latest} UTC. Set the clock of this "
                "machine right; nothing was changed.",
                now=f"{now:%Y-%m-%d %H:%M:%S}",
                latest=f"{latest:%Y-%m-%d %H:%M:%S}",
            )
        return now


def open_instance(folder: Path, environment: Mapping[str, str] | None = None) -> Instance:
    """Open the instance in `folder`: its settings, its plugins and its database.

    Raises `UnusableInput` when there is none, when its settings cannot be used, or when its SQLite file is gone: an
    empty one in its place would look like a party without a past.
    """
    instance = assemble(folder, environment)
    file = instance.database.file
    if file is not None and not file.exists():
        raise UnusableInput(
            "The database {file} is missing: put it back, or say where it is with `database_url` in {settings} or with "
            "STEMBUS_DATABASE_URL.",
            file=file,
            settings=FILE_NAME,
        )
    return instance


def assemble(folder: Path, environment: Mapping[str, str] | None = None) -> Instance:
    """Put the instance in `folder` together from its settings; its database may still have to be made."""
    settings = load_settings(folder, os.environ if environment is None else environment)
    clock = SystemClock() if settings.clock is None else SetClock(settings.clock)
    return Instance(
        folder,
        settings,
        Database.at(settings.database_url, folder),
        clock,
        Plugins.discover(settings.disabled_plugins),
    )
