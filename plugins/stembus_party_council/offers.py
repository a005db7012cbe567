"""Calling who comes next for a place that has nobody, by the way of the policy."""

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from stembus.ledger.acts import Act, Actor
from stembus_ballots.lots import NeedsLot
from stembus_party_council.bench import bench_for, counted_for
from stembus_party_council.council import Council, answer_until, council_of, named
from stembus_party_council.places import (
    Place,
    balance_holds,
    seats_of,
    way_to_fill,
    when_nobody_is_left,
)
from stembus_party_council.successor import SAID_EN, SAID_NL, Found, find_next
from stembus_party_council.tables import PlaceOffer
from stembus_polls import shown_end
from stembus_procedures.dates import add_span
from stembus_procedures.language.values import Words

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Called(Struct, frozen=True, kw_only=True):
    """What came of filling a place. `number` and `name` are empty where nobody was found.

    `waits_for_lot` says how to draw where a tie needs a lot: then nothing was changed, and it is called again later.
    """

    contest: str
    place: int
    found: Found | None
    number: str = ""
    name: str = ""
    answers_until: str = ""
    waits_for_lot: str = ""


def call_next(transaction: "Transaction", council: Council, place: Place, actors: tuple[Actor, ...]) -> Called:
    """Find who comes next for a place by the way of the policy, and offer it; or keep that nobody is left.

    Who does this has no choice in it: the policy, the papers and the lot decide.
    """
    contest = council.contest(place)
    try:
        found = who_is_next(transaction, council, place)
    except NeedsLot as lot:
        names = ", ".join(f"{c + 1} ({contest.candidates[c].name})" for c in lot.tied)
        procedure = council.poll.running.procedure.name
        how = f"a lot is needed ({lot.why}) among {names}: `stembus council lot {procedure}`, then `council call`"
        return Called(contest=contest.id, place=place.number, found=None, waits_for_lot=how)
    member_id = None if found.candidate is None else contest.candidates[found.candidate].member_id
    number, name = named(transaction.session, {member_id}).get(member_id, ("", "")) if member_id else ("", "")
    until = answer_until(council.policy, transaction.now, place.was_held)
    shown_until = shown_end(council.poll.running, until) if member_id else ""
    act_id = transaction.record(_act(council, place, found, actors, {"number": number, "until": shown_until}))
    transaction.session.add(
        PlaceOffer(
            procedure_id=contest.procedure_id,
            contest=contest.id,
            place=place.number,
            turn=place.last.turn + 1,
            member_id=member_id,
            candidate=found.candidate,
            origin=found.origin,
            found=msgspec.json.encode(found.record).decode() if found.record else "",
            why=msgspec.json.encode(found.why).decode(),
            follows=found.follows,
            offered_at=transaction.now,
            act_id=act_id,
        )
    )
    transaction.session.flush()
    return Called(
        contest=contest.id,
        place=place.number,
        found=found,
        number=number,
        name=name,
        answers_until=shown_until,
    )


def who_is_next(transaction: "Transaction", council: Council, place: Place) -> Found:
    """Return who comes next for a place. Raises NeedsLot where a tie needs a lot."""
    session, now, policy = transaction.session, transaction.now, council.policy
    vacancy = seats_of(policy).vacancy
    then = when_nobody_is_left(policy)
    if place.was_held and vacancy is not None:
        until = add_span(council.result_day, vacancy.valid_for)
        if council.day(now) > until:
            why = Words(
                nl=f"de uitslag was hiervoor te gebruiken tot en met {until}; {SAID_NL[then]}",
                en=f"the result could be used for this up to and including {until}; {SAID_EN[then]}",
            )
            return Found(candidate=None, origin="nobody", why=why, follows=then)
    contest = council.contest(place)
    return find_next(
        contest,
        counted_for(session, contest),
        place.holder,
        bench_for(session, council, contest, now),
        way=way_to_fill(policy, place.was_held),
        then=then,
        balance=balance_holds(policy, place.was_held),
    )


def call_all(transaction: "Transaction", council: Council, actors: tuple[Actor, ...]) -> list[Called]:
    """Call who comes next for every place that has nobody, in the order of the places."""
    called = []
    for place in council.places:
        if place.state(transaction.now) == "to_fill":
            called.append(call_next(transaction, council, place, actors))
            council = council_of(transaction.session, council.poll)
    return called


def _act(council: Council, place: Place, found: Found, actors: tuple[Actor, ...], said: dict[str, str]) -> Act:
    running = council.poll.running
    subject = {"procedure": running.procedure.id, "contest": place.contest}
    ground = f"{running.adopted.policy_id} {running.adopted.version}: " + (
        "seats.vacancy" if place.was_held else "seating.not_accepted"
    )
    public: dict[str, str | int] = {"place": place.number, "turn": place.last.turn + 1}
    if found.candidate is None:
        return Act(
            kind="council.unfilled",
            by=actors,
            ground=ground,
            subject=subject,
            details={"why": found.why.en, "why_nl": found.why.nl},
            public=public | {"follows": found.follows},
        )
    return Act(
        kind="council.called",
        by=actors,
        ground=ground,
        subject=subject,
        details={**said, "why": found.why.en, "why_nl": found.why.nl},
        public=public | {"origin": found.origin},
    )
