"""How a paper is read: from the marks on it to a ranking, a blank vote, an invalid paper, or one to be ruled on.

Source: the party's policy, `ballot` of its vote (skipped and repeated rank, fewest and most ranks, complete ranking,
blank). The count only ever sees clean strict rankings; everything that is decided about marks is decided here.
"""

from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from stembus_polls.paper.marks import Marks
from stembus_procedures.language.values import Words
from stembus_procedures.language.voting import Ballot

Outcome = Literal["valid", "blank", "invalid", "doubtful"]


class Reading(Struct, frozen=True):
    """What a paper says. `choices` are the candidates chosen (from 0) when it is valid; ranked ones by preference.

    Where there is a vote on each person, `choices` are what it says of each in turn (`each_person`).
    `reason` says why a paper is not valid, or why a valid one counts only up to some rank.
    """

    outcome: Outcome
    choices: tuple[int, ...] = ()
    reason: Words | None = None


def read_paper(marks: Marks, ballot: Ballot, candidates: int, withdrawn: Collection[int] = ()) -> Reading:
    """Return how the policy reads these marks, on a paper with so many candidates.

    `withdrawn` are the candidates (from 0) who withdrew after printing: a complete ranking may leave them out.
    """
    if found := without_marks(marks, ballot):
        return found
    if twice := _named_twice(marks):
        return Reading(
            "doubtful",
            reason=Words(nl=f"kandidaat {twice} heeft twee nummers", en=f"candidate {twice} has two ranks"),
        )
    if broken := _broken_rule(marks, ballot):
        return broken
    return _checked(*_clear_part(marks, ballot), ballot, candidates, withdrawn)


def without_marks(marks: Marks, ballot: Ballot) -> Reading | None:
    """Return how a paper reads that is blank or left to the stembureau; None for any other."""
    if marks.kind == "doubtful":
        return Reading("doubtful", reason=Words(nl=marks.remark, en=marks.remark))
    if marks.kind == "blank":
        if ballot.allow_blank:
            return Reading("blank")
        return invalid("een lege stem is hier niet toegestaan", "a blank vote is not allowed here")
    return None


def _named_twice(marks: Marks) -> int | None:
    named = [number for rank in marks.ranks for number in rank]
    return next((number for place, number in enumerate(named) if number in named[:place]), None)


def _broken_rule(marks: Marks, ballot: Ballot) -> Reading | None:
    """Return the paper as invalid where the policy says that a skipped or repeated rank makes it so."""
    for rank, numbers in enumerate(marks.ranks, 1):
        if not numbers and ballot.skipped_rank == "invalid":
            return invalid(f"nummer {rank} is overgeslagen", f"rank {rank} is left out")
        if len(numbers) > 1 and ballot.repeated_rank == "invalid":
            return invalid(f"nummer {rank} staat er meer dan een keer", f"rank {rank} is used more than once")
    return None


def _clear_part(marks: Marks, ballot: Ballot) -> tuple[list[int], Words | None]:
    """Return the ranking up to where it is no longer clear, and why it stops there."""
    ranking: list[int] = []
    for rank, numbers in enumerate(marks.ranks, 1):
        if not numbers:
            if ballot.skipped_rank == "close_up":
                continue
            return ranking, Words(nl=f"telt tot nummer {rank}: dat ontbreekt", en=f"counts up to rank {rank}, left out")
        if len(numbers) > 1:
            return ranking, Words(
                nl=f"telt tot nummer {rank}: dat staat er meer dan een keer",
                en=f"counts up to rank {rank}, used more than once",
            )
        if len(ranking) == ballot.maximum_choices:
            return ranking, Words(
                nl=f"telt tot en met {len(ranking)} keuzes: meer mogen er niet zijn",
                en=f"counts up to {len(ranking)} choices, the most there may be",
            )
        ranking.append(numbers[0] - 1)
    return ranking, None


def _checked(
    ranking: list[int], stopped: Words | None, ballot: Ballot, candidates: int, withdrawn: Collection[int]
) -> Reading:
    if not ranking:
        why = stopped or Words(nl="geen keuze", en="no choice")
        return invalid(f"geen duidelijke eerste keuze ({why.nl})", f"no clear first choice ({why.en})")
    if len(ranking) < ballot.minimum_choices:
        return invalid(
            f"{len(ranking)} duidelijke keuzes, {ballot.minimum_choices} zijn nodig",
            f"{len(ranking)} clear choices, {ballot.minimum_choices} are needed",
        )
    if ballot.complete_ranking:
        missing = sorted(set(range(candidates)) - set(ranking) - set(withdrawn))
        if missing:
            numbers = ", ".join(str(candidate + 1) for candidate in missing)
            return invalid(f"zonder nummer: kandidaat {numbers}", f"without a rank: candidate {numbers}")
    return Reading("valid", tuple(ranking), stopped)


def invalid(nl: str, en: str) -> Reading:
    """Return an invalid paper, with the reason."""
    return Reading("invalid", reason=Words(nl=nl, en=en))
