"""Incidents, complaints and dissents: whatever anybody wants in the record, and the answer beside it."""

from typing import Final

from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.counting.notes import NoteKind, answer_note, note, notes_of
from stembus_polls.pages.opening import procedure_values, running_for
from stembus_polls.powers import NOTE

POWERS = (NOTE,)
KINDS: Final[tuple[NoteKind, ...]] = ("incident", "complaint", "dissent")


class NoteForm(Form, frozen=True):
    """What happened, of what kind, and whose complaint it is."""

    kind: str = ""
    text: str = ""
    member: str = ""
    who: str = ""


class AnswerForm(Form, frozen=True):
    """The answer of the stembureau."""

    answer: str = ""


@page("/procedures/{name:str}/poll/notes", who=power(*POWERS))
def notes_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Everything in the record, the newest first, and adding to it."""
    with visit.read() as session:
        running = running_for(visit, session, name, POWERS)
        rows = list(reversed(notes_of(session, running.procedure.id)))
        return visit.page("polls/office/notes.html", rows=rows, kinds=KINDS, **procedure_values(running))


@action(
    "/procedures/{name:str}/poll/notes",
    who=power(*POWERS),
    writes=("poll.noted",),
    again=notes_page,
)
def add_note(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[NoteForm]) -> Answer:
    """Put something into the record."""
    kind = next((one for one in KINDS if one == data.kind), None)
    if kind is None:
        raise UnusableInput(N_("Say what it is: an incident, a complaint or a dissent."), field="kind")
    if not data.text.strip():
        raise UnusableInput(N_("Say what happened."), field="text")
    with visit.write() as transaction:
        running = running_for(visit, transaction.session, name, POWERS)
        note(
            transaction,
            running,
            kind,
            data.text,
            member=data.member.strip() or None,
            name=data.who,
            by=visit.member.number,
        )
    return visit.go(f"/procedures/{name}/poll/notes", N_("It is in the record."))


@action(
    "/procedures/{name:str}/poll/notes/{note_id:str}/answer",
    who=power(*POWERS),
    writes=("poll.answered",),
    again=notes_page,
)
def answer(
    visit: NamedDependency[Visit], name: FromPath[str], note_id: FromPath[str], data: URLEncodedBody[AnswerForm]
) -> Answer:
    """Write the answer beside what was put in; it stands."""
    with visit.write() as transaction:
        running = running_for(visit, transaction.session, name, POWERS)
        answer_note(transaction, running, note_id, data.answer, by=visit.member.number)
    return visit.go(f"/procedures/{name}/poll/notes", N_("The answer is in the record."))


PAGES = (notes_page, add_note, answer)
