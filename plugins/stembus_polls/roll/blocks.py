"""What keeps the roll from being complete, each with its reason."""

from sqlmodel import Session

from stembus.conduct.running import Running
from stembus_polls.procedure_now import day_of
from stembus_polls.roll.objections import objections
from stembus_polls.roll.rows import current_version
from stembus_procedures.events import Block
from stembus_procedures.language.stages import Roll
from stembus_procedures.language.values import Words


def roll_blocks(session: Session, running: Running) -> list[Block]:
    """Return what stands in the way of the roll: not frozen for this record date, objections that are open."""
    stage = running.policy.first(Roll)
    if stage is None or running.state.anchors is None:
        return []
    procedure_id = running.procedure.id
    version = current_version(session, procedure_id)
    if version is None or version.record_day != day_of(running, f"{stage.id}.record_date"):
        reason = Words(nl="De kiezerslijst is niet vastgelegd.", en="The roll is not frozen.")
        return [Block(stage.id, "not_frozen", reason)]
    still = [row.number for row in objections(session, procedure_id) if not row.decision]
    if not still:
        return []
    which = ", ".join(map(str, still))
    reason = Words(nl=f"Nog te beslissen bezwaren: {which}.", en=f"Objections not decided yet: {which}.")
    return [Block(stage.id, "open_objections", reason, stage.objection.decided_by)]
