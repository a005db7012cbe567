"""The body as it stands: every place with its holder and days, who would take it, and how the balance rules stand."""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlmodel import Session

from stembus.errors import Refused
from stembus.organisation.authority import all_seats
from stembus_ballots.lots import NeedsLot
from stembus_party_council.balance import BalanceNow, balance_now
from stembus_party_council.bench import bench_for, counted_for
from stembus_party_council.council import Council, named
from stembus_party_council.places import Place, State, Way
from stembus_party_council.rota import Leaving, rota_of
from stembus_party_council.successor import Bench, Counted, find_next
from stembus_polls import Contest, elected_in_stage, latest_count
from stembus_procedures.language.bodies import Deputies
from stembus_procedures.language.values import Words

_TAKEN = Words(nl="staat al klaar", en="stands ready already")
A_LOT = "(lot)"
"""Stands where the next deputy depends on a lot that is not drawn."""


class SeatNow(Struct, frozen=True, kw_only=True):
    """A place as it stands.

    `elected_stage` is the stage of the count in which its first holder was elected, 0 without one. `deputies` would
    be called in this order if it fell empty today. `note` says how somebody was called, or why nobody is.
    """

    contest: str
    place: int
    state: State
    elected_stage: int
    number: str = ""
    name: str = ""
    origin: str = ""
    starts: date | None = None
    last_day: date | None = None
    terms: int = 0
    answers_until: datetime | None = None
    deputies: tuple[str, ...] = ()
    note: Words | None = None


class Overview(Struct, frozen=True, kw_only=True):
    """All places; how the balance rules stand with those who sit there or accepted; how many sit, and must at least."""

    seats: tuple[SeatNow, ...]
    balance: tuple[BalanceNow, ...]
    sitting: int
    minimum: int


def overview(session: Session, council: Council, now: datetime) -> Overview:
    """Return the body as it stands at `now`."""
    people = named(session, {p.last.member_id for p in council.places if p.last.member_id})
    leaving = {one.place: one for one in rota_of(session, council, council.day(now))}
    begins = {seat.seat_id: seat.starts for seat in all_seats(session)}
    deputies = deputies_of(session, council, now)
    seats = []
    for place in council.places:
        offer, state = place.last, place.state(now)
        number, name = people.get(offer.member_id or "", ("", ""))
        rota: Leaving | None = leaving.get(f"{place.contest} {place.number}")
        seats.append(
            SeatNow(
                contest=place.contest,
                place=place.number,
                state=state,
                elected_stage=_stage(session, council.contest(place), place),
                number=number,
                name=name,
                origin=offer.origin,
                starts=begins.get(offer.seat_id or ""),
                last_day=rota.last_day if rota else None,
                terms=rota.terms if rota else 0,
                answers_until=offer.until if state == "open" else None,
                deputies=deputies.get((place.contest, place.number), ()),
                note=offer.why,
            )
        )
    inside = [place for place in council.places if place.state(now) in ("accepted", "seated")]
    return Overview(
        seats=tuple(seats),
        balance=balance_now(council.seats, [council.candidate(place) for place in inside]),
        sitting=sum(place.state(now) == "seated" for place in council.places),
        minimum=council.seats.minimum_to_constitute,
    )


def deputies_of(session: Session, council: Council, now: datetime) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return, for each place that somebody has, who would be called if it fell empty now: as many as the policy keeps.

    Each is found as the policy says, the one before left out; the same person can stand ready for several places.
    """
    rule = council.seats.deputies
    if rule is None or rule.number == 0 or rule.found_by == "own_ballot":
        return {}
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for contest in council.poll.contests:
        try:
            counted = counted_for(session, contest)
        except Refused:
            continue
        bench = bench_for(session, council, contest, now)
        for place in council.places:
            if place.contest == contest.id and place.state(now) in ("open", "accepted", "seated"):
                found[contest.id, place.number] = _deputies(contest, counted, place, bench, rule)
    return found


def _deputies(contest: Contest, counted: Counted, place: Place, bench: Bench, rule: Deputies) -> tuple[str, ...]:
    if place.last.candidate is None:
        return ()
    way: Way = "countback" if rule.found_by == "countback" else "next_in_result"
    left = replace(bench.without(place.last.candidate, _TAKEN), to_fill=bench.to_fill + 1)
    names: list[str] = []
    while len(names) < rule.number:
        try:
            found = find_next(
                contest, counted, place.holder, left, way=way, then="leave_empty", balance=rule.balance_applies
            )
        except NeedsLot:
            return (*names, A_LOT)
        if found.candidate is None:
            break
        names.append(contest.candidates[found.candidate].name)
        left = left.without(found.candidate, _TAKEN)
    return tuple(names)


def _stage(session: Session, contest: Contest, place: Place) -> int:
    counted, first = latest_count(session, contest), place.offers[0].candidate
    return 0 if counted is None or first is None else elected_in_stage(counted.record, first)
