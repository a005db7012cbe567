"""What trustees make of the tally: mixes and decryptions. Each is checked before it reaches the archive.

The check can take a minute, so it is done outside the transaction that writes; that one takes the result only if the
board is still the one that was checked. What does not hold is kept apart with its reason, names its maker, and keeps
nobody else from going on.
"""

import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlmodel import Session, func, select

from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.decryption import check_decryption
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import owned_data
from stembus_ballots.protocol.shuffle import ShuffleRecord, check_shuffle
from stembus_ballots.protocol.side_file import Decrypted, check_side_file, read_side_file
from stembus_ballots.protocol.work import ONE_BY_ONE, Workers
from stembus_polls.secret.board import append, head
from stembus_polls.secret.opening import contest_of, open_contest
from stembus_polls.secret.poll import lock_board, poll_by_uuid
from stembus_polls.secret.trustees.access import TrusteeHere, record_of_trustee
from stembus_polls.secret.trustees.counting_board import Counting, counting_of
from stembus_polls.secret.trustees.tables import Contribution
from stembus_polls.trustee.wire import NotTaken, Taken

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

Kind = Literal["Shuffle", "PartialDecryption"]
MOST_REFUSED = 5
"""So many wrong ones of one kind a trustee can hand in: each is kept, and checking costs time."""


STOPPED = NotTaken(reason="stopped", said="The poll was stopped: nothing of it is opened any more.")


class Offered(NamedTuple):
    """What a trustee hands in, and the event of the board that it was made on."""

    kind: Kind
    head: str
    record: bytes
    side_file: bytes | None = None

    @property
    def sha256(self) -> str:
        """What it is known by."""
        return hashlib.sha256(self.record + b"|" + (self.side_file or b"")).hexdigest()


def take_contribution(
    instance: "Instance", trustee: TrusteeHere, offered: Offered, *, workers: Workers = ONE_BY_ONE
) -> Taken | NotTaken:
    """Check what a trustee hands in, and put it onto the board; or say why not.

    The same once more, after an answer got lost, is taken and changes nothing.
    """
    with instance.read() as session:
        poll = poll_by_uuid(session, trustee.uuid)
        counting = counting_of(session, poll)
        if (answer := _known(session, trustee, offered, counting)) is not None:
            return answer
        if contest_of(session, instance.plugins, poll, instance.clock.now()).stopped:
            return STOPPED
    assert counting is not None  # noqa: S101 - _known answers where it is
    try:
        check(counting, trustee.number, offered, workers)
    except ProtocolError as error:
        with instance.write() as transaction:
            return _refuse(transaction, trustee, offered, error)
    with instance.write() as transaction:
        return _put(transaction, trustee, offered, counting)


def check(counting: Counting, number: int, offered: Offered, workers: Workers) -> None:
    """Raises ProtocolError for the first thing in a mix or a decryption that does not hold."""
    election = counting.election
    if offered.kind == "Shuffle":
        record = read_canonical(offered.record, ShuffleRecord, "shuffle.form", "The mix")
        columns = tuple(counting.to_open[at] for at in counting.ranked)
        check_shuffle(election.bound, columns, record, workers=workers)
        return
    key = counting.trustees.keys[number - 1]
    factors = check_decryption(election, key, counting.to_open, offered.record, workers=workers)
    if offered.side_file is None:
        raise ProtocolError("side_file.form", "The side file is missing.")
    decrypted = Decrypted(election.group, election.fingerprint, number, key, counting.to_open, factors)
    check_side_file(decrypted, read_side_file(offered.side_file), workers=workers)


def contributions_of(session: Session, uuid: str) -> list[Contribution]:
    """Return everything that trustees of a poll handed in, taken or refused."""
    return list(session.exec(select(Contribution).where(Contribution.uuid == uuid)))


