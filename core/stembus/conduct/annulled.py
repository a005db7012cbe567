"""What everybody reads of a vote that was annulled: when, by whom, what was wrong, and on which ground."""

from datetime import datetime

from msgspec import Struct
from sqlmodel import Session, col, select

from stembus.conduct.running import Running
from stembus.conduct.tables import Procedure
from stembus.words import N_
from stembus_procedures import AnnulReason, annulled_by
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

ANNUL_REASONS: dict[AnnulReason, str] = {
    "objection_upheld": N_("an objection was upheld"),
    "verdicts_differ": N_("two verifications came out differently"),
    "box_damaged": N_("the ballot box was damaged"),
    "roll_wrong": N_("the roll of voters was wrong"),
    "other": N_("something else"),
}
"""What can have been wrong with a vote that is annulled, in words."""


class AnnulledShown(Struct, frozen=True, kw_only=True):
    """The annulment of a vote as it is shown: `by` are the bodies that decided it.

    `again` are the names of the procedures in which that vote is held again, the first begun first.
    """

    at: datetime
    by: tuple[Words, ...]
    reason: Sentence
    ground: str
    again: tuple[str, ...]


def repeated_by(session: Session, running: Running) -> str:
    """Return the name of the procedure whose annulled vote this one holds again; empty: of none."""
    earlier = running.procedure.repeats
    return "" if earlier is None else session.get_one(Procedure, earlier).name


def annulled_shown(session: Session, running: Running) -> AnnulledShown | None:
    """Return the annulment of the vote of a procedure, None where there is none."""
    event = running.state.annulled
    if event is None:
        return None
    deciders = annulled_by(running.policy)
    spoke = [body for body in dict.fromkeys(actor.body for actor in event.by) if body in deciders]
    return AnnulledShown(
        at=event.at,
        by=tuple(map(running.policy.body_name, spoke)),
        reason=Sentence(ANNUL_REASONS[event.reason]),
        ground=event.ground,
        again=tuple(
            session.exec(
                select(Procedure.name)
                .where(Procedure.repeats == running.procedure.id)
                .order_by(col(Procedure.begun_at), col(Procedure.id))
            )
        ),
    )
