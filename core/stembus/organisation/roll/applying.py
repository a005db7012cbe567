"""Applying a plan: all of it or nothing, as one act, with what is needed to undo it."""

import hashlib
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, func, select

from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act, Actor
from stembus.organisation.member import MemberState, pack, unpack
from stembus.organisation.roll.planning import Plan, Progress
from stembus.organisation.roll.sheet import Sheet
from stembus.organisation.states import BATCH, insert_states, replace_states, states_of
from stembus.organisation.tables import MemberImport

if TYPE_CHECKING:
    from stembus.instance import Transaction

CHANGE = SQLModel.metadata.tables["member_import_change"]


def check_day(session: Session, as_of: date, today: date) -> None:
    """Raise unless a roll may be imported as it stood on that day: not in the future, nor before the last import."""
    if as_of > today:
        raise UnusableInput(
            "--as-of {as_of} lies in the future: name the day on which the file was exported.", as_of=as_of
        )
    last = session.exec(select(func.max(MemberImport.as_of)).where(col(MemberImport.undone_by).is_(None))).one()
    if last is not None and as_of < last:
        raise Refused(
            "The roll already stands as of {last}, and this file is of {as_of}: export a newer one.",
            last=last,
            as_of=as_of,
        )


def apply_plan(
    transaction: "Transaction", plan: Plan, sheet: Sheet, actor: Actor, progress: Progress = lambda _: None
) -> int | None:
    """Write what the plan says and return the number of the import; None when nothing changes and nothing is recorded.

    The plan must have been made in this transaction, with the roll locked.
    """
    if not plan.writes:
        return None
    number = 1 + (transaction.session.exec(select(func.max(MemberImport.number))).one() or 0)
    counts = {str(fate): count for fate, count in plan.counts.items() if fate not in ("ambiguous", "refused")}
    counts["gone"] -= plan.gone_withheld
    counts["left_out"] = plan.left_out
    act_id = transaction.record(
        Act(
            kind="members.imported",
            by=(actor,),
            ground=f"ledenadministratie, stand van {plan.as_of}",
            subject={"import": str(number)},
            details={"file": sheet.file_name},
            public={**counts, "file_sha256": sheet.sha256, "as_of": str(plan.as_of)},
        )
    )
    row = MemberImport(
        number=number,
        at=transaction.now,
        as_of=plan.as_of,
        file_name=sheet.file_name,
        file_sha256=sheet.sha256,
        counts=msgspec.json.encode(counts).decode(),
        act_id=act_id,
    )
    transaction.session.add(row)
    transaction.session.flush()
    _write(transaction, plan, number, progress)
    return number


def digest(state: MemberState) -> bytes:
    """Return a short digest of everything that is kept of a member, to see later whether it changed since."""
    return hashlib.blake2b(pack(state), digest_size=16).digest()


def _write(transaction: "Transaction", plan: Plan, number: int, progress: Progress) -> None:
    session = transaction.session
    packed = (fate.after for fate in plan.fates if fate.after is not None)
    while some := [unpack(one) for one in islice(packed, BATCH)]:
        fresh = [msgspec.structs.replace(state, id=new_id(transaction.now)) for state in some if not state.id]
        kept = [state for state in some if state.id]
        before = states_of(session, (state.id for state in kept))
        insert_states(session, fresh)
        replace_states(session, kept)
        session.execute(
            insert(CHANGE),
            [
                {
                    "import_number": number,
                    "member_id": state.id,
                    "before": pack(before[state.id]) if state.id in before else None,
                    "after": digest(state),
                }
                for state in (*fresh, *kept)
            ],
        )
        progress(len(some))
