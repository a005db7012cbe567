"""Judging a ledger: does every act fit its place, its commitment and what was signed? Pure.

The stored hashes are believed only where they lead to a signed root; then the leaf that differs from its hash is the
one that was changed. Where nothing leads to the signed root, the fault lies among the acts since the last root that
fits, and the verdict says so.
"""

from collections.abc import Iterable

import msgspec

from stembus.ledger.acts import Act
from stembus.ledger.merkle import Edge, leaf_hash
from stembus.ledger.record import Leaf, commitment
from stembus.ledger.signers import RequiredSigners
from stembus.ledger.verdict import Entry, Fault, Frame, StoredCheckpoint, Verdict


def judge(entries: Iterable[Entry], frame: Frame) -> Verdict:
    """Return everything that does not fit.

    `entries` come in the order of their positions, those without one last.
    """
    judgement = _Judgement(frame)
    for entry in entries:
        judgement.see(entry)
    return judgement.end()


class _Judgement:
    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.faults: list[Fault] = [Fault(-1, act_id, "a body of no act was put in") for act_id in frame.strays]
        self.signers = RequiredSigners(frame.keys)
        self.checkpoints = iter(frame.checkpoints)
        self.next_checkpoint = next(self.checkpoints, None)
        self.previous = 0  # the size at the last checkpoint
        self.good: Edge | None = Edge()  # the tree up to there; None once nothing leads to a signed root any more
        self.pending: list[tuple[Entry, bytes | None]] = []
        self.expected = self.unsealed = 0
        self.against = frame.against
        self.subtrees = {(one.height, one.place): one.hash for one in frame.subtrees}
        self.misplaced: list[tuple[int, str | None, bytes]] = []
        self.places: dict[bytes, int] = {}
        self.missing: dict[str, int] = {}
        self.present: dict[str, int] = {}
        self.destroyed: dict[str, str] = {}

    def see(self, entry: Entry) -> None:
        leaf = self._leaf(entry)
        place = self.expected if entry.position is None else entry.position
        if leaf is not None and entry.act_id is not None:
            self._body(entry, leaf, place)
            self.destroyed.update(dict.fromkeys(leaf.destroys, leaf.id))
            self.signers.see(leaf, entry.position)
        if entry.position is None:
            self.unsealed += 1
            return
        if entry.position != self.expected:
            self._gap(entry)
        self.expected = max(self.expected, entry.position + 1)
        found = None if entry.leaf is None else leaf_hash(entry.leaf)
        if found is not None:
            self.places[found] = entry.position
        self.pending.append((entry, found))
        self._boundary()

    def end(self) -> Verdict:
        for entry, _ in self.pending:
            self._fault(entry, "it has a place that no checkpoint covers: it was put in outside Stembus")
        while self.next_checkpoint is not None:
            self._checkpoint_fault(
                self.next_checkpoint, "it covers acts that are not in the log: the last were deleted"
            )
            self.next_checkpoint = next(self.checkpoints, None)
        self._sequencer()
        if self.good is not None:
            for height, place in self.subtrees:
                what = f"a hash was put in over acts that are not there ({height}, {place})"
                self.faults.append(Fault(self.expected, None, what))
        if self.against is not None:
            self._against_shorter()
        self._misplaced()
        self._bodies()
        self.faults += self.signers.faults(self.expected)
        return Verdict(
            size=self.expected,
            unsealed=self.unsealed,
            destroyed=sum(1 for act_id in self.missing if act_id in self.destroyed),
            checkpoints=len(self.frame.checkpoints),
            faults=tuple(sorted(self.faults, key=lambda fault: fault.position)),
        )

    def _fault(self, entry: Entry, what: str) -> None:
        self.faults.append(Fault(self.expected if entry.position is None else entry.position, entry.act_id, what))

    def _leaf(self, entry: Entry) -> Leaf | None:
        if entry.leaf is None:
            return None
        try:
            leaf = msgspec.json.decode(entry.leaf, type=Leaf)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._fault(entry, "its leaf was changed: it cannot be read")
            return None
        if leaf.id != entry.act_id:
            self._fault(entry, f"its row is listed as {entry.act_id}, but its leaf is that of {leaf.id}")
        elif leaf.at != entry.at:
            self._fault(entry, f"its row says that it was done at {entry.at}, its leaf at {leaf.at}")
        return leaf

    def _body(self, entry: Entry, leaf: Leaf, place: int) -> None:
        act_id, body = str(entry.act_id), entry.body
        if body is None:
            self.missing[act_id] = place
            if entry.subject:
                self._fault(entry, "its body is gone, but what it was about is still listed")
            if entry.actors:
                self._fault(entry, "its body is gone, but who did it is still listed")
            return
        self.present[act_id] = place
        if commitment(body.salt, body.body) != leaf.commitment:
            self._fault(entry, "its body was changed: it is not what the leaf commits to")
        elif body.kind != leaf.kind:
            self._fault(entry, f"its body is listed as {body.kind}, but it is {leaf.kind}")
        else:
            self._listed(entry, msgspec.json.decode(body.body, type=Act))

    def _listed(self, entry: Entry, act: Act) -> None:
        if act.subject != entry.subject:
            self._fault(entry, "what it is about is listed otherwise than its body says")
        if tuple((one.member_id, one.capacity) for one in act.by) != entry.actors:
            self._fault(entry, "who did it is listed otherwise than its body says")

    def _gap(self, entry: Entry) -> None:
        position = int(entry.position or 0)
        if position < self.expected:
            self._fault(entry, "it was put in at a place that does not exist")
        else:
            last = f" to {position - 1}" if position - 1 > self.expected else ""
            self.faults.append(Fault(self.expected, None, f"what stood at position {self.expected}{last} was deleted"))
        self.good = None

    def _boundary(self) -> None:
        checkpoint = self.next_checkpoint
        if checkpoint is not None and checkpoint.size < self.expected:
            self._checkpoint_fault(checkpoint, "no act ends there")
            self.next_checkpoint = next(self.checkpoints, None)
            self._boundary()
            return
        ends = checkpoint is not None and checkpoint.size == self.expected
        held = self.against is not None and self.against.size == self.expected
        if not (ends or held):
            return
        stored = self._grown([entry.hash for entry, _ in self.pending])
        found = self._grown([entry.hash if leaf is None else leaf for entry, leaf in self.pending])
        if held:
            self._against(stored, found)
        if ends and checkpoint is not None:
            self._checkpoint(checkpoint, stored, found)

    def _grown(self, hashes: list[bytes | None]) -> Edge | None:
        if self.good is None:
            return None
        edge = self.good.copy()
        for one in hashes:
            if one is None:
                return None
            edge.append(one)
        return edge

    def _checkpoint(self, checkpoint: StoredCheckpoint, stored: Edge | None, found: Edge | None) -> None:
        if checkpoint.previous != self.previous:
            self._checkpoint_fault(checkpoint, f"the checkpoint of {checkpoint.previous} acts before it was deleted")
        stated, problem = self.signers.open(checkpoint, self.previous)
        if problem is not None:
            self._checkpoint_fault(checkpoint, problem)
        if stated is None:  # it was not signed by us, so it says nothing about the acts
            self.good = found
        elif self.good is not None:
            self._root(checkpoint, stated, stored, found)
        if self.good is not None:
            self._subtrees(self.good)
        self.previous, self.pending = checkpoint.size, []
        self.next_checkpoint = next(self.checkpoints, None)

    def _root(self, checkpoint: StoredCheckpoint, root: bytes, stored: Edge | None, found: Edge | None) -> None:
        differing = [(entry, leaf) for entry, leaf in self.pending if leaf != entry.hash]
        if stored is not None and stored.root() == root:
            self.misplaced += [(int(e.position or 0), e.act_id, e.hash or b"") for e, _ in differing]
            self.good = stored
        elif found is not None and found.root() == root:
            for entry, _ in differing:
                self._fault(entry, "the hash stored beside it was changed; the act itself fits")
            self.good = found
        else:
            self._unknown(checkpoint, differing)
            self.good = None

    def _subtrees(self, tree: Edge) -> None:
        """Compare the tall subtrees that this checkpoint completed with those that are kept, each once."""
        for one in tree.completed:
            first, last = one.place << one.height, ((one.place + 1) << one.height) - 1
            kept = self.subtrees.pop((one.height, one.place), None)
            if kept != one.hash:
                done = "is missing" if kept is None else "was changed"
                what = f"the hash over the acts at positions {first} to {last} {done}; the acts themselves fit"
                self.faults.append(Fault(last, None, what))

    def _unknown(self, checkpoint: StoredCheckpoint, differing: list[tuple[Entry, bytes | None]]) -> None:
        if differing:
            self._fault(differing[0][0], "its leaf was changed, and so was a hash stored beside the acts")
            return
        first, last = self.pending[0][0], self.pending[-1][0]
        if first.position == last.position:
            self._fault(first, "its leaf was changed: it does not lead to the root of its checkpoint")
            return
        self.faults.append(
            Fault(
                int(first.position or 0),
                None,
                f"one or more of the acts at positions {first.position} to {last.position} were changed, put in or "
                f"reordered: together they do not lead to the root of the checkpoint of {checkpoint.size} acts",
            )
        )

    def _checkpoint_fault(self, checkpoint: StoredCheckpoint, why: str) -> None:
        self.faults.append(
            Fault(max(checkpoint.size - 1, 0), None, f"the checkpoint of {checkpoint.size} acts does not fit: {why}")
        )

    def _against(self, stored: Edge | None, found: Edge | None) -> None:
        held, self.against = self.against, None
        if held is not None and held.root not in [edge.root() for edge in (stored, found) if edge is not None]:
            self.faults.append(
                Fault(
                    0, None, f"the log was rewritten: its first {held.size} acts are not those of the older checkpoint"
                )
            )

    def _against_shorter(self) -> None:
        held = self.against
        if held is not None and held.size > 0:
            self.faults.append(
                Fault(
                    self.expected,
                    None,
                    f"the log was rolled back: it holds {self.expected} acts, the older checkpoint {held.size}",
                )
            )

    def _sequencer(self) -> None:
        place = max(self.previous - 1, 0)
        if self.frame.sequencer is None:
            self.faults.append(Fault(place, None, "the sequencer's row was deleted"))
            return
        size, edge = self.frame.sequencer
        if size != self.previous:
            why = f"the sequencer counts {size} sealed acts, the last checkpoint {self.previous}"
            self.faults.append(Fault(min(size, self.previous), None, why))
        elif self.good is not None and not self.pending and edge != self.good.pack():
            self.faults.append(Fault(place, None, "the sequencer's right edge was changed; the acts themselves fit"))

    def _misplaced(self) -> None:
        for position, act_id, sealed in self.misplaced:
            if act_id is None:
                what = "what was sealed here was deleted"
            elif sealed in self.places:
                what = (
                    f"acts were put in or reordered: what was sealed here now stands at position {self.places[sealed]}"
                )
            else:
                what = "its leaf was changed, or another act was put in its place"
            self.faults.append(Fault(position, act_id, what))

    def _bodies(self) -> None:
        for act_id, place in self.missing.items():
            if act_id not in self.destroyed:
                self.faults.append(Fault(place, act_id, "its body is missing and no act destroyed it"))
        for act_id, place in self.present.items():
            if act_id in self.destroyed:
                by = self.destroyed[act_id]
                what = f"act {by} destroyed its body, and it is there again: run `stembus privacy replay`"
                self.faults.append(Fault(place, act_id, what))
