"""What the report says of the meeting in which the election took place, from its record."""

from datetime import date

from sqlmodel import Session, func, select

from stembus_ballots.quorum import Attendance, quorum_verdict
from stembus_ballots.quorum import Quorum as Share
from stembus_polls.counting.report_names import body_name, in_both
from stembus_polls.meeting.enter import last_record, meeting_verdict
from stembus_polls.meeting.record import Challenge, MeetingRecord
from stembus_polls.meeting.tables import MeetingProxy
from stembus_polls.poll import Poll
from stembus_polls.procedure_now import day_of
from stembus_polls.report import content
from stembus_polls.roll.lookup import roll_size
from stembus_procedures.language.stages import Convocation, Meeting
from stembus_procedures.language.voting import Quorum


def meeting_part(session: Session, poll: Poll) -> content.Meeting | None:
    """Return the meeting as the office recorded it; None while its record lacks how it was called or who was there."""
    running, vote = poll.running, poll.contests[0].vote
    record, _ = last_record(session, running)
    stage = next((one for one in running.policy.stages_of(Meeting) if one.id == vote.counts_in), None)
    if stage is None or record is None or record.called is None or record.present is None or not record.called.sent:
        return None
    convocation = next((one for one in running.policy.stages_of(Convocation) if one.meeting == stage.id), None)
    planned = day_of(running, f"{stage.id}.begins")
    convened = max(sent.on for sent in record.called.sent)
    latest = convened if convocation is None else day_of(running, f"{convocation.id}.due")
    proxies = session.exec(
        select(func.count())
        .select_from(MeetingProxy)
        .where(MeetingProxy.procedure_id == running.procedure.id, MeetingProxy.set_aside == "")
    ).one()
    entitled = roll_size(session, running.procedure.id)
    return content.Meeting(
        body=body_name(running.policy, stage.body),
        held_on=planned,
        convened_on=convened,
        clear_days=_clear_days(convened, planned),
        clear_days_needed=0 if convocation is None else _clear_days(latest, planned),
        agenda_item=record.called.agenda_item,
        entitled=entitled,
        present=_present(record),
        proxies=proxies,
        quorum=_quorum(session, poll, stage, record, entitled=entitled, proxies=proxies),
        second_meeting=record.first_meeting is not None,
        chairs_ruling="" if record.statement is None else f"{record.statement.by}: {record.statement.outcome}",
        challenge=_challenge(record.challenges[-1]) if record.challenges else None,
    )


def _quorum(
    session: Session, poll: Poll, stage: Meeting, record: MeetingRecord, *, entitled: int, proxies: int
) -> content.Arithmetic | None:
    rule: Quorum | None = stage.quorum
    if record.first_meeting is not None and stage.second_meeting is not None:
        rule = stage.second_meeting.quorum
    check = next((check for check in meeting_verdict(session, poll.running).checks if check.rule == "quorum"), None)
    if rule is None or check is None:
        return None
    held = proxies if rule.counts_proxies or stage.proxies.counts_for_quorum else 0
    if rule.fraction is None:
        needed = (rule.number or 1) + rule.strict
    else:
        share = Share(base="entitled", fraction=rule.fraction, strict=rule.strict, counts_proxies=bool(held))
        needed = quorum_verdict(
            share, Attendance(entitled=entitled, present=_present(record), proxies=held), cast=0
        ).needed
    return content.Arithmetic(
        base=entitled,
        needed=needed,
        counted=_present(record) + held,
        met=check.outcome == "met",
        sum=in_both(check.reason),
    )


def _challenge(challenge: Challenge) -> content.Challenge:
    nl, en = ("opnieuw gestemd", "voted again") if challenge.revoted else ("niet opnieuw gestemd", "not voted again")
    votes = f"{challenge.in_favour}–{challenge.against}"
    return content.Challenge(challenge.by, "BW 2:13", content.Text(f"{votes}: {nl}", f"{votes}: {en}"))


def _present(record: MeetingRecord) -> int:
    return 0 if record.present is None else record.present.in_room + record.present.online


def _clear_days(sent: date, meeting: date) -> int:
    return (meeting - sent).days - 1
