"""What the report says of the box of a contest, put together from its board, verdicts and strike-offs."""

import hashlib

from sqlmodel import Session, col, select

from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.events import Owned, read_added
from stembus_polls.contests import Contest
from stembus_polls.counting.cast import all_the_same
from stembus_polls.report import content
from stembus_polls.secret.board import archive_bytes, ballots_on_board, head
from stembus_polls.secret.judging import NAMES
from stembus_polls.secret.outcome import cast_in_box, struck_by_channel
from stembus_polls.secret.poll import election_of, secret_poll
from stembus_polls.secret.tables import BoardEvent, SecretPoll
from stembus_polls.secret.trustees.ceremony import spoken_of
from stembus_polls.secret.verdicts import verdicts_on


def box_part(session: Session, contest: Contest) -> content.Box | None:
    """Return everything that the report says of a box; None where there is none, or it was not set up."""
    poll = secret_poll(session, contest)
    last = None if poll is None else head(session, poll.uuid)
    if poll is None or last is None or poll.election is None:
        return None
    election, rule = election_of(poll), contest.vote.electronic
    struck = struck_by_channel(session, contest)
    ways = tuple(content.WayOfVoting(way, struck.get(way, 0)) for way in ("electronic", "paper_in_meeting", "post"))
    return content.Box(
        uuid=poll.uuid,
        group=poll.group,
        threshold=poll.threshold,
        trustees=_trustees(session, poll),
        fingerprint=election.fingerprint,
        certificates=spoken_of(session, poll),
        head=last.hash,
        archive_sha256=_archive_sha256(session, poll),
        ballots=ballots_on_board(session, poll),
        verdicts=tuple(
            content.BoxVerdict(NAMES[one.program], one.holds)  # type: ignore[index]  # only these are kept
            for one in verdicts_on(session, poll.uuid)
        ),
        decides=NAMES["stembus" if rule is None else rule.decides],
        ways=tuple(one for one in ways if one.way in contest.vote.channels),
        same=last.kind == "Result" and all_the_same(cast_in_box(session, contest)),
    )


def _trustees(session: Session, poll: SecretPoll) -> tuple[content.BoxTrustee, ...]:
    mixed, decrypted = (_owners(session, poll, kind) for kind in ("Shuffle", "PartialDecryption"))
    return tuple(
        content.BoxTrustee(number, mixed=number in mixed, decrypted=number in decrypted)
        for number in range(1, poll.trustees + 1)
    )


def _owners(session: Session, poll: SecretPoll, kind: str) -> set[int]:
    rows = session.exec(
        select(BoardEvent.content)
        .where(BoardEvent.uuid == poll.uuid, BoardEvent.kind == kind)
        .order_by(col(BoardEvent.height))
    )
    return {read_canonical(read_added(row)[-1], Owned, "event.payload", "The payload").owner for row in rows}


def _archive_sha256(session: Session, poll: SecretPoll) -> str:
    digest = hashlib.sha256()
    for piece in archive_bytes(session, poll.uuid):
        digest.update(piece)
    return digest.hexdigest()
