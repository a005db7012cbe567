"""Which key must have signed which checkpoint: each key counts from the act that put it in the last one's place."""

from collections.abc import Sequence

from stembus.errors import Problem
from stembus.ledger.checkpoint import open_checkpoint
from stembus.ledger.note import Verifier
from stembus.ledger.record import Leaf
from stembus.ledger.verdict import Fault, StoredCheckpoint, StoredKey

KEY_REPLACED_KIND = "ledger.key_replaced"


class RequiredSigners:
    """Follows the keys through the log: `see` takes each act in order, `open` each checkpoint after its acts.

    Only acts before a checkpoint decide who must have signed it; the checkpoint over an act that replaces the key is
    signed by both, so that whoever trusts the first key can follow to the last.
    """

    def __init__(self, keys: Sequence[StoredKey]) -> None:
        self._keys: list[Verifier] = []
        self._faults: list[Fault] = []
        self._acts = {key.act_id: key for key in keys if key.act_id is not None}
        for number, key in enumerate(keys, start=1):
            if key.number != number or (key.act_id is None) != (number == 1):
                self._faults.append(Fault(0, key.act_id, f"key {key.number} of the ledger is out of order"))
            try:
                self._keys.append(Verifier.parse(key.verifier))
            except Problem as problem:
                self._faults.append(Fault(0, key.act_id, problem.message))
        self._current, self._since = 0, -1

    def see(self, leaf: Leaf, position: int | None) -> None:
        """Take note of an act, which may replace the key."""
        if leaf.kind != KEY_REPLACED_KIND or position is None:
            return
        key = self._acts.pop(leaf.id, None)
        if key is None or leaf.public != {"number": key.number, "verifier": key.verifier}:
            self._faults.append(Fault(position, leaf.id, "the key that it names is not among the keys of the ledger"))
            return
        self._current, self._since = self._current + 1, position

    def open(self, checkpoint: StoredCheckpoint, previous: int) -> tuple[bytes | None, str | None]:
        """Return the signed root of a checkpoint, or why it is not to be believed."""
        first = self._current - 1 if self._since >= previous else self._current
        required = self._keys[max(first, 0) : self._current + 1]
        try:
            stated, signed_by = open_checkpoint(checkpoint.note, required)
        except Problem as problem:
            return None, problem.message
        if set(required) - set(signed_by):
            return None, "the key that was replaced did not sign it as well"
        if stated.size != checkpoint.size:
            return None, f"it is listed as one of {checkpoint.size} acts, and states {stated.size}"
        return stated.root, None

    def faults(self, size: int) -> list[Fault]:
        """Return what is wrong with the keys themselves, once every act was seen."""
        unseen = [Fault(size, act_id, "a key was put in without its act") for act_id in self._acts]
        if not self._keys:
            unseen.append(Fault(0, None, "the ledger has lost its public key"))
        return self._faults + unseen
