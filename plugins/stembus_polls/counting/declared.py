"""What no longer changes once the result is declared: one line at the top of the verbs that would."""

from sqlmodel import Session

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus_polls.counting.tables import Declaration
from stembus_polls.procedure_now import local
from stembus_procedures.sentence import Sentence


def is_declared(session: Session, procedure_id: str) -> bool:
    """Return whether the result of a procedure was declared."""
    return session.get(Declaration, procedure_id) is not None


def require_undeclared(session: Session, running: Running, instead: Sentence) -> None:
    """Raise `Refused` once the result was declared; `instead` says what can be done then, as a sentence."""
    declared = session.get(Declaration, running.procedure.id)
    if declared is not None:
        raise Refused(
            "The result of {procedure} was declared on {at}: {instead} Nothing was changed.",
            procedure=running.procedure.name,
            at=local(running, declared.at),
            instead=instead,
        )
