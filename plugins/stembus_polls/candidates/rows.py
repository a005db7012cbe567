"""Candidacies in the database: as forms, by member, and who of them still counts."""

from collections import defaultdict
from typing import Literal

import msgspec
from sqlmodel import Session, col, select

from stembus.conduct.running import Running
from stembus.errors import UnusableInput
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_polls.candidates.form import Form, candidacy_of
from stembus_polls.candidates.tables import Candidacy, CandidacySupporter

State = Literal["withdrawn", "refused", "admitted", "waiting", "not_accepted"]
"""Where a candidacy stands. Waiting: accepted or needing no acceptance, and not decided."""


def candidacies(session: Session, procedure_id: str) -> list[Candidacy]:
    """Return every candidacy of a procedure, in the order in which they were entered."""
    query = select(Candidacy).where(Candidacy.procedure_id == procedure_id)
    return list(session.exec(query.order_by(col(Candidacy.entry))))


def candidacies_of(session: Session, running: Running, number: str) -> list[Candidacy]:
    """Return the candidacies of one member. Raises `UnusableInput` when there is none."""
    member = member_numbered(session, number)
    query = select(Candidacy).where(Candidacy.procedure_id == running.procedure.id, Candidacy.member_id == member.id)
    found = list(session.exec(query.order_by(col(Candidacy.entry))))
    if not found:
        raise UnusableInput(
            "Member {number} is no candidate in {procedure}: `stembus candidates list` shows who is.",
            number=number,
            procedure=running.procedure.name,
        )
    return found


def state_of(row: Candidacy, *, acceptance_required: bool) -> State:
    """Return where a candidacy stands."""
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.decision == "refused":
        return "refused"
    if row.decision == "admitted":
        return "admitted"
    return "not_accepted" if acceptance_required and row.accepted_at is None else "waiting"


def running_state(running: Running, row: Candidacy) -> State:
    """Return where a candidacy stands under the policy of its procedure."""
    return state_of(row, acceptance_required=candidacy_of(running.policy).acceptance.required)


def possible(running: Running, rows: list[Candidacy]) -> list[Candidacy]:
    """Return those who can still be voted for: admitted, or accepted and not decided. Not refused, not withdrawn."""
    return [row for row in rows if running_state(running, row) in ("admitted", "waiting")]


def supporters_by_entry(session: Session, procedure_id: str) -> dict[int, tuple[str, ...]]:
    """Return the member numbers of the supporters of each candidacy."""
    found: dict[int, list[str]] = defaultdict(list)
    query = (
        select(CandidacySupporter.entry, Member.number)
        .join(Member, col(Member.id) == col(CandidacySupporter.member_id))
        .where(CandidacySupporter.procedure_id == procedure_id)
        .order_by(col(Member.number))
    )
    for entry, number in session.exec(query):
        found[entry].append(number)
    return {entry: tuple(numbers) for entry, numbers in found.items()}


def form_of(row: Candidacy, number: str, supporters: tuple[str, ...]) -> Form:
    """Return a candidacy as it would stand in a list."""
    return Form(
        number=number,
        name=row.name,
        constituency=row.constituency,
        nominated_by=row.nominated_by,
        declared=msgspec.json.decode(row.declared, type=dict[str, str]),
        documents=msgspec.json.decode(row.documents, type=dict[str, str]),
        supporters=supporters,
        accepted_at=row.accepted_at,
        code_signed=row.code_signed,
        certificate_seen=row.certificate_seen,
    )


def numbers_of(session: Session, rows: list[Candidacy]) -> dict[str, str]:
    """Return the member number by member id."""
    ids = {row.member_id for row in rows}
    return dict(session.exec(select(Member.id, Member.number).where(col(Member.id).in_(ids))).all())
