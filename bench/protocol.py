"""Secret polls: ballots verified, mixed, decrypted and verified again, beside Debian's belenios-tool on one archive.

Everything takes some twenty minutes; in parts, each with its own processes and memory:

    STEMBUS_BENCH_KINDS=ranked STEMBUS_BENCH_BALLOTS=1000 python -m bench protocol

The tool runs on 1,000 ballots, some ten minutes; for 10,000 its time is ten times that, which flatters it (it is not
faster than linear). With STEMBUS_BENCH_PEER=all in the environment it runs on those as well, for hours.
"""

import multiprocessing
import os
import resource
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bench import belenios_tool
from bench.belenios_tool import Took
from stembus_ballots.protocol.ballot import CheckedBallot, make_ballot
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.combination import combined
from stembus_ballots.protocol.credentials import public_credentials_text
from stembus_ballots.protocol.decryption import Factors, check_decryption, partial_decryption
from stembus_ballots.protocol.election import (
    Election,
    Homomorphic,
    Question,
    Ranked,
    election_text,
    ranked_question,
    read_election,
)
from stembus_ballots.protocol.events import ArchiveWriter, read_events
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Group
from stembus_ballots.protocol.rankings import Meaning, extra_of
from stembus_ballots.protocol.result import opened, result_of, result_text
from stembus_ballots.protocol.shuffle import check_shuffle, make_shuffle
from stembus_ballots.protocol.side_file import Decrypted, check_side_file, make_side_file, read_side_file
from stembus_ballots.protocol.tally import Ciphertexts, encrypted_tally, tally_text
from stembus_ballots.protocol.trustees import SingleRecord, read_trustees, trustee_key, trustees_text
from stembus_ballots.protocol.verify.board import check_ballots
from stembus_ballots.protocol.verify.setup import check_setup
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.verify.whole import verify_archive
from stembus_ballots.protocol.work import in_pieces

TITLE = "Secret polls: 3 trustees; ranked with 20 candidates and 3 shuffles, and 1 of 3 answers; 2 processes"
SIZES = tuple(int(size) for size in os.environ.get("STEMBUS_BENCH_BALLOTS", "1000,10000").split(","))
WANTED = os.environ.get("STEMBUS_BENCH_KINDS", "ranked,answers").split(",")
PEER_UP_TO = 10**9 if os.environ.get("STEMBUS_BENCH_PEER") == "all" else 1000
PROCESSES = 2
TRUSTEES = 3
CANDIDATES = 20
ANSWERS = ("Voor", "Tegen", "Onthouding")
Figures = dict[str, Took]


class Kind(NamedTuple):
    """A poll that is measured."""

    name: str
    group: Group
    question: Question


NAMES = tuple(f"Kandidaat {number}" for number in range(1, CANDIDATES + 1))
KINDS = (
    Kind(
        "ranked",
        RFC_3526_2048,
        ranked_question("In welke volgorde?", NAMES, extra_of(Meaning(places="strict", side_files=True))),
    ),
    Kind("answers", BELENIOS_2048, Homomorphic(question="Wat vindt u?", answers=ANSWERS, min=1, max=1)),
)


def run() -> bool:
    """Prints a table for each poll; False where belenios-tool is missing, or for a kind that does not exist."""
    if unknown := set(WANTED) - {kind.name for kind in KINDS}:
        print(f"STEMBUS_BENCH_KINDS: no {', '.join(sorted(unknown))}; there are {', '.join(k.name for k in KINDS)}.")
        return False
    peers: dict[str, tuple[int, Figures]] = {}
    for size in SIZES:
        for kind in (kind for kind in KINDS if kind.name in WANTED):
            with ProcessPoolExecutor(PROCESSES) as workers:
                poll = Poll(kind, size, workers)
                ours = poll.held()
            peer, note = _peer(poll, peers)
            _show(f"{size:,} ballots, {kind.name}", ours, peer, note)
            print(f"    archive {len(poll.archive) / size / 1000:.1f} kB a ballot; {_memory(size)}\n", flush=True)
    if belenios_tool.TOOL is None:
        print("PEER NOT MEASURED: belenios-tool is missing; install it (Debian: apt install belenios-tool).")
    print(
        "Seconds by the clock, in brackets of the processors. Of belenios-tool, a shuffle, its check and a decryption"
    )
    print(
        "are without the check of all ballots, which it makes each time. It uses one processor; “a processor” compares"
    )
    print("what both do with one, whatever else this machine was doing.")
    return belenios_tool.TOOL is not None


