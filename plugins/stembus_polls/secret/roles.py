"""The roles in a secret poll exclude each other: who keeps a key, makes credentials, counts papers, or stands."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from stembus.conduct.holding import sits_in
from stembus.errors import Refused, UnusableInput
from stembus.organisation.authority import acting_seats, current_definitions
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_polls.contests import Contest
from stembus_polls.secret.exclusions import NAMES, Clash, Role, clashes
from stembus_polls.secret.tables import SecretRole
from stembus_procedures.language.electronic import Electronic
from stembus_procedures.sentence import Sentence

TRUSTEE, AUTHORITY, ADMINISTRATOR = "trustee", "authority", "administrator"
NAMED_AS: Mapping[str, Role] = {
    TRUSTEE: "trustee",
    AUTHORITY: "credential_authority",
    ADMINISTRATOR: "administrator",
}
"""What the parts that a poll gives are called among all that exclude each other."""


def check_roles(
    session: Session,
    contest: Contest,
    rule: Electronic,
    named: tuple[Sequence[str], str],
    now: datetime,
    *,
    administrators: Sequence[str] = (),
) -> tuple[list[str], str]:
    """Return the ids of the trustees and of the credential authority, who are `named` by number.

    `administrators` are the members who run the server. Raises `UnusableInput` for another number of trustees than the
    policy says, `Refused` for somebody without a seat in the body that it names, or with a role that excludes this one.
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
    for number, member_id in zip((*trustees, authority), ids, strict=True):
        body = rule.trustees if number in trustees else rule.credential_authority
        if contest.policy.bodies[body].kind not in ("person", "assembly") and body not in sits.get(member_id, set()):
            raise Refused(
                "Member {number} has no seat in {body} today.", number=number, body=contest.policy.bodies[body].name
            )
    running_it = {member_numbered(session, number).id for number in administrators}
    holders = {**_others(contest, sits), "trustee": ids[:-1], "credential_authority": ids[-1:]}
    _require_apart(session, {**holders, "administrator": running_it})
    return ids[:-1], ids[-1]


def clashes_now(session: Session, contest: Contest, uuid: str, moment: datetime) -> list[Clash]:
    """Return who was given a part in a poll and has, at `moment`, another one that excludes it.

    Somebody can be appointed to the stembureau or elected into the board after the poll was prepared.
    """
    rows = session.exec(select(SecretRole).where(SecretRole.uuid == uuid)).all()
    holders: dict[Role, Collection[str]] = {
        NAMED_AS[role]: {row.member_id for row in rows if row.role == role} for role in NAMED_AS
    }
    found = clashes({**_others(contest, _bodies(session, contest, moment)), **holders})
    return [clash for clash in found if set(NAMED_AS.values()) & set(clash.roles)]


def said_of(session: Session, clash: Clash) -> Sentence:
    """Return who has which two parts, and why they exclude each other."""
    one, other = clash.roles
    return Sentence(
        "Member {number} is {one} and {other}: {reason}.",
        number=session.get_one(Member, clash.person).number,
        one=NAMES[one],
        other=NAMES[other],
        reason=clash.reason,
    )


def _others(contest: Contest, sits: Mapping[str, Collection[str]]) -> dict[Role, Collection[str]]:
    """Who has a role that the poll did not give: counts papers, is on a board, or stands."""
    policy = contest.policy
    boards = {name for name, body in policy.bodies.items() if body.kind == "board"}
    bureau = set() if policy.bureau is None else {policy.bureau.body}
    return {
        "bureau": {member for member, bodies in sits.items() if bureau & set(bodies)},
        "board": {member for member, bodies in sits.items() if boards & set(bodies)},
        "candidate": {one.member_id for one in contest.candidates},
    }


def _require_apart(session: Session, holders: Mapping[Role, Collection[str]]) -> None:
    """Refuse the first clash of a role of the poll. That others keep apart is for the composition of the stembureau."""
    for clash in clashes(holders):
        if {"trustee", "credential_authority", "administrator"} & set(clash.roles):
            one, other = clash.roles
            raise Refused(
                "Member {number} would be {one} and is {other}: {reason}.",
                number=session.get_one(Member, clash.person).number,
                one=NAMES[one],
                other=NAMES[other],
                reason=clash.reason,
            )


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
