"""Whether a credential can vote, asked as soon as it was typed: nobody chooses first, and hears it afterwards."""

from typing import TYPE_CHECKING

from stembus_polls.secret.credentials_now import credentials_of, state_of, why_not_usable
from stembus_polls.secret.hand_over import session_with
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.promise import credential_hash
from stembus_polls.secret.tables import SealedBallot

if TYPE_CHECKING:
    from stembus.instance import Instance


def why_refused(instance: "Instance", session_token: str, credential: str) -> str:
    """Return in one word why this public credential cannot vote, or nothing. Only a session in the booth may ask.

    It tells nothing that the public list and the board do not tell; the ballot itself is checked anew when it is cast.
    """
    with instance.read() as session:
        row = session_with(session, session_token, instance.clock.now())
        if row is None:
            return "session"
        poll = poll_by_uuid(session, row.uuid)
        why = why_not_usable(credentials_of(session, poll), state_of(session, poll), credential)
        if why == "unknown":
            return "credential"
        if not why and session.get(SealedBallot, (poll.uuid, credential_hash(credential))) is not None:
            return "credential_used"
        return why