def _peer(poll: "Poll", before: dict[str, tuple[int, Figures]]) -> tuple[Figures, str]:
    """Returns the figures of belenios-tool, measured or from a smaller poll of the same kind."""
    name, size = poll.kind.name, poll.size
    if belenios_tool.TOOL is None:
        return {}, "not measured"
    if size <= PEER_UP_TO:
        before[name] = size, poll.peer()
        return before[name][1], "measured"
    if name not in before:
        return {}, "not measured"
    smaller, figures = before[name]
    return {step: took.times(size / smaller) for step, took in figures.items()}, f"from {smaller:,} ballots"


def _show(title: str, ours: Figures, peer: Figures, note: str) -> None:
    table = Table(title, "stembus", f"belenios-tool ({note})", "times", "a processor", box=None)
    for step, took in ours.items():
        other = peer.get(step)
        faster = (f"{other.wall / took.wall:.1f}", f"{other.cpu / took.cpu:.1f}") if other and took.cpu else ()
        table.add_row(step, _said(took), _said(other), *faster)
    Console(width=120).print(table)


def _said(took: Took | None) -> str:
    return f"{took.wall:8.2f} ({took.cpu:.2f})" if took else ""


def _memory(size: int) -> str:
    """Returns the largest memory that this process and a worker had until now, in all and a ballot."""
    kilobytes = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told = [f"{kb / 1024:,.0f} MB ({kb / size:,.0f} kB a ballot)" for kb in kilobytes]
    return f"memory at most {told[0]}, a worker or the tool {told[1]}"


