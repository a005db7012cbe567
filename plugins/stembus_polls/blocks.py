"""Everything that polls know to stand in the way of a procedure, for its status and for the machine."""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from stembus.conduct.running import Running, running_of
from stembus_polls.bureau.check import bureau_blocks
from stembus_polls.candidates.blocks import candidate_blocks, order_blocks
from stembus_polls.counting.blocks import count_blocks
from stembus_polls.counting.not_adopted import seating_blocks
from stembus_polls.meeting.enter import meeting_blocks
from stembus_polls.poll import poll_with_id
from stembus_polls.roll.blocks import roll_blocks
from stembus_polls.secret.blocks import secret_blocks
from stembus_procedures.events import Block

FINDERS: tuple[Callable[[Session, Running], list[Block]], ...] = (
    candidate_blocks,
    order_blocks,
    roll_blocks,
    bureau_blocks,
    meeting_blocks,
)


def blocks_of(session: Session, procedure_id: str) -> Sequence[Block]:
    """Return what keeps a procedure from going on, each with its reason."""
    running = running_of(session, procedure_id)
    found = [block for find in FINDERS for block in find(session, running)]
    poll = poll_with_id(session, procedure_id)
    if poll is None:
        return found
    return [
        *found,
        *secret_blocks(session, poll.contests),
        *count_blocks(session, poll.contests),
        *seating_blocks(session, poll.contests),
    ]
