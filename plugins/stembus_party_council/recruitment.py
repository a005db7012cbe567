"""Recruitment against the minimum and the targets, while the call is open: the numbers, and what they mean. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from stembus_procedures import Policy, sufficiency
from stembus_procedures.language.stages import Call, EnoughCandidates
from stembus_procedures.language.values import Words
from stembus_procedures.timeline import zone_of
from stembus_procedures.too_few import OPTION_WORDS, NotKnownError, Sufficiency

_FOLLOWS_NL = {
    "ballot": "dan wordt er gestemd zoals anders",
    "vote_on_whole": "dan wordt één keer gestemd, voor of tegen allen samen; geen papier noemt dan wie een open plaats "
    "krijgt",
    "elected_unopposed": "dan is iedereen zonder stemming gekozen; zonder telling zijn er geen stapels papieren om een "
    "open plaats uit te vullen",
}
_FOLLOWS_EN = {
    "ballot": "then there is a vote as always",
    "vote_on_whole": "then there is one vote, for or against all together; no paper names who follows somebody",
    "elected_unopposed": "then everybody is elected without a vote; without a count there are no piles of papers to "
    "fill an empty place from",
}


class Stands(NamedTuple):
    """A candidacy as recruitment sees it: of which branch, and whether it counts, waits for acceptance, or is over."""

    branch: str
    state: Literal["counts", "not_accepted", "over"]


class Line(Struct, frozen=True):
    """How many there are in one branch, and how many more have not accepted yet."""

    branch: str
    candidates: int
    not_accepted: int


class Target(Struct, frozen=True):
    """How many candidates the party hopes for in a group, and how many there are."""

    group: Words
    candidates: int
    hoped: int


class Recruitment(Struct, frozen=True, kw_only=True):
    """The numbers of a moment. `needed` is how few would not be too few; `judged` is None while that is not known."""

    candidates: int
    not_accepted: int
    needed: int
    closes: datetime
    days_left: int
    is_over: bool
    by_branch: tuple[Line, ...]
    targets: tuple[Target, ...]
    judged: Sufficiency | None
    proposals: tuple[Words, ...]
    summary: Words


def recruitment(
    policy: Policy,
    stands: Sequence[Stands],
    *,
    number: int | None,
    closes: datetime,
    now: datetime,
    branches: Sequence[str] = (),
) -> Recruitment:
    """Return how many candidates there are against the minimum, by branch and by target, and what that means.

    `number` is how many are to be elected, None while that is not decided; `branches` are those of the party, so
    that one without candidates shows as well. Raises ValueError when the policy fills no seats or has no stage that
    judges the number of candidates.
    """
    enough, call = policy.first(EnoughCandidates), policy.first(Call)
    if policy.seats is None or enough is None:
        raise NotKnownError("Policy {policy} does not say when there are enough candidates.", policy=policy.id)
    here = sum(one.state == "counts" for one in stands)
    try:
        judged = sufficiency(policy, enough, here, number)
    except ValueError:
        judged = None
    needed = judged.needed if judged else policy.seats.minimum_to_constitute
    zone = zone_of(policy)
    days = max(0, (closes.astimezone(zone).date() - now.astimezone(zone).date()).days)
    lines = _lines(stands, branches)
    return Recruitment(
        candidates=here,
        not_accepted=sum(one.state == "not_accepted" for one in stands),
        needed=needed,
        closes=closes,
        days_left=days,
        is_over=now >= closes,
        by_branch=lines,
        targets=_targets(call, stands),
        judged=judged,
        proposals=_proposals(policy, judged),
        summary=_summary(here, needed, days, now >= closes),
    )


def _summary(here: int, needed: int, days: int, is_over: bool) -> Words:
    nl, en = f"{here} van ten minste {needed} kandidaten", f"{here} of at least {needed} candidates"
    if is_over:
        return Words(nl=f"{nl}, de oproep is gesloten", en=f"{en}, the call is closed")
    if days == 0:
        return Words(nl=f"{nl}, de oproep sluit vandaag", en=f"{en}, the call closes today")
    day_nl, day_en = ("dag", "day") if days == 1 else ("dagen", "days")
    return Words(nl=f"{nl}, nog {days} {day_nl}", en=f"{en}, {days} {day_en} left")


def _lines(stands: Sequence[Stands], branches: Sequence[str]) -> tuple[Line, ...]:
    here = Counter(one.branch for one in stands if one.state == "counts")
    waiting = Counter(one.branch for one in stands if one.state == "not_accepted")
    names = sorted({*branches, *here, *waiting})
    return tuple(Line(name, here[name], waiting[name]) for name in names)


def _targets(call: Call | None, stands: Sequence[Stands]) -> tuple[Target, ...]:
    everybody = Words(nl="allen", en="all")
    return tuple(
        Target(
            target.group or everybody,
            sum(one.state == "counts" and (not target.branches or one.branch in target.branches) for one in stands),
            target.number,
        )
        for target in (call.targets if call else ())
    )


def _proposals(policy: Policy, judged: Sufficiency | None) -> tuple[Words, ...]:
    """Return what would follow with the candidates that there are now."""
    if judged is None:
        nl = (
            "hoeveel er gekozen worden is nog niet besloten; gerekend is met het minste waarmee het orgaan kan beginnen"
        )
        en = "how many are to be elected is not decided; counted against the fewest with which the body can begin"
        return (Words(nl=nl, en=en),)
    if not judged.decided_by:
        if judged.outcome == "enough":
            return ()
        said = Words(nl=_FOLLOWS_NL[judged.follows], en=_FOLLOWS_EN[judged.follows])
        return (Words(nl=f"{judged.reason.nl} {said.nl}", en=f"{judged.reason.en} {said.en}"),)
    body = policy.bodies[judged.decided_by].name if judged.decided_by in policy.bodies else None
    nl, en = (body.nl, body.en) if body else (judged.decided_by, judged.decided_by)
    decides = Words(nl=f"{judged.reason.nl} Dan beslist {nl}:", en=f"{judged.reason.en} Then {en} decides:")
    return (decides, *(OPTION_WORDS[one] for one in judged.options))
