"""The kinds of paper that there are, each with everything that is asked of one: how it is typed, read and added up.

The method of a policy says which kind it needs; a vote on all candidates together has a kind of its own.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial

from msgspec import Struct

from stembus.words import N_
from stembus_ballots.sums import Sums
from stembus_polls.contests import Contest
from stembus_polls.paper.crosses import crosses_added_up, parse_crosses, read_crosses
from stembus_polls.paper.each_person import each_person_added_up, parse_each_person, read_each_person
from stembus_polls.paper.marks import Marks, parse_marks
from stembus_polls.paper.reading import Reading, read_paper
from stembus_polls.paper.yes_no import parse_yes_no, read_yes_no, whole_added_up
from stembus_procedures.language.voting import Method


class PaperForm(Struct, frozen=True, kw_only=True):
    """A kind of paper.

    `parse` makes marks of what somebody typed (MarksError for what this paper cannot say), `read` is how the policy
    reads them. `add_up` gives the sums of papers, None where each paper counts on its own. For who types: `hint` in
    one line, `as_vote` for a ruling, and each thing that can be typed, as in their language, with what it means.
    """

    parse: Callable[[Contest, str], Marks]
    read: Callable[[Contest, Marks], Reading]
    add_up: Callable[[Contest, Collection[Reading]], Sums] | None
    hint: str
    as_vote: str
    typed: tuple[tuple[str, str], ...]


_BLANK = (N_("blank"), N_("there is nothing on it"))

RANKS = PaperForm(
    parse=lambda contest, text: parse_marks(text, len(contest.candidates)),
    read=lambda contest, marks: read_paper(marks, contest.ballot, len(contest.candidates), contest.withdrawn),
    add_up=None,
    hint=N_("Numbers in the order of the ranks, with spaces: 3 1 2. Enter saves."),
    as_vote=N_("Numbers in the order of the ranks: 3 1 2"),
    typed=(
        ("3 1 2", N_("candidate 3 first, then 1, then 2")),
        ("3 - 2", N_("the second rank is empty")),
        ("3 1,2", N_("1 and 2 both have the second rank")),
        _BLANK,
        (N_("? 3 or 8"), N_("you cannot tell: the stembureau rules")),
    ),
)
CROSSES = PaperForm(
    parse=parse_crosses,
    read=read_crosses,
    add_up=crosses_added_up,
    hint=N_("The numbers that are crossed, with spaces, in any order: 3 5 9. Enter saves."),
    as_vote=N_("The numbers that are crossed: 3 5 9"),
    typed=(
        ("3 5 9", N_("a cross at candidates 3, 5 and 9")),
        _BLANK,
        (N_("? 3 or 8"), N_("you cannot tell: the stembureau rules")),
    ),
)
WHOLE = PaperForm(
    parse=lambda _, text: parse_yes_no(text),
    read=lambda contest, marks: read_yes_no(marks, contest.ballot),
    add_up=lambda _, readings: whole_added_up(readings),
    hint=N_("yes, no, blank or invalid. A question mark and a remark leave it to the stembureau."),
    as_vote=N_("yes or no"),
    typed=(
        (N_("yes"), N_("a cross for all candidates together")),
        (N_("no"), N_("a cross against")),
        _BLANK,
        (N_("invalid"), N_("it says neither clearly")),
        ("? …", N_("you cannot tell: the stembureau rules")),
    ),
)
EACH_PERSON = PaperForm(
    parse=parse_each_person,
    read=read_each_person,
    add_up=each_person_added_up,
    hint=N_("A letter for each person, in the order of the paper: y for, n against, b blank. Enter saves."),
    as_vote=N_("A letter for each person: y for, n against, b blank"),
    typed=(
        (N_("y n b"), N_("for the first person, against the second, blank on the third")),
        (N_("ynb"), N_("the same: spaces make no difference")),
        (N_("v t b"), N_("the same with the Dutch letters: voor, tegen, blanco")),
        _BLANK,
        (N_("invalid"), N_("it says clearly that it is no vote")),
        ("? …", N_("you cannot tell, as with two crosses in one row: the stembureau rules")),
    ),
)
FORMS: Mapping[Method, PaperForm] = {"approval": CROSSES, "block": CROSSES, "yes_no_per_person": EACH_PERSON}
"""The kind of paper of each method; ranked where a method is not in it."""


def form_of(contest: Contest) -> PaperForm:
    """Return the kind of paper that a contest has."""
    if contest.way.kind == "vote_on_whole":
        return WHOLE
    return FORMS.get(contest.ballot.method, RANKS)


def parser_for(contest: Contest) -> Callable[[str], Marks]:
    """Return what reads the typing of one paper of this contest. It raises MarksError."""
    return partial(form_of(contest).parse, contest)


def reader_for(contest: Contest) -> Callable[[Marks], Reading]:
    """Return how the policy reads the marks on a paper of this contest."""
    return partial(form_of(contest).read, contest)
