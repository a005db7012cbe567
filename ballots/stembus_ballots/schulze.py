"""Schulze's ranking of all options by their strongest paths.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36 (2011) 267-303; strength of a link: winning votes. That is the votes for
it, and among links with equally many the one with fewer votes against it is the stronger, as where the weakest
defeats are dropped (`condorcet.drop_weakest_defeats`): so both name the same best.
"""

from collections.abc import Sequence

from msgspec import Struct

from stembus_ballots.condorcet import Matrix

Strength = tuple[int, int]
"""Votes for the weakest link of a path, and the votes against it with a minus: the greater, the stronger."""

NO_PATH: Strength = (0, 0)


class SchulzeRanking(Struct, frozen=True):
    """`strongest_paths[a][b]`: the votes for the weakest link of the best path from a to b, 0 without a path.

    `paths_against`: the votes against that link. `tiers`: options from 0, best first. Options of one tier are not
    ranked by the ballots: a lot or a chair's ballot decides between them.
    """

    strongest_paths: Matrix
    paths_against: Matrix
    tiers: tuple[tuple[int, ...], ...]


def schulze_ranking(matrix: Matrix, options: Sequence[int]) -> SchulzeRanking:
    """Ranks these options of a beat matrix; the rows and columns of other options stay 0."""
    paths = strongest_paths(matrix, options)
    tiers, rest = [], list(options)
    while rest:
        top = tuple(a for a in rest if all(paths[a][b] >= paths[b][a] for b in rest))
        tiers.append(top)
        rest = [option for option in rest if option not in top]
    return SchulzeRanking(
        strongest_paths=tuple(tuple(votes for votes, _ in row) for row in paths),
        paths_against=tuple(tuple(-against for _, against in row) for row in paths),
        tiers=tuple(tiers),
    )


def strongest_paths(matrix: Matrix, options: Sequence[int]) -> list[list[Strength]]:
    """For each pair the greatest strength that a path can have, a path being as strong as its weakest link."""
    size = len(matrix)
    paths = [[NO_PATH] * size for _ in range(size)]
    for a in options:
        for b in options:
            if matrix[a][b] > matrix[b][a]:
                paths[a][b] = (matrix[a][b], -matrix[b][a])
    for middle in options:
        for a in options:
            if a == middle:
                continue
            for b in options:
                if b not in (a, middle):
                    paths[a][b] = max(paths[a][b], min(paths[a][middle], paths[middle][b]))
    return paths
