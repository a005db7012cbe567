"""Everything that is kept about one person, for that person (GDPR 15)."""

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import CompoundSelect, Select
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerActor, LedgerBody, LedgerLeaf, LedgerSubject
from stembus.vault.people import rows_about

if TYPE_CHECKING:
    from stembus.instance import Instance


class ExportedAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act about or by the person: its id, when, and all that it says."""

    id: str
    at: str
    act: Act


class PersonalData(msgspec.Struct, frozen=True, kw_only=True):
    """All rows about a person by table, and all acts about or by them."""

    person: str
    tables: dict[str, list[dict[str, Any]]]
    acts: list[ExportedAct]


def export_person(instance: "Instance", person: str) -> PersonalData:
    """Return all data about the person with this id, in every table of the core and the plugins, and in the ledger."""
    with instance.read() as session:
        tables = {}
        for table, where in rows_about(instance.plugins, person):
            rows = session.execute(select_columns(table).where(where)).mappings().all()
            if rows:
                tables[table.name] = [dict(row) for row in rows]
        return PersonalData(person=person, tables=dict(sorted(tables.items())), acts=_acts_about_or_by(session, person))


def export_acts_about(session: Session, person: str) -> list[ExportedAct]:
    """Return the acts that are about the person, found by their subject."""
    return _acts(session, select(LedgerSubject.act_id).where(LedgerSubject.value == person))


def acts_about(session: Session, person: str) -> list[str]:
    """Return the ids of the acts that name the person as what they are about."""
    return list(session.exec(select(LedgerSubject.act_id).where(LedgerSubject.value == person).distinct()))


def _acts_about_or_by(session: Session, person: str) -> list[ExportedAct]:
    about = select(LedgerSubject.act_id).where(LedgerSubject.value == person)
    return _acts(session, about.union(select(LedgerActor.act_id).where(LedgerActor.member_id == person)))


def _acts(session: Session, act_ids: Select[Any] | CompoundSelect[Any]) -> list[ExportedAct]:
    query = (
        select(LedgerLeaf.act_id, LedgerLeaf.at, LedgerBody.body)
        .join(LedgerBody, col(LedgerBody.act_id) == col(LedgerLeaf.act_id))
        .where(col(LedgerLeaf.act_id).in_(act_ids))
        .order_by(col(LedgerLeaf.at), col(LedgerLeaf.act_id))
    )
    return [
        ExportedAct(id=act_id, at=at.isoformat(), act=msgspec.json.decode(body, type=Act))
        for act_id, at, body in session.exec(query)
    ]
