"""Adding entries to the public list of credentials: two officers signed them, and what was voted with stays active."""

from typing import TYPE_CHECKING

from sqlmodel import Session, select

from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.credential_list import Close, CredentialList, Line, Void
from stembus_ballots.protocol.errors import ProtocolError
from stembus_polls.contests import Contest
from stembus_polls.gates import require_running
from stembus_polls.secret.authority import as_authority
from stembus_polls.secret.credentials_now import credential_list
from stembus_polls.secret.poll import lock_poll
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.promise import credential_hash
from stembus_polls.secret.tables import CredentialEntry, SealedBallot

if TYPE_CHECKING:
    from stembus.instance import Transaction


def change_credentials(transaction: "Transaction", contest: Contest, lines: bytes, *, by: str) -> CredentialList:
    """Add the lines that the authority brings, all of them or none, and return the list as it is then.

    Raises `UnusableInput` for a line that does not hold or does not come next, `Refused` when another member brings
    them, when somebody voted with the credential, or when they would close the list, which is for its own verb.
    """
    require_running(contest)
    session = transaction.session
    poll = require_poll(transaction, contest)
    actor = as_authority(transaction, poll, by)
    lock_poll(session, poll)
    listed = credential_list(session, poll)
    if not lines.strip():
        raise UnusableInput("There is no entry in this file.")
    for line in lines.splitlines():
        try:
            entry = read_canonical(line, Line, "list.form", "The entry").entry
            if isinstance(entry, Close):
                raise Refused("The list is closed when the box is sealed, not before. Nothing was changed.")
            if isinstance(entry, Void) and _was_used(session, poll.uuid, entry.credential):
                raise Refused(
                    "Entry {number}: somebody voted with this credential, and the first vote is final. Nothing was "
                    "changed.",
                    number=entry.number,
                )
            listed.follow(line)
        except ProtocolError as error:
            raise UnusableInput("This entry cannot be added: {error} Nothing was changed.", error=error) from None
        session.add(CredentialEntry(uuid=poll.uuid, number=entry.number, line=line.decode()))
    transaction.record(
        Act(
            kind="secret_poll.credentials_changed",
            by=(actor,),
            ground=f"Entries of the list of {poll.uuid}, each signed by two.",
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "entries": listed.number, "list_head": listed.head},
        )
    )
    session.flush()
    return listed


def _was_used(session: Session, uuid: str, credential: str) -> bool:
    found = select(SealedBallot.credential).where(
        SealedBallot.uuid == uuid, SealedBallot.credential == credential_hash(credential)
    )
    return session.exec(found).first() is not None
