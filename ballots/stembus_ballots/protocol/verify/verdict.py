"""What a verification found: what holds, what fails and where, what was not checked, and how far the poll is."""

from typing import NamedTuple

from msgspec import Struct, field

from stembus_ballots.protocol.decryption import Factors
from stembus_ballots.protocol.election import Election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Phase
from stembus_ballots.protocol.result import Result
from stembus_ballots.protocol.tally import Ciphertexts, Tally
from stembus_ballots.protocol.verify.poll import Poll


class Finding(NamedTuple):
    """Something that does not hold. `rule` is the short name of the rule; `event` its height, where it is at one."""

    rule: str
    event: int | None
    what: str


class Verdict(Struct):
    """The verdict on an archive, filled while it is verified.

    `checked` says in sentences what was checked and holds; `notes` what a reader should know and is no fault;
    `skipped` what could not be checked. `trackers` are those of the ballots on the board, in its order, and
    `result` is the published one where it holds, and `invalid` has, for each question, the places in it of ballots that
    are no vote.

    Whoever holds the poll goes on from `poll`, `tally`, `mixed` (what is mixed next, or decrypted) and `factors` (the
    decryptions that count, by trustee), each there once the archive got so far and as far as everything holds.
    """

    checked: list[str] = field(default_factory=list)
    failures: list[Finding] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    phase: Phase = "empty"
    poll: Poll | None = None
    tally: Tally | None = None
    mixed: Ciphertexts | None = None
    factors: dict[int, Factors] = field(default_factory=dict)
    trackers: list[str] = field(default_factory=list)
    result: Result | None = None
    invalid: tuple[frozenset[int], ...] = ()

    def fail(self, error: ProtocolError, event: int | None = None) -> None:
        """Add a failure; `event` is the height of the event that is at fault."""
        self.failures.append(Finding(error.rule, event, str(error)))

    @property
    def election(self) -> Election | None:
        """The election, where its record holds."""
        return self.poll and self.poll.election

    @property
    def exit_code(self) -> int:
        """0 everything holds, 1 something fails or was skipped, 3 all of it holds but the poll is not yet counted."""
        if self.failures or self.skipped:
            return 1
        return 0 if self.phase == "complete" else 3
