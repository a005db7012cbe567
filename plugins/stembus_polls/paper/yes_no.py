"""What stands on a paper for or against all candidates together, as somebody typed it over, and how it is read.

The two boxes are read as two options: a vote for is a ranking of option 0 alone, a vote against one of option 1.
"""

from collections import Counter
from collections.abc import Collection

from stembus_ballots.sums import Sums, add_up
from stembus_polls.paper.marks import BLANK, Marks, MarksError, doubtful
from stembus_polls.paper.reading import Reading, read_paper
from stembus_procedures.language.values import Words
from stembus_procedures.language.voting import Ballot

FOR, AGAINST = (0,), (1,)
_SAID = {
    **dict.fromkeys(("yes", "for", "ja", "voor"), Marks("yes")),
    **dict.fromkeys(("no", "against", "nee", "tegen"), Marks("no")),
    **dict.fromkeys((BLANK, "blanco"), Marks("blank")),
    **dict.fromkeys(("invalid", "ongeldig"), Marks("invalid")),
}


def parse_yes_no(text: str) -> Marks:
    """Return what `text` says of a paper with the boxes for and against. Raises MarksError for what it cannot say."""
    text = " ".join(text.split())
    if text.startswith("?"):
        return doubtful(text[1:].strip())
    if found := _SAID.get(text.casefold()):
        return found
    raise MarksError(
        "{text!r} is nothing that this paper can say: write `yes` (ja, voor), `no` (nee, tegen), `blank`, `invalid` "
        "or `? remark`.",
        text=text,
    )


def read_yes_no(marks: Marks, ballot: Ballot) -> Reading:
    """Return how the policy reads these marks."""
    if marks.kind == "yes":
        return Reading("valid", FOR)
    if marks.kind == "no":
        return Reading("valid", AGAINST)
    if marks.kind == "invalid":
        return Reading(
            "invalid", reason=Words(nl="zegt niet duidelijk voor of tegen", en="does not say clearly for or against")
        )
    return read_paper(marks, ballot, candidates=0)


def whole_added_up(readings: Collection[Reading]) -> Sums:
    """Return how many valid papers are for and against: one row, for all candidates together."""
    said = Counter((reading.outcome, reading.choices) for reading in readings)
    ballots = ((option, said["valid", option]) for option in (FOR, AGAINST))
    return add_up(ballots, candidates=1, answers=2, blank=said["blank", ()], invalid=said["invalid", ()])
