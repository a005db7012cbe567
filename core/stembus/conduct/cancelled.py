"""What everybody reads of a procedure that was cancelled: when, by whom, and on which ground."""

from datetime import datetime

from msgspec import Struct

from stembus.conduct.running import Running
from stembus_procedures.language.values import Words


class CancelledShown(Struct, frozen=True, kw_only=True):
    """A cancellation as it is shown: `by` are the bodies that decided it."""

    at: datetime
    by: tuple[Words, ...]
    ground: str


def cancelled_shown(running: Running) -> CancelledShown | None:
    """Return how a procedure was cancelled, None where it was not."""
    event = running.state.cancelled
    if event is None:
        return None
    spoke = [body for body in dict.fromkeys(actor.body for actor in event.by) if body in running.policy.cancelled_by]
    return CancelledShown(at=event.at, by=tuple(map(running.policy.body_name, spoke)), ground=event.ground)
