"""The Merkle tree of RFC 6962 (section 2.1; RFC 9162, section 2.1): roots, proofs, and the checking of proofs.

Pure: leaf hashes go in, hashes come out. Nothing here knows what a leaf says.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from stembus.errors import CheckFailed

HASH_BYTES = 32
TALL = 8
"""Every subtree of 256 leaves, of 256 x 256 and so on is tall: kept, so that no proof reads more than a few hundred
hashes of each size."""
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over 0x00 and the leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256 over 0x01, its left and its right child."""
    return sha256(b"\x01" + left + right).digest()


class Subtree(NamedTuple):
    """The root of a perfect subtree: of 2^`height` leaves, the `place`-th of them from the left."""

    height: int
    place: int
    hash: bytes


class Edge:
    """The right edge of a growing tree: the roots of its perfect subtrees, the largest first.

    It is all that appending needs: at most one hash for each bit of the size, whatever the tree holds. `completed` are
    the tall subtrees that were completed since it was made.
    """

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)
        self.completed: list[Subtree] = []

    @classmethod
    def unpack(cls, size: int, packed: bytes) -> "Edge":
        """Read an edge that `pack` wrote. Raises `CheckFailed` when it is not one of a tree of that size."""
        if len(packed) != HASH_BYTES * size.bit_count():
            raise CheckFailed(
                "The right edge of the tree of {size} acts is damaged: run `stembus ledger verify`.", size=size
            )
        return cls(size, (packed[i : i + HASH_BYTES] for i in range(0, len(packed), HASH_BYTES)))

    def pack(self) -> bytes:
        """Return the hashes one after the other, the largest subtree's first."""
        return b"".join(self.nodes)

    def copy(self) -> "Edge":
        """Return an edge that grows apart from this one."""
        return Edge(self.size, self.nodes)

    def append(self, leaf: bytes) -> None:
        """Add the hash of one leaf."""
        complete, height = self.size, 0
        self.size += 1
        self.nodes.append(leaf)
        while complete & 1:
            right, left = self.nodes.pop(), self.nodes.pop()
            self.nodes.append(node_hash(left, right))
            complete, height = complete >> 1, height + 1
            if height % TALL == 0:
                self.completed.append(Subtree(height, (self.size >> height) - 1, self.nodes[-1]))

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root of the tree over these leaf hashes."""
    edge = Edge()
    for leaf in hashes:
        edge.append(leaf)
    return edge.root()


def inclusion_path(hashes: Sequence[bytes], position: int) -> list[bytes]:
    """Return the proof that the leaf at `position` is in the tree over all of `hashes` (RFC 9162, 2.1.3.1)."""
    return [root_of(hashes[start:end]) for start, end in inclusion_ranges(len(hashes), position)]


def inclusion_ranges(size: int, position: int) -> list[tuple[int, int]]:
    """Return over which leaves (from, to but not including) the hashes of that proof are the roots, in its order."""
    if not 0 <= position < size:
        raise CheckFailed(
            "There is no act at position {position}: the log holds {number}.", position=position, number=size
        )
    ranges: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def check_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise `CheckFailed` unless `path` proves the leaf hash at `position` of that tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        raise CheckFailed(
            "The proof is for position {position} of a log of {size} acts, where no such position is.",
            position=position,
            size=size,
        )
    index, last, found = position, size - 1, leaf
    for node in path:
        if last == 0:
            raise CheckFailed("The proof has more steps than the log is high.")
        if index & 1 or index == last:
            found = node_hash(node, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, node)
        index, last = index >> 1, last >> 1
    if last:
        raise CheckFailed("The proof has fewer steps than the log is high.")
    if found != root:
        raise CheckFailed(
            "The proof does not lead to the root of the checkpoint: the act is not at position {position}.",
            position=position,
        )


def consistency_path(hashes: Sequence[bytes], older: int) -> list[bytes]:
    """Return the proof that the tree over all of `hashes` grew from its first `older` leaves (RFC 9162, 2.1.4.1)."""
    return [root_of(hashes[start:end]) for start, end in consistency_ranges(len(hashes), older)]


def consistency_ranges(size: int, older: int) -> list[tuple[int, int]]:
    """Return over which leaves (from, to but not including) the hashes of that proof are the roots, in its order."""
    if not 0 < older <= size:
        raise CheckFailed("The log of {number} acts cannot have grown from one of {older}.", number=size, older=older)
    ranges: list[tuple[int, int]] = []
    start, end, whole = 0, size, True
    while older < end:
        middle = start + _split(end - start)
        if older <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, end))
    return ranges[::-1]


def root_of_subtrees(subtrees: Iterable[Subtree]) -> bytes:
    """Return the root over perfect subtrees that lie side by side, none larger than the one before it.

    Their first leaf has to be one at which a subtree as large as all of them together begins, as it is in every range
    of a proof.
    """
    stack: list[Subtree] = []
    for one in subtrees:
        height, place, found = one
        while stack and stack[-1].height == height:
            height, place, found = height + 1, place >> 1, node_hash(stack.pop().hash, found)
        stack.append(Subtree(height, place, found))
    root = stack.pop().hash
    while stack:
        root = node_hash(stack.pop().hash, root)
    return root


def check_consistency(older: int, newer: int, older_root: bytes, newer_root: bytes, path: Sequence[bytes]) -> None:
    """Raise `CheckFailed` unless `path` proves that the newer tree only added to the older (RFC 9162, 2.1.4.2)."""
    if not 0 < older <= newer:
        raise CheckFailed(
            "A log of {newer} acts cannot have grown from one of {older}: something was taken away.",
            newer=newer,
            older=older,
        )
    if older == newer:
        if path or older_root != newer_root:
            raise CheckFailed("Two checkpoints of {older} acts differ: the log was rewritten.", older=older)
        return
    steps = list(path)
    if older & (older - 1) == 0:
        steps.insert(0, older_root)
    if not steps:
        raise CheckFailed("The proof has fewer steps than the log is high.")
    index, last = older - 1, newer - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    found_older = found_newer = steps[0]
    for node in steps[1:]:
        if last == 0:
            raise CheckFailed("The proof has more steps than the log is high.")
        if index & 1 or index == last:
            found_older, found_newer = node_hash(node, found_older), node_hash(node, found_newer)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found_newer = node_hash(found_newer, node)
        index, last = index >> 1, last >> 1
    if last or found_older != older_root or found_newer != newer_root:
        raise CheckFailed(
            "The log of {newer} acts did not grow from the one of {older}: an older act was rewritten.",
            newer=newer,
            older=older,
        )


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
