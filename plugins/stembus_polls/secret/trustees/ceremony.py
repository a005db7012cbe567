"""The key ceremony on the server: a board for messages that takes one of each trustee in each round, and none twice.

It checks what it can, so that who sends something wrong is named at once. The trustees' programs check all of it again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session, col, func, select

from stembus.conduct.acting import two_act
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.canonical import Record as Text
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.ceremony_record import (
    Complaint,
    Plan,
    Record,
    Reveal,
    block_of,
    check_commitment,
    check_key,
    check_reveal,
    fingerprint_of,
    guilty_of,
    is_proven,
    spoken,
)
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.signed import Signed
from stembus_ballots.protocol.trustees import ThresholdRecord, TrusteeKey, check_certificates, trustees_text
from stembus_polls.contests import Contest
from stembus_polls.powers import BOX_PREPARE
from stembus_polls.secret.poll import lock_board
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.access import record_of_trustee
from stembus_polls.secret.trustees.tables import CeremonyEnded, CeremonyMessage, TrusteeAccess
from stembus_polls.trustee.rounds import SealedShares, introductions
from stembus_polls.trustee.sealing import Introduction, check_introduction
from stembus_polls.trustee.wire import Message, NotTaken, Posted, Round, Taken

if TYPE_CHECKING:
    from stembus.instance import Transaction

BEFORE: Mapping[Round, Round] = {
    "commitments": "certificates",
    "reveals": "commitments",
    "shares": "reveals",
    "complaints": "shares",
    "answers": "shares",
    "keys": "shares",
}
"""Which round has to be whole before a message of another is taken: nobody shows anything before all have committed."""


def plan_of(session: Session, poll: SecretPoll) -> Plan:
    """Return the plan of the ceremony that is going on, or that made the key."""
    return Plan(f"{poll.uuid}.{attempt_of(session, poll.uuid)}", poll.group, poll.trustees, poll.threshold)


def attempt_of(session: Session, uuid: str) -> int:
    """Return which ceremony is the present one, from 1."""
    ended = session.exec(select(func.count()).select_from(CeremonyEnded).where(CeremonyEnded.uuid == uuid)).one()
    return ended + 1


def messages_of(session: Session, poll: SecretPoll) -> tuple[Message, ...]:
    """Return what was said in the present ceremony."""
    rows = session.exec(
        select(CeremonyMessage)
        .where(CeremonyMessage.uuid == poll.uuid, CeremonyMessage.attempt == attempt_of(session, poll.uuid))
        .order_by(col(CeremonyMessage.round), col(CeremonyMessage.sender), col(CeremonyMessage.recipient))
    )
    return tuple(
        Message(round=row.round, sender=row.sender, recipient=row.recipient, body=row.body)  # type: ignore[arg-type]
        for row in rows
    )


def spoken_of(session: Session, poll: SecretPoll) -> str:
    """Return the numbers that the trustees read to each other, empty before all certificates are there."""
    record = record_so_far(plan_of(session, poll), messages_of(session, poll))
    return spoken(fingerprint_of(record.certificates)) if record.certificates else ""


def take_message(transaction: "Transaction", poll: SecretPoll, number: int, posted: Posted) -> Taken | NotTaken:
    """Take a message of trustee `number`, or say why not. The same message again is taken, another in its place never.

    What breaks the protocol is recorded as an act that names the trustee. The last key makes the trustees' record.
    """
    session = transaction.session
    lock_board(session, poll)
    session.refresh(poll)
    plan = plan_of(session, poll)
    if posted.ceremony != plan.ceremony:
        return NotTaken(reason="ceremony.other", said="The ceremony began again: this message is of an earlier one.")
    said = messages_of(session, poll)
    there = next(
        (m for m in said if (m.round, m.sender, m.recipient) == (posted.round, number, posted.recipient)), None
    )
    if there is not None and there.body == posted.body:
        return Taken()
    try:
        if there is not None:
            raise ProtocolError("ceremony.twice", f"Trustee {number} sent another message in this round before.")
        _Round(plan, said, number, posted).check()
    except _TooEarly as early:
        return NotTaken(reason="ceremony.early", said=str(early))
    except ProtocolError as error:
        record_of_trustee(transaction, poll, number, "trustee.refused", what=posted.round, reason=error.rule)
        return NotTaken(reason=error.rule, said=str(error))
    session.add(
        CeremonyMessage(
            uuid=poll.uuid,
            attempt=attempt_of(session, poll.uuid),
            round=posted.round,
            sender=number,
            recipient=posted.recipient,
            body=posted.body,
        )
    )
    session.flush()
    _follow(transaction, poll, plan, messages_of(session, poll), posted.round)
    return Taken()


def restart(
    transaction: "Transaction", contest: Contest, *, by: tuple[str, str], ground: str, replaced: Sequence[int] = ()
) -> None:
    """End the present ceremony, as an act of two: the next message begins another one under a new id.

    The key that was made, if one was, is used no more. The trustees in `replaced` need a new invitation, for a new
    machine. Raises `Refused` once the poll was set up under the key.
    """
    session = transaction.session
    actors = two_act(transaction, contest, by, BOX_PREPARE)
    poll = require_poll(transaction, contest)
    lock_board(session, poll)
    if poll.election is not None:
        raise Refused("The poll {uuid} was set up under its key, which cannot be replaced any more.", uuid=poll.uuid)
    attempt = attempt_of(session, poll.uuid)
    act_id = transaction.record(
        Act(
            kind="trustees.restarted",
            by=actors,
            ground=ground,
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "attempt": attempt},
        )
    )
    session.add(CeremonyEnded(uuid=poll.uuid, attempt=attempt, act_id=act_id))
    for number in replaced:
        row = session.get(TrusteeAccess, (poll.uuid, number))
        if row is not None:
            session.delete(row)
    poll.trustees_record = None
    session.add(poll)
    session.flush()


class _TooEarly(Exception):  # noqa: N818 - not a fault: others have to speak first
    """A message that comes before its round."""


class _Round:
    """A message as it comes, and what was said before it."""

    def __init__(self, plan: Plan, said: Sequence[Message], number: int, posted: Posted) -> None:
        self.plan, self.number, self.posted = plan, number, posted
        self.said = said
        self.record = record_so_far(plan, said)

    def check(self) -> None:
        """Raises ProtocolError for a message that does not hold, _TooEarly before its round."""
        before = BEFORE.get(self.posted.round)
        if before is not None and len(_of(self.said, before)) < self.plan.size:
            raise _TooEarly(f"The round “{before}” is not whole yet.")
        if (self.posted.recipient == 0) != (self.posted.round not in ("complaints", "answers")):
            raise ProtocolError("ceremony.form", "The message is for nobody, or for one where it should be for all.")
        checks: dict[Round, Callable[[], object]] = {
            "certificates": self._certificate,
            "commitments": lambda: check_commitment(self.record, self.number, self._read(Signed)),
            "reveals": lambda: check_reveal(self.record, self.number, self._read(Reveal)),
            "shares": self._shares,
            "complaints": self._complaint,
            "answers": self._answer,
            "keys": lambda: check_key(self.record, self.number, self._read(TrusteeKey)),
        }
        checks[self.posted.round]()

    def _certificate(self) -> None:
        check_introduction(self.plan, self.number, self._read(Introduction))
        whole = {**_of(self.said, "certificates"), self.number: self.posted.body}
        if len(whole) == self.plan.size:
            certificates = [one.certificate for one in introductions(self.plan, whole)]
            check_certificates(certificates, self.plan.threshold, self.record.group, with_context=True)

    def _shares(self) -> None:
        if len(self._read(SealedShares)) != self.plan.size:
            raise ProtocolError("ceremony.shares", f"There is not one share for each of {self.plan.size} trustees.")

    def _complaint(self) -> None:
        complaint = self._read(Complaint)
        if (complaint.accuser, complaint.accused) != (self.number, self.posted.recipient):
            raise ProtocolError("ceremony.complaint", "A complaint is made in one's own name.")
        if not 1 <= complaint.accused <= self.plan.size:
            raise ProtocolError("ceremony.complaint", f"There is no trustee {complaint.accused}.")

    def _answer(self) -> None:
        self._read(Signed)
        if not any(
            (m.round, m.sender, m.recipient) == ("complaints", self.posted.recipient, self.number) for m in self.said
        ):
            raise ProtocolError("ceremony.answer", "Nobody complained of that.")

    def _read(self, kind: type[Text]) -> Text:
        return read_canonical(self.posted.body.encode(), kind, f"ceremony.{self.posted.round}", "The message")


def record_so_far(plan: Plan, said: Sequence[Message]) -> Record:
    """Return the rounds that are whole. Each message in them was checked when it came."""
    record = Record(plan=plan)
    certificates, commitments, reveals = (_of(said, name) for name in ("certificates", "commitments", "reveals"))
    if len(certificates) == plan.size:
        whole = tuple(one.certificate for one in introductions(plan, certificates))
        record = Record(plan=plan, certificates=whole)
    if len(commitments) == plan.size:
        record = Record(plan=plan, certificates=record.certificates, commitments=_all(commitments, Signed))
    if len(reveals) == plan.size:
        record = Record(
            plan=plan,
            certificates=record.certificates,
            commitments=record.commitments,
            reveals=_all(reveals, Reveal),
        )
    return record


def _follow(transaction: "Transaction", poll: SecretPoll, plan: Plan, said: Sequence[Message], round_: Round) -> None:
    """What a message brings about: certificates whose fingerprint is public, somebody who must leave, or the key."""
    record = record_so_far(plan, said)
    if round_ == "certificates" and record.certificates:
        fingerprint = fingerprint_of(record.certificates)
        _announce(transaction, poll, "trustees.certified", fingerprint=fingerprint, spoken=spoken(fingerprint))
    elif round_ in ("complaints", "answers"):
        for guilty in guilty_in(record, said):
            _announce(transaction, poll, "trustees.guilty", trustee=guilty)
    elif round_ == "keys" and len(_of(said, "keys")) == plan.size:
        block = block_of(record, _all(_of(said, "keys"), TrusteeKey))
        poll.trustees_record = trustees_text((ThresholdRecord(block),))
        transaction.session.add(poll)
        fingerprint = fingerprint_of(record.certificates)
        sha256 = hash_of(poll.trustees_record)
        _announce(transaction, poll, "trustees.key_made", fingerprint=fingerprint, record_sha256=sha256)


def guilty_in(record: Record, said: Sequence[Message]) -> list[int]:
    """Return who must leave because of complaints; one that was not answered yet counts where the share was signed."""
    answers = {(m.sender, m.recipient): m.body for m in said if m.round == "answers"}
    found = set()
    for message in said:
        if message.round != "complaints":
            continue
        complaint = read_canonical(message.body.encode(), Complaint, "ceremony.complaints", "A complaint")
        given = answers.get((complaint.accused, complaint.accuser))
        if given is None and not is_proven(record, complaint):
            continue
        answered = None if given is None else read_canonical(given.encode(), Signed, "ceremony.answers", "An answer")
        guilty = guilty_of(record, complaint, answered)
        found |= {guilty} if guilty else set()
    return sorted(found)


def _announce(transaction: "Transaction", poll: SecretPoll, kind: str, **public: str | int) -> None:
    transaction.record(
        Act(
            kind=kind,
            by=(),
            ground="",
            subject={"procedure": poll.procedure_id, "contest": poll.contest, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, **public},
        )
    )


def _of(said: Sequence[Message], round_: Round) -> dict[int, str]:
    return {m.sender: m.body for m in said if (m.round, m.recipient) == (round_, 0)}


def _all(bodies: Mapping[int, str], kind: type[Text]) -> tuple[Text, ...]:
    return tuple(
        read_canonical(body.encode(), kind, "ceremony.form", "A message") for _sender, body in sorted(bodies.items())
    )
