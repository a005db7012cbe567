"""The list of credentials, held against the ballots on the board."""

from collections.abc import Sequence

from stembus_ballots.protocol.ballot import CheckedBallot
from stembus_ballots.protocol.credential_list import CredentialList
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Happened
from stembus_ballots.protocol.verify.poll import Poll
from stembus_ballots.protocol.verify.verdict import Verdict


def check_credential_list(
    poll: Poll, text: bytes | None, events: Sequence[Happened], ballots: Sequence[CheckedBallot], verdict: Verdict
) -> None:
    """Every ballot is of a credential that is active, and the list is closed as of the end of the voting.

    A list that the poll has and that is not given was not checked. Raises ProtocolError(list.…) where the list does
    not hold.
    """
    if text is None:
        if poll.election.credential_list is not None:
            verdict.skipped.append("the list of credentials, which the poll has: give it with --credential-list.")
        return
    listed = CredentialList.read(text, poll.election, poll.weights)
    _check_end(listed, events, verdict)
    cast = (event for event in events if event.type == "Ballot")
    for event, ballot in zip(cast, ballots, strict=True):
        if ballot.credential not in listed.active:
            state = "void" if ballot.credential in listed.void else "spare and not active"
            what = f"The ballot bears a credential that is {state} in the list of credentials."
            verdict.fail(ProtocolError("list.ballot", what), event.height)
    grounds = ", ".join(f"{ground} {times}" for ground, times in sorted(listed.grounds.items())) or "none"
    verdict.checked.append(
        f"The list of credentials: {len(listed.active)} active for a roll of {listed.roll}, {listed.number} entries "
        f"({grounds}), each signed by two of {len(listed.officers)} officers."
    )


def _check_end(listed: CredentialList, events: Sequence[Happened], verdict: Verdict) -> None:
    """Raises ProtocolError(list.closed) where the list was closed at another end than that of the archive."""
    end = next((event.hash for event in events if event.type == "EndBallots"), None)
    if listed.closed and listed.closed != end:
        raise ProtocolError(
            "list.closed", "The list of credentials was closed at an end that the archive does not have."
        )
    if end is not None and not listed.closed:
        verdict.skipped.append("whether the list of credentials is whole: the voting ended, and it was not closed.")
