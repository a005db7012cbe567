"""Receiving what the credential authority made: public keys, and the header of the list of credentials."""

from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, col, select

from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.credential_list import CredentialList, Header
from stembus_ballots.protocol.credentials import read_public_credentials
from stembus_ballots.protocol.election import Election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import group_named
from stembus_polls.act_kinds import CODES_MADE
from stembus_polls.contests import Contest
from stembus_polls.gates import require_running
from stembus_polls.of_contest import lock_contest
from stembus_polls.roll.lookup import roll_size
from stembus_polls.secret.authority import as_authority
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.tables import SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Transaction


def receive_credentials(
    transaction: "Transaction", contest: Contest, credentials: bytes, header: bytes, *, by: str
) -> SecretPoll:
    """Keep the public credentials of a poll and the header of their list, from the authority alone.

    They replace what was received before, until the poll is set up. Raises `UnusableInput` for anything that is not
    as the protocol has it, `Refused` when another member brings it, the roll is not frozen, their numbers differ, or
    a credential is one of another poll.
    """
    require_running(contest)
    session = transaction.session
    lock_contest(session, contest)
    poll = require_poll(transaction, contest)
    if poll.election is not None:
        raise Refused("The secret poll of {contest} is set up: its credentials stay as they are.", contest=contest.id)
    actor = as_authority(transaction, poll, by)
    active, made = checked_credentials(poll, credentials, header)
    _are_fresh(session, poll, credentials)
    on_roll = roll_size(session, contest.procedure_id, contest.id)
    if not on_roll:
        raise Refused("The roll of {procedure} is not frozen yet.", procedure=contest.procedure)
    if made.roll != on_roll or active != on_roll:
        raise Refused(
            "{active} credentials are active for a roll of {stated}, and the roll of {contest} has {on_roll} members: "
            "make them for this roll.",
            active=active,
            stated=made.roll,
            contest=contest.id,
            on_roll=on_roll,
        )
    poll.credentials, poll.credential_list_header = credentials, header
    session.add(poll)
    transaction.record(
        Act(
            kind="secret_poll.credentials_received",
            by=(actor,),
            ground=CODES_MADE.en.format(uuid=poll.uuid),
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={
                "uuid": poll.uuid,
                "active": active,
                "spare": len(made.spare),
                "for_paper": len(made.paper),
                "credentials_sha256": hash_of(credentials),
                "list_sha256": hash_of(header),
            },
        )
    )
    session.flush()
    return poll


def _are_fresh(session: Session, poll: SecretPoll, credentials: bytes) -> None:
    """No credential is one of another poll: who kept a code of an annulled vote could vote with it here."""
    new = _public_keys(credentials)
    others = select(SecretPoll.uuid, SecretPoll.credentials).where(
        SecretPoll.uuid != poll.uuid, col(SecretPoll.credentials).is_not(None)
    )
    for uuid, earlier in session.exec(others):
        if not new.isdisjoint(_public_keys(earlier or b"[]")):
            raise Refused("These credentials are those of the poll {uuid}: make new ones for this poll.", uuid=uuid)


def _public_keys(credentials: bytes) -> set[str]:
    return {line.partition(",")[0] for line in msgspec.json.decode(credentials, type=list[str])}


def checked_credentials(poll: SecretPoll, credentials: bytes, header: bytes) -> tuple[int, Header]:
    """Return how many credentials are active, and the header. Raises `UnusableInput` for what is not strictly right."""
    group = group_named(poll.group)
    unasked = Election(poll.uuid, "", group, group.identity, (), "", credential_list=hash_of(header))
    try:
        weights = read_public_credentials(credentials, group, weighted=False)
        read = CredentialList(header, unasked, weights)
        return len(read.active), read_canonical(header, Header, "list.form", "The header")
    except ProtocolError as error:
        raise UnusableInput("The credentials cannot be taken: {error}", error=error) from None
