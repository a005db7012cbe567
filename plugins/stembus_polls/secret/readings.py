"""How the result of a secret poll reads: each ballot by the rules that hold for papers, or sums as ballots. Pure."""

from collections.abc import Collection, Iterator, Sequence

from stembus.errors import Refused
from stembus_ballots.protocol.election import Homomorphic, Question, Ranked
from stembus_ballots.protocol.rankings import ranking_of
from stembus_ballots.protocol.result import Result
from stembus_polls.contests import Contest
from stembus_polls.paper.marks import Marks
from stembus_polls.paper.reading import Reading
from stembus_polls.paper.yes_no import reader_for
from stembus_procedures.language.values import Words

NO_BALLOT = Reading("invalid", reason=Words(nl="de inhoud is geen stem", en="what is in it is no vote"))
"""What a sealed ballot reads as that holds no ranking at all. What it holds is shown to nobody."""


def readings_in(
    contest: Contest, questions: Sequence[Question], result: Result, invalid: Sequence[Collection[int]]
) -> tuple[Reading, ...]:
    """Return how each ballot of a contest reads, in the order of the result.

    `invalid` has for each question the places of ballots that the verifier found to be no vote. Raises `Refused` for a
    poll that asks more than one question, or whose sums do not say how its ballots were filled in.
    """
    if len(questions) != 1:
        raise Refused("{contest} asks {questions} questions at once.", contest=contest.id, questions=len(questions))
    question, column = questions[0], result[0]
    if isinstance(question, Ranked):
        lines = [line for line in column if isinstance(line, tuple)]
        return tuple(_ranked(contest, line, is_vote=at not in invalid[0]) for at, line in enumerate(lines))
    return tuple(_from_sums(contest, question, [count for count in column if isinstance(count, int)]))


def _ranked(contest: Contest, line: Sequence[int], *, is_vote: bool) -> Reading:
    """A ranking can be one that no booth makes, with fewer candidates than the policy asks: it is read as a paper."""
    ranking = ranking_of(line) if is_vote else None
    if ranking is None:
        return NO_BALLOT
    read = reader_for(contest)
    return read(Marks("ranks", tuple((candidate + 1,) for candidate in ranking)) if ranking else Marks("blank"))


def _from_sums(contest: Contest, question: Homomorphic, counts: Sequence[int]) -> Iterator[Reading]:
    """Where every ballot has exactly one choice, the sums say how many ballots have which: nothing else is in them."""
    if (question.min, question.max) != (1, 1):
        raise Refused(
            "The ballots of {contest} were added up while encrypted, and their sums do not say which choices were on "
            "one ballot: they cannot be counted as papers are.",
            contest=contest.id,
        )
    if question.blank:
        blank, *counts = counts
        yield from [Reading("blank")] * blank
    for choice, count in enumerate(counts):
        yield from [Reading("valid", (choice,))] * count
