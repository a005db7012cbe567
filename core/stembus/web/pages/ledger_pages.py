"""The log of acts for everybody: its checkpoints and keys, and proofs that anybody can check. It names nobody."""

from datetime import datetime
from typing import NamedTuple

import msgspec
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from sqlmodel import Session, col, select

from stembus.errors import UnusableInput
from stembus.ledger.checkpoint import Checkpoint
from stembus.ledger.keys import verifiers
from stembus.ledger.note import open_note
from stembus.ledger.proofs import GrowthProof, InclusionProof, prove_growth, prove_inclusion
from stembus.ledger.tables import LedgerCheckpoint, LedgerLeaf
from stembus.web import N_, Answer, Visit, anyone, page

PAGE = 10
MOST_DIGITS = 12


class ShownCheckpoint(NamedTuple):
    """A checkpoint: how many acts, the root over them (base64), and the moment of the last of them."""

    size: int
    root: str
    at: datetime | None


@page("/ledger", who=anyone)
def ledger_page(visit: NamedDependency[Visit], before: FromQuery[str] = "") -> Answer:
    """What the log is, how to check it, and its checkpoints, the newest first."""
    return _shown(visit, before)


def _shown(visit: Visit, before: str = "") -> Answer:
    with visit.read() as session:
        keys = verifiers(session)
        query = select(LedgerCheckpoint, LedgerLeaf.at).join(
            LedgerLeaf, col(LedgerLeaf.position) == LedgerCheckpoint.size - 1, isouter=True
        )
        if before:
            query = query.where(col(LedgerCheckpoint.size) < _number(before, "before"))
        rows = session.exec(query.order_by(col(LedgerCheckpoint.size).desc()).limit(PAGE + 1)).all()
        found = []
        for row, at in rows[:PAGE]:
            root = Checkpoint.parse(open_note(row.note, keys).text).text().split("\n")[2]
            found.append(ShownCheckpoint(row.size, root, at))
        newest = _newest(session)
    return visit.page(
        "ledger/ledger.html",
        checkpoints=found,
        newest=None if newest is None else newest.size,
        keys=[str(key) for key in keys],
        more=found[-1].size if len(rows) > PAGE else None,
    )


@page("/ledger/checkpoint", who=anyone)
def newest_file(visit: NamedDependency[Visit]) -> Answer:
    """The newest checkpoint, to keep."""
    with visit.read() as session:
        row = _newest(session)
    if row is None:
        raise NotFoundException
    return visit.file(row.note.encode(), f"checkpoint-{row.size}.txt", "text/plain; charset=utf-8")


@page("/ledger/checkpoint/{size:int}", who=anyone)
def checkpoint_file(visit: NamedDependency[Visit], size: FromPath[int]) -> Answer:
    """One checkpoint as it was signed, to keep."""
    return visit.file(_note(visit, size).encode(), f"checkpoint-{size}.txt", "text/plain; charset=utf-8")


@page("/ledger/growth/{size:int}", who=anyone)
def growth_file(visit: NamedDependency[Visit], size: FromPath[int]) -> Answer:
    """The proof that since a checkpoint the log was only added to."""
    older = _note(visit, size)
    with visit.read() as session:
        newest = _newest(session)
    newer = older if newest is None else newest.note
    return _proof(visit, prove_growth(visit.instance, older, newer), f"growth-{size}.json")


@page("/ledger/proof", who=anyone)
def proof_file(visit: NamedDependency[Visit], number: FromQuery[str] = "") -> Answer:
    """The proof that an act is in the log, by its number. It shows the kind of act and when, not who or what."""
    try:
        position = _number(number, "number")
        with visit.read() as session:
            act_id = session.exec(select(LedgerLeaf.act_id).where(LedgerLeaf.position == position)).first()
        if act_id is None:
            raise UnusableInput(N_("The log has no act with number {number}."), number=position, field="number")
    except UnusableInput as problem:
        visit.problem = problem
        return _shown(visit)
    return _proof(visit, prove_inclusion(visit.instance, act_id), f"proof-{position}.json")


def _newest(session: Session) -> LedgerCheckpoint | None:
    return session.exec(select(LedgerCheckpoint).order_by(col(LedgerCheckpoint.size).desc())).first()


def _note(visit: Visit, size: int) -> str:
    if len(str(size)) > MOST_DIGITS:
        raise NotFoundException
    with visit.read() as session:
        row = session.get(LedgerCheckpoint, size)
    if row is None:
        raise NotFoundException
    return row.note


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise UnusableInput(N_("Fill in a number, such as 12."), field=field)
    return int(text)


def _proof(visit: Visit, proof: InclusionProof | GrowthProof, name: str) -> Answer:
    content = msgspec.json.format(msgspec.json.encode(proof), indent=2)
    return visit.file(content, name, "application/json")


PAGES = (ledger_page, newest_file, checkpoint_file, growth_file, proof_file)
