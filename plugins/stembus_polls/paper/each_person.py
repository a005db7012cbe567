"""What stands on a paper with boxes for and against each person, as somebody typed it over, and how it is read.

One letter for each person, in the order of the paper: `y n b` is for the first, against the second, blank on the third.
Spaces make no difference: `ynb`. The Dutch letters are `v` (voor), `t` (tegen) and `b` (blanco).

A person in whose row the voter says two things, or nothing that is clear, makes the paper one for the stembureau, as
`? person 3 has two crosses`: somebody who only types over does not choose between them.
"""

from collections import Counter
from collections.abc import Collection

from stembus_ballots.sums import Sums, add_up
from stembus_polls.contests import Contest
from stembus_polls.paper.marks import Marks, MarksError, unmarked
from stembus_polls.paper.reading import Reading, invalid, without_marks

YES, NO, EMPTY = range(3)
"""What a ballot can say on one person, as it stands in `Reading.choices`: one for each person."""
LETTERS = "ynb"
_SAID = {**dict.fromkeys("yvj", "y"), **dict.fromkeys("nt", "n"), **dict.fromkeys("b-", "b")}
_INVALID = frozenset({"invalid", "ongeldig"})


def parse_each_person(contest: Contest, text: str) -> Marks:
    """Return what `text` says of each person on the paper. Raises MarksError for what it cannot say."""
    if found := unmarked(text):
        return found
    word, persons = text.casefold(), len(contest.candidates)
    if word.strip() in _INVALID:
        return Marks("invalid")
    letters = "".join(word.split())
    for place, letter in enumerate(letters, 1):
        if letter not in _SAID:
            raise MarksError(
                "{letter!r}, at place {place}, says nothing: write a letter for each person, `y` or `v` for, `n` or "
                "`t` against, `b` blank. Or `blank`, `invalid`, `? remark`.",
                letter=letter,
                place=place,
            )
    if len(letters) != persons:
        raise MarksError(
            "{letters} letters for {persons} persons: write one for each, in the order of the paper (`y n b`), or "
            "`blank`, `invalid`, `? remark`.",
            letters=len(letters),
            persons=persons,
        )
    said = "".join(_SAID[letter] for letter in letters)
    return Marks("blank") if said == "b" * persons else Marks("each", said=said)


def read_each_person(contest: Contest, marks: Marks) -> Reading:
    """Return how the policy reads these marks: `choices` has what the paper says on each person.

    Where no vote may be blank, a person left empty makes the paper invalid, but for who withdrew after printing.
    """
    if found := without_marks(marks, contest.ballot):
        return found
    if marks.kind == "invalid":
        return invalid("zegt niet duidelijk hoe er is gestemd", "does not say clearly what the vote is")
    choices = tuple(LETTERS.index(letter) for letter in marks.said)
    empty = [place for place, choice in enumerate(choices) if choice == EMPTY and place not in contest.withdrawn]
    if empty and not contest.ballot.allow_blank:
        numbers = ", ".join(str(place + 1) for place in empty)
        return invalid(
            f"geen stem over nummer {numbers}; blanco is hier niet toegestaan",
            f"no vote on number {numbers}; a blank vote is not allowed here",
        )
    return Reading("valid", choices)


def each_person_added_up(contest: Contest, readings: Collection[Reading]) -> Sums:
    """Return how many papers are for and against each person.

    A blank paper is one that is blank on everybody: in a box of encrypted ballots it cannot be told from others.
    """
    said, size = Counter((reading.outcome, reading.choices) for reading in readings), len(contest.candidates)
    blank = (EMPTY,) * size
    ballots = (
        ([None if choice == EMPTY else choice for choice in choices or blank], papers)
        for (outcome, choices), papers in said.items()
        if outcome in ("valid", "blank")
    )
    return add_up(ballots, candidates=size, answers=2, invalid=said["invalid", ()])
