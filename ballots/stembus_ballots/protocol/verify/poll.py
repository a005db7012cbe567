"""A poll as its first event defines it, once it was checked."""

from typing import NamedTuple

from stembus_ballots.protocol.credentials import Weights
from stembus_ballots.protocol.election import Election
from stembus_ballots.protocol.rankings import Meaning
from stembus_ballots.protocol.trustees import Trustees


class Poll(NamedTuple):
    """The records of Setup. `meanings` has, for each question, what a ranked one of ours says about its numbers."""

    election: Election
    trustees: Trustees
    weights: Weights
    meanings: tuple[Meaning | None, ...]

    @property
    def needs_side_files(self) -> bool:
        """Whether a decryption without its side file does not count."""
        return any(meaning is not None and meaning.side_files for meaning in self.meanings)

    @property
    def threshold(self) -> int:
        """How many trustees it takes to decrypt, and as many have to mix."""
        return sum(block.threshold for block in self.trustees.blocks)
