"""A verdict in lines for people: the same for the command, the single file and `stembus verify`."""

from collections.abc import Iterator

from stembus_ballots.protocol.events import Phase
from stembus_ballots.protocol.verify.verdict import Verdict

REACHED: dict[Phase, str] = {
    "empty": "not set up",
    "open": "still open",
    "closed": "closed, and not yet counted",
    "tallied": "closed, and not yet counted",
    "shuffling": "closed, and not yet counted",
    "shuffled": "closed, and not yet counted",
    "decrypting": "closed, and not yet counted",
    "complete": "counted",
}


def told(verdict: Verdict, name: str, *, trackers: bool = False) -> Iterator[str]:
    """The verdict on the archive called `name`, one line at a time; the last line is the verdict itself."""
    for sentence in verdict.checked:
        yield f"{'holds:':13}{sentence}"
    for rule, event, what in verdict.failures:
        where = "" if event is None else f"event {event}: "
        yield f"{'FAILS:':13}{where}{what} [{rule}]"
    for sentence in verdict.skipped:
        yield f"{'not checked:':13}{sentence}"
    for sentence in verdict.notes:
        yield f"{'note:':13}{sentence}"
    if trackers:
        yield from (f"{'ballot:':13}{tracker}" for tracker in verdict.trackers)
    yield f"{name}: {_conclusion(verdict)}"


def _conclusion(verdict: Verdict) -> str:
    if verdict.failures:
        return f"{len(verdict.failures)} checks FAIL."
    if verdict.skipped:
        return "nothing fails, but not everything was checked."
    if verdict.phase != "complete":
        return f"the poll is {REACHED[verdict.phase]}; what is there so far holds."
    return "everything holds; all checks passed."
