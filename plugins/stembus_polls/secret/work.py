"""Long work for a secret poll, begun on its page and done by a process of its own, so that everybody else is served.

Practising, encrypting votes from paper and verifying take from seconds to minutes. How far it is and what came of it
stand in a row, and two people then decide on exactly that. Work that was cut off (the machine stopped) changed nothing:
the row says so once nothing was heard for a while, and it is begun again.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from uuid import uuid4

from msgspec import Struct
from sqlmodel import Session

from stembus.errors import Problem, Refused
from stembus_polls.secret.poll import lock_board, poll_by_uuid
from stembus_polls.secret.tables import BoxWork

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import SynchronizedArray

    from stembus.instance import Instance

Kind = Literal["practise", "papers", "verify"]
State = Literal["going", "cut_off", "done", "failed"]
BEAT_SECONDS: Final = 5.0
"""How often the row says that somebody is at it."""
SILENT: Final = timedelta(minutes=2)
"""After so long without a word the work was cut off."""

log = logging.getLogger("stembus.work")


class Kept(NamedTuple):
    """What is kept of work that is done: what people decide on, and perhaps a file for everybody."""

    found: bytes
    file: bytes | None = None


class Work(Struct, frozen=True, kw_only=True):
    """Work as it stands now. `done` and `of` count the items of the part that it is at; `of` 0: none are counted."""

    state: State
    begun_at: datetime
    seen_at: datetime
    done: int
    of: int
    found: bytes


def begin_work(
    instance: "Instance", uuid: str, kind: Kind, job: Callable[..., Any], keep: Callable[[Any], Kept]
) -> None:
    """Let another process do `job`, which is called with `progress`, and keep of what it returns what `keep` says.

    `job` and what it returns travel to the other process and back. Raises `Refused` while the same is going on.
    """
    attempt = str(uuid4())
    with instance.write() as transaction:
        session, now = transaction.session, transaction.now
        lock_board(session, poll_by_uuid(session, uuid))
        before = work_of(session, uuid, kind, now)
        if before is not None and before.state == "going":
            raise Refused("This is being done already: wait until it is ready.")
        session.merge(
            BoxWork(uuid=uuid, kind=kind, attempt=attempt, begun_at=now, seen_at=now, state="going", done=0, of=0)
        )
    Thread(target=_see_through, args=(instance, _Begun(uuid, kind, attempt), job, keep), name=kind, daemon=True).start()


def work_of(session: Session, uuid: str, kind: Kind, now: datetime) -> Work | None:
    """Return the latest work of a kind for a poll, None where none was begun."""
    row = session.get(BoxWork, (uuid, kind))
    if row is None:
        return None
    state: State = row.state  # type: ignore[assignment]  # only states are written
    if state == "going" and now > row.seen_at + SILENT:
        state = "cut_off"
    found = row.found or b""
    return Work(state=state, begun_at=row.begun_at, seen_at=row.seen_at, done=row.done, of=row.of, found=found)


def file_of_work(session: Session, uuid: str, kind: Kind) -> bytes | None:
    """Return the file that work left for everybody, None where there is none."""
    row = session.get(BoxWork, (uuid, kind))
    return None if row is None else row.file


def forget_work(session: Session, uuid: str, kind: Kind) -> None:
    """Keep nothing more of work that was decided on."""
    row = session.get(BoxWork, (uuid, kind))
    if row is not None:
        session.delete(row)
        session.flush()


class _Begun(NamedTuple):
    uuid: str
    kind: Kind
    attempt: str


def _see_through(instance: "Instance", begun: _Begun, job: Callable[..., Any], keep: Callable[[Any], Kept]) -> None:
    """Wait for the other process, say now and then that it is at it, and keep what came of it."""
    context = get_context("spawn")
    so_far = context.Array("q", 2)
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(job, so_far, there), daemon=True)
    try:
        process.start()
        there.close()
        while not here.poll(BEAT_SECONDS):
            _note(instance, begun, done=so_far[0], of=so_far[1])
        kept = keep(here.recv())
        _note(instance, begun, state="done", found=kept.found, file=kept.file)
    except Exception:
        log.exception("%s of %s failed", begun.kind, begun.uuid)
        _note(instance, begun, state="failed")
    finally:
        here.close()


def _do(job: Callable[..., Any], so_far: "SynchronizedArray[int]", there: Connection) -> None:
    def heard(_step: str, done: int, of: int) -> None:
        so_far[0], so_far[1] = done, of

    there.send(job(progress=heard))
    there.close()


def _note(instance: "Instance", begun: _Begun, **values: object) -> None:
    """Write down how far it is, unless it was begun anew; a database that is away is tried at the next beat."""
    try:
        with instance.write() as transaction:
            row = transaction.session.get(BoxWork, (begun.uuid, begun.kind), with_for_update=True)
            if row is None or row.attempt != begun.attempt:
                return
            row.seen_at = transaction.now
            for name, value in values.items():
                setattr(row, name, value)
            transaction.session.add(row)
    except Problem as problem:
        log.warning("%s of %s: %s", begun.kind, begun.uuid, problem.format_message())
