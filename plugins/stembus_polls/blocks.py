"""Everything that polls know to stand in the way of a procedure, for its status and for the machine."""

from collections.abc import Sequence

from sqlmodel import Session

from stembus.conduct.running import Running
from stembus_polls.bureau.check import bureau_blocks
from stembus_polls.candidates.blocks import candidate_blocks, order_blocks
from stembus_polls.candidates.rows import candidacies
from stembus_polls.counting.blocks import count_blocks
from stembus_polls.counting.not_adopted import seating_blocks
from stembus_polls.lots.order import drawn_order
from stembus_polls.meeting.enter import meeting_blocks
from stembus_polls.poll import prepared_poll
from stembus_polls.roll.blocks import roll_blocks
from stembus_polls.secret.blocks import secret_blocks
from stembus_procedures.events import Block


def blocks_of(session: Session, running: Running) -> Sequence[Block]:
    """Return what keeps a procedure from going on, each with its reason."""
    rows = candidacies(session, running.procedure.id)
    found = [
        *candidate_blocks(running, rows),
        *order_blocks(running, rows, drawn_order(session, running)),
        *roll_blocks(session, running),
        *bureau_blocks(session, running),
        *meeting_blocks(session, running),
    ]
    poll = prepared_poll(session, running)
    if poll is None:
        return found
    return [
        *found,
        *secret_blocks(session, poll.contests),
        *count_blocks(session, poll.contests),
        *seating_blocks(session, poll.contests),
    ]
