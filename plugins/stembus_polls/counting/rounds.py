"""Counting rankings in rounds as a policy says: one person by absolute majority, all rounds from the same papers."""

from typing import TYPE_CHECKING

from stembus.errors import Refused
from stembus_ballots.majority import RoundsRule
from stembus_ballots.ranked_rounds import RankedRoundsRecord, at_most, count_ranked_rounds
from stembus_polls.contests import Contest, vote_of
from stembus_polls.counting.cast import Cast, profile_from
from stembus_polls.counting.untransferred import require_untransferred
from stembus_procedures import Policy

if TYPE_CHECKING:
    from stembus_polls.counting.inputs import CountInputs


def require_rounds(policy: Policy, seats: int) -> None:
    """Raise `Refused`, with the key, where rankings cannot be counted in rounds as the policy says."""
    rounds_rule(policy, 2)
    if seats > 1:
        raise Refused(
            "`ballot.method` is ranked_rounds, which elects one; {seats} are to be elected. Make a constituency of "
            "each seat, or use stv.",
            seats=seats,
        )
    require_untransferred(policy, seats)


def count_rounds(contest: Contest, cast: Cast, inputs: "CountInputs") -> RankedRoundsRecord:
    """Count rankings in rounds. Raises NeedsLot where equals need one, CountError where nothing can be counted."""
    profile = profile_from(contest, cast, inputs.struck)
    rule = rounds_rule(contest.policy, len(profile.candidates))
    return count_ranked_rounds(profile, rule, inputs.seats, lots=inputs.lots)


def rounds_rule(policy: Policy, candidates: int) -> RoundsRule:
    """Return the rounds of a policy as the rule that counts them, for so many names on the paper.

    Blank papers, and ballots that rank nobody who still stands, are in the base where `ballot.blank` is in_base; all
    papers are where `ballot.invalid` is. Raises `Refused`, with the key, where the policy does not say it.
    """
    vote = vote_of(policy)
    path, rounds, ballot = f"stages.{vote.id}", vote.rounds, vote.ballot
    if rounds is None:
        raise Refused(
            "`{path}.rounds` is missing: the policy does not say how many rounds, and who goes on.", path=path
        )
    if ballot.invalid == "in_base":
        if ballot.blank == "not_cast":
            raise Refused("`{path}.ballot.invalid` is in_base, and blank is not_cast: write not_cast.", path=path)
        base = "cast_all"
    else:
        base = "cast_with_blank" if ballot.blank == "in_base" else "valid"
    return RoundsRule(
        base=base,  # type: ignore[arg-type]  # one of its words
        proceed=at_most(rounds.most, rounds.proceed, candidates),
        tie_at_cut=rounds.tie_at_cut,
        last_rule=rounds.last_rule,
        unopposed="elected",
    )
