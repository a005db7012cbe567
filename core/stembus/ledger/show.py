"""Reading acts from the ledger as lines for people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, col, or_, select

from stembus.act_kinds import all_act_kinds
from stembus.conduct.called import called
from stembus.ledger.acts import Act, Actor
from stembus.ledger.record import Leaf
from stembus.ledger.sentences import Called, Language, ground_said, plain, seat_named, sentence
from stembus.ledger.tables import LedgerBody, LedgerLeaf, LedgerSubject
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member

if TYPE_CHECKING:
    from stembus.instance import Instance

CLOCK = {"nl": "de klok", "en": "the clock"}
GROUND = {"nl": "Grond", "en": "Ground"}
DESTROYED = {"nl": "de inhoud is vernietigd", "en": "its body was destroyed"}
UNSEALED = {"nl": "nog niet verzegeld", "en": "not sealed yet"}


def shown_acts(instance: "Instance", subject: tuple[str, str] | None, limit: int, language: Language) -> Iterator[str]:
    """Yield the last `limit` acts, the oldest first, one line each; `subject` (name, value) leaves those about it."""
    kinds = all_act_kinds(instance.plugins)
    with instance.read() as session:
        rows = _rows(session, subject, limit)
        acts = [None if body is None else msgspec.json.decode(body.body, type=Act) for _, body in rows]
        named = called(session, language)
        names = names_of(session, [actor for act in acts if act is not None for actor in act.by])
        for (row, _), act in zip(rows, acts, strict=True):
            leaf = msgspec.json.decode(row.leaf, type=Leaf)
            place = UNSEALED[language] if row.position is None else str(row.position)
            at = f"{row.at.astimezone(instance.zone):%Y-%m-%d %H:%M}"
            if act is None:
                yield f"{place}  {at}  {plain(leaf.kind)}: {DESTROYED[language]}  [{leaf.id}]"
            else:
                said, who = sentence(act, kinds, language, named), _who(act, names, named, language)
                ground = ground_said(act, kinds, language).rstrip(".")
                yield f"{place}  {at}  {who}: {said} {GROUND[language]}: {ground}.  [{leaf.id}]"


def _rows(session: Session, subject: tuple[str, str] | None, limit: int) -> list[tuple[LedgerLeaf, LedgerBody | None]]:
    query = select(LedgerLeaf, LedgerBody).join(
        LedgerBody, col(LedgerBody.act_id) == col(LedgerLeaf.act_id), isouter=True
    )
    if subject is not None:
        name, value = subject
        about = select(LedgerSubject.act_id).where(LedgerSubject.name == name, LedgerSubject.value == value)
        query = query.where(col(LedgerLeaf.act_id).in_(about))
    newest_first = (
        col(LedgerLeaf.position).is_(None).desc(),
        col(LedgerLeaf.position).desc(),
        col(LedgerLeaf.at).desc(),
    )
    return list(reversed(session.exec(query.order_by(*newest_first).limit(limit)).all()))


def names_of(session: Session, actors: list[Actor]) -> dict[str, str]:
    """Return the names of people who acted, by id; who was destroyed is left out."""
    ids = sorted({actor.member_id for actor in actors})
    clauses = [col(Member.id).in_(ids[start : start + 500]) for start in range(0, len(ids), 500)]
    if not clauses:
        return {}
    members = session.exec(select(Member).where(or_(*clauses)))
    return {m.id: display_name(m.given, m.particle, m.surname) or m.number for m in members}


def _who(act: Act, names: dict[str, str], named: Called, language: Language) -> str:
    if not act.by:
        return CLOCK[language]
    return ", ".join(
        f"{plain(names.get(a.member_id, a.member_id))} ({seat_named(a.capacity, named, language)})" for a in act.by
    )
