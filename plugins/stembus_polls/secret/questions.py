"""What the election of a contest asks, and in which group: added up while encrypted, or mixed and then opened."""

from typing import Final

from stembus.errors import Refused
from stembus_ballots.protocol.election import Homomorphic, Question, ranked_question
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Group
from stembus_ballots.protocol.rankings import Meaning, extra_of
from stembus_polls.contests import Contest
from stembus_procedures.language.voting import RANKED

CHOSEN: Final = ("approval", "block", "majority_rounds")
FOR_OR_AGAINST: Final = ("voor", "tegen")
"""The answers of a vote on one person, or on all candidates together; blank comes before them where it may."""


def questions_of(contest: Contest) -> tuple[Question, ...]:
    """Return the questions of a contest: its candidates in the order of the paper, or for and against.

    Raises `Refused` for a method that no encrypted ballot can carry.
    """
    title, names, ballot = contest.plan.title.nl, tuple(one.name for one in contest.candidates), contest.ballot
    if not names:
        raise Refused(
            "Nobody stands on the ballot of {contest} yet: the order of the candidates comes first.",
            contest=contest.id,
        )
    if contest.way.kind == "vote_on_whole" or ballot.method in ("yes_no", "whole_nomination"):
        return (_for_or_against(title, blank=ballot.allow_blank),)
    if ballot.method == "yes_no_per_person":
        return tuple(_for_or_against(name, blank=ballot.allow_blank) for name in names)
    if ballot.method in RANKED:
        return (ranked_question(title, names, extra_of(Meaning(places="strict", side_files=True))),)
    if ballot.method in CHOSEN:
        most = min(ballot.maximum_choices or len(names), len(names))
        least = min(max(1, ballot.minimum_choices), most)
        return (Homomorphic(answers=names, blank=ballot.allow_blank, min=least, max=most, question=title),)
    raise Refused(
        "Ballots of the method {method!r} cannot be cast electronically: change `ballot.method`, or close the channel.",
        method=ballot.method,
    )


def group_for(questions: tuple[Question, ...]) -> Group:
    """Return the group of an election: mixed ballots need one that can carry rankings, others one that is fast."""
    return BELENIOS_2048 if all(isinstance(one, Homomorphic) for one in questions) else RFC_3526_2048


def _for_or_against(question: str, *, blank: bool) -> Homomorphic:
    return Homomorphic(answers=FOR_OR_AGAINST, blank=blank, min=1, max=1, question=question)
