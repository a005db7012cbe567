"""How the result of a secret poll reads: each ballot by the rules that hold for papers, or the sums of all. Pure."""

from collections.abc import Collection, Sequence

from stembus.errors import CheckFailed, Refused
from stembus_ballots.errors import CountError
from stembus_ballots.protocol.election import Homomorphic, Question
from stembus_ballots.protocol.rankings import ranking_of
from stembus_ballots.protocol.result import Result
from stembus_ballots.sums import Sums
from stembus_polls.contests import Contest
from stembus_polls.paper.forms import reader_for
from stembus_polls.paper.marks import Marks
from stembus_polls.paper.reading import Reading
from stembus_procedures.language.values import Words

NO_BALLOT = Reading("invalid", reason=Words(nl="de inhoud is geen stem", en="what is in it is no vote"))
"""What a sealed ballot reads as that holds no ranking at all. What it holds is shown to nobody."""


def is_added_up(questions: Sequence[Question]) -> bool:
    """Whether the ballots of a poll are added up while encrypted; else they are mixed, and opened one by one."""
    return all(isinstance(question, Homomorphic) for question in questions)


def readings_in(
    contest: Contest, questions: Sequence[Question], result: Result, invalid: Sequence[Collection[int]]
) -> tuple[Reading, ...]:
    """Return how each ranked ballot of a contest reads, in the order of the result.

    `invalid` has for each question the places of ballots that the verifier found to be no vote. Raises `Refused` for a
    poll that asks more than one question.
    """
    if len(questions) != 1:
        raise Refused("{contest} asks {questions} questions at once.", contest=contest.id, questions=len(questions))
    lines = [line for line in result[0] if isinstance(line, tuple)]
    return tuple(_ranked(contest, line, is_vote=at not in invalid[0]) for at, line in enumerate(lines))


def sums_in(
    contest: Contest, questions: Sequence[Question], result: Result, *, ballots: int, left_out: int = 0
) -> Sums:
    """Return the sums that a poll of so many ballots ended in; `left_out` papers are invalid and were never in it.

    A row for each candidate; for all candidates together one row, for and against. Raises `CheckFailed` for numbers
    that so many ballots cannot have given, `Refused` for a poll whose questions have no such sums.
    """
    if contest.on_each_person:
        return _sums_on_each(contest, questions, result, ballots=ballots, left_out=left_out)
    if len(questions) != 1 or not isinstance(question := questions[0], Homomorphic):
        raise Refused("{contest} asks {questions} questions at once.", contest=contest.id, questions=len(questions))
    counts = [count for count in result[0] if isinstance(count, int)]
    blank = counts.pop(0) if question.blank else 0
    valid, marks = ballots - blank, sum(counts)
    if not question.min * valid <= marks <= question.max * valid:
        raise CheckFailed(
            "{marks} choices came out of the box of {contest}, which {valid} ballots of {least} to {most} each cannot "
            "have given.",
            marks=marks,
            contest=contest.id,
            valid=valid,
            least=question.min,
            most=question.max,
        )
    rows = (tuple(counts),) if contest.way.kind == "vote_on_whole" else tuple((count,) for count in counts)
    try:
        return Sums(rows=rows, valid=valid, blank=blank, invalid=left_out)
    except CountError as error:
        raise CheckFailed("{contest}: {error}", contest=contest.id, error=error) from None


def _sums_on_each(
    contest: Contest, questions: Sequence[Question], result: Result, *, ballots: int, left_out: int
) -> Sums:
    """How many are for and against each person. On every person every ballot says one thing, blank where it may."""
    if len(questions) != len(contest.candidates):
        raise Refused(
            "{contest} asks {questions} questions about {persons} persons.",
            contest=contest.id,
            questions=len(questions),
            persons=len(contest.candidates),
        )
    rows = []
    for candidate, column in zip(contest.candidates, result, strict=True):
        said = [count for count in column if isinstance(count, int)]
        if sum(said) != ballots:
            raise CheckFailed(
                "{said} answers about {name} came out of the box of {contest}, of {ballots} ballots with one each.",
                said=sum(said),
                name=candidate.name,
                contest=contest.id,
                ballots=ballots,
            )
        rows.append(tuple(said[-2:]))  # blank stands before them, where it may be
    return Sums(rows=tuple(rows), valid=ballots, blank=0, invalid=left_out)


def _ranked(contest: Contest, line: Sequence[int], *, is_vote: bool) -> Reading:
    """A ranking can be one that no booth makes, with fewer candidates than the policy asks: it is read as a paper."""
    ranking = ranking_of(line) if is_vote else None
    if ranking is None:
        return NO_BALLOT
    read = reader_for(contest)
    return read(Marks("ranks", tuple((candidate + 1,) for candidate in ranking)) if ranking else Marks("blank"))
