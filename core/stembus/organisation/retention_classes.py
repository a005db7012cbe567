"""The retention classes of what the core keeps about members and seats."""

# readers: members

from collections.abc import Iterator

from sqlmodel import Session, col, select

from stembus.organisation.tables import MemberImport, MemberPeriod, Seat
from stembus.vault.retention import Ended, RetentionClass
from stembus.words import N_


def memberships_over(session: Session) -> Iterator[Ended]:
    """Give each member who left, and the day."""
    rows = session.exec(select(MemberPeriod).where(MemberPeriod.kind == "left", col(MemberPeriod.ends).is_(None)))
    return (Ended(row.member_id, row.starts) for row in rows)


def _imported(session: Session) -> Iterator[Ended]:
    return (Ended(None, at.date()) for at in session.exec(select(MemberImport.at)))


def _seats_over(session: Session) -> Iterator[Ended]:
    rows = session.exec(select(Seat).where(col(Seat.ends).is_not(None)))
    return (Ended(row.member_id, row.ends) for row in rows if row.ends is not None)


ORGANISATION_RETENTION: tuple[RetentionClass, ...] = (
    RetentionClass(
        name="members",
        holds=N_("number, name, address, birth date, dates of membership, contribution, branch, suspension"),
        purpose=N_("to know who is a member and which rights they have on which day"),
        ground=N_("GDPR 9(2)(d) and 6(1)(b): the party's own members; UAVG 22(2)(c)"),
        keep=N_("as long as the membership lasts, and 2 years after"),
        days=731,
        ended=memberships_over,
    ),
    RetentionClass(
        name="member_imports",
        holds=N_("what a member looked like before an import changed it"),
        purpose=N_("to undo an import that was wrong"),
        ground=N_("GDPR 5(1)(d): accuracy"),
        keep=N_("90 days after the import"),
        days=90,
        ended=_imported,
    ),
    RetentionClass(
        name="seats",
        holds=N_("who held which seat, from when until when, by which act"),
        purpose=N_("to show by what mandate an act was done"),
        ground=N_("GDPR 6(1)(f): accountability of the association to its members"),
        keep=N_("as long as the acts done in the seat can be challenged, and 7 years after"),
        then="archive",
        days=2557,
        ended=_seats_over,
    ),
)
