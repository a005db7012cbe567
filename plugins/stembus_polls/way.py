"""How the seats of a poll are filled: by counting ballots, by one vote on all candidates together, or without a vote.

Source: the party's policy, its stage of kind `enough_candidates` (as many candidates as seats, fewer than seats).
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from stembus_polls.contests import BALLOTS, Contest, Way
from stembus_procedures import Policy, sufficiency
from stembus_procedures.events import State
from stembus_procedures.language.stages import EnoughCandidates
from stembus_procedures.language.values import Words
from stembus_procedures.too_few import Sufficiency

_WHOLE = Words(
    nl="er wordt één keer gestemd, voor of tegen alle kandidaten samen",
    en="there is one vote, for or against all candidates together",
)
_UNOPPOSED = Words(nl="er wordt niet gestemd: iedereen is gekozen", en="there is no vote: everybody is elected")
_FOLLOWS: Mapping[str, Way] = {
    "vote_on_whole": Way(kind="vote_on_whole", reason=_WHOLE),
    "elected_unopposed": Way(kind="elected_unopposed", reason=_UNOPPOSED),
}


def way_to_elect(policy: Policy, state: State, contests: Sequence[Contest], seats: int) -> Way:
    """Return how the policy fills so many seats from the candidates on the papers of these contests.

    Whoever stands on a paper counts, also who withdrew after it was printed, and nobody twice. Where some paper has
    more candidates than its contest has seats, voters have a choice, so ballots are counted whatever the total is.
    """
    stage = policy.first(EnoughCandidates)
    people = {candidate.member_id for contest in contests for candidate in contest.candidates}
    if stage is None or not people:
        return BALLOTS
    judged = sufficiency(policy, stage, len(people), seats)
    if judged.decided_by and stage.id not in state.too_few:
        return _undecided(policy, judged)
    if any(len(contest.candidates) > contest.plan.seats for contest in contests):
        return BALLOTS
    key = "fewer_than_seats" if judged.outcome == "fewer_than_seats" and judged.follows else "as_many_as_seats"
    follows = judged.follows or stage.as_many_as_seats
    if follows not in _FOLLOWS:
        return BALLOTS
    way = _FOLLOWS[follows]
    nl = f"{judged.candidates} kandidaten voor {seats} plaatsen: {way.reason.nl} (`stages.{stage.id}.{key}`)"
    en = f"{judged.candidates} candidates for {seats} seats: {way.reason.en} (`stages.{stage.id}.{key}`)"
    return replace(way, reason=Words(nl=nl, en=en))


def _undecided(policy: Policy, judged: Sufficiency) -> Way:
    body = policy.bodies[judged.decided_by].name
    options = ", ".join(judged.options)
    return Way(
        kind="undecided",
        reason=Words(
            nl=f"{judged.reason.nl} Eerst kiest {body.nl}: {options} (`procedure too-few`)",
            en=f"{judged.reason.en} First {body.en} chooses: {options} (`procedure too-few`)",
        ),
        to_act=judged.decided_by,
    )
