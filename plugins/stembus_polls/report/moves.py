"""How votes moved from stage to stage, read from the record of a count: the one source of picture and sentences."""

from itertools import pairwise
from typing import NamedTuple

from stembus_ballots.record import Stage, StvRecord, in_units


class Move(NamedTuple):
    """What happened between two stages, in units of the record: `given` by `source` = all of `to` + `lost`.

    `stage` is the number (from 1) of the stage that it led to; `to` goes from most to fewest, ties in order of the
    ballot paper; `lost` are votes that went to nobody, `cut` the part of them that cutting off decimals made.
    """

    stage: int
    source: int
    excluded: bool
    given: int
    to: tuple[tuple[int, int], ...]
    lost: int
    cut: int


def decimals_of(record: StvRecord) -> int:
    """How many decimals the votes of the record have; 0 where it has no stages."""
    return len(record.stages[0].non_transferable.partition(".")[2]) if record.stages else 0


def moves(record: StvRecord) -> tuple[Move, ...]:
    """The moves of a count, one for each stage after the first. Raises ValueError where a stage names nobody."""
    return tuple(_move(number, *pair) for number, pair in enumerate(pairwise(record.stages), 2))


def _move(number: int, before: Stage, after: Stage) -> Move:
    if after.candidate is None:
        raise ValueError(f"Stage {number} of the count says “{after.action}” of nobody: the record is not whole.")
    changes = [in_units(now) - in_units(then) for then, now in zip(before.votes, after.votes, strict=True)]
    gains = [(candidate, change) for candidate, change in enumerate(changes) if change > 0]
    return Move(
        stage=number,
        source=after.candidate,
        excluded=after.action == "exclude",
        given=-changes[after.candidate],
        to=tuple(sorted(gains, key=lambda gain: (-gain[1], gain[0]))),
        lost=in_units(after.non_transferable) - in_units(before.non_transferable),
        cut=in_units(after.lost_to_rounding),
    )


def excluded_in(record: StvRecord) -> dict[int, int]:
    """For each excluded candidate the number of the stage of exclusion, from 1."""
    return {
        stage.candidate: number
        for number, stage in enumerate(record.stages, 1)
        if stage.action == "exclude" and stage.candidate is not None
    }
