"""Acts as rows that people read: who, in which seat, when, what, on what ground."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from stembus.conduct.called import called
from stembus.ledger.acts import Act, ActKind
from stembus.ledger.record import Leaf
from stembus.ledger.sentences import ground_said, plain, seat_named, sentence
from stembus.ledger.show import names_of
from stembus.ledger.tables import LedgerActor, LedgerBody, LedgerLeaf, LedgerSubject


class Actor(NamedTuple):
    """Who acted, and in which seat as people call it."""

    name: str
    seat: str


class ReadAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act. Without `by` the clock did it; without `said` its body was destroyed. `position` None: not sealed."""

    act_id: str
    at: datetime
    position: int | None
    kind: str
    said: str | None
    ground: str
    by: tuple[Actor, ...]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which acts: of one procedure (its id), by somebody in one body, of a time. Empty: of all."""

    procedure_id: str = ""
    body: str = ""
    since: datetime | None = None
    until: datetime | None = None


def read_acts(
    session: Session,
    kinds: Mapping[str, ActKind],
    wanted: Wanted,
    *,
    language: Literal["nl", "en"],
    number: int,
    size: int,
) -> tuple[list[ReadAct], int]:
    """Return page `number` (from 1) of the acts, the latest first, and how many there are in all."""
    query = select(LedgerLeaf, LedgerBody).join(
        LedgerBody, col(LedgerBody.act_id) == col(LedgerLeaf.act_id), isouter=True
    )
    for condition in _conditions(wanted):
        query = query.where(condition)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    latest = (
        col(LedgerLeaf.position).is_(None).desc(),
        col(LedgerLeaf.position).desc(),
        col(LedgerLeaf.at).desc(),
        col(LedgerLeaf.act_id).desc(),
    )
    rows = session.exec(query.order_by(*latest).offset((number - 1) * size).limit(size)).all()
    acts = [None if body is None else msgspec.json.decode(body.body, type=Act) for _, body in rows]
    named = called(session, language)
    names = names_of(session, [actor for act in acts if act is not None for actor in act.by])
    found = []
    for (leaf, _), act in zip(rows, acts, strict=True):
        by = (
            ()
            if act is None
            else tuple(
                Actor(plain(names.get(one.member_id, one.member_id)), seat_named(one.capacity, named, language))
                for one in act.by
            )
        )
        found.append(
            ReadAct(
                act_id=leaf.act_id,
                at=leaf.at,
                position=leaf.position,
                kind=act.kind if act is not None else msgspec.json.decode(leaf.leaf, type=Leaf).kind,
                said=None if act is None else sentence(act, kinds, language, named),
                ground="" if act is None else ground_said(act, kinds, language),
                by=by,
            )
        )
    return found, total


def grounds_of(session: Session, act_ids: Iterable[str]) -> dict[str, str]:
    """Return on what ground each of these acts was done, by id; one whose body was destroyed is left out."""
    bodies = session.exec(select(LedgerBody).where(col(LedgerBody.act_id).in_(list(act_ids))))
    return {body.act_id: plain(msgspec.json.decode(body.body, type=Act).ground) for body in bodies}


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.procedure_id:
        about = select(LedgerSubject.act_id).where(
            LedgerSubject.name == "procedure", LedgerSubject.value == wanted.procedure_id
        )
        found.append(col(LedgerLeaf.act_id).in_(about))
    if wanted.body:
        about = select(LedgerSubject.act_id).where(LedgerSubject.name == "body", LedgerSubject.value == wanted.body)
        by = select(LedgerActor.act_id).where(col(LedgerActor.capacity).startswith(f"{wanted.body}.", autoescape=True))
        found.append(or_(col(LedgerLeaf.act_id).in_(about), col(LedgerLeaf.act_id).in_(by)))
    if wanted.since is not None:
        found.append(col(LedgerLeaf.at) >= wanted.since)
    if wanted.until is not None:
        found.append(col(LedgerLeaf.at) < wanted.until)
    return found
