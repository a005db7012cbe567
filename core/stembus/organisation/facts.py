"""What is known of members on a day, for rules: the whole roll in a few statements, straight into Structs."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Row, Select, or_, select
from sqlmodel import Session

from stembus.organisation.mail_consent import words_of_members
from stembus.organisation.member import display_name, sort_name
from stembus.organisation.states import BATCH, MEMBER, PERIOD
from stembus_procedures.eligibility import MemberFacts

SEAT = MEMBER.metadata.tables["seat"]


class MemberOnDay(msgspec.Struct, frozen=True, kw_only=True):
    """One member on one day: who it is, how to reach them, and the facts that eligibility is judged on.

    `branch_since` is the day they moved to their branch, and `by_email` says that a convocation may go by e-mail.
    `facts.offices` holds each seat of that day twice: as the body ("board") and as the office in it ("board.chair").
    """

    member_id: str
    number: str
    name: str
    sort_name: str
    email: str
    by_email: bool
    abroad: bool
    branch_since: date | None
    facts: MemberFacts


def facts_on(session: Session, member_ids: Collection[str] | None, day: date) -> dict[str, MemberOnDay]:
    """Return what holds on `day` for these members (None: for everybody who is known), by id.

    An entry that was merged into another is left out; ids that are not there as well. Whoever is not a member on the
    day is in it, with the reason in their facts: a rule has to say so.
    """
    if member_ids is None:
        return dict(_facts(session, None, day))
    ids = sorted(set(member_ids))
    found: dict[str, MemberOnDay] = {}
    for start in range(0, len(ids), BATCH):
        found.update(_facts(session, ids[start : start + BATCH], day))
    return found


def _facts(session: Session, ids: list[str] | None, day: date) -> Iterator[tuple[str, MemberOnDay]]:
    members: Select[Any] = select(MEMBER).where(MEMBER.c.merged_into.is_(None))
    periods: Select[Any] = select(PERIOD.c.member_id, PERIOD.c.kind, PERIOD.c.value, PERIOD.c.starts).where(
        or_(PERIOD.c.ends.is_(None), PERIOD.c.ends > day), or_(PERIOD.c.starts <= day, PERIOD.c.kind == "left")
    )
    seats: Select[Any] = select(SEAT.c.member_id, SEAT.c.body, SEAT.c.office).where(
        SEAT.c.starts <= day, or_(SEAT.c.ends.is_(None), SEAT.c.ends > day)
    )
    if ids is not None:
        members = members.where(MEMBER.c.id.in_(ids))
        periods = periods.where(PERIOD.c.member_id.in_(ids))
        seats = seats.where(SEAT.c.member_id.in_(ids))
    offices: dict[str, tuple[str, ...]] = {}
    for member_id, body, office in session.execute(seats.order_by(SEAT.c.body, SEAT.c.office)):
        offices[member_id] = (*offices.get(member_id, ()), body, f"{body}.{office}")
    held: dict[str, dict[str, tuple[str, date]]] = defaultdict(dict)
    for member_id, kind, value, starts in session.execute(periods.order_by(PERIOD.c.starts.desc())):
        held[member_id][kind] = (value, starts)
    said = words_of_members(session, ids, day)
    for row in session.execute(members):
        own = held.get(row.id, {})
        agrees = said[row.id].agrees if row.id in said else "email_consent" in own
        yield row.id, _one(row, own, offices.get(row.id, ()), agrees=agrees)


def _one(row: Row[Any], held: dict[str, tuple[str, date]], offices: tuple[str, ...], *, agrees: bool) -> MemberOnDay:
    nothing = (None, None)
    branch, since = held.get("branch", nothing)
    abroad = "abroad" in held
    contribution: Any = held.get("contribution", nothing)[0]
    return MemberOnDay(
        member_id=row.id,
        number=row.number,
        name=display_name(row.given, row.particle, row.surname),
        sort_name=sort_name(row.given, row.particle, row.surname),
        email=row.email,
        by_email=agrees and bool(row.email),
        abroad=abroad,
        branch_since=since,
        facts=MemberFacts(
            registered_on=row.registered_on,
            first_payment_on=row.first_paid_on,
            ended_on=held.get("left", nothing)[1],
            contribution=contribution,
            suspended="suspended" in held,
            birth_date=row.born_on,
            branch=branch,
            offices=offices,
            residence="abroad" if abroad else "netherlands",
        ),
    )
