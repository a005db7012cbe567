"""Looking up the roll: one member's own row, why somebody is on it or not, and how many are."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import bindparam, literal
from sqlmodel import Session, col, func, select

from stembus.conduct.running import Running, running_of
from stembus.organisation.facts import facts_on
from stembus.organisation.member import display_name
from stembus.organisation.states import BATCH
from stembus.organisation.tables import Member
from stembus_polls.procedure_now import day_of
from stembus_polls.roll.freeze import judged_facts
from stembus_polls.roll.leaf import Proof, prove, tree
from stembus_polls.roll.rows import current_version, leaf, leaves, versions
from stembus_polls.roll.tables import RollRow, RollVersion
from stembus_polls.roll.verdict import judge_voter, roll_of
from stembus_procedures import Verdict
from stembus_procedures.language.values import Words

if TYPE_CHECKING:
    from stembus_polls.contests import Contest


class OnRoll(Struct, frozen=True, kw_only=True):
    """A member on the roll, and the contests they vote in."""

    member_id: str
    number: str
    contests: tuple[str, ...]


class NotOnRoll(Struct, frozen=True):
    """Why a member may not vote in a contest: one reason or more."""

    reasons: tuple[Words, ...]


class OwnRow(Struct, frozen=True, kw_only=True):
    """What one member is told about themselves: row and proof where there is one, and every check with its reason.

    `is_provisional` while the roll is not frozen: judged on what is known now. `changed` says what happened to the
    row after freezing (an objection, a late addition).
    """

    number: str
    name: str
    contests: tuple[str, ...]
    proof: Proof | None
    verdict: Verdict
    is_provisional: bool
    changed: str = ""


def on_roll(session: Session, procedure_id: str, contest: str, member_id: str) -> OnRoll | NotOnRoll:
    """Return the member's row for a contest, or why there is none.

    Within a write the row stays as it is until the end of it: whoever takes it off the roll waits.
    """
    row = session.exec(_ROW, params={"procedure": procedure_id, "member": member_id}).first()
    if row is not None and contest in row.contests.split():
        return OnRoll(member_id=member_id, number=row.number, contests=tuple(row.contests.split()))
    return NotOnRoll(_reasons(session, procedure_id, contest, member_id, row))


_ROW = (
    select(RollRow)
    .where(
        RollRow.procedure_id == bindparam("procedure"),
        RollRow.member_id == bindparam("member"),
        col(RollRow.until).is_(None),
    )
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)


def why_not_on_roll(session: Session, contest: "Contest", member_ids: Sequence[str]) -> Mapping[str, Words]:
    """Return those of these members who are not on the roll of a contest, each with the reasons."""
    there: set[str] = set()
    for start in range(0, len(member_ids), BATCH):
        query = (
            select(RollRow.member_id, RollRow.contests)
            .where(
                RollRow.procedure_id == contest.procedure_id,
                col(RollRow.member_id).in_(member_ids[start : start + BATCH]),
                col(RollRow.until).is_(None),
            )
            .with_for_update(read=True)
        )
        there.update(member for member, contests in session.exec(query) if contest.id in contests.split())
    missing = [member for member in member_ids if member not in there]
    found: dict[str, Words] = {}
    for member in missing:
        reasons = _reasons(session, contest.procedure_id, contest.id, member, None)
        found[member] = Words(
            nl="niet op de kiezerslijst. " + " ".join(dict.fromkeys(reason.nl for reason in reasons)).rstrip("."),
            en="not on the roll. " + " ".join(dict.fromkeys(reason.en for reason in reasons)).rstrip("."),
        )
    return found


def rows_on_roll(session: Session, procedure_id: str, contest: str) -> list[OnRoll]:
    """Return everybody on the roll of a contest, in the order of their numbers. For the stembureau only."""
    query = select(RollRow.member_id, RollRow.number, RollRow.contests).where(
        RollRow.procedure_id == procedure_id, col(RollRow.until).is_(None)
    )
    return [
        OnRoll(member_id=member, number=number, contests=tuple(contests.split()))
        for member, number, contests in session.exec(query.order_by(col(RollRow.number)))
        if contest in contests.split()
    ]


def roll_size(session: Session, procedure_id: str, contest: str | None = None) -> int:
    """Return how many members are on the roll: of one contest, or of all together (nobody twice)."""
    version = current_version(session, procedure_id)
    if version is None:
        return 0
    if contest is None:
        return version.size
    in_order = literal(" ") + col(RollRow.contests) + literal(" ")
    return session.exec(
        select(func.count())
        .select_from(RollRow)
        .where(
            RollRow.procedure_id == procedure_id,
            col(RollRow.until).is_(None),
            in_order.contains(f" {contest} ", autoescape=True),
        )
    ).one()


def history(session: Session, running: Running) -> list[RollVersion]:
    """Return every version of the roll with its root, oldest first: public, since roots say nothing of people."""
    return versions(session, running.procedure.id)


def own_row(session: Session, running: Running, member: Member) -> OwnRow:
    """Return what this member is told about themselves. Nobody else is told it."""
    procedure_id = running.procedure.id
    name = display_name(member.given, member.particle, member.surname)
    version = current_version(session, procedure_id)
    verdict = why(session, running, member)
    if version is None:
        return OwnRow(number=member.number, name=name, contests=(), proof=None, verdict=verdict, is_provisional=True)
    rows = session.exec(
        select(RollRow)
        .where(RollRow.procedure_id == procedure_id, RollRow.member_id == member.id)
        .order_by(col(RollRow.since))
    ).all()
    row = next((row for row in rows if row.until is None), None)
    causes = {one.version: one.cause for one in versions(session, procedure_id)}
    moments = [row.since for row in rows] + [row.until for row in rows if row.until is not None]
    changed = ", ".join(dict.fromkeys(causes[at] for at in sorted(moments) if causes.get(at, "frozen") != "frozen"))
    proof = None
    if row is not None:
        hashes = tree(leaves(session, procedure_id, version.version))
        proof = prove(leaf(procedure_id, row.number, row.contests, row.salt), hashes, version.version)
    return OwnRow(
        number=member.number,
        name=name,
        contests=tuple(row.contests.split()) if row else (),
        proof=proof,
        verdict=verdict,
        is_provisional=False,
        changed=changed,
    )


def why(session: Session, running: Running, member: Member) -> Verdict:
    """Return each condition of the right to vote with its reason, on the facts of the record date."""
    day = day_of(running, f"{roll_of(running.policy).id}.record_date")
    judged = judged_facts(session, running.procedure.id, member.id)
    facts = judged[0] if judged else facts_on(session, [member.id], day)[member.id].facts
    return judge_voter(running.policy, facts, day)


def _reasons(
    session: Session, procedure_id: str, contest: str, member_id: str, row: RollRow | None
) -> tuple[Words, ...]:
    running = running_of(session, procedure_id)
    if current_version(session, procedure_id) is None:
        return (Words(nl="De kiezerslijst is nog niet vastgelegd.", en="The roll is not frozen yet."),)
    if row is None:
        row = session.exec(
            select(RollRow).where(
                RollRow.procedure_id == procedure_id, RollRow.member_id == member_id, col(RollRow.until).is_(None)
            )
        ).first()
    if row is not None:
        theirs = ", ".join(row.contests.split()) or "-"
        return (Words(nl=f"Stemt in {theirs}, niet in {contest}.", en=f"Votes in {theirs}, not in {contest}."),)
    verdict = why(session, running, session.get_one(Member, member_id))
    removed = Words(nl="Na een bezwaar van de kiezerslijst gehaald.", en="Taken off the roll on an objection.")
    return tuple(check.reason for check in verdict.reasons) or (removed,)
