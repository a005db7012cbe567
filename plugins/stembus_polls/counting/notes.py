"""Incidents, complaints and dissents: whatever anybody wants in the record goes into it, also what was groundless."""

from typing import TYPE_CHECKING, Literal

from sqlmodel import Session, col, select

from stembus.conduct.acting import acts
from stembus.conduct.running import Running
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.words import N_
from stembus_polls.counting.tables import Note
from stembus_polls.powers import NOTE

if TYPE_CHECKING:
    from stembus.instance import Transaction

NoteKind = Literal["incident", "complaint", "dissent"]


def note(
    transaction: "Transaction",
    running: Running,
    kind: NoteKind,
    text: str,
    *,
    member: str | None = None,
    name: str = "",
    by: str,
) -> str:
    """Put an incident, a complaint or a dissent into the record and return its id.

    `member` is the number of the member whose complaint it is, `name` somebody who is no member; with neither it has
    no sender. A dissent is that of the person who enters it.
    """
    actor = acts(transaction, running, by, NOTE)
    if not text.strip():
        raise UnusableInput("The {kind} is empty: say what happened.", kind=kind)
    session = transaction.session
    number = by if kind == "dissent" else member
    person = None if number is None else member_numbered(session, number)
    who = name.strip() if person is None else display_name(person.given, person.particle, person.surname)
    act_id = transaction.record(
        Act(
            kind="poll.noted",
            by=(actor,),
            ground=N_("All incidents, complaints and dissents are in the record."),
            subject={"procedure": running.procedure.id},
            details={"by": who, "text": text.strip()},
            public={"kind": kind},
        )
    )
    row = Note(
        id=new_id(transaction.now),
        procedure_id=running.procedure.id,
        kind=kind,
        at=transaction.now,
        member_id=None if person is None else person.id,
        by=who,
        text=text.strip(),
        act_id=act_id,
    )
    session.add(row)
    session.flush()
    return row.id


def answer_note(transaction: "Transaction", running: Running, note_id: str, answer: str, *, by: str) -> None:
    """Write the stembureau's answer beside an incident, a complaint or a dissent.

    Raises `UnusableInput` when there is no such note, or the answer is empty; `Refused` when it was answered before.
    """
    actor = acts(transaction, running, by, NOTE)
    row = transaction.session.get(Note, note_id)
    if row is None or row.procedure_id != running.procedure.id:
        raise UnusableInput("There is no note {note_id}: `poll incident list` shows them.", note_id=note_id)
    if row.answer:
        raise Refused("The note {note_id} was answered already; add a new one.", note_id=note_id)
    if not answer.strip():
        raise UnusableInput("The answer is empty: say what was decided.")
    transaction.record(
        Act(
            kind="poll.answered",
            by=(actor,),
            ground=N_("The stembureau answers what was put to it."),
            subject={"procedure": running.procedure.id},
            details={"by": row.by, "answer": answer.strip()},
            public={"kind": row.kind},
        )
    )
    row.answer = answer.strip()
    transaction.session.add(row)
    transaction.session.flush()


def notes_of(session: Session, procedure_id: str) -> list[Note]:
    """Return everything that was put into the record, in order of time."""
    return list(
        session.exec(select(Note).where(Note.procedure_id == procedure_id).order_by(col(Note.at), col(Note.id)))
    )
