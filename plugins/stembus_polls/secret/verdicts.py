"""Verifying the archive of a poll before its result is counted, and keeping the verdict of each program as an act.

Verifying takes from seconds to minutes, so it is done outside any write; what is kept names the event of the board that
it was about, and says nothing of a board that went on since.
"""

from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlmodel import Session, col, select

from stembus.conduct.acting import two_act
from stembus.errors import CheckFailed, Refused
from stembus.ledger.acts import Act
from stembus.words import N_
from stembus_ballots.protocol.verify import verify_archive
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent
from stembus_polls.contests import Contest
from stembus_polls.powers import COUNT
from stembus_polls.secret.belenios_tool import belenios_verdict
from stembus_polls.secret.board import archive_bytes, head
from stembus_polls.secret.credentials_now import list_text
from stembus_polls.secret.judging import NAMES, Program
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.tables import SecretPoll, SecretVerdict
from stembus_polls.secret.trustees.contributions import side_files_of

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

MOST_SAID = 2000


class Judged(NamedTuple):
    """What one program found: whether all holds, what it said, and for each question the places of invalid ballots."""

    program: Program
    holds: bool
    said: str
    invalid: tuple[frozenset[int], ...] = ()


class Verified(NamedTuple):
    """The verdicts on an archive, with the event that was its last."""

    uuid: str
    head: str
    judged: tuple[Judged, ...]


class ToVerify(NamedTuple):
    """The archive of a poll with what belongs to it, and the event that is its last."""

    uuid: str
    head: str
    archive: bytes
    side_files: tuple[bytes, ...]
    credential_list: bytes


def to_verify(session: Session, contest: Contest) -> ToVerify:
    """Return what there is to verify. Raises `Refused` while there is no result."""
    poll = counted_poll(session, contest)
    last = head(session, poll.uuid)
    return ToVerify(
        poll.uuid,
        "" if last is None else last.hash,
        b"".join(archive_bytes(session, poll.uuid)),
        tuple(side_files_of(session, poll.uuid).values()),
        list_text(session, poll),
    )


def judge(this: ToVerify, *, workers: Workers = ONE_BY_ONE, progress: Progress = silent) -> Verified:
    """Return the verdict of our verifier, and that of belenios-tool where this machine has it. Reads no database."""
    verdict = verify_archive(
        this.archive,
        side_files=this.side_files,
        credential_list=this.credential_list,
        workers=workers,
        progress=progress,
    )
    found = [finding.what for finding in verdict.failures] + verdict.skipped
    holds = verdict.exit_code == 0
    said = "\n".join(found or verdict.checked)[:MOST_SAID]
    judged = [Judged("stembus", holds, said, tuple(map(frozenset, verdict.invalid)))]
    other = belenios_verdict(this.archive, this.uuid)
    if other is not None:
        judged.append(Judged("belenios_tool", other.holds, other.said))
    return Verified(this.uuid, this.head, tuple(judged))


def verify_poll(
    instance: "Instance", contest: Contest, *, workers: Workers = ONE_BY_ONE, progress: Progress = silent
) -> Verified:
    """Return the verdicts on the archive of a contest. Raises `Refused` while there is no result to verify."""
    with instance.read() as session:
        this = to_verify(session, contest)
    return judge(this, workers=workers, progress=progress)


def keep_verdicts(
    transaction: "Transaction", contest: Contest, verified: Verified, *, by: tuple[str, str]
) -> list[SecretVerdict]:
    """Keep what verifying found, as an act of two. Raises `CheckFailed` when the board went on meanwhile."""
    session = transaction.session
    actors = two_act(transaction, contest, by, COUNT)
    last = head(session, verified.uuid)
    if last is None or last.hash != verified.head:
        raise CheckFailed("The board of {contest} went on while it was verified: do it again.", contest=contest.id)
    act_id = transaction.record(
        Act(
            kind="secret_poll.verified",
            by=actors,
            ground=N_("The result is used only once its archive was verified."),
            subject={**contest.subject, "secret_poll": verified.uuid},
            public={
                "uuid": verified.uuid,
                "head": verified.head,
                "verdicts": ", ".join(
                    f"{NAMES[one.program]}: {'holds' if one.holds else 'fails'}" for one in verified.judged
                ),
            },
        )
    )
    for one in verified.judged:
        session.merge(
            SecretVerdict(
                uuid=verified.uuid,
                head=verified.head,
                program=one.program,
                holds=one.holds,
                said=one.said,
                invalid=msgspec.json.encode([sorted(places) for places in one.invalid]).decode(),
                act_id=act_id,
            )
        )
    session.flush()
    return verdicts_on(session, verified.uuid)


def verdicts_on(session: Session, uuid: str) -> list[SecretVerdict]:
    """Return what each program found about the board of a poll as it is now; nothing about one that went on since."""
    last = head(session, uuid)
    if last is None:
        return []
    query = select(SecretVerdict).where(SecretVerdict.uuid == uuid, SecretVerdict.head == last.hash)
    return list(session.exec(query.order_by(col(SecretVerdict.program).desc())))


def counted_poll(session: Session, contest: Contest) -> SecretPoll:
    """Return the secret poll of a contest once its result is on the board. Raises `Refused` before."""
    poll = secret_poll(session, contest)
    if poll is None:
        raise Refused("The secret poll of {contest} is not prepared yet.", contest=contest.id)
    last = head(session, poll.uuid)
    if last is None or last.kind != "Result":
        raise Refused(
            "The secret poll of {contest} has no result yet: its trustees open the box first.", contest=contest.id
        )
    return poll
