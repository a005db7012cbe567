"""The read-only JSON API: what anybody may read of procedures, policies and the ledger, and what is one's own."""

from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from sqlmodel import Session, col, select

from stembus.conduct.policies import adopted_policies, frozen_of, policy_of
from stembus.conduct.running import Running, open_procedure, procedures, status_of
from stembus.conduct.tables import AdoptedPolicy
from stembus.entry import anyone, seated, signed_in
from stembus.ledger.proofs import InclusionProof, prove_inclusion
from stembus.ledger.tables import LedgerCheckpoint, LedgerLeaf
from stembus.vault.export import PersonalData, export_person
from stembus.web.answers import (
    CheckpointShown,
    LeafShown,
    Moment,
    PolicyShown,
    ProcedureFull,
    ProcedureShown,
    StageShown,
)
from stembus.web.api import PREFIX, document, question
from stembus.web.routes import page
from stembus.web.visit import Answer, Visit
from stembus_procedures.status import Status
from stembus_procedures.timeline import Deadline, timeline

MOST_LEAVES = 1000
LARGEST = 2**31 - 1  # what every database holds as a whole number


@question("/procedures", who=anyone)
def all_procedures(visit: NamedDependency[Visit]) -> list[ProcedureShown]:
    """Every procedure, the latest begun first."""
    with visit.read() as session:
        return [ProcedureShown(**_short(visit, session, row.name)) for row in procedures(session)]


@question("/procedures/{name:str}", who=anyone)
def one_procedure(visit: NamedDependency[Visit], name: FromPath[str]) -> ProcedureFull:
    """One procedure with its stages and its calendar."""
    with visit.read() as session:
        running, status = _standing(visit, session, name)
    state = running.state
    deadlines = () if state.anchors is None else timeline(running.policy, state.anchors, state.moved)
    return ProcedureFull(
        **_shown(running, status),
        stages=tuple(
            StageShown(id=one.stage, kind=one.kind, name=one.name, phase=one.phase, owner=one.owner, ends=one.ends)
            for one in status.stages
        ),
        calendar=tuple(_moment(one) for one in deadlines),
    )


@question("/policies", who=anyone)
def all_policies(visit: NamedDependency[Visit]) -> list[PolicyShown]:
    """Every policy that was adopted, the latest first."""
    with visit.read() as session:
        return [_policy(visit, row) for row in adopted_policies(session)]


@question("/policies/{fingerprint:str}", who=anyone)
def one_policy(visit: NamedDependency[Visit], fingerprint: FromPath[str]) -> PolicyShown:
    """One adopted policy by its whole fingerprint."""
    with visit.read() as session:
        row = session.get(AdoptedPolicy, fingerprint)
        if row is None:
            raise NotFoundException("No policy with this fingerprint was adopted.")
        return _policy(visit, row)


@question("/ledger/checkpoint", who=anyone)
def checkpoint(visit: NamedDependency[Visit]) -> CheckpointShown:
    """The newest checkpoint: keep it, and nothing before it can be changed without you seeing it."""
    with visit.read() as session:
        newest = session.exec(select(LedgerCheckpoint).order_by(col(LedgerCheckpoint.size).desc())).first()
    if newest is None:
        raise NotFoundException("Nothing was sealed yet.")
    return CheckpointShown(size=newest.size, note=newest.note)


@question("/ledger/leaves", who=anyone)
def leaves(
    visit: NamedDependency[Visit],
    start: Annotated[int, QueryParameter(name="start", ge=0, le=LARGEST)] = 0,
    count: Annotated[int, QueryParameter(name="count", ge=1, le=MOST_LEAVES)] = 100,
) -> list[LeafShown]:
    """The acts as the log holds them, from a place on: with all of them anybody computes the root again."""
    with visit.read() as session:
        rows = session.exec(
            select(LedgerLeaf).where(col(LedgerLeaf.position) >= start).order_by(col(LedgerLeaf.position)).limit(count)
        )
        return [LeafShown(position=int(row.position or 0), leaf=row.leaf.decode()) for row in rows]


@question("/ledger/acts/{act_id:str}/proof", who=anyone)
def proof(visit: NamedDependency[Visit], act_id: FromPath[str]) -> InclusionProof:
    """The proof that an act is in the log. It holds nothing about anybody."""
    return prove_inclusion(visit.instance, act_id)


@question("/me", who=signed_in)
def my_data(visit: NamedDependency[Visit]) -> PersonalData:
    """Everything that is kept about whoever asks."""
    return export_person(visit.instance, visit.member.member_id)


@page(f"{PREFIX}/openapi.json", who=seated)
def openapi(visit: NamedDependency[Visit]) -> Answer:
    """The document that describes the questions, for whoever holds a seat."""
    text = msgspec.json.encode(document(QUESTIONS, visit.instance.settings.address), enc_hook=str)
    return Response(text, media_type="application/vnd.oai.openapi+json")


def _standing(visit: Visit, session: Session, name: str) -> tuple[Running, Status]:
    running = open_procedure(session, visit.instance.plugins, name)
    return running, status_of(session, visit.instance.plugins, running, visit.now)


def _short(visit: Visit, session: Session, name: str) -> dict[str, Any]:
    return _shown(*_standing(visit, session, name))


def _shown(running: Running, status: Status) -> dict[str, Any]:
    return {
        "id": running.procedure.id,
        "name": running.procedure.name,
        "policy": running.adopted.policy_id,
        "version": running.adopted.version,
        "fingerprint": running.adopted.fingerprint,
        "phase": status.phase,
        "held_by": running.procedure.held_by,
        "next_moment": _moment(status.next_deadline) if status.next_deadline else None,
    }


def _moment(one: Deadline) -> Moment:
    return Moment(what=one.name, at=one.at, day=one.day, clock=str(one.clock))


def _policy(visit: Visit, row: AdoptedPolicy) -> PolicyShown:
    return PolicyShown(
        id=row.policy_id,
        version=row.version,
        fingerprint=row.fingerprint,
        title=policy_of(row, visit.instance.plugins).title,
        adopted_at=row.adopted_at,
        decision=row.decision,
        texts={text.lang: text.sha256 for text in frozen_of(row).texts},
    )


QUESTIONS = (all_procedures, one_procedure, all_policies, one_policy, checkpoint, leaves, proof, my_data)
PAGES = (*QUESTIONS, openapi)
