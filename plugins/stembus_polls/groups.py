"""The groups of people in a poll that the office may write to: who is on the roll, who is not, and who stands."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from stembus.notices.groups import RecipientGroup
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.roll.tables import RollJudgement, RollRow


def groups_in(session: Session, procedure_id: str) -> Sequence[RecipientGroup]:
    """Return the groups of a procedure that have anybody in them: nobody is on a roll before it is frozen."""
    judged = set(session.exec(select(RollJudgement.member_id).where(RollJudgement.procedure_id == procedure_id)))
    on_roll = set(
        session.exec(
            select(RollRow.member_id).where(RollRow.procedure_id == procedure_id, col(RollRow.until).is_(None))
        )
    )
    standing = set(
        session.exec(
            select(Candidacy.member_id).where(
                Candidacy.procedure_id == procedure_id, col(Candidacy.withdrawn_at).is_(None)
            )
        )
    )
    found = (
        ("polls.candidates", "kandidaten", "candidates", standing),
        ("polls.roll", "wie mag stemmen", "who may vote", on_roll),
        ("polls.not_on_roll", "wie niet mag stemmen", "who may not vote", judged - on_roll),
    )
    return tuple(
        RecipientGroup(name=name, nl=nl, en=en, member_ids=tuple(sorted(members)))
        for name, nl, en, members in found
        if members
    )
