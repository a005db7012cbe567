"""The roles in a secret poll exclude each other: who keeps a key, makes credentials, counts papers, or stands."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from stembus.conduct.holding import sits_in
from stembus.errors import Refused, UnusableInput
from stembus.organisation.authority import acting_seats, current_definitions
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_polls.contests import Contest
from stembus_polls.secret.tables import SecretRole
from stembus_procedures.language.electronic import Electronic

TRUSTEE, AUTHORITY = "trustee", "authority"


def check_roles(
    session: Session, contest: Contest, rule: Electronic, named: tuple[Sequence[str], str], now: datetime
) -> tuple[list[str], str]:
    """Return the ids of the trustees and of the credential authority, who are `named` by number.

    Raises `UnusableInput` for another number of trustees than the policy says, `Refused` for somebody without a seat in
    the body that it names, or with another role.
    """
    trustees, authority = named
    if len(trustees) != rule.number:
        raise UnusableInput(
            "The policy has {number} trustees, and {named} are named.", number=rule.number, named=len(trustees)
        )
    ids = [member_numbered(session, number).id for number in (*trustees, authority)]
    if len(set(ids)) < len(ids):
        raise Refused("Somebody is named twice: the trustees and the credential authority are different people.")
    sits = _bodies(session, contest, now)
    standing = {one.member_id for one in contest.candidates}
    barred = {
        body
        for body, known in contest.policy.bodies.items()
        if known.kind == "board" or (contest.policy.bureau is not None and body == contest.policy.bureau.body)
    }
    for number, member_id in zip((*trustees, authority), ids, strict=True):
        body = rule.trustees if number in trustees else rule.credential_authority
        theirs = sits.get(member_id, set())
        if contest.policy.bodies[body].kind not in ("person", "assembly") and body not in theirs:
            raise Refused(
                "Member {number} has no seat in {body} today.", number=number, body=contest.policy.bodies[body].name
            )
        if member_id in standing:
            raise Refused("Member {number} is a candidate, and cannot have a role in the poll.", number=number)
        if other := sorted(theirs & barred):
            raise Refused(
                "Member {number} sits in {other}: that excludes a role in the secret poll.",
                number=number,
                other=contest.policy.bodies[other[0]].name,
            )
    return ids[:-1], ids[-1]


def holders_of(session: Session, uuid: str, role: str) -> list[Member]:
    """Return who has a role, in the order of their numbers."""
    rows = session.exec(
        select(Member)
        .join(SecretRole, col(SecretRole.member_id) == col(Member.id))
        .where(SecretRole.uuid == uuid, SecretRole.role == role)
        .order_by(col(SecretRole.number))
    )
    return list(rows)


def _bodies(session: Session, contest: Contest, now: datetime) -> dict[str, set[str]]:
    """In which bodies of the policy everybody with a seat sits."""
    definitions = current_definitions(session)
    found: dict[str, set[str]] = {}
    for seat in acting_seats(session, contest.local(now).date()):
        found.setdefault(seat.member_id, set()).update(
            body for body in contest.policy.bodies if sits_in(seat, body, contest.held_by, definitions)
        )
    return found
