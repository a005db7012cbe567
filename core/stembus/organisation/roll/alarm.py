"""When an import changes unusually much, and somebody has to say that it is meant."""

from collections.abc import Mapping
from typing import NamedTuple

from stembus.organisation.roll.fates import Fate


class Threshold(NamedTuple):
    """An alarm above `percent` of the members there were, but never at `least` or fewer."""

    percent: int
    least: int


THRESHOLDS: dict[Fate, Threshold] = {
    "new": Threshold(percent=25, least=50),
    "changed": Threshold(percent=10, least=20),
    "gone": Threshold(percent=5, least=10),
}


class Alarm(NamedTuple):
    """More rows of one fate than is usual."""

    fate: Fate
    rows: int
    limit: int
    members: int

    def __str__(self) -> str:
        return (
            f"{self.rows} of {self.members} members are {self.fate}, and more than {self.limit} is unusual: is this "
            f"the whole roll, of the right day, with every column in its place? If so, add --yes-many {self.fate}."
        )


def alarms(counts: Mapping[Fate, int], members: int) -> list[Alarm]:
    """Return the alarms for an import into a roll of `members`; the first import raises none."""
    if members == 0:
        return []
    limits = {fate: max(t.least, members * t.percent // 100) for fate, t in THRESHOLDS.items()}
    return [
        Alarm(fate, counts.get(fate, 0), limit, members)
        for fate, limit in limits.items()
        if counts.get(fate, 0) > limit
    ]
