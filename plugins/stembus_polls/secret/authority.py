"""Who speaks as the credential authority of a poll: the member named when it was prepared, and nobody else."""

from typing import TYPE_CHECKING

from stembus.errors import Refused
from stembus.ledger.acts import Actor
from stembus.organisation.registry import member_numbered
from stembus_polls.secret.roles import AUTHORITY, holders_of
from stembus_polls.secret.tables import SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Transaction


def as_authority(transaction: "Transaction", poll: SecretPoll, by: str) -> Actor:
    """Return the actor of an act of the authority. Raises `Refused` for another member."""
    authority = holders_of(transaction.session, poll.uuid, AUTHORITY)[0]
    if member_numbered(transaction.session, by).id != authority.id:
        raise Refused(
            "Only the credential authority of this poll, member {number}, does this.", number=authority.number
        )
    return Actor(member_id=authority.id, seat_id="", capacity="credential_authority")
