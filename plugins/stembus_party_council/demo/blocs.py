"""How the members of the demonstration vote: blocs that favour their own candidates, and short rankings.

The model is written down in docs/demo.md. It makes papers as people fill them in, blank and faulty ones included.
"""

import random
from collections.abc import Sequence
from typing import NamedTuple


class Bloc(NamedTuple):
    """Voters who like the same candidates. `favourites` are candidates from 0; `share` is out of 100."""

    name: str
    share: int
    favourites: tuple[int, ...]


BLOCS = (
    Bloc("grondleggers", 34, (0, 1, 2, 3, 4)),
    Bloc("vernieuwers", 28, (5, 6, 7, 8)),
    Bloc("regio", 22, (9, 10, 11, 12)),
    Bloc("jongeren", 16, (13, 14, 15, 16)),
)
FAVOURITE = 12
"""How many times likelier a voter is to rank somebody of the own bloc next than somebody else."""
GO_ON = 0.80
"""The chance that a voter who ranked somebody ranks one more."""
BLANK, FAULTY, DOUBTFUL = 0.015, 0.02, 0.008
"""The chance of a blank paper, of a skipped or repeated number, and of a mark that nobody can read for sure."""


def make_papers(count: int, candidates: int, seed: str) -> list[str]:
    """Return what stands on `count` papers, as a typist reads them: "3 1 12", "blank", "4 - 2", "? a name is crossed".

    Candidates are numbered from 1, as on the paper; `candidates` is how many there are.
    """
    chance = random.Random(seed)  # noqa: S311 - a model, and the same papers each time
    return [_paper(candidates, chance) for _ in range(count)]


def is_sound(marks: str) -> bool:
    """Whether nothing on a paper is faulty or doubtful: what can be said on the internet too."""
    return marks == "blank" or all(word.isdigit() for word in marks.split())


def _paper(candidates: int, chance: random.Random) -> str:
    kind = chance.random()
    if kind < BLANK:
        return "blank"
    ranking = [str(candidate + 1) for candidate in _ranking(_bloc(chance), candidates, chance)]
    if kind < BLANK + FAULTY and len(ranking) > 2:
        return _faulty(ranking, chance)
    if kind < BLANK + FAULTY + DOUBTFUL:
        return f"? over het eerste cijfer bij kandidaat {ranking[0]} is heen geschreven"
    return " ".join(ranking)


def _faulty(ranking: list[str], chance: random.Random) -> str:
    place = 1 + int(chance.random() * (len(ranking) - 2))
    if chance.random() < 0.5:
        return " ".join([*ranking[:place], "-", *ranking[place:]])
    return " ".join([*ranking[:place], ",".join(ranking[place : place + 2]), *ranking[place + 2 :]])


def _bloc(chance: random.Random) -> Bloc:
    point = chance.random() * sum(bloc.share for bloc in BLOCS)
    for bloc in BLOCS:
        point -= bloc.share
        if point < 0:
            return bloc
    return BLOCS[-1]


def _ranking(bloc: Bloc, candidates: int, chance: random.Random) -> list[int]:
    """Draw without replacement, favourites weighing more (Plackett-Luce), until the voter stops."""
    left = list(range(candidates))
    ranking: list[int] = []
    while left and (not ranking or chance.random() < GO_ON):
        ranking.append(_next(left, bloc.favourites, chance))
        left.remove(ranking[-1])
    return ranking


def _next(left: Sequence[int], favourites: Sequence[int], chance: random.Random) -> int:
    # The first of a bloc are its best known: each next one is liked a little less.
    weights = [
        FAVOURITE * (1 - 0.12 * favourites.index(candidate)) if candidate in favourites else 1.0 for candidate in left
    ]
    point = chance.random() * sum(weights)
    for candidate, weight in zip(left, weights, strict=True):
        point -= weight
        if point < 0:
            return candidate
    return left[-1]