class Poll:
    """A poll of so many ballots, held step by step with the time of each."""

    def __init__(self, kind: Kind, size: int, workers: ProcessPoolExecutor) -> None:
        self.kind, self.size, self.workers = kind, size, workers
        self.took: Figures = {}
        self._times: dict[str, list[Took]] = {}
        group = kind.group
        self.secrets = [group.random_scalar(secrets.randbelow) for _ in range(TRUSTEES)]
        trustees = trustees_text(
            tuple(SingleRecord(trustee_key(group, secret, secrets.randbelow)) for secret in self.secrets)
        )
        self.trustees = read_trustees(trustees, group)
        election = election_text(
            uuid="Voorbee1dpart1j",
            name="Partijraad",
            description="Voorbeeldpartij",
            group=group,
            public_key=self.trustees.public_key,
            questions=(kind.question,),
        )
        self.election = read_election(election)
        voters = [group.random_scalar(secrets.randbelow) for _ in range(size)]
        work = partial(_cast, self.election)
        pieces = in_pieces(work, voters, size=50, step="cast", workers=workers, progress=progress)
        ballots = [ballot for piece in pieces for ballot in piece]
        credentials = public_credentials_text([(key, 1) for key, _ballot in ballots], group)
        self.writer = ArchiveWriter(1_795_405_968)
        self.writer.setup(election, trustees, credentials)
        for _key, ballot in ballots:
            self.writer.append("Ballot", ballot)
        self.stages: dict[str, bytes] = {}
        self.side_files: list[bytes] = []

    @property
    def archive(self) -> bytes:
        """The archive as it is now."""
        return bytes(self.writer.written)

    def held(self) -> Figures:
        """Returns the time of each step, from the check of the ballots to the check of everything."""
        with self._timed("verify all ballots"):
            checked = self._check_ballots()
        self._keep("open")
        weights = {ballot.credential: 1 for ballot in checked}
        tally = encrypted_tally(self.election, checked, weights)
        self.writer.append("EndBallots")
        self.writer.encrypted_tally(tally_text(tally, self.election), tally.ballots, tally.weight)
        self._keep("tallied")
        to_open: Ciphertexts = tally.ciphertexts
        if isinstance(self.kind.question, Ranked):
            to_open = self._mixed(to_open)
            self.writer.append("EndShuffles")
        self._keep("mixed")
        self._decrypt(to_open, tally.weight)
        with self._timed("full verification"):
            verdict = verify_archive(self.archive, side_files=self.side_files, workers=self.workers, progress=progress)
        if verdict.exit_code:
            raise RuntimeError(f"The verifier refuses the poll of the benchmark: {verdict.failures or verdict.skipped}")
        return self.took

    def peer(self) -> Figures:
        """Returns the time of belenios-tool for each step, on the archive as it was at that step."""
        figures = {"verify all ballots": belenios_tool.verify(self.stages["open"])}
        checked = belenios_tool.verify(self.stages["tallied"])
        if isinstance(self.kind.question, Ranked):
            figures["one shuffle with proof"] = belenios_tool.shuffle(self.stages["tallied"]) - checked
            figures["verify one shuffle"] = belenios_tool.verify(self.stages["shuffled once"]) - checked
        figures["partial decryption"] = belenios_tool.decrypt(self.stages["mixed"], self.secrets[0]) - checked
        figures["full verification"] = belenios_tool.verify(self.archive)
        return figures

    def _check_ballots(self) -> list[CheckedBallot]:
        verdict = Verdict()
        setup, *ballots = read_events(self.archive)
        found = check_ballots(check_setup(setup, verdict), ballots, verdict, workers=self.workers, progress=progress)
        if len(found) != self.size:
            raise RuntimeError(f"A ballot of the benchmark does not hold: {verdict.failures[0]}")
        return found

    def _mixed(self, columns: Ciphertexts) -> Ciphertexts:
        bound = self.election.bound
        for trustee in range(1, TRUSTEES + 1):
            with self._timed("one shuffle with proof"):
                record = make_shuffle(bound, columns, secrets.randbelow, workers=self.workers, progress=progress)
            with self._timed("verify one shuffle"):
                columns = check_shuffle(bound, columns, record, workers=self.workers, progress=progress)
            self.writer.owned("Shuffle", trustee, text_of(record))
            if trustee == 1:
                self._keep("shuffled once")
        return columns

    def _decrypt(self, to_open: Ciphertexts, weight: int) -> None:
        given: dict[int, Factors] = {}
        for trustee, secret in enumerate(self.secrets, 1):
            key = self.trustees.keys[trustee - 1]
            with self._timed("partial decryption"):
                record = partial_decryption(
                    self.election, secret, to_open, secrets.randbelow, workers=self.workers, progress=progress
                )
            with self._timed("verify one decryption"):
                given[trustee] = check_decryption(
                    self.election, key, to_open, record, workers=self.workers, progress=progress
                )
            about = Decrypted(self.election.group, self.election.fingerprint, trustee, key, to_open, given[trustee])
            with self._timed("side file"):
                self.side_files.append(
                    make_side_file(about, secret, secrets.randbelow, workers=self.workers, progress=progress)
                )
            with self._timed("verify one side file"):
                check_side_file(about, read_side_file(self.side_files[-1]), workers=self.workers, progress=progress)
            self.writer.owned("PartialDecryption", trustee, record)
        plaintexts = opened(self.election.group, to_open, combined(self.election.group, self.trustees, given))
        self.writer.append("Result", result_text(result_of(self.election, plaintexts, weight)))

    def _keep(self, stage: str) -> None:
        """Keeps the archive as it is now for belenios-tool, where that is going to run."""
        if self.size <= PEER_UP_TO:
            self.stages[stage] = self.archive

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        """Adds the time of a step; of one that comes more than once the mean is kept."""
        before = Took(time.perf_counter(), _processor_seconds())
        yield
        took = Took(time.perf_counter(), _processor_seconds()) - before
        self._times.setdefault(step, []).append(took)
        times = self._times[step]
        self.took[step] = Took(sum(t.wall for t in times) / len(times), sum(t.cpu for t in times) / len(times))


def progress(step: str, done: int, of: int) -> None:
    """Shows on a terminal how far a step is."""
    if sys.stderr.isatty():
        print(f"\r\033[K    {step}: {done:,} of {of:,}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _cast(election: Election, voters: Sequence[int]) -> list[tuple[int, bytes]]:
    """Returns the public key and the ballot of each voter, who vote at random."""
    dice = secrets.SystemRandom()
    (question,) = election.questions
    made = []
    for secret in voters:
        if isinstance(question, Ranked):
            vote = dice.sample(range(1, question.values + 1), question.values)
        else:
            vote = [0] * question.choices
            vote[dice.randrange(question.choices)] = 1
        key = election.group.table(election.group.g).power(secret)
        made.append((key, make_ballot(election, secret, [vote], secrets.randbelow)))
    return made


def _processor_seconds() -> float:
    """Returns what this process and its workers have used until now."""
    used = time.process_time()
    for worker in multiprocessing.active_children():
        fields = Path(f"/proc/{worker.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used
