"""The rota: who leaves when, the groups that leave in turn, and who may stand again from when."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlmodel import Session, select

from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.organisation.authority import all_seats
from stembus.organisation.mandate import HeldSeat
from stembus_ballots.errors import CountError
from stembus_ballots.lots import order_from_seed
from stembus_party_council.council import Council, office_of, seats_elsewhere
from stembus_party_council.places import Place, seating_of
from stembus_party_council.tables import RotaGroup
from stembus_party_council.term import DAY, groups_by_order
from stembus_polls import Term, signed, terms_in_a_row
from stembus_procedures.dates import add_span
from stembus_procedures.language.bodies import Seats
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

Key = tuple[str, int]


class Leaving(Struct, frozen=True, kw_only=True):
    """Somebody in the body: the last day (None: with no end set), terms in a row, and whether they may stand again.

    `again_from` is the day from which the policy lets them; None where it never does after so many terms in a row.
    """

    number: str
    name: str
    place: str
    group: int | None
    last_day: date | None
    terms: int
    most: int | None
    again_from: date | None


def may_stand_again(seats: Seats, terms: int, ends: date) -> date | None:
    """Return from which day somebody whose seat ends so may serve a next term, or None for never.

    Below the maximum at once; at it after the time that the policy makes people wait. A policy with a maximum and
    no such time lets nobody come back.
    """
    if seats.maximum_terms is None or terms < seats.maximum_terms:
        return ends
    return None if seats.cooling_off is None else add_span(ends, seats.cooling_off)


def rota_of(session: Session, council: Council, today: date) -> list[Leaving]:
    """Return everybody who sits in the body on a day or later, who leaves first first."""
    seats = council.seats
    places = {place.last.seat_id: place for place in council.places if place.last.seat_id}
    held: dict[str, list[HeldSeat]] = defaultdict(list)
    office = office_of(session, council)
    for seat in all_seats(session):
        if (seat.body, seat.office) == office and seat.deputy_for is None:
            held[seat.member_id].append(seat)
    found = []
    for own in held.values():
        seat = max(own, key=lambda one: one.starts)
        if seat.is_void or (seat.ends is not None and seat.ends <= today):
            continue
        place = places.get(seat.seat_id)
        ends = seat.ends or (place.last.term_until if place else None)
        terms = terms_in_a_row(seats, [Term(one.starts, one.ends) for one in own], max(today, seat.starts)).terms
        found.append(
            Leaving(
                number=seat.number,
                name=seat.name,
                place=f"{place.contest} {place.number}" if place else "",
                group=group_of(session, council, place) if place else None,
                last_day=None if ends is None else ends - DAY,
                terms=terms,
                most=seats.maximum_terms,
                again_from=None if ends is None else may_stand_again(seats, terms, ends),
            )
        )
    return sorted(found, key=lambda one: (one.last_day or date.max, one.name))


def group_of(session: Session, council: Council, place: Place) -> int | None:
    """Return the group that a place leaves with the first time; None where all leave together, or not drawn yet."""
    return groups(session, council).get((place.contest, place.number))


def groups(session: Session, council: Council) -> dict[Key, int]:
    """Return the group of each place, where the members leave in turn and the whole body is elected at once."""
    rule = council.seats.staggering
    if rule is None or not _whole_body(session, council):
        return {}
    if rule.first_groups_by == "order_of_election":
        last_first = [(place.contest, place.number) for place in reversed(council.places)]
        return groups_by_order(last_first, rule.groups)
    rows = session.exec(select(RotaGroup).where(RotaGroup.procedure_id == council.poll.running.procedure.id))
    return {(row.contest, row.place): row.leaves_with for row in rows}


def undrawn(session: Session, council: Council) -> Words | None:
    """Return that the groups which leave in turn have to be drawn first, or None."""
    rule = council.seats.staggering
    if rule is None or not _whole_body(session, council) or groups(session, council):
        return None
    name = council.poll.running.procedure.name
    return Words(
        nl=f"er is nog niet geloot wie in welke groep aftreedt: `stembus council rota {name} --seed TEKST`",
        en=f"the groups that leave in turn are not drawn yet: `stembus council rota {name} --seed TEXT`",
    )


def draw_rota(
    transaction: "Transaction",
    council: Council,
    *,
    seed: str,
    drawn_by: str,
    witnesses: Sequence[str],
    by: Sequence[str],
) -> dict[Key, int]:
    """Draw which places leave first, from a public seed, and return the group of each: drawn first leaves first.

    The lot is about places, not about people: the order is SHA-256(seed LF procedure/rota LF contest/place). Raises
    `Refused` where the policy draws no groups, or they were drawn before.
    """
    session, running, rule = transaction.session, council.poll.running, council.seats.staggering
    if rule is None or rule.first_groups_by != "lot" or not _whole_body(session, council):
        raise Refused(
            "In {procedure} no groups are drawn: nobody leaves in turn by lot this time.",
            procedure=running.procedure.name,
        )
    if groups(session, council):
        raise Refused("The groups were drawn already; a lot is never drawn twice.")
    if not seed.strip() or not drawn_by.strip() or not any(name.strip() for name in witnesses):
        raise UnusableInput("A lot needs a seed (--seed), who drew it (--drawn-by) and who watched (--witness).")
    people = signed(
        transaction, running, by, (seating_of(council.policy).owner,), least=2, what=Sentence("Drawing the groups")
    )
    keys = [(place.contest, place.number) for place in council.places]
    try:
        order = order_from_seed(seed.strip(), f"{running.procedure.name}/rota", [f"{c}/{n}" for c, n in keys])
    except CountError as error:
        raise UnusableInput(str(error)) from None
    drawn = groups_by_order([keys[one] for one in order], rule.groups)
    act_id = transaction.record(
        Act(
            kind="council.rota_drawn",
            by=people.actors,
            ground=f"{running.adopted.policy_id} {running.adopted.version}: seats.staggering",
            subject={"procedure": running.procedure.id},
            details={"drawn_by": drawn_by, "witnesses": ", ".join(witnesses)},
            public={"seed": seed.strip(), "groups": rule.groups},
        )
    )
    for (contest, number), group in drawn.items():
        session.add(
            RotaGroup(
                procedure_id=running.procedure.id, contest=contest, place=number, leaves_with=group, act_id=act_id
            )
        )
    session.flush()
    return drawn


def _whole_body(session: Session, council: Council) -> bool:
    """Whether nobody sits in the body by another election once it meets: then it is the first time."""
    others = seats_elsewhere(session, council)
    return all(seat.ends is not None and seat.ends <= council.first_meeting for seat in others)
