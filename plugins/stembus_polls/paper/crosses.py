"""A paper on which candidates are crossed or not: what stands on it, as somebody typed it over, and how it is read.

`3 5 9` is a cross at candidates 3, 5 and 9, in whatever order they are typed.
"""

from collections import Counter
from collections.abc import Collection

from stembus_ballots.sums import Sums, add_up
from stembus_polls.contests import Contest
from stembus_polls.paper.marks import MOST_DIGITS, Marks, MarksError, require_candidate, unmarked
from stembus_polls.paper.reading import Reading, invalid, without_marks


def parse_crosses(contest: Contest, text: str) -> Marks:
    """Return the crosses in `text`. Raises MarksError for what is none, or for one candidate typed twice."""
    if found := unmarked(text):
        return found
    numbers = [_number(cell, len(contest.candidates)) for cell in text.split()]
    if twice := [number for place, number in enumerate(numbers) if number in numbers[:place]]:
        raise MarksError("candidate {number} stands in it twice: type each cross once.", number=twice[0])
    return Marks("crosses", tuple((number,) for number in sorted(numbers)))


def _number(cell: str, candidates: int) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) <= MOST_DIGITS):
        raise MarksError(
            "{cell!r} is no number of a candidate: write the numbers that are crossed with a space between them "
            "(`3 5 9`), `blank`, or `? remark`.",
            cell=cell,
        )
    require_candidate(int(cell), candidates)
    return int(cell)


def read_crosses(contest: Contest, marks: Marks) -> Reading:
    """Return how the policy reads these crosses: invalid with more of them than it allows, or with fewer."""
    ballot = contest.ballot
    if found := without_marks(marks, ballot):
        return found
    crossed = tuple(number - 1 for rank in marks.ranks for number in rank)
    most, least = ballot.maximum_choices, ballot.minimum_choices
    if most is not None and len(crossed) > most:
        return invalid(f"{len(crossed)} kruisjes, hoogstens {most} mag", f"{len(crossed)} crosses, {most} at most")
    if len(crossed) < least:
        return invalid(f"{len(crossed)} kruisjes, minstens {least} moet", f"{len(crossed)} crosses, {least} at least")
    return Reading("valid", crossed)


def crosses_added_up(contest: Contest, readings: Collection[Reading]) -> Sums:
    """Return how often each candidate is crossed on valid papers."""
    size, worth = range(len(contest.candidates)), Counter(reading.outcome for reading in readings)
    crossed = Counter(reading.choices for reading in readings if reading.outcome == "valid")
    ballots = (([0 if c in choices else None for c in size], papers) for choices, papers in crossed.items())
    return add_up(ballots, candidates=len(size), answers=1, blank=worth["blank"], invalid=worth["invalid"])
