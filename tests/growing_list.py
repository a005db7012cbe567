"""A list of credentials that grows as a test says, signed by two officers of its poll."""

from typing import Any

from secret_polls import SecretPoll

from stembus_ballots.protocol.credential_list import CredentialList, Entry, line_of
from stembus_ballots.protocol.events import read_events


class GrowingList:
    """A list that grows, signed by officers 1 and 2 unless others are named."""

    def __init__(self, poll: SecretPoll) -> None:
        self.poll, self.text = poll, poll.list_header + b"\n"
        self.state = CredentialList.read(self.text, poll.election, poll.weights)

    def sign(self, entry: Entry, officers: tuple[int, ...] = (1, 2)) -> bytes:
        """The line of an entry."""
        secrets = self.poll.officers
        return line_of(entry, [self.state.sign(entry, at, secrets[at - 1], self.poll.dice) for at in officers])

    def add(self, entry: Entry, officers: tuple[int, ...] = (1, 2)) -> int:
        """Add an entry and return its number."""
        line = self.sign(entry, officers)
        self.state.follow(line)
        self.text += line
        return entry.number

    def void(self, voter: int, ground: Any) -> int:
        """Make the credential of a voter void."""
        return self.add(self.state.make_void(self.poll.credential_texts[voter], ground))

    def activate(self, voter: int, ground: Any, replaces: int | None = None) -> int:
        """Activate a spare or paper credential."""
        return self.add(self.state.activate(self.poll.credential_texts[voter], ground, replaces))

    def close(self) -> bytes:
        """Close it at the end of the voting, and return all of it."""
        (ended,) = (event.hash for event in read_events(self.poll.archive) if event.type == "EndBallots")
        self.add(self.state.close(ended))
        return self.text
