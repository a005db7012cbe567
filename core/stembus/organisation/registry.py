"""Finding members by number or by words, also under a number that was merged away."""

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from stembus.errors import UnusableInput
from stembus.organisation.tables import Member


def member_numbered(session: Session, number: str) -> Member:
    """Return the member with this number; a number that was merged leads to the member that is kept.

    Raises `UnusableInput` when nobody has it, and says so when only leading zeros differ.
    """
    member = session.exec(select(Member).where(Member.number == number)).first()
    while member is not None and member.merged_into is not None:
        member = session.get(Member, member.merged_into)
    if member is not None:
        return member
    near = session.exec(select(Member.number).where(func.ltrim(Member.number, "0") == number.lstrip("0"))).first()
    if near is not None:
        raise UnusableInput(
            "No member has the number {number!r} (there is a {near!r}: leading zeros count). `stembus members find "
            "NAME` looks them up.",
            number=number,
            near=near,
        )
    raise UnusableInput(
        "No member has the number {number!r}. `stembus members find NAME` looks them up.", number=number
    )


def find_members(session: Session, words: str, limit: int = 50) -> list[Member]:
    """Return members in whose number, name or mail address every one of `words` occurs, in the order of their names."""
    query = select(Member)
    for word in words.split():
        pattern = "%" + word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Member.number, Member.given, Member.particle, Member.surname, Member.email)
        query = query.where(or_(*(func.lower(col(column)).like(pattern, escape="\\") for column in columns)))
    return list(session.exec(query.order_by(col(Member.surname), col(Member.given), col(Member.number)).limit(limit)))
