"""What stands on one ballot paper, as somebody typed it over: every mark, also those that break a rule.

`3 1 2` is candidate 3 as first choice, then 1, then 2. `3 - 2` leaves the second rank empty. `3 1,2` gives the second
rank to both 1 and 2. `blank` is a paper without marks, `? remark` one that the typist leaves to the stembureau.
"""

import re
from typing import Literal, NamedTuple

from stembus_procedures.sentence import Sentence

BLANK = "blank"
BLANK_WORDS = frozenset({BLANK, "blanco"})
LONGEST_REMARK = 200
MOST_DIGITS = 4
RANK = re.compile(rf"-|[0-9]{{1,{MOST_DIGITS}}}(,[0-9]{{1,{MOST_DIGITS}}})*")


class Marks(NamedTuple):
    """The marks on a paper. `ranks` holds, from the first rank on, the candidates (by number on the paper) in it.

    yes, no, invalid: on a paper for or against all candidates together. Of crosses, each has one of the `ranks`, in
    the order of the paper. `said` has a letter for each person where there are boxes for and against each.
    """

    kind: Literal["ranks", "crosses", "each", "blank", "doubtful", "yes", "no", "invalid"]
    ranks: tuple[tuple[int, ...], ...] = ()
    remark: str = ""
    said: str = ""


class MarksError(Sentence, ValueError):
    """What was typed cannot stand on this paper; the message says why, and how to write it."""


def parse_marks(text: str, candidates: int) -> Marks:
    """Return the marks in `text`, for a paper with so many candidates, numbered from 1.

    Raises MarksError for what is no marks at all. Marks that break a rule of the policy are marks all the same.
    """
    if found := unmarked(text):
        return found
    ranks = [_rank(cell, candidates) for cell in text.split()]
    while ranks and not ranks[-1]:
        ranks.pop()
    if not ranks:
        raise MarksError("only empty ranks: write `blank` for a paper without marks.")
    return Marks("ranks", tuple(ranks))


def unmarked(text: str) -> Marks | None:
    """Return what says the same of every paper: that it is blank, or left to the stembureau; None for anything else.

    Raises MarksError where nothing was typed.
    """
    text = " ".join(text.split())
    if text.startswith("?"):
        return doubtful(text[1:].strip())
    if text.casefold() in BLANK_WORDS:
        return Marks("blank")
    if not text:
        raise MarksError("nothing was typed: write `blank` for a paper without marks.")
    return None


def written(marks: Marks) -> str:
    """Return the one way in which these marks are written, so that equal marks are equal texts."""
    match marks.kind:
        case "doubtful":
            return f"? {marks.remark}"
        case "ranks" | "crosses":
            return " ".join(",".join(map(str, rank)) if rank else "-" for rank in marks.ranks)
        case "each":
            return " ".join(marks.said)
        case said:
            return said


def doubtful(remark: str) -> Marks:
    """Return the marks of a paper that is left to the stembureau. Raises MarksError without a remark, or a long one."""
    if not remark:
        raise MarksError("a doubtful paper needs a remark after the question mark, such as `? 3 or 8`.")
    if len(remark) > LONGEST_REMARK:
        raise MarksError(
            "the remark has {length} characters: keep it to {most}.",
            length=len(remark),
            most=LONGEST_REMARK,
        )
    return Marks("doubtful", remark=remark)


def require_candidate(number: int, candidates: int) -> None:
    """Raise MarksError unless the paper has a candidate with this number."""
    if not 1 <= number <= candidates:
        raise MarksError(
            "there is no candidate {number}: the paper has numbers 1 to {candidates}.",
            number=number,
            candidates=candidates,
        )


def _rank(cell: str, candidates: int) -> tuple[int, ...]:
    if not RANK.fullmatch(cell):
        raise MarksError(
            "{cell!r} is no rank: write numbers with a space between them (`3 1 2`), `-` for an empty rank, `1,2` for "
            "two candidates with the same rank, `blank`, or `? remark`.",
            cell=cell,
        )
    if cell == "-":
        return ()
    numbers = [int(number) for number in cell.split(",")]
    for number in numbers:
        require_candidate(number, candidates)
    if len(set(numbers)) < len(numbers):
        raise MarksError("{cell!r} names one candidate twice in one rank: write each once.", cell=cell)
    return tuple(sorted(numbers))
