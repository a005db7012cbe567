"""A verdict in lines for people: the same for the command, the single file and `stembus verify`."""

from collections.abc import Iterator

from stembus_ballots.protocol.election import Ranked
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
    """The verdict on the archive called `name`, one line at a time; the last line is the verdict itself.

    What stands in an archive was written by others: it can neither begin a line nor steer a terminal.
    """
    for line in _lines(verdict, name, trackers=trackers):
        yield "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)


def _lines(verdict: Verdict, name: str, *, trackers: bool) -> Iterator[str]:
    for sentence in verdict.checked:
        yield f"{'holds:':13}{sentence}"
    for rule, event, what in verdict.failures:
        where = "" if event is None else f"event {event}: "
        yield f"{'FAILS:':13}{where}{what} [{rule}]"
    for sentence in verdict.skipped:
        yield f"{'not checked:':13}{sentence}"
    for sentence in verdict.notes:
        yield f"{'note:':13}{sentence}"
    for sentence in _results(verdict):
        yield f"{'result:':13}{sentence}"
    if trackers:
        yield from (f"{'ballot:':13}{tracker}" for tracker in verdict.trackers)
    yield f"{name}: {_conclusion(verdict)}"


def _results(verdict: Verdict) -> Iterator[str]:
    """What came out, question by question."""
    if verdict.result is None or verdict.election is None:
        return
    rows = zip(verdict.election.questions, verdict.result, verdict.invalid, strict=True)
    for number, (question, column, invalid) in enumerate(rows, 1):
        if isinstance(question, Ranked):
            asked = f"question {number}, {question.value.question}"
            yield f"{asked}: {len(column)} rankings, {len(invalid)} of them invalid"
        else:
            names = ("(blank)",) * question.blank + question.answers
            counts = ", ".join(f"{name} {count}" for name, count in zip(names, column, strict=True))
            yield f"question {number}, {question.question}: {counts}"


def _conclusion(verdict: Verdict) -> str:
    if verdict.failures:
        return f"{len(verdict.failures)} checks FAIL."
    if verdict.skipped:
        return "nothing fails, but not everything was checked."
    if verdict.phase != "complete":
        return f"the poll is {REACHED[verdict.phase]}; what is there so far holds."
    return "everything holds; all checks passed."
