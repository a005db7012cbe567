"""Undoing an import exactly: as if it had not been, or not at all."""

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.organisation.authority import authorise
from stembus.organisation.core_powers import MEMBERS_IMPORT
from stembus.organisation.member import unpack
from stembus.organisation.roll.applying import digest
from stembus.organisation.states import delete_members, lock_roll, replace_states, states_of
from stembus.organisation.tables import Member, MemberImport, MemberImportChange, Seat

if TYPE_CHECKING:
    from stembus.instance import Transaction


def undo_import(transaction: "Transaction", number: int | None, *, by: str, ground: str) -> MemberImport:
    """Undo an import (the last one that stands, without a number) and return its row.

    Members it brought are removed, members it changed are as before. Raises `Refused` with the reason when later
    changes stand on it: a member was changed since, sits in a seat, or is named by another record.
    """
    actor = authorise(transaction, by, MEMBERS_IMPORT)
    session = transaction.session
    lock_roll(session)
    done = _the_import(session, number)
    changes = session.exec(select(MemberImportChange).where(MemberImportChange.import_number == done.number)).all()
    current = states_of(session, (change.member_id for change in changes))
    for change in changes:
        state = current.get(change.member_id)
        if state is None or digest(state) != change.after:
            if state is None:
                raise Refused(
                    "Import {number} cannot be undone: a member it brought is gone since. Undo later imports first, or "
                    "correct.",
                    number=done.number,
                )
            raise Refused(
                "Import {number} cannot be undone: {name} ({member}) was changed since. Undo later imports first, or "
                "correct.",
                number=done.number,
                name=state.name,
                member=state.number,
            )
    removed = [change.member_id for change in changes if change.before is None]
    _nobody_depends(session, removed)
    restored = [unpack(change.before) for change in changes if change.before is not None]
    replace_states(session, restored)
    try:
        with session.begin_nested():
            delete_members(session, removed)
    except IntegrityError:
        raise Refused(
            "Import {number} cannot be undone: other records already name members that it brought.", number=done.number
        ) from None
    done.undone_by = transaction.record(
        Act(
            kind="members.import_undone",
            by=(actor,),
            ground=ground,
            subject={"import": str(done.number)},
            public={"removed": len(removed), "restored": len(restored)},
        )
    )
    session.add(done)
    session.flush()
    return done


def imports(session: Session) -> list[MemberImport]:
    """Return the imports that were applied, the last one first."""
    return list(session.exec(select(MemberImport).order_by(col(MemberImport.number).desc())))


def _the_import(session: Session, number: int | None) -> MemberImport:
    if number is None:
        standing = [row for row in imports(session) if row.undone_by is None]
        if not standing:
            raise UnusableInput("There is no import to undo.")
        return standing[0]
    row = session.get(MemberImport, number)
    if row is None:
        raise UnusableInput("There is no import {number}: `stembus members imports` lists them.", number=number)
    if row.undone_by is not None:
        raise Refused("Import {number} was already undone.", number=number)
    return row


def _nobody_depends(session: Session, member_ids: list[str]) -> None:
    removed = set(member_ids)
    for seat in session.exec(select(Seat)):
        if seat.member_id in removed:
            raise Refused(
                "The import cannot be undone: it brought a member who holds or held {body}.{office}.",
                body=seat.body,
                office=seat.office,
            )
    merged = select(Member).where(col(Member.merged_into).is_not(None))
    for member in session.exec(merged):
        if member.merged_into in removed:
            raise Refused(
                "The import cannot be undone: {number} was merged into a member that it brought.", number=member.number
            )
