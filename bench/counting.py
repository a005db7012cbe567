"""Counts of 10,000, 100,000 and a million ballots, beside the peers on the same ballots."""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bench.simulated import CANDIDATES, SEATS, party, uniform
from stembus_ballots.blt import read_blt, write_blt
from stembus_ballots.lots import Lots
from stembus_ballots.meek import count_meek
from stembus_ballots.profile import Profile, group_ballots
from stembus_ballots.scottish import count_scottish

TITLE = f"Counting: {CANDIDATES} candidates, {SEATS} seats"
SIZES = (10_000, 100_000, 1_000_000)
MEEK_UP_TO = 100_000
PEERS = ("pyrankvote", "votelib", "pref_voting")
PEER_LIMIT = 120
TOO_LONG_FOR_A_TENTH = 6
HERE = Path(__file__).parent
PEER_PYTHON = HERE.parent / ".venv-bench" / "bin" / "python"
LOTS = Lots(order=tuple(range(CANDIDATES)))


class Outcome(NamedTuple):
    """What became of one peer on one file: its figures or why there are none, and the seconds it took in all."""

    figures: dict[str, Any]
    why_not: str
    seconds: float


def run() -> bool:
    """Prints the table; False where a peer is not installed."""
    complete = PEER_PYTHON.exists()
    if not complete:
        print("PEERS NOT MEASURED: .venv-bench is missing; run `make bench`, which installs them there.\n")
    for simulate in (party, uniform):
        took: dict[str, float] = {}
        for size in SIZES:
            complete &= _measure(simulate, size, took)
    print("read = read and group the .blt file; group = group single ballots in memory; build = make the peer's own")
    print("ballots; count = the count alone. Only pref_voting has the same rule; others may elect another set.")
    return complete


def _measure(simulate: Callable[[int], list[tuple[int, ...]]], size: int, took: dict[str, float]) -> bool:
    """One block of the table. `took` remembers the seconds of each peer on the size before."""
    rankings = simulate(size)
    start = time.perf_counter()
    groups = group_ballots(rankings)
    grouped = time.perf_counter() - start
    del rankings
    names = tuple(f"Candidate {number}" for number in range(1, CANDIDATES + 1))
    profile = Profile(title=simulate.__name__, candidates=names, seats=SEATS, groups=groups, blank=0)
    print(f"{size:>9,} ballots, {simulate.__name__}: {len(groups):,} different rankings")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ballots.blt"
        file.write_text(write_blt(profile), encoding="utf-8")
        start = time.perf_counter()
        profile = read_blt(file)
        read = time.perf_counter() - start
        elected = _count_ours(profile, read, grouped, size)
        measured = [_peer(name, file, elected, took) for name in PEERS]
        return all(measured)


def _count_ours(profile: Profile, read: float, grouped: float, size: int) -> list[int]:
    start = time.perf_counter()
    record = count_scottish(profile, lots=LOTS)
    seconds = time.perf_counter() - start
    print(
        f"    {'stembus, Scottish STV':<26} count {seconds:8.3f}   read {read:6.2f}   group {grouped:6.2f}", flush=True
    )
    if size <= MEEK_UP_TO:
        start = time.perf_counter()
        count_meek(profile, lots=LOTS)
        print(f"    {'stembus, Meek':<26} count {time.perf_counter() - start:8.3f}", flush=True)
    return sorted(candidate + 1 for candidate in record.elected)


def _peer(name: str, file: Path, elected: list[int], took: dict[str, float]) -> bool:
    """Prints the line of one peer; False where it could not be run at all."""
    if not PEER_PYTHON.exists():
        print(f"    {name:<26} NOT MEASURED: not installed")
        return False
    if took.get(name, 0) > TOO_LONG_FOR_A_TENTH:
        print(f"    {name:<26} not run: a tenth of these ballots took {took[name]:.0f} s in all")
        return True
    outcome = _run_peer(name, file)
    took[name] = outcome.seconds
    figures = outcome.figures
    if outcome.why_not or "error" in figures:
        print(f"    {name:<26} {outcome.why_not or figures['error']}", flush=True)
        return "NOT MEASURED" not in outcome.why_not
    same = "same set" if figures["elected"] == elected else "another set"
    label = f"{name} {figures['version']}"
    print(
        f"    {label:<26} count {figures['count']:8.3f}   build {figures['build']:5.2f}   {same}",
        flush=True,
    )
    return True


def _run_peer(name: str, file: Path) -> Outcome:
    start = time.perf_counter()
    try:
        finished = subprocess.run(
            [str(PEER_PYTHON), str(HERE / "peers.py"), name, str(file), str(SEATS)],
            capture_output=True,
            text=True,
            timeout=PEER_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome({}, f"cut off after {PEER_LIMIT} s", PEER_LIMIT)
    seconds = time.perf_counter() - start
    if finished.returncode:
        last = (finished.stderr.strip().splitlines() or ["no output"])[-1]
        return Outcome({}, f"NOT MEASURED: {last}", seconds)
    return Outcome(json.loads(finished.stdout.splitlines()[-1]), "", seconds)
