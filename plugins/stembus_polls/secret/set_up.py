"""Setting up the secret poll, as an act of two: the record of the election, and with it the board's first event."""

from typing import TYPE_CHECKING

from sqlmodel import Session

from stembus.conduct.acting import two_act
from stembus.errors import CheckFailed, Refused
from stembus.ledger.acts import Act
from stembus_ballots.protocol.credential_list import authority_with_list
from stembus_ballots.protocol.election import election_text
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import setup_data
from stembus_ballots.protocol.group import group_named
from stembus_ballots.protocol.trustees import Trustees, read_trustees
from stembus_polls.contests import Contest
from stembus_polls.gates import require_papers, require_running
from stembus_polls.of_contest import lock_contest
from stembus_polls.powers import BOX_PREPARE
from stembus_polls.roll.lookup import roll_size
from stembus_polls.secret.board import append
from stembus_polls.secret.poll import election_of
from stembus_polls.secret.prepare import electronic_of, require_poll
from stembus_polls.secret.questions import questions_of
from stembus_polls.secret.receive_credentials import checked_credentials
from stembus_polls.secret.roles import clashes_now, said_of
from stembus_polls.secret.small import too_few_to_vote
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.rehearsals import all_rehearsed
from stembus_polls.secret.witnesses import tell_witnesses

if TYPE_CHECKING:
    from stembus.instance import Transaction


def set_up(transaction: "Transaction", contest: Contest, *, by: tuple[str, str]) -> SecretPoll:
    """Write the record of the election and put it onto the board. After that no name in it can change.

    Raises `Refused` while something is missing, while a trustee has not rehearsed with the stored key, or once the vote
    is open; `CheckFailed` where records do not fit.
    """
    require_running(contest)
    require_papers(contest)
    actors = two_act(transaction, contest, by, BOX_PREPARE)
    session = transaction.session
    lock_contest(session, contest)
    poll = require_poll(transaction, contest)
    if poll.election is not None:
        raise Refused("The secret poll of {contest} is set up already.", contest=contest.id)
    if transaction.now >= contest.times.opens:
        raise Refused(
            "{procedure}: the vote opened at {opens}; its poll can no longer be set up.",
            procedure=contest.procedure,
            opens=contest.local(contest.times.opens),
        )
    if clash := next(iter(clashes_now(session, contest, poll.uuid, transaction.now)), None):
        raise Refused("{clash} One of the two parts has to go to somebody else first.", clash=said_of(session, clash))
    trustees = trustees_of_record(poll)
    if not all_rehearsed(session, poll.uuid):
        raise Refused(
            "Not every trustee of {contest} has rehearsed twice with the key that they keep: a key that does not work "
            "is found before the vote, and not after it. Each opens `stembus trustee open` and rehearses.",
            contest=contest.id,
        )
    if poll.credentials is None or poll.credential_list_header is None:
        raise Refused("The credentials of {contest} are still to come from their authority.", contest=contest.id)
    _require_whole_roll(session, contest, poll, poll.credentials, poll.credential_list_header)
    rule, group = electronic_of(contest), group_named(poll.group)
    authority = contest.policy.bodies[rule.credential_authority].name.nl
    organisation = transaction.instance.settings.organisation
    poll.election = election_text(
        uuid=poll.uuid,
        name=f"{organisation}: {contest.plan.title.nl}",
        description=contest.procedure,
        group=group,
        public_key=trustees.public_key,
        questions=questions_of(contest),
        administrator=organisation,
        credential_authority=authority_with_list(authority, poll.credential_list_header),
    )
    session.add(poll)
    event = append(
        transaction, poll, "Setup", *setup_data(poll.election, poll.trustees_record or b"", poll.credentials)
    )
    transaction.record(
        Act(
            kind="secret_poll.set_up",
            by=actors,
            ground=f"{contest.policy.id} {contest.policy.version}",
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "fingerprint": election_of(poll).fingerprint, "head": event.hash},
        )
    )
    tell_witnesses(transaction, contest, poll, "set_up")
    session.flush()
    return poll


def trustees_of_record(poll: SecretPoll) -> Trustees:
    """Return the trustees of a poll. Raises `Refused` before their key was made, `CheckFailed` for another key."""
    if poll.trustees_record is None:
        raise Refused("The trustees of {uuid} have not made their key yet.", uuid=poll.uuid)
    try:
        trustees = read_trustees(poll.trustees_record, group_named(poll.group))
    except ProtocolError as error:
        raise CheckFailed("The key of the trustees cannot be used: {error}", error=error) from None
    block = trustees.blocks[0]
    if len(trustees.blocks) != 1 or (block.threshold, len(block.keys)) != (poll.threshold, poll.trustees):
        raise CheckFailed(
            "The key of {uuid} is not that of {threshold} of {trustees} trustees.",
            uuid=poll.uuid,
            threshold=poll.threshold,
            trustees=poll.trustees,
        )
    return trustees


def _require_whole_roll(
    session: Session, contest: Contest, poll: SecretPoll, credentials: bytes, header: bytes
) -> None:
    active, _header = checked_credentials(poll, credentials, header)
    on_roll = roll_size(session, contest.procedure_id, contest.id)
    if small := too_few_to_vote(contest, on_roll):
        raise Refused("{small}", small=small)
    if active != on_roll:
        raise Refused(
            "{active} credentials were made, and the roll of {contest} now has {on_roll} members: the authority makes "
            "them again for this roll.",
            active=active,
            contest=contest.id,
            on_roll=on_roll,
        )
