"""Simulated ballots of 20 candidates: "party", as members rank blocs, and "uniform", the worst case there is."""

import random

CANDIDATES = 20
SEATS = 9
BLOC_SHARES = (30, 22, 18, 14, 10, 6)


def party(ballots: int, seed: int = 2026) -> list[tuple[int, ...]]:
    """Six blocs with an order of their own, which each voter follows roughly and not to the end (about 7 names)."""
    draw = random.Random(seed)  # noqa: S311 - a simulation, not a lot
    orders = [draw.sample(range(CANDIDATES), CANDIDATES) for _ in BLOC_SHARES]
    rankings = []
    for _ in range(ballots):
        order = draw.choices(orders, BLOC_SHARES)[0]
        length = min(CANDIDATES, 1 + int(draw.expovariate(1 / 7)))
        places = sorted(range(CANDIDATES), key=lambda place: place + draw.gauss(0, 3))
        rankings.append(tuple([order[place] for place in places[:length]]))
    return rankings


def uniform(ballots: int, seed: int = 2026) -> list[tuple[int, ...]]:
    """Every voter ranks all candidates, in any order with the same chance: nearly no two ballots are the same."""
    draw = random.Random(seed)  # noqa: S311 - a simulation, not a lot
    everyone = list(range(CANDIDATES))
    rankings = []
    for _ in range(ballots):
        draw.shuffle(everyone)
        rankings.append(tuple(everyone))
    return rankings
