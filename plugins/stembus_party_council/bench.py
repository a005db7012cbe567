"""Who can be called for a place, gathered from what is kept of other places, seats, memberships and candidacies."""

from datetime import datetime

from sqlmodel import Session

from stembus.errors import Refused
from stembus.organisation.facts import facts_on
from stembus_party_council.council import Council, seats_elsewhere
from stembus_party_council.places import OVER, Place
from stembus_party_council.successor import Bench, Counted
from stembus_polls import Contest, FromRankings, cast_of_count, latest_count, lots_for_count, profile_from
from stembus_procedures.language.values import Words

_REASONS = {
    "declined": Words(nl="nam een plaats niet aan", en="declined a place"),
    "lapsed": Words(nl="antwoordde niet op tijd", en="did not answer in time"),
    "left": Words(nl="is vertrokken", en="left"),
}
_HAS_ONE = Words(nl="heeft al een plaats", en="has a place already")
_WITHDREW = Words(nl="trok zich terug", en="withdrew")
_NO_MEMBER = Words(nl="is geen lid meer", en="is no member any more")


def counted_for(session: Session, contest: Contest) -> Counted:
    """Return the count that filled a contest, with its rankings read again. Raises `Refused` when there is none."""
    kept = latest_count(session, contest)
    if kept is None:
        raise Refused("{contest} was never counted: its places cannot be filled from papers.", contest=contest.id)
    profile = None
    if isinstance(kept.record, FromRankings):
        profile = profile_from(contest, cast_of_count(session, contest, kept.round), kept.inputs.struck)
    return Counted(profile=profile, record=kept.record, lots=lots_for_count(session, contest))


def bench_for(session: Session, council: Council, contest: Contest, now: datetime) -> Bench:
    """Return who keeps a place in a contest and who cannot be called for one, each with the reason.

    Who declined, did not answer or left is not called again in the same procedure.
    """
    keeps = [place for place in council.places if place.state(now) in ("open", "accepted", "seated")]
    here = {place.last.member_id for place in keeps if place.contest == contest.id}
    elsewhere = [place for place in keeps if place.contest != contest.id]
    to_fill = [place for place in council.places if place.state(now) == "to_fill"]
    return Bench(
        sitting=tuple(c.number - 1 for c in contest.candidates if c.member_id in here),
        unavailable=_unavailable(session, council, contest, elsewhere, now),
        to_fill=sum(place.contest == contest.id for place in to_fill),
        elsewhere=tuple(council.candidate(place) for place in elsewhere),
        to_fill_elsewhere=sum(place.contest != contest.id for place in to_fill),
    )


def _unavailable(
    session: Session, council: Council, contest: Contest, elsewhere: list[Place], now: datetime
) -> dict[int, Words]:
    reasons: dict[str, Words] = {}
    for place in council.places:
        for offer in place.offers:
            if offer.member_id is not None and (standing := offer.standing(now)) in OVER:
                reasons[offer.member_id] = _REASONS[standing]
    sits = {place.last.member_id for place in council.places if place.state(now) in ("open", "accepted", "seated")}
    today = council.day(now)
    known = facts_on(session, [candidate.member_id for candidate in contest.candidates], today)
    other = {seat.member_id for seat in seats_elsewhere(session, council) if seat.ends is None or seat.ends > today}
    found: dict[int, Words] = {}
    for candidate in contest.candidates:
        member = known.get(candidate.member_id)
        ended = member.facts.ended_on if member else None
        if candidate.member_id in {place.last.member_id for place in elsewhere} | other:
            found[candidate.number - 1] = _HAS_ONE
        elif candidate.member_id in sits:
            continue
        elif candidate.member_id in reasons:
            found[candidate.number - 1] = reasons[candidate.member_id]
        elif candidate.withdrew:
            found[candidate.number - 1] = _WITHDREW
        elif member is None or (ended is not None and ended <= today):
            found[candidate.number - 1] = _NO_MEMBER
    return found
