"""What undoing an import would do to each member, before anybody does it."""

from typing import Literal

import msgspec
from sqlmodel import Session, select

from stembus.errors import UnusableInput
from stembus.organisation.member import unpack
from stembus.organisation.roll.applying import digest
from stembus.organisation.roll.fates import Change, differences
from stembus.organisation.states import states_of
from stembus.organisation.tables import MemberImport, MemberImportChange, Seat


class UndoFate(msgspec.Struct, frozen=True, kw_only=True):
    """One member that the import wrote: taken away, put back as before, or what keeps the import from being undone."""

    number: str
    name: str
    fate: Literal["removed", "restored", "changed_since", "seated"]
    changes: tuple[Change, ...] = ()


def plan_undo(session: Session, number: int) -> tuple[MemberImport, list[UndoFate]]:
    """Return an import and the fate of every member it wrote, those that stand in the way first.

    Raises `UnusableInput` when there is no such import.
    """
    done = session.get(MemberImport, number)
    if done is None:
        raise UnusableInput("There is no import {number}.", number=number)
    changes = session.exec(select(MemberImportChange).where(MemberImportChange.import_number == number)).all()
    current = states_of(session, [change.member_id for change in changes])
    seated = set(session.exec(select(Seat.member_id)).all())
    fates = []
    for change in changes:
        state = current.get(change.member_id)
        before = None if change.before is None else unpack(change.before)
        known = state or before
        if known is None:
            continue
        member, name = known.number, known.name
        if state is None or digest(state) != change.after:
            fates.append(UndoFate(number=member, name=name, fate="changed_since"))
        elif before is not None:
            fates.append(UndoFate(number=member, name=name, fate="restored", changes=differences(state, before)))
        else:
            fate: Literal["seated", "removed"] = "seated" if change.member_id in seated else "removed"
            fates.append(UndoFate(number=member, name=name, fate=fate))
    order = ("changed_since", "seated", "removed", "restored")
    return done, sorted(fates, key=lambda one: (order.index(one.fate), one.number))
