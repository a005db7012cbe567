"""Changing one row after freezing: added, removed or moved to other contests. Each makes a new public root."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from sqlmodel import col, select

from stembus.conduct.running import Running
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Actor
from stembus.organisation.facts import facts_on
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.procedure_now import local, lock_procedure, moment, require_dates, signed
from stembus_polls.roll.freeze import judged_facts, write_judgement
from stembus_polls.roll.plans import plans_now
from stembus_polls.roll.rows import Frozen, insert_rows, record_version, require_frozen
from stembus_polls.roll.tables import RollRow, RollVersion
from stembus_polls.roll.verdict import contests_of_voter, roll_of
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

Change = Literal["added", "removed", "moved"]


def add_late(
    transaction: "Transaction",
    running: Running,
    number: str,
    *,
    by: Sequence[str],
    ground: str,
    contests: Sequence[str] = (),
) -> Frozen:
    """Add a member after freezing, as the policy allows: who, until when, with how many signatures (at least two).

    Raises `Refused` where the policy has no late additions, too late, or for somebody on the roll already.
    """
    rule = roll_of(running.policy).late_additions
    if not rule.allowed or rule.decided_by is None:
        raise Refused(
            "The policy of {procedure} adds nobody after the roll was frozen.", procedure=running.procedure.name
        )
    until = None if rule.until is None else moment(running, f"{roll_of(running.policy).id}.late_additions.until")
    if until is not None and transaction.now >= until:
        raise Refused("A member could be added until {until}. Nothing was changed.", until=local(running, until))
    lock_procedure(transaction.session, running)
    people = signed(
        transaction, running, by, (rule.decided_by,), least=max(2, rule.signatures), what=Sentence("Adding to the roll")
    )
    member = member_numbered(transaction.session, number)
    return change_row(
        transaction, running, member, "added", by=people.actors, ground=ground, contests=contests, cause="added late"
    )


def change_row(
    transaction: "Transaction",
    running: Running,
    member: Member,
    change: Change,
    *,
    by: tuple[Actor, ...],
    ground: str,
    contests: Sequence[str] = (),
    cause: str,
) -> Frozen:
    """Write the change of one row as a new version with its root; who may decide so was looked at before.

    Without `contests` somebody who is added votes in those of their branch. Raises `Refused` when the row is not as
    the change takes it to be, or when the member has had a paper already; `UnusableInput` for an unknown contest.
    """
    require_dates(running)
    session, procedure_id = transaction.session, running.procedure.id
    before = require_frozen(session, running)
    known = {plan.id for plan in plans_now(session, running)}
    if unknown := sorted(set(contests) - known):
        raise UnusableInput("There is no contest {unknown}: there are {known}.", unknown=unknown, known=sorted(known))
    row = session.exec(
        select(RollRow)
        .where(RollRow.procedure_id == procedure_id, RollRow.member_id == member.id, col(RollRow.until).is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    _as_expected(transaction, running, member, change, row)
    if change == "added":
        _of_the_branch(transaction, running, member, before)
    votes_in = tuple(contests) or _own_contests(transaction, running, member, before)
    if change == "moved" and row is not None and row.contests.split() == list(votes_in):
        raise Refused(
            "Member {number} votes in {votes_in} already: name other contests.", number=member.number, votes_in=votes_in
        )
    if row is not None:
        row.until = before.version + 1
        session.add(row)
        session.flush()
    if change != "removed":
        insert_rows(session, procedure_id, before.version + 1, [(member.id, member.number, votes_in)])
    return record_version(
        transaction,
        running,
        before.version + 1,
        before.record_day,
        cause=cause,
        by=by,
        ground=ground,
        member_id=member.id,
        before=before.root,
    )


def _as_expected(
    transaction: "Transaction", running: Running, member: Member, change: Change, row: RollRow | None
) -> None:
    if change == "added" and row is not None:
        raise Refused(
            "Member {number} is on the roll already, for {contests}.",
            number=member.number,
            contests=row.contests.split(),
        )
    if change != "added" and row is None:
        raise Refused("Member {number} is not on the roll: there is no row to change.", number=member.number)
    struck = transaction.session.exec(
        select(StrikeOff.contest).where(
            StrikeOff.procedure_id == running.procedure.id, StrikeOff.member_id == member.id
        )
    ).first()
    if change != "added" and struck is not None:
        raise Refused(
            "Member {number} was struck off for {struck} already: the row stays as it is.",
            number=member.number,
            struck=struck,
        )


def _of_the_branch(transaction: "Transaction", running: Running, member: Member, version: RollVersion) -> None:
    """Raise `Refused` for somebody who, as is known now, was not of the branch that holds the procedure."""
    if running.held_by is None:
        return
    branches = roll_of(running.policy).vote_right.branches
    found = facts_on(transaction.session, [member.id], version.record_day)[member.id].facts.branch
    if found not in branches:
        raise Refused(
            "Member {number} was of the branch {found} on {day}, and only members of {branches} vote here. If that is "
            "wrong, correct the membership roll first. Nothing was changed.",
            number=member.number,
            found=found or "–",
            day=version.record_day,
            branches=list(branches),
        )


def _own_contests(
    transaction: "Transaction", running: Running, member: Member, version: RollVersion
) -> tuple[str, ...]:
    session, procedure_id = transaction.session, running.procedure.id
    judged = judged_facts(session, procedure_id, member.id)
    if judged is None:
        found = facts_on(session, [member.id], version.record_day)[member.id]
        write_judgement(session, procedure_id, found)
        judged = found.facts, found.abroad
    facts, is_abroad = judged
    if facts.ended_on is not None and facts.ended_on <= version.record_day:
        raise Refused(
            "Member {number} was no member any more on {record_day}: nobody can add them.",
            number=member.number,
            record_day=version.record_day,
        )
    return contests_of_voter(running.policy, plans_now(session, running), facts.branch, is_abroad=is_abroad)
