"""Objections to the roll: made by a member about their own row, decided by the body that the policy names."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from stembus.conduct.acting import enters
from stembus.conduct.running import Running
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_polls.powers import ENTER
from stembus_polls.procedure_now import local, lock_procedure, moment, signed
from stembus_polls.roll.change import Change, change_row
from stembus_polls.roll.rows import Frozen, require_frozen
from stembus_polls.roll.tables import RollObjection, RollRow
from stembus_polls.roll.verdict import roll_of
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


def make_objection(transaction: "Transaction", running: Running, number: str, *, by: str, ground: str) -> int:
    """Note the objection of a member to their own row, or to its absence, and return its number.

    Raises `Refused` outside the term of the policy, or while an earlier one of theirs is open.
    """
    session = transaction.session
    actor = enters(transaction, running, number, by, ENTER)
    lock_procedure(session, running)
    require_frozen(session, running)
    stage = roll_of(running.policy).id
    opens, closes = (moment(running, f"{stage}.objection.{end}") for end in ("opens", "closes"))
    if not opens <= transaction.now < closes:
        raise Refused(
            "An objection to the roll can be made from {opens} until {closes}; it is now {now}. Nothing was noted.",
            opens=local(running, opens),
            closes=local(running, closes),
            now=local(running, transaction.now),
        )
    member = member_numbered(session, number)
    there = objections(session, running.procedure.id)
    if still := [row.number for row in there if row.member_id == member.id and not row.decision]:
        raise Refused(
            "Objection {still} of member {number} is still open: it is decided first.", still=still[0], number=number
        )
    row_number = len(there) + 1
    act_id = transaction.record(
        Act(
            kind="roll.objected",
            by=(actor,),
            ground=ground,
            subject={"procedure": running.procedure.id, "member": member.id},
            details={"number": row_number},
        )
    )
    row = RollObjection(
        procedure_id=running.procedure.id,
        number=row_number,
        member_id=member.id,
        ground=ground,
        at=transaction.now,
        act_id=act_id,
    )
    session.add(row)
    session.flush()
    return row_number


def decide_objection(
    transaction: "Transaction",
    running: Running,
    objection: int,
    *,
    upheld: bool,
    by: Sequence[str],
    ground: str,
    remove: bool = False,
    contests: Sequence[str] = (),
) -> Frozen | None:
    """Decide an objection; upheld it changes the row of the member and returns the new version of the roll.

    Who is not on the roll is added; who is on it is moved to `contests`, or taken off with `remove`. It takes two
    people, one of the body that the policy names, before the moment that it names. Raises `UnusableInput` for a change
    that does not fit the outcome or the row.
    """
    if not upheld and (remove or contests):
        raise UnusableInput("A rejected objection changes nothing: leave out --remove and --contest.")
    session, procedure_id = transaction.session, running.procedure.id
    lock_procedure(session, running)
    row = _open_objection(transaction, running, objection)
    body = roll_of(running.policy).objection.decided_by
    people = signed(transaction, running, by, (body,), least=2, what=Sentence("Deciding an objection"))
    member = session.get_one(Member, row.member_id)
    version = None
    if upheld:
        change = _change(session, running, member, remove, contests)
        version = change_row(
            transaction,
            running,
            member,
            change,
            by=people.actors,
            ground=ground,
            contests=contests,
            cause=f"objection {objection}",
        )
    row.decision, row.decision_ground, row.decided_at = "upheld" if upheld else "rejected", ground, transaction.now
    session.add(row)
    session.flush()
    transaction.record(
        Act(
            kind="roll.objection_decided",
            by=people.actors,
            ground=ground,
            subject={"procedure": procedure_id, "member": member.id},
            details={"number": objection, "decision": row.decision},
        )
    )
    return version


DECIDED = {"upheld": Sentence("upheld"), "rejected": Sentence("rejected")}


def objections(session: Session, procedure_id: str) -> list[RollObjection]:
    """Return every objection to a roll, in order."""
    query = select(RollObjection).where(RollObjection.procedure_id == procedure_id)
    return list(session.exec(query.order_by(col(RollObjection.number))))


def _open_objection(transaction: "Transaction", running: Running, objection: int) -> RollObjection:
    before = moment(running, f"{roll_of(running.policy).id}.objection.decided_before")
    row = transaction.session.get(RollObjection, (running.procedure.id, objection))
    if row is None:
        raise UnusableInput(
            "There is no objection {objection} in {procedure}.", objection=objection, procedure=running.procedure.name
        )
    if row.decision:
        raise Refused(
            "Objection {objection} was {decision} already: that stands.",
            objection=objection,
            decision=DECIDED.get(row.decision, row.decision),
        )
    if transaction.now >= before:
        raise Refused(
            "Objections had to be decided before {before}. Nothing was changed.", before=local(running, before)
        )
    return row


def _change(session: Session, running: Running, member: Member, remove: bool, contests: Sequence[str]) -> Change:
    there = session.exec(
        select(RollRow.since).where(
            RollRow.procedure_id == running.procedure.id,
            RollRow.member_id == member.id,
            col(RollRow.until).is_(None),
        )
    ).first()
    if there is None and remove:
        raise UnusableInput(
            "Member {number} is not on the roll, so there is nothing to remove: upheld without --remove the member is "
            "added.",
            number=member.number,
        )
    if there is None:
        return "added"
    if remove == bool(contests):
        raise UnusableInput(
            "Member {number} is on the roll: say what changes, with --contest NAME or with --remove.",
            number=member.number,
        )
    return "removed" if remove else "moved"
