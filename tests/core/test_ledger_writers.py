"""Many writers at once, in processes of their own: no gap, no duplicate, and every act can be proven."""

import os
import subprocess
import sys

import msgspec
from sqlmodel import select

from stembus.instance import Instance
from stembus.ledger.keys import verifiers
from stembus.ledger.proofs import check_proof, prove_inclusion
from stembus.ledger.seal import seal
from stembus.ledger.tables import LedgerLeaf
from stembus.ledger.verify import verify

WRITER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stembus.instance import open_instance
from stembus.ledger.acts import Act
from stembus.ledger.seal import seal

folder, writer, threads, acts = sys.argv[1], *map(int, sys.argv[2:])
instance = open_instance(Path(folder))

def write(thread):
    for number in range(acts):
        with instance.write() as transaction:
            subject = {"writer": f"{writer}.{thread}"}
            transaction.record(Act(kind="test.done", by=(), ground="", subject=subject, public={"n": number}))
        if number == thread:
            seal(instance)

with ThreadPoolExecutor(threads) as pool:
    list(pool.map(write, range(threads)))
instance.close()
"""
PROCESSES, THREADS, ACTS = 2, 8, 6


def test_l2_sixteen_writers_in_two_processes_leave_no_gap(instance: Instance) -> None:
    environment = {
        **os.environ,
        "STEMBUS_CLOCK": "2026-03-01T12:00:00+00:00",
        "STEMBUS_DATABASE_URL": instance.settings.database_url,
    }
    command = [sys.executable, "-c", WRITER, str(instance.folder)]
    running = [
        subprocess.Popen([*command, str(process), str(THREADS), str(ACTS)], env=environment)
        for process in range(PROCESSES)
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * PROCESSES
    total = PROCESSES * THREADS * ACTS
    seal(instance)
    verdict = verify(instance)
    assert (verdict.faults, verdict.size, verdict.unsealed) == ((), total, 0)
    assert verdict.checkpoints > PROCESSES, "several of them have sealed"
    with instance.read() as session:
        places = dict(session.exec(select(LedgerLeaf.position, LedgerLeaf.act_id)).all())
        keys = verifiers(session)
    assert sorted(place for place in places if place is not None) == list(range(total))
    for act_id in places.values():
        check_proof(msgspec.json.encode(prove_inclusion(instance, act_id)), keys)
