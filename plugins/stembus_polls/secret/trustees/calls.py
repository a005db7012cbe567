"""What the program of a trustee can call: JSON, by the secret of that program, about its own poll only."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from stembus.web import Answer, Visit, answered, call
from stembus_polls.secret.board import archive_bytes
from stembus_polls.secret.credentials_now import list_text
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.trustees.access import TrusteeHere, begin, invited, report_destroyed, trustee_with
from stembus_polls.secret.trustees.ceremony import messages_of, plan_of, take_message
from stembus_polls.secret.trustees.contributions import Offered, take_contribution
from stembus_polls.secret.trustees.due import go_on
from stembus_polls.secret.trustees.ledger_seen import ledger_seen
from stembus_polls.secret.trustees.rehearsals import ask, take_rehearsal
from stembus_polls.secret.trustees.seen import seen_by
from stembus_polls.trustee.token import token_sha256
from stembus_polls.trustee.wire import (
    Began,
    Decryption,
    LedgerSeen,
    Messages,
    Mix,
    NotTaken,
    PollSeen,
    Posted,
    RehearsalTask,
    Rehearsed,
    Taken,
)

if TYPE_CHECKING:
    from stembus.instance import Instance

ROOT = "/api/trustees/{uuid:str}"
LARGE = 512 * 1024 * 1024
"""Room for the mix of some 50,000 ranked ballots; only a trustee of the poll gets so far."""


def knows(instance: "Instance", uuid: str, secret: str) -> TrusteeHere | None:
    """Whose program shows this secret, for this poll."""
    with instance.read() as session:
        return trustee_with(session, uuid, token_sha256(secret))


def knows_invitation(instance: "Instance", uuid: str, secret: str) -> str | None:
    """The secret of an invitation for this poll that can still be taken up, or was by who asks again."""
    with instance.read() as session:
        return secret if invited(session, uuid, secret) else None


@call(f"{ROOT}/begin", knows=knows_invitation, changes=True, writes=["trustee.began"])
def begin_call(visit: NamedDependency[Visit], uuid: FromPath[str], data: JSONBody[Began]) -> Answer:
    """The program takes up its invitation."""
    with visit.instance.write() as transaction:
        found = begin(transaction, uuid, visit.program, data.token_sha256)
    if found is None:
        return answered(NotTaken(reason="invitation", said="This invitation was taken up by another program."), 409)
    return answered(Taken())


@call(ROOT, knows=knows)
def poll_call(visit: NamedDependency[Visit], uuid: FromPath[str]) -> PollSeen:
    """The poll as it stands for this trustee."""
    with visit.read() as session:
        return seen_by(visit.instance, session, visit.program)


@call(f"{ROOT}/go-on", knows=knows, changes=True, writes=["secret_poll.tallied", "board.opened"])
def go_on_call(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Taken:
    """Lets the server do what it is due to do: the tally after the objection window, the result at the end."""
    go_on(visit.instance, uuid)
    return Taken()


@call(f"{ROOT}/messages", knows=knows)
def messages_call(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Messages:
    """All that was said in the ceremony."""
    with visit.read() as session:
        poll = poll_by_uuid(session, uuid)
        return Messages(ceremony=plan_of(session, poll).ceremony, messages=messages_of(session, poll))


@call(
    f"{ROOT}/messages",
    knows=knows,
    changes=True,
    writes=["trustee.refused", "trustees.certified", "trustees.guilty", "trustees.key_made"],
)
def message_call(visit: NamedDependency[Visit], uuid: FromPath[str], data: JSONBody[Posted]) -> Answer:
    """A message of the ceremony."""
    with visit.instance.write() as transaction:
        poll = poll_by_uuid(transaction.session, uuid)
        return _told(take_message(transaction, poll, visit.program.number, data))


@call(f"{ROOT}/rehearsal", knows=knows, changes=True, no_act="a test is made; what comes of it is the act")
def rehearsal_call(visit: NamedDependency[Visit], uuid: FromPath[str]) -> RehearsalTask:
    """The test of the next turn."""
    with visit.instance.write() as transaction:
        return ask(transaction, poll_by_uuid(transaction.session, uuid), visit.program.number)


@call(f"{ROOT}/rehearsed", knows=knows, changes=True, writes=["trustee.rehearsed", "trustee.refused"])
def rehearsed_call(visit: NamedDependency[Visit], uuid: FromPath[str], data: JSONBody[Rehearsed]) -> Answer:
    """What the stored key made of the test."""
    with visit.instance.write() as transaction:
        poll = poll_by_uuid(transaction.session, uuid)
        return _told(take_rehearsal(transaction, poll, visit.program.number, data))


@call(f"{ROOT}/board", knows=knows)
def board_call(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """The whole board, as everybody can download it."""
    return Stream(_board(visit, uuid), media_type="application/octet-stream")


@call(f"{ROOT}/credential-list", knows=knows)
def credential_list_call(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """The whole list of credentials, as everybody can download it."""
    with visit.read() as session:
        return Answer(list_text(session, poll_by_uuid(session, uuid)), media_type="application/octet-stream")


@call(f"{ROOT}/ledger", knows=knows)
def ledger_call(visit: NamedDependency[Visit], uuid: FromPath[str], since: FromQuery[int] = 0) -> LedgerSeen:
    """What the ledger says of the poll, with its proofs."""
    return ledger_seen(visit.instance, uuid, since)


@call(f"{ROOT}/mix", knows=knows, changes=True, writes=["trustee.mixed", "trustee.refused"], max_bytes=LARGE)
def mix_call(visit: NamedDependency[Visit], uuid: FromPath[str], data: JSONBody[Mix]) -> Answer:
    """A mix with its proof."""
    offered = Offered("Shuffle", data.head, data.record.encode())
    return _told(take_contribution(visit.instance, visit.program, offered))


@call(
    f"{ROOT}/decryption",
    knows=knows,
    changes=True,
    writes=["trustee.decrypted", "trustee.refused", "board.opened"],
    max_bytes=LARGE,
)
def decryption_call(visit: NamedDependency[Visit], uuid: FromPath[str], data: JSONBody[Decryption]) -> Answer:
    """A partial decryption with its side file. The last one that it takes brings the result."""
    offered = Offered("PartialDecryption", data.head, data.record.encode(), data.side_file.encode())
    answer = take_contribution(visit.instance, visit.program, offered)
    if isinstance(answer, Taken):
        go_on(visit.instance, uuid)
    return _told(answer)


@call(f"{ROOT}/destroyed", knows=knows, changes=True, writes=["trustee.destroyed"])
def destroyed_call(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Taken:
    """The trustee destroyed their key."""
    with visit.instance.write() as transaction:
        report_destroyed(transaction, poll_by_uuid(transaction.session, uuid), visit.program.number)
    return Taken()


def _told(answer: Taken | NotTaken) -> Answer:
    return answered(answer, 200 if isinstance(answer, Taken) else 409)


def _board(visit: Visit, uuid: str) -> Iterator[bytes]:
    with visit.instance.read() as session:
        yield from archive_bytes(session, uuid)


TRUSTEE_CALLS = (
    begin_call,
    poll_call,
    go_on_call,
    messages_call,
    message_call,
    rehearsal_call,
    rehearsed_call,
    board_call,
    credential_list_call,
    ledger_call,
    mix_call,
    decryption_call,
    destroyed_call,
)
