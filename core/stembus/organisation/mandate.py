"""Which seats count on a day: a pure rule over seats, absences, deputies and the bootstrap."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from stembus.organisation.bodies import BOOTSTRAP, BodyDefinition
from stembus.organisation.incompatible import Sitting


class HeldSeat(Sitting, frozen=True, kw_only=True):
    """A seat with who sits in it and when it was given, as people are told."""

    number: str
    name: str
    given_at: datetime

    @property
    def mandate(self) -> str:
        """The seat whose power it uses: of a deputy, the seat that they stand in for."""
        return self.deputy_for or self.seat_id


class Absence(msgspec.Struct, frozen=True):
    """Days on which the holder of a seat is absent, up to but not on `ends`."""

    seat_id: str
    starts: date
    ends: date | None


def acting(seats: Sequence[HeldSeat], absences: Iterable[Absence], day: date) -> list[HeldSeat]:
    """Return the seats that give their holder power on `day`.

    A seat counts on the days of its term while its holder is not absent; a deputy's seat on the days of its own term
    on which the other holder is; a founder's seat until the first seat given after it, elsewhere, begins.
    """
    running = {seat.seat_id: seat for seat in seats if runs(seat.starts, seat.ends, day)}
    absent = {absence.seat_id for absence in absences if runs(absence.starts, absence.ends, day)}
    found = []
    for seat in running.values():
        if seat.deputy_for is not None:
            counts = seat.deputy_for in running and seat.deputy_for in absent
        elif seat.body == BOOTSTRAP:
            counts = not _lapsed(seat, seats, day)
        else:
            counts = seat.seat_id not in absent
        if counts:
            found.append(seat)
    return found


def allows(seat: HeldSeat, power: str, definitions: Mapping[str, BodyDefinition]) -> bool:
    """Whether a seat allows `power` by the adopted definition of its body; a founder's allows everything."""
    if seat.body == BOOTSTRAP:
        return True
    definition = definitions.get(seat.body)
    return definition is not None and any(
        office.name == seat.office and power in office.powers for office in definition.offices
    )


def reaches(
    seat: HeldSeat,
    branch: str | None,
    definitions: Mapping[str, BodyDefinition],
    bodies: Container[str] | None = None,
) -> bool:
    """Whether a seat counts for something of `branch` (the slug of its body; None: of the whole party).

    A seat in a branch reaches what is that branch's own and nothing else; any other seat reaches everything, or, with
    `bodies`, only where its body is one of those.
    """
    definition = definitions.get(seat.body)
    if definition is None:
        return bodies is None or seat.body == BOOTSTRAP or seat.body in bodies
    return seat.body == branch if definition.is_branch else bodies is None or seat.body in bodies


def runs(starts: date, ends: date | None, day: date) -> bool:
    """Whether `day` lies from `starts` up to but not on `ends`."""
    return starts <= day and (ends is None or day < ends)


def _lapsed(founder: HeldSeat, seats: Iterable[HeldSeat], day: date) -> bool:
    return any(
        seat.body != BOOTSTRAP and seat.given_at >= founder.given_at and seat.starts <= day and not seat.is_void
        for seat in seats
    )
