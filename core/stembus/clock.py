"""The one clock. Everything else is told the time; nothing else reads it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from stembus.errors import UnusableInput


class Clock(Protocol):
    """Says what time it is now, as an aware datetime in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it was put: for practice, for demonstrations and for tests."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def set(self, at: datetime) -> None:
        """Put the clock at `at` (aware)."""
        if at.tzinfo is None:
            raise UnusableInput(f"The clock cannot stand at {at.isoformat()}: a time zone is missing.")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment the clock was put at."""
        return self._at


class RunningClock(SetClock):
    """A clock that was put somewhere and goes on from there: for a demonstration that people walk through."""

    def set(self, at: datetime) -> None:
        """Put the clock at `at` (aware), from where it goes on."""
        super().set(at)
        self._since = time.monotonic()

    def now(self) -> datetime:
        """Return where the clock has come to."""
        return super().now() + timedelta(seconds=time.monotonic() - self._since)
