"""Changes of credentials: entries that two officers signed, brought by the authority, taken into the public list.

A code that was lost is replaced, a proxy gets a code of its own, who votes on paper loses theirs: each only while the
old code was not used. The protocol says which entry may follow on which; here they are held against box and roll.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, col, func, select

from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus_ballots.protocol.credential_list import Close, CredentialList, Entry, Line, Void
from stembus_ballots.protocol.errors import ProtocolError
from stembus_polls.act_kinds import CODES_CHANGED
from stembus_polls.contests import Contest
from stembus_polls.gates import require_running
from stembus_polls.meeting.tables import MeetingProxy
from stembus_polls.paper.account import POST, ROOM
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.roll.lookup import roll_size
from stembus_polls.roll.tables import RollRow
from stembus_polls.secret.authority import as_authority
from stembus_polls.secret.board import Head, head
from stembus_polls.secret.credentials_now import credential_list
from stembus_polls.secret.poll import lock_poll
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.promise import credential_hash
from stembus_polls.secret.tables import BoardEvent, CredentialEntry, SealedBallot, SecretPoll
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

MOST_LINES = 2_000


def change_credentials(transaction: "Transaction", contest: Contest, lines: bytes, *, by: str) -> CredentialList:
    """Add the lines that the authority brings, all of them or none, and return the list as it is then.

    Raises `UnusableInput` for a line that may not follow or is not signed by two officers, `Refused` where another
    member brings them, a credential was used, more would be active than the roll has members, or the box is sealed.
    """
    require_running(contest)
    session = transaction.session
    poll = require_poll(transaction, contest)
    actor = as_authority(transaction, poll, by)
    lock_poll(session, poll)
    entries = lines.splitlines()
    if not lines.strip():
        raise UnusableInput("There is no entry in this file.")
    if len(entries) > MOST_LINES:
        raise UnusableInput(
            "The file has {lines} lines; {most} are taken at once.", lines=len(entries), most=MOST_LINES
        )
    known = followed(session, contest, poll, entries)
    number = known.number - len(entries)
    session.add_all(
        CredentialEntry(uuid=poll.uuid, number=number + place, line=line.decode())
        for place, line in enumerate(entries, 1)
    )
    transaction.record(
        Act(
            kind="secret_poll.credentials_changed",
            by=(actor,),
            ground=CODES_CHANGED.en.format(uuid=poll.uuid),
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "entries": known.number, "list_head": known.head},
        )
    )
    session.flush()
    return known


def followed(session: Session, contest: Contest, poll: SecretPoll, lines: Sequence[bytes]) -> CredentialList:
    """Return the list as it is with these lines. Raises as `change_credentials`, and changes nothing."""
    known, at = credential_list(session, poll), head(session, poll.uuid)
    for number, line in enumerate(lines, 1):
        try:
            known.follow(line)
            entry = msgspec.json.decode(line, type=Line).entry
        except ProtocolError as error:
            raise UnusableInput(
                "Line {number} cannot be added: {error} Nothing was changed.", number=number, error=error
            ) from None
        _hold_against_box(session, poll, entry, at)
    on_roll = roll_size(session, contest.procedure_id, contest.id)
    if known.roll > on_roll:
        raise Refused(
            "With these lines {roll} people could vote, and the roll of {contest} has {on_roll} members.",
            roll=known.roll,
            contest=contest.id,
            on_roll=on_roll,
        )
    if known.grounds.get("void: paper", 0) > (on_paper := _on_paper(session, contest)):
        raise Refused(
            "With these lines {void} codes are void because of a vote on paper, and {on_paper} members were struck off "
            "for one in {contest}.",
            void=known.grounds["void: paper"],
            on_paper=on_paper,
            contest=contest.id,
        )
    return known


def entries_wanted(session: Session, contest: Contest, poll: SecretPoll) -> Iterator[Sentence]:
    """Say what the credential authority still has to enter, because of what became of roll, proxies and papers."""
    known = credential_list(session, poll)
    on_roll = roll_size(session, contest.procedure_id, contest.id)
    if on_roll > known.roll:
        yield Sentence("{count} members were added to the roll and have no code yet.", count=on_roll - known.roll)
    if on_roll < known.roll:
        yield Sentence(
            "{count} members were taken off the roll, and their codes still count.", count=known.roll - on_roll
        )
    proxies = _proxies(session, contest)
    given = known.grounds.get("active: proxy", 0) - known.grounds.get("void: proxy_lapsed", 0)
    if proxies > given:
        yield Sentence("{count} proxies have no code of their own yet.", count=proxies - given)
    if proxies < given:
        yield Sentence("{count} proxies have lapsed, and their codes still count.", count=given - proxies)
    left = _on_paper(session, contest) - known.grounds.get("void: paper", 0)
    if left > 0:
        yield Sentence("{count} members vote on paper, and their codes still count.", count=left)
    at = head(session, poll.uuid)
    if at is not None and at.kind not in ("Setup", "Ballot") and not known.closed:
        yield Sentence("The box is sealed: the list of codes is to be closed.")


def _hold_against_box(session: Session, poll: SecretPoll, entry: Entry, at: Head | None) -> None:
    is_open = at is not None and at.kind in ("Setup", "Ballot")
    if isinstance(entry, Close):
        ended = session.exec(
            select(BoardEvent.hash).where(BoardEvent.uuid == poll.uuid, BoardEvent.kind == "EndBallots")
        ).first()
        if ended is None or entry.board != ended:
            raise Refused("The list is closed with the event that sealed the box, and this line names another one.")
        return
    if not is_open:
        raise Refused("The box is sealed: codes cannot change any more, the list can only be closed.")
    used = session.get(SealedBallot, (poll.uuid, credential_hash(entry.credential)))
    if isinstance(entry, Void) and used is not None:
        raise Refused(
            "Entry {number}: somebody voted with this credential, and the first vote is final. Nothing was changed.",
            number=entry.number,
        )


def _on_paper(session: Session, contest: Contest) -> int:
    return session.exec(
        select(func.count())
        .select_from(StrikeOff)
        .where(
            StrikeOff.procedure_id == contest.procedure_id,
            StrikeOff.contest == contest.id,
            col(StrikeOff.channel).in_((ROOM, POST)),
        )
    ).one()


def _proxies(session: Session, contest: Contest) -> int:
    """How many who vote in this contest gave a proxy that is in force."""
    givers = select(MeetingProxy.giver_id).where(
        MeetingProxy.procedure_id == contest.procedure_id, MeetingProxy.set_aside == ""
    )
    rows = session.exec(
        select(RollRow.contests).where(
            RollRow.procedure_id == contest.procedure_id,
            col(RollRow.until).is_(None),
            col(RollRow.member_id).in_(givers),
        )
    )
    return sum(contest.id in contests.split() for contests in rows)
