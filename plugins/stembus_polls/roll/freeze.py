"""Freezing the roll: the whole membership is judged on the record date, and the root of the rows is made public."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus.organisation.facts import MemberOnDay
from stembus.organisation.states import BATCH
from stembus_polls.contests import ContestPlan
from stembus_polls.lots.order import drawn_order
from stembus_polls.procedure_now import day_of, local, lock_procedure, members_concerned, moment, signed
from stembus_polls.roll.plans import contest_plans, merged_contests
from stembus_polls.roll.rows import Frozen, current_version, insert_rows, record_version
from stembus_polls.roll.tables import RollJudgement, RollRow
from stembus_polls.roll.verdict import contests_of_voter, judge_voter, roll_of
from stembus_polls.secret.small import too_small_groups
from stembus_procedures import MemberFacts
from stembus_procedures.language.stages import Vote
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(MemberFacts).decode


def freeze_roll(
    transaction: "Transaction", running: Running, *, by: Sequence[str], ground: str = ""
) -> tuple[Frozen, int]:
    """Judge every member on the record date and freeze who may vote; return the version and how many may not.

    In what a branch holds nobody else is judged than the members of that branch.

    It takes two people, one of the body that keeps the roll. Raises `Refused` before the record date, once the vote
    is open, when the number of seats is not decided, or when it was frozen for this record date before.
    """
    session, procedure_id = transaction.session, running.procedure.id
    lock_procedure(session, running)
    stage = roll_of(running.policy)
    _require_time(transaction, running)
    bodies = (stage.owner, stage.substitute) if stage.substitute else (stage.owner,)
    people = signed(transaction, running, by, bodies, least=2, what=Sentence("Freezing the roll"))
    day = day_of(running, f"{stage.id}.record_date")
    before = current_version(session, procedure_id)
    if before is not None and before.record_day == day:
        raise Refused(
            "The roll of {procedure} was frozen on {at} for {day}: from then on it changes by objection or late "
            "addition only.",
            procedure=running.procedure.name,
            at=local(running, before.at),
            day=day,
        )
    version = 1 if before is None else before.version + 1
    _end_rows(session, procedure_id, version)
    members = members_concerned(session, running, day)
    entitled = [member for member in members if judge_voter(running.policy, member.facts, day).allowed]
    contests, merged = votes_in(session, running, entitled)
    _write_judgements(session, procedure_id, members)
    insert_rows(
        session,
        procedure_id,
        version,
        [(one.member_id, one.number, contests[one.member_id]) for one in entitled],
    )
    ground = ground or f"{running.adopted.policy_id} {running.adopted.version}"
    row = record_version(
        transaction, running, version, day, cause="frozen", by=people.actors, ground=ground, merged=merged
    )
    return row, len(members) - len(entitled)


def votes_in(
    session: Session, running: Running, entitled: Sequence[MemberOnDay]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the contests that each of these members votes in, by id, and those that are merged: too few vote in them.

    Once the order of the names is drawn, who stands on which paper stays: a contest that has become too small since
    does not open. Raises `Refused` while the number of seats is not decided.
    """
    plans = contest_plans(running)
    if drawn_order(session, running):
        merged = merged_contests(session, running)
    else:
        on_roll = Counter(chain.from_iterable(_each(running, plans, entitled).values()))
        merged = too_small_groups(running.policy, plans, on_roll)
    return _each(running, contest_plans(running, merged), entitled), merged


def _each(
    running: Running, plans: Sequence[ContestPlan], entitled: Sequence[MemberOnDay]
) -> dict[str, tuple[str, ...]]:
    return {
        one.member_id: contests_of_voter(running.policy, plans, one.facts.branch, is_abroad=one.abroad)
        for one in entitled
    }


def judged_facts(session: Session, procedure_id: str, member_id: str) -> tuple[MemberFacts, bool] | None:
    """Return the facts on which a member was judged, and whether they lived abroad; None when they were not judged."""
    row = session.get(RollJudgement, (procedure_id, member_id))
    return None if row is None else (_unpack(row.facts), row.abroad)


def write_judgement(session: Session, procedure_id: str, member: MemberOnDay) -> None:
    """Keep the facts of somebody who was not known when the roll was frozen."""
    session.add(
        RollJudgement(
            procedure_id=procedure_id, member_id=member.member_id, facts=_pack(member.facts), abroad=member.abroad
        )
    )
    session.flush()


def _require_time(transaction: "Transaction", running: Running) -> None:
    stage = roll_of(running.policy)
    record_date = moment(running, f"{stage.id}.record_date")
    if transaction.now < record_date:
        raise Refused(
            "The right to vote is judged on {record_date}: freeze the roll after that.",
            record_date=local(running, record_date),
        )
    for vote in running.policy.stages_of(Vote):
        opens = moment(running, f"{vote.id}.opens")
        if transaction.now >= opens:
            raise Refused("The vote opened at {opens}: no roll can be frozen any more.", opens=local(running, opens))


def _end_rows(session: Session, procedure_id: str, version: int) -> None:
    """End what was frozen for an earlier date, before the procedure was postponed."""
    session.execute(
        update(RollRow)
        .where(col(RollRow.procedure_id) == procedure_id, col(RollRow.until).is_(None))
        .values(until=version)
    )
    if session.exec(select(RollJudgement.member_id).where(RollJudgement.procedure_id == procedure_id).limit(1)).first():
        session.execute(delete(RollJudgement).where(col(RollJudgement.procedure_id) == procedure_id))


def _write_judgements(session: Session, procedure_id: str, members: Sequence[MemberOnDay]) -> None:
    for start in range(0, len(members), BATCH):
        session.execute(
            insert(RollJudgement),
            [
                {
                    "procedure_id": procedure_id,
                    "member_id": member.member_id,
                    "facts": _pack(member.facts),
                    "abroad": member.abroad,
                }
                for member in members[start : start + BATCH]
            ],
        )