def side_files_of(session: Session, uuid: str) -> dict[int, bytes]:
    """Return the side file of each trustee whose decryption is on the board."""
    rows = session.exec(
        select(Contribution.number, Contribution.side_file).where(
            Contribution.uuid == uuid, Contribution.kind == "PartialDecryption", Contribution.reason == ""
        )
    )
    return {number: side_file for number, side_file in rows if side_file is not None}


def _known(
    session: Session, trustee: TrusteeHere, offered: Offered, counting: Counting | None
) -> Taken | NotTaken | None:
    """The answer that needs no check."""
    mine = [
        row
        for row in contributions_of(session, trustee.uuid)
        if (row.kind, row.number) == (offered.kind, trustee.number)
    ]
    for row in mine:
        if row.sha256 == offered.sha256:
            return Taken() if not row.reason else NotTaken(reason=row.reason, said=row.said)
    if any(not row.reason for row in mine):
        return NotTaken(reason="twice", said="You did this already, and it was taken. Nobody does it twice.")
    if counting is None or not (counting.is_mixing if offered.kind == "Shuffle" else counting.is_decrypting):
        return NotTaken(reason="not_now", said="The poll does not ask for this now.")
    if offered.head != counting.head.hash:
        return NotTaken(reason="head", said="Another trustee was first: look at the board again, and make it anew.")
    if len(mine) >= MOST_REFUSED:
        return NotTaken(
            reason="too_often", said="Too much of what you sent did not hold. The others go on without you."
        )
    return None


def _refuse(transaction: "Transaction", trustee: TrusteeHere, offered: Offered, error: ProtocolError) -> NotTaken:
    session = transaction.session
    poll = poll_by_uuid(session, trustee.uuid)
    lock_board(session, poll)
    _keep(session, trustee, offered, reason=error.rule, said=str(error)[:500], refused=offered.record)
    record_of_trustee(
        transaction,
        poll,
        trustee.number,
        "trustee.refused",
        what=offered.kind,
        reason=error.rule,
        sha256=offered.sha256,
    )
    return NotTaken(reason=error.rule, said=str(error))


def _put(transaction: "Transaction", trustee: TrusteeHere, offered: Offered, counting: Counting) -> Taken | NotTaken:
    session = transaction.session
    poll = poll_by_uuid(session, trustee.uuid)
    lock_board(session, poll)
    now = head(session, poll.uuid)
    if now is None or now.hash != counting.head.hash:
        return NotTaken(reason="head", said="Another trustee was first: look at the board again, and make it anew.")
    if open_contest(transaction, poll).stopped:
        return STOPPED
    event = append(transaction, poll, offered.kind, *owned_data(trustee.number, offered.record))
    _keep(session, trustee, offered, height=event.height, side_file=offered.side_file)
    public: dict[str, str | int] = {"head": event.hash}
    if offered.side_file is not None:
        public["side_file_sha256"] = hashlib.sha256(offered.side_file).hexdigest()
    kind = "trustee.mixed" if offered.kind == "Shuffle" else "trustee.decrypted"
    record_of_trustee(transaction, poll, trustee.number, kind, **public)
    if offered.kind == "Shuffle" and len({*counting.mixers, trustee.number}) >= poll.threshold:
        append(transaction, poll, "EndShuffles")
    return Taken()


def _keep(
    session: Session,
    trustee: TrusteeHere,
    offered: Offered,
    *,
    height: int | None = None,
    side_file: bytes | None = None,
    reason: str = "",
    said: str = "",
    refused: bytes | None = None,
) -> None:
    before = session.exec(
        select(func.count())
        .select_from(Contribution)
        .where(
            Contribution.uuid == trustee.uuid,
            Contribution.kind == offered.kind,
            Contribution.number == trustee.number,
        )
    ).one()
    session.add(
        Contribution(
            uuid=trustee.uuid,
            kind=offered.kind,
            number=trustee.number,
            attempt=before + 1,
            sha256=offered.sha256,
            height=height,
            side_file=side_file,
            reason=reason,
            said=said,
            refused=refused,
        )
    )
    session.flush()
