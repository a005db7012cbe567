"""What a seat would mean before it is given, and what would be left undone once it ends: for whoever decides it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec
from sqlmodel import Session

from stembus.organisation.authority import all_seats, current_definitions
from stembus.organisation.bodies import BodyDefinition, Office
from stembus.organisation.facts import facts_on
from stembus.organisation.incompatible import Clash, clashes, most_at_once, rules_of
from stembus.organisation.mandate import HeldSeat, allows, reaches
from stembus.organisation.powers import Power
from stembus.organisation.seats import Appointment, planned_seat


class SeatOutlook(msgspec.Struct, frozen=True, kw_only=True):
    """A seat as it would be, what stands in its way, and what one wants to know before giving it.

    `held` is the largest number of seats of the office on one day, this one included; `in_office` who holds one now or
    later; `own` the other seats of the same person, now or later; `earlier` their terms in this office that are over;
    `left_on` the day on which they left the party, if they did.
    """

    seat: HeldSeat
    body: BodyDefinition
    office: Office
    clashes: tuple[Clash, ...]
    held: int
    in_office: tuple[HeldSeat, ...]
    own: tuple[HeldSeat, ...]
    earlier: tuple[HeldSeat, ...]
    left_on: date | None

    @property
    def is_full(self) -> bool:
        """Whether all seats of the office are taken on a day of the term."""
        return self.held > self.office.seats

    @property
    def is_free(self) -> bool:
        """Whether no rule stands in its way."""
        return not self.clashes and not self.is_full


def outlook(session: Session, wanted: Appointment, now: datetime, day: date) -> SeatOutlook:
    """Return what giving a seat would mean on `day`. Raises `UnusableInput` as `planned_seat` does."""
    definitions = current_definitions(session)
    new = planned_seat(session, wanted, definitions, now)
    seats = all_seats(session)
    others = [seat for seat in seats if not seat.is_void and (seat.ends is None or seat.ends > day)]
    left = facts_on(session, [new.member_id], day)[new.member_id].facts.ended_on
    return SeatOutlook(
        seat=new,
        body=definitions[new.body],
        office=definitions[new.body].office(new.office),
        clashes=tuple(clashes(new, seats, rules_of(definitions))),
        held=most_at_once(new.body, new.office, [*seats, new]),
        in_office=tuple(seat for seat in others if _same_office(seat, new)),
        own=tuple(seat for seat in others if seat.member_id == new.member_id),
        earlier=tuple(
            seat
            for seat in seats
            if seat.member_id == new.member_id and _same_office(seat, new) and not seat.is_void and seat not in others
        ),
        left_on=left if left is not None and left <= day else None,
    )


def left_undone(
    acting: Sequence[HeldSeat],
    seat: HeldSeat,
    definitions: Mapping[str, BodyDefinition],
    powers: Iterable[Power],
) -> list[Power]:
    """Return the powers that enough people hold by the seats that act, and too few once `seat` is over.

    A grave power takes two people, any other one. A seat in a branch is weighed within that branch.
    """
    definition = definitions.get(seat.body)
    branch = seat.body if definition is not None and definition.is_branch else None
    found = []
    for power in powers:
        may = [one for one in acting if allows(one, power.name, definitions) and reaches(one, branch, definitions)]
        needed = 2 if power.grave else 1
        others = {one.member_id for one in may if seat.seat_id not in (one.seat_id, one.deputy_for)}
        if len(others) < needed <= len({one.member_id for one in may}):
            found.append(power)
    return found


def _same_office(one: HeldSeat, other: HeldSeat) -> bool:
    return (one.body, one.office) == (other.body, other.office)
