"""Counts one .blt file with one peer, in the peers' own environment, and prints the figures as JSON.

    python bench/peers.py pyrankvote|votelib|pref_voting FILE SEATS

`build` is what the peer needs to make its own ballots from rankings already read, `count` the count itself.
"""

import importlib.metadata
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

Rankings = dict[tuple[int, ...], int]
Count = Callable[[], list[int]]


def read(path: Path) -> tuple[Rankings, int]:
    """The rankings in a .blt file as the bench writes it, and how many candidates there are."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rankings: Rankings = {}
    for line in lines[1:]:
        if line == "0":
            break
        count, *preferences = map(int, line.split()[:-1])
        rankings[tuple(preferences)] = count
    return rankings, int(lines[0].split()[0])


def pyrankvote(rankings: Rankings, candidates: int, seats: int) -> Count:
    """Single transferable vote by pyrankvote's own rule; its lots come from the global generator."""
    from pyrankvote import Ballot, Candidate, single_transferable_vote  # noqa: PLC0415 - one peer at a time

    people = [Candidate(str(number)) for number in range(1, candidates + 1)]
    ballots = []
    for ranking, count in rankings.items():
        ballots += [Ballot([people[number - 1] for number in ranking])] * count
    return lambda: [int(c.name) for c in single_transferable_vote(people, ballots, seats).get_winners()]


def votelib(rankings: Rankings, candidates: int, seats: int) -> Count:
    """Gregory transfers with the Droop quota, in fractions."""
    from votelib.evaluate.sequential import TransferableVoteSelector  # noqa: PLC0415 - one peer at a time

    del candidates
    return lambda: TransferableVoteSelector(transferer="Gregory", quota_function="droop").evaluate(rankings, seats)


def pref_voting(rankings: Rankings, candidates: int, seats: int) -> Count:
    """Its Scottish STV."""
    from pref_voting.profiles_with_ties import ProfileWithTies  # noqa: PLC0415 - one peer at a time
    from pref_voting.proportional_methods import stv_scottish  # noqa: PLC0415 - one peer at a time

    profile = ProfileWithTies(
        [{number: place for place, number in enumerate(ranking)} for ranking in rankings],
        rcounts=list(rankings.values()),
        candidates=list(range(1, candidates + 1)),
    )
    return lambda: [int(number) for number in stv_scottish(profile, num_seats=seats)]


PEERS = {peer.__name__: peer for peer in (pyrankvote, votelib, pref_voting)}


def main(name: str, file: str, seats: str) -> None:
    """Prints one JSON object: version, build, count, elected (candidates from 1), or the error."""
    rankings, candidates = read(Path(file))
    random.seed(1)
    figures: dict[str, object] = {"version": importlib.metadata.version(name)}
    start = time.perf_counter()
    count = PEERS[name](rankings, candidates, int(seats))
    figures["build"] = time.perf_counter() - start
    start = time.perf_counter()
    try:
        figures["elected"] = sorted(count())
    except Exception as error:  # whatever a peer raises is its result here
        figures["error"] = f"{type(error).__name__}: {error}"[:60]
    figures["count"] = time.perf_counter() - start
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
