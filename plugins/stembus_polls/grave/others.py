"""Deciding about a candidate where it takes two, and entering the record of the meeting."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from stembus.access.grave_acts import GraveAct, Who
from stembus.conduct.about_procedure import OfProcedure, about_procedure, running, speaking_for
from stembus.conduct.acting import who_has
from stembus.errors import UnusableInput
from stembus_polls.candidates.decide import decide
from stembus_polls.candidates.form import candidacy_of
from stembus_polls.candidates.judging import judge
from stembus_polls.candidates.rows import numbers_of
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.meeting.enter import last_record, record_meeting
from stembus_polls.meeting.record import record_in
from stembus_polls.powers import MEETING_RECORD
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


RECORD = "record"
"""What a mistake in the record is said to be in."""


class CandidateDecision(OfProcedure, frozen=True):
    """A candidacy by its entry, and what is decided."""

    entry: int
    outcome: Literal["admitted", "refused"]
    ground: str


class Minutes(OfProcedure, frozen=True):
    """The record of the meeting as TOML, and where the minutes are found."""

    record: str
    ground: str


def _row(transaction: "Transaction", arguments: CandidateDecision) -> Candidacy:
    row = transaction.session.get(Candidacy, (arguments.procedure, arguments.entry))
    if row is None:
        raise UnusableInput("There is no candidacy {entry}.", entry=arguments.entry)
    return row


def _decision_sentences(transaction: "Transaction", arguments: CandidateDecision) -> Sequence[Sentence]:
    row = _row(transaction, arguments)
    verdict = judge(transaction.session, running(transaction, arguments), [row])[row.entry]
    decided = {
        "admitted": Sentence("{name} is admitted as a candidate.", name=row.name),
        "refused": Sentence("{name} is not admitted as a candidate.", name=row.name),
    }[arguments.outcome]
    met = Sentence("Every condition is met.")
    return (
        decided,
        *([Sentence("Not met or not known: {reason}", reason=check.reason) for check in verdict.reasons] or [met]),
        Sentence("The ground of the decision: {ground}", ground=arguments.ground),
    )


def _deciders(transaction: "Transaction", arguments: CandidateDecision) -> Who:
    found, row = running(transaction, arguments), _row(transaction, arguments)
    stage = candidacy_of(found.policy)
    if stage.appeal is not None and row.decision == "refused" and row.appealed_at is not None:
        return speaking_for(transaction, found, (stage.appeal.to,))
    return speaking_for(transaction, found, (stage.owner, stage.substitute) if stage.substitute else (stage.owner,))


def _decide(transaction: "Transaction", arguments: CandidateDecision, first: str, second: str) -> object:
    row = _row(transaction, arguments)
    number = numbers_of(transaction.session, [row])[row.member_id]
    return decide(
        transaction,
        running(transaction, arguments),
        number,
        arguments.outcome,
        by=(first, second),
        ground=arguments.ground,
    )


def _stands(transaction: "Transaction", arguments: CandidateDecision) -> object:
    row = _row(transaction, arguments)
    return [row.decision, row.appealed_at is not None, row.withdrawn_at is not None]


CANDIDATE_DECISION = GraveAct(
    name="polls.candidate_decision",
    title="decide about a candidate",
    arguments=CandidateDecision,
    sentences=_decision_sentences,
    who=_deciders,
    carry_out=_decide,
    subject=about_procedure,
    rests_on=_stands,
)


def _minutes_sentences(transaction: "Transaction", arguments: Minutes) -> Sequence[Sentence]:
    record = record_in(arguments.record, RECORD)
    before = last_record(transaction.session, running(transaction, arguments))[0]
    said = [
        Sentence("The record of the meeting is entered.")
        if before is None
        else Sentence("The record of the meeting is entered again. It replaces the one before.")
    ]
    if record.present is not None:
        said.append(Sentence("{present} members were present.", present=record.present.in_room + record.present.online))
    said.append(Sentence("{proxies} proxies.", proxies=len(record.proxies)))
    if record.statement is not None:
        said.append(Sentence("{by} stated: {outcome}", by=record.statement.by, outcome=record.statement.outcome))
    return (*said, Sentence("The whole record: {record}", record=arguments.record))


def _enter_minutes(transaction: "Transaction", arguments: Minutes, first: str, second: str) -> object:
    return record_meeting(
        transaction,
        running(transaction, arguments),
        record_in(arguments.record, RECORD),
        by=(first, second),
        ground=arguments.ground,
    )


MEETING_MINUTES = GraveAct(
    name="polls.meeting_record",
    title="enter the record of the meeting",
    arguments=Minutes,
    sentences=_minutes_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), MEETING_RECORD),
    carry_out=_enter_minutes,
    subject=about_procedure,
)

OTHER_GRAVE_ACTS = (CANDIDATE_DECISION, MEETING_MINUTES)
