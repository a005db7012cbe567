"""Entering the record of a meeting, its proxies included, and judging it with what else is known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete
from sqlmodel import Session, col, select

from stembus.conduct.acting import two_act
from stembus.conduct.holding import sits_in
from stembus.conduct.running import Running
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.organisation.authority import all_seats, current_definitions
from stembus.organisation.facts import facts_on
from stembus.organisation.mandate import runs
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_polls.candidates.rows import candidacies, possible
from stembus_polls.counting.declared import require_undeclared
from stembus_polls.meeting.proxies import Involved, Weighed, weigh_proxies
from stembus_polls.meeting.record import MeetingRecord, Membership, Proxy, moments_of
from stembus_polls.meeting.tables import MeetingEntry, MeetingProxy
from stembus_polls.meeting.verdict import Known, Rules, judge_meeting
from stembus_polls.powers import MEETING_RECORD
from stembus_polls.procedure_now import day_of, local, lock_procedure, members_concerned, planned, require_dates
from stembus_polls.roll.lookup import roll_size
from stembus_polls.roll.rows import require_frozen
from stembus_polls.roll.tables import RollRow
from stembus_procedures import Verdict
from stembus_procedures.events import Block
from stembus_procedures.language.stages import Convocation, Meeting, Result, Vote
from stembus_procedures.language.values import Words
from stembus_procedures.language.voting import Proxies
from stembus_procedures.sentence import Sentence
from stembus_procedures.timeline import zone_of

if TYPE_CHECKING:
    from stembus.instance import Transaction


def record_meeting(
    transaction: "Transaction", running: Running, record: MeetingRecord, *, by: tuple[str, str], ground: str = ""
) -> tuple[Verdict, tuple[Weighed, ...]]:
    """Enter the record of the meeting; it replaces what was entered before. Return the verdict and each proxy's.

    It takes two people. Raises `Refused` before the roll is frozen and once the result is declared, `UnusableInput` for
    an unknown member number or a moment that is still to come.
    """
    actors = two_act(transaction, running, by, MEETING_RECORD)
    session, procedure_id = transaction.session, running.procedure.id
    lock_procedure(session, running)
    require_dates(running)
    require_undeclared(
        session, running, Sentence("its meeting stands as recorded; put what was wrong with `poll incident add`.")
    )
    _require_held(running, record, transaction.now)
    meeting_of(running)
    require_frozen(session, running)
    weighed = _weigh(session, running, record.proxies)
    called = _membership(session, running, record)
    number = len(_entries(session, procedure_id)) + 1
    act_id = transaction.record(
        Act(
            kind="meeting.recorded",
            by=actors,
            ground=ground or f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": procedure_id},
            details={"record": msgspec.to_builtins(record)},
            public={"number": number},
        )
    )
    session.add(
        MeetingEntry(
            procedure_id=procedure_id,
            number=number,
            record=msgspec.json.encode(msgspec.structs.replace(record, proxies=())).decode(),
            called=msgspec.json.encode(called).decode(),
            at=transaction.now,
            act_id=act_id,
        )
    )
    session.execute(delete(MeetingProxy).where(col(MeetingProxy.procedure_id) == procedure_id))
    for one in {one.giver.member_id: one for one in weighed}.values():
        session.add(
            MeetingProxy(
                procedure_id=procedure_id,
                giver_id=one.giver.member_id,
                holder_id=one.holder.member_id,
                given_at=one.proxy.given_at,
                set_aside=one.set_aside,
            )
        )
    session.flush()
    return meeting_verdict(session, running), weighed


def _require_held(running: Running, record: MeetingRecord, now: datetime) -> None:
    for key, at in moments_of(record):
        if at is not None and at > now:
            raise UnusableInput(
                "`{key}` is {at}, which is still to come: record the meeting when it was held.",
                key=key,
                at=local(running, at),
            )


def meeting_verdict(session: Session, running: Running) -> Verdict:
    """Return every requirement on the meeting in which the votes count, each met or not with its arithmetic.

    `allowed` says whether all are met; "elected" may be said only then. Nothing entered: not met. A vote that counts
    in no meeting asks for none.
    """
    stage = _counting_meeting(running)
    if stage is None:
        return Verdict(())
    record, membership = last_record(session, running)
    proxies = _proxies(session, running.procedure.id)
    entitled = roll_size(session, running.procedure.id)
    known = Known(
        entitled=entitled,
        membership=membership,
        of_body=_of_body(session, running, stage, entitled),
        proxies=sum(not proxy.set_aside for proxy in proxies),
        set_aside=tuple(proxy.set_aside for proxy in proxies if proxy.set_aside),
    )
    return judge_meeting(_rules(running, stage), record, known)


def last_record(session: Session, running: Running) -> tuple[MeetingRecord | None, Membership | None]:
    """Return the record in force with its proxies, and the membership at the convocation; None when there is none."""
    entries = _entries(session, running.procedure.id)
    if not entries:
        return None, None
    record = msgspec.json.decode(entries[-1].record, type=MeetingRecord)
    rows = _proxies(session, running.procedure.id)
    ids = {row.giver_id for row in rows} | {row.holder_id for row in rows}
    numbers: Mapping[str, str] = dict(
        session.exec(select(Member.id, Member.number).where(col(Member.id).in_(ids))).all()
    )
    proxies = tuple(
        Proxy(giver=numbers[row.giver_id], holder=numbers[row.holder_id], given_at=row.given_at) for row in rows
    )
    membership = msgspec.json.decode(entries[-1].called, type=Membership | None)
    return msgspec.structs.replace(record, proxies=proxies), membership


def proxies_of(session: Session, procedure_id: str, holder_member_id: str) -> list[str]:
    """Return the members (ids) whose paper may be handed to this holder: proxies that hold."""
    query = select(MeetingProxy.giver_id).where(
        MeetingProxy.procedure_id == procedure_id,
        MeetingProxy.holder_id == holder_member_id,
        MeetingProxy.set_aside == "",
    )
    return list(session.exec(query.order_by(col(MeetingProxy.given_at))))


def meeting_blocks(session: Session, running: Running) -> list[Block]:
    """Return what the record of the meeting lacks, which blocks the meeting and every result of votes in it."""
    stage = _counting_meeting(running)
    if stage is None or running.state.anchors is None:
        return []
    verdict = meeting_verdict(session, running)
    if verdict.allowed:
        return []
    nl = " ".join(check.reason.nl for check in verdict.reasons[:3])
    en = " ".join(check.reason.en for check in verdict.reasons[:3])
    waiting = (stage.id, *(result.id for result in running.policy.stages_of(Result)))
    return [Block(waits, "meeting_record", Words(nl=nl, en=en), stage.owner) for waits in waiting]


def meeting_of(running: Running) -> Meeting:
    """Return the meeting in which the votes count. Raises `Refused` when the policy has none."""
    stage = _counting_meeting(running)
    if stage is None:
        raise Refused(
            "The policy of {procedure} has no meeting in which the votes count.", procedure=running.procedure.name
        )
    return stage


def _counting_meeting(running: Running) -> Meeting | None:
    vote = running.policy.first(Vote)
    if vote is None or vote.counts_in is None:
        return None
    return next((stage for stage in running.policy.stages_of(Meeting) if stage.id == vote.counts_in), None)


def _rules(running: Running, stage: Meeting) -> Rules:
    policy = running.policy
    vote = policy.first(Vote)
    convocation = next((one for one in policy.stages_of(Convocation) if one.meeting == stage.id), None)
    documents = convocation is not None and convocation.documents_due is not None
    return Rules(
        meeting=stage,
        convocation=convocation,
        vote=vote,
        begins=planned(running, f"{stage.id}.begins"),
        vote_closes=planned(running, f"{vote.id}.closes") if vote else None,
        send_by=day_of(running, f"{convocation.id}.due") if convocation else None,
        documents_by=day_of(running, f"{convocation.id}.documents_due") if convocation and documents else None,
        zone=zone_of(policy),
    )


def _proxy_rule(running: Running) -> tuple[Proxies, str]:
    """Return the rule on proxies, of the vote where it has its own, with the name of its last moment."""
    vote = running.policy.first(Vote)
    if vote is not None and vote.proxies is not None:
        return vote.proxies, f"{vote.id}.proxies.until"
    stage = meeting_of(running)
    return stage.proxies, f"{stage.id}.proxies.until"


def _weigh(session: Session, running: Running, proxies: Sequence[Proxy]) -> tuple[Weighed, ...]:
    rule, name = _proxy_rule(running)
    until = planned(running, name).astimezone(zone_of(running.policy)) if rule.until is not None else None
    numbers = {number for proxy in proxies for number in (proxy.giver, proxy.holder)}
    ids = {number: member_numbered(session, number).id for number in numbers}
    on_roll = set(
        session.exec(
            select(RollRow.member_id).where(
                RollRow.procedure_id == running.procedure.id,
                col(RollRow.until).is_(None),
                col(RollRow.member_id).in_(ids.values()),
            )
        )
    )
    candidates = {row.member_id for row in possible(running, candidacies(session, running.procedure.id))}
    facts = facts_on(session, ids.values(), day_of(running, f"{meeting_of(running).id}.begins"))
    involved = {
        number: Involved(id_, facts[id_].facts.branch, id_ in on_roll, id_ in candidates) for number, id_ in ids.items()
    }
    given = [(proxy, involved[proxy.giver], involved[proxy.holder]) for proxy in proxies]
    return weigh_proxies(rule, given, until)


def _membership(session: Session, running: Running, record: MeetingRecord) -> Membership | None:
    if record.called is None or not record.called.sent:
        return None
    day = max(sent.on for sent in record.called.sent)
    members = [
        member
        for member in members_concerned(session, running, day)
        if member.facts.registered_on is not None
        and member.facts.registered_on <= day
        and (member.facts.ended_on is None or member.facts.ended_on > day)
    ]
    return Membership(members=len(members), by_email=sum(member.by_email for member in members))


def _of_body(session: Session, running: Running, stage: Meeting, entitled: int) -> int:
    if running.policy.bodies[stage.body].kind == "assembly":
        return entitled
    day, definitions = day_of(running, f"{stage.id}.begins"), current_definitions(session)
    return sum(
        sits_in(seat, stage.body, running.held_by, definitions)
        and seat.deputy_for is None
        and runs(seat.starts, seat.ends, day)
        for seat in all_seats(session)
    )


def _entries(session: Session, procedure_id: str) -> list[MeetingEntry]:
    query = select(MeetingEntry).where(MeetingEntry.procedure_id == procedure_id)
    return list(session.exec(query.order_by(col(MeetingEntry.number))))


def _proxies(session: Session, procedure_id: str) -> list[MeetingProxy]:
    query = select(MeetingProxy).where(MeetingProxy.procedure_id == procedure_id)
    return list(session.exec(query.order_by(col(MeetingProxy.given_at), col(MeetingProxy.giver_id))))
