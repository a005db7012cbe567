"""The drawing of the picture of moving votes: where each lane, bar and band comes."""

from typing import NamedTuple

from .flow_shapes import MARK, band, box, cross, line, tick, words
from .moves import Move

SMALL, CAPITAL = 0.58, 0.76
"""How wide letters are, at most, in most bold fonts, as part of their height."""
SHORTEST = 8
"""Names are not shortened to fewer letters."""


class Lane(NamedTuple):
    """One row of the picture: whose (None: votes that went to nobody), its votes after each stage, and its fate.

    `last` is the last stage in which the lane still holds votes; stages count from 1. `amounts` are its votes in
    words.
    """

    candidate: int | None
    name: str
    fate: str
    amounts: str
    totals: tuple[int, ...]
    last: int
    elected_at: int | None
    excluded_at: int | None


class Size(NamedTuple):
    """Measures of a drawing in its own units, which are CSS pixels at full size.

    `tall` is how high all votes together are drawn, as far as the quota is not lower or higher than `quota`.
    """

    width: int
    text: int
    gap: int
    bar: int
    amounts: bool
    tall: int = 420
    quota: tuple[int, int] = (26, 110)


class Drawing:
    """One drawing: the places of all lanes and stages, worked out once. `quota` is in the units of the votes."""

    def __init__(self, lanes: tuple[Lane, ...], moves: tuple[Move, ...], size: Size, *, quota: int, seats: int) -> None:
        self.lanes, self.moves, self.size, self.quota = lanes, moves, size, quota
        low, high = size.quota
        self.quota_height = min(max(size.tall / (seats + 1), low), high)
        self.stages = len(moves) + 1
        zone = (size.width - MARK - self.stages * size.bar) / max(self.stages - 1, 1)
        self.zone = min(zone, size.width / 5)
        self.head = 2 * size.text + 8
        self.base: list[float] = []
        y: float = self.head
        for lane in lanes:
            y += size.text + 11 + self._room(lane)
            self.base.append(y)
            y += size.gap
        self.foot = y
        self.height = round(y + size.text + 8)

    def shapes(self, *, axis: str, limit: str) -> list[str]:
        """All parts, in the order in which they lie on each other; `axis` names the stages, `limit` the quota."""
        out = self._stage_marks(axis)
        for row, lane in enumerate(self.lanes):
            out += self._standing(row, lane)
        for move in self.moves:
            out += self._bands(move)
        for row, lane in enumerate(self.lanes):
            out += self._names(row, lane)
        below = self.base[0] - self.quota_height + self.size.text + 1
        out.append(words("limit", self.size.width - MARK - 4, below, self.size.text - 2, limit, anchor="end"))
        return [shape for shape in out if shape]

    def tall(self, units: int) -> float:
        """How high so many votes are drawn."""
        return units * self.quota_height / self.quota

    def _room(self, lane: Lane) -> float:
        top = self.tall(max(lane.totals))
        return max(top, self.quota_height) if self._has_quota_line(lane) else max(top, MARK)

    def _has_quota_line(self, lane: Lane) -> bool:
        near = 2 * max(lane.totals) >= self.quota
        return lane.candidate is not None and (lane.elected_at is not None or near)

    def _left(self, stage: int) -> float:
        return (stage - 1) * (self.size.bar + self.zone)

    def _stage_marks(self, axis: str) -> list[str]:
        small = self.size.text - 2
        out = [words("stage", 0, self.size.text, small, axis)]
        for stage in range(1, self.stages + 1):
            middle = self._left(stage) + self.size.bar / 2
            out.append(line("rule", middle, self.head, until=self.foot, upright=True))
            x, anchor = (0, "start") if stage == 1 else (middle, "middle")
            for y in (2 * self.size.text, self.height - 6):
                out.append(words("stage", x, y, small, str(stage), anchor=anchor))
        return out

    def _standing(self, row: int, lane: Lane) -> list[str]:
        """The bars of a lane, what each stage brought on top of them, and what goes on to the next stage."""
        kind = "lost" if lane.candidate is None else "in" if lane.elected_at else "out"
        out = [f'<g class="{kind}">']
        base, bar = self.base[row], self.size.bar
        for stage in range(1, lane.last + 1):
            total = lane.totals[stage - 1]
            kept = min(total, lane.totals[stage - 2]) if stage > 1 else total
            x = self._left(stage)
            out.append(box("stay", x, base, bar, self.tall(kept)))
            out.append(box("came", x, base - self.tall(kept), bar, self.tall(total - kept)))
            if stage < lane.last:
                goes_on = min(total, lane.totals[stage])
                out.append(box("carry", x + bar, base, self.zone, self.tall(goes_on)))
        if lane.excluded_at:
            out.append(line("gone", self._left(lane.last), base - 0.5, until=self._left(lane.excluded_at)))
        if self._has_quota_line(lane):
            out.append(line("quota", 0, base - self.quota_height, until=self._left(max(lane.last, 2)) + bar))
        return [*out, "</g>"]

    def _bands(self, move: Move) -> list[str]:
        """The bands of one stage, from the giver's lane to each receiver's, in the order in which the lanes lie."""
        rows = {lane.candidate: row for row, lane in enumerate(self.lanes)}
        to: list[tuple[int | None, int]] = [*move.to, *([(None, move.lost)] if move.lost else [])]
        source = rows[move.source]
        start = self.base[source] - self.tall(self.lanes[source].totals[move.stage - 2])
        x, end = self._left(move.stage - 1) + self.size.bar, self._left(move.stage)
        out = []
        for candidate, units in sorted(to, key=lambda gain: rows[gain[0]]):
            row = rows[candidate]
            arrive = self.base[row] - self.tall(self.lanes[row].totals[move.stage - 1])
            out.append(band(x, start, end, arrive, self.tall(units)))
            start += self.tall(units)
        return out

    def _names(self, row: int, lane: Lane) -> list[str]:
        """Name and fate above a lane, with the mark of the fate; and the mark again in the stage where it fell."""
        size, base = self.size, self.base[row]
        y = base - self._room(lane) - 9
        fate = f"{lane.fate} · {lane.amounts}" if size.amounts else lane.fate
        start = MARK + 6 if lane.candidate is not None else 0
        room = size.width - start - len(fate) * size.text * 0.5 - 8
        out = [
            words("name", start, y, size.text, _shortened(lane.name, room / size.text)),
            words("fate", size.width, y, size.text - 1, fate, anchor="end"),
        ]
        if lane.candidate is not None:
            out.append(tick(MARK / 2, y - 5) if lane.elected_at else cross(MARK / 2, y - 5))
        if lane.elected_at and lane.elected_at > 1:
            top = base - self.tall(lane.totals[lane.elected_at - 1])
            out.append(tick(self._left(lane.elected_at) + size.bar / 2, top + 2))
        if lane.excluded_at:
            out.append(cross(self._left(lane.excluded_at) + size.bar / 2, base - MARK / 2))
        return out


def _shortened(name: str, room: float) -> str:
    """The name, or its beginning where it is wider than `room` (in heights of its letters)."""
    wide = 0.0
    for place, letter in enumerate(name):
        wide += CAPITAL if letter.isupper() else SMALL
        if wide > room and place >= SHORTEST:
            return name[:place].rstrip() + "…"
    return name
