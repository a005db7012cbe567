"""What keeps the candidates from being known and the order from being complete, each with its reason."""

from collections.abc import Mapping, Sequence

from stembus.conduct.running import Running
from stembus_polls.candidates.rows import running_state
from stembus_polls.candidates.tables import Candidacy as Row
from stembus_polls.contests import vote_of
from stembus_procedures.events import Block
from stembus_procedures.language.stages import Candidacy, OrderLot, Vote
from stembus_procedures.language.values import Words


def candidate_blocks(running: Running, rows: Sequence[Row]) -> list[Block]:
    """Return what stands in the way of the candidacies: those not decided, appeals that the procedure waits for."""
    stage = running.policy.first(Candidacy)
    if stage is None:
        return []
    found = []
    undecided = [row.name for row in rows if running_state(running, row) in ("waiting", "not_accepted")]
    if undecided:
        names = _named(undecided)
        reason = Words(nl=f"Nog niet beslist over: {names}.", en=f"Not decided yet: {names}.")
        found.append(Block(stage.id, "undecided", reason))
    appeals = [row.name for row in rows if row.appealed_at is not None and row.withdrawn_at is None]
    if appeals and stage.appeal is not None and stage.appeal.suspends:
        names = _named(appeals)
        reason = Words(nl=f"Beroep nog niet beslist: {names}.", en=f"Appeals not decided yet: {names}.")
        found.append(Block(stage.id, "appeals", reason, stage.appeal.to))
    return found


def order_blocks(running: Running, rows: Sequence[Row], drawn: Mapping[str, Sequence[int]]) -> list[Block]:
    """Return what stands in the way of the order: no lot was drawn with everybody in it who is admitted."""
    stage = running.policy.first(OrderLot)
    if stage is None or running.policy.first(Vote) is None or vote_of(running.policy).ballot.candidate_order != "lot":
        return []
    placed = {entry for order in drawn.values() for entry in order}
    admitted = {row.entry for row in rows if running_state(running, row) == "admitted"}
    if placed and admitted <= placed:
        return []
    reason = Words(nl="De volgorde is niet geloot.", en="The order of the candidates is not drawn.")
    return [Block(stage.id, "not_drawn", reason, stage.lot.drawn_by)]


def _named(names: list[str]) -> str:
    more = f" (+{len(names) - 5})" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
