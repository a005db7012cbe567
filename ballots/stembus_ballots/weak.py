"""Ballots that may rank options equally, and the file shape that has one column for each option."""

from collections import Counter, defaultdict
from typing import NamedTuple

from msgspec import Struct

from stembus_ballots.errors import BallotFileError
from stembus_ballots.grouped_rows import Row, grouped_rows, whole_number
from stembus_ballots.profile import Profile

Tiers = tuple[tuple[int, ...], ...]


class WeakGroup(NamedTuple):
    """Ballots of one order: tiers of options from 0, best tier first, equal within a tier; `count` of them.

    An option in no tier is ranked below all others, and equal to the rest that is in no tier.
    """

    tiers: Tiers
    count: int  # type: ignore[assignment]  # the tuple method of this name is of no use here


class WeakProfile(Struct, frozen=True):
    """Orders with ties, grouped. `candidates` are the options' names; `blank` ballots rank nothing."""

    title: str
    candidates: tuple[str, ...]
    groups: tuple[WeakGroup, ...]
    blank: int = 0

    @property
    def valid(self) -> int:
        """How many ballots rank at least one option."""
        return sum(group.count for group in self.groups)


def from_strict(profile: Profile) -> WeakProfile:
    """The same ballots as orders with one option in each tier."""
    return WeakProfile(
        title=profile.title,
        candidates=profile.candidates,
        groups=tuple(WeakGroup(tuple((c,) for c in ranking), count) for ranking, count in profile.groups),
        blank=profile.blank,
    )


def read_rank_per_option(text: str, title: str, file: str) -> WeakProfile:
    """Ballots in the shape `rank-per-option`: `count,option_1,...`, a cell is the rank that this option got.

    Ranks are whole numbers from 1 and 1 is best; equal ranks are equal, gaps mean nothing, an empty cell is
    unranked. The headings after `count` name the options. Raises BallotFileError with file and line.
    """
    header, rows = grouped_rows(text, file)
    if len(set(header)) != len(header) or not all(header):
        raise BallotFileError(f"{file}, line 1: give each option a heading of its own after count.")
    counts: Counter[Tiers] = Counter()
    for row in rows:
        if len(row.cells) != len(header):
            raise BallotFileError(
                f"{row.where}: {len(row.cells)} ranks for {len(header)} options; give each option a cell, "
                "empty where it is unranked."
            )
        counts[tiers_of(row, header)] += row.ballots
    blank = counts.pop((), 0)
    groups = tuple(WeakGroup(tiers, counts[tiers]) for tiers in sorted(counts))
    return WeakProfile(title=title, candidates=header, groups=groups, blank=blank)


def tiers_of(row: Row, header: tuple[str, ...]) -> Tiers:
    """The order that the ranks of one row make."""
    ranked: defaultdict[int, list[int]] = defaultdict(list)
    for option, cell in enumerate(row.cells):
        if cell:
            ranked[whole_number(cell, row.where, f"the rank of {header[option]}")].append(option)
    return tuple(tuple(ranked[rank]) for rank in sorted(ranked))
