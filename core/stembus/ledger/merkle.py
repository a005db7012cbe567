"""The Merkle tree of RFC 6962 (section 2.1; RFC 9162, section 2.1): roots, proofs, and the checking of proofs.

Pure: leaf hashes go in, hashes come out. Nothing here knows what a leaf says.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from stembus.errors import CheckFailed

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over 0x00 and the leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256 over 0x01, its left and its right child."""
    return sha256(b"\x01" + left + right).digest()


class Edge:
    """The right edge of a growing tree: the roots of its perfect subtrees, the largest first.

    It is all that appending needs: at most one hash for each bit of the size, whatever the tree holds.
    """

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)

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
        complete = self.size
        self.nodes.append(leaf)
        while complete & 1:
            right, left = self.nodes.pop(), self.nodes.pop()
            self.nodes.append(node_hash(left, right))
            complete >>= 1
        self.size += 1

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
    if not 0 <= position < len(hashes):
        raise CheckFailed(
            "There is no act at position {position}: the log holds {number}.", position=position, number=len(hashes)
        )
    path: list[bytes] = []
    start, end = 0, len(hashes)
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            path.append(root_of(hashes[middle:end]))
            end = middle
        else:
            path.append(root_of(hashes[start:middle]))
            start = middle
    return path[::-1]


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
    if not 0 < older <= len(hashes):
        raise CheckFailed(
            "The log of {number} acts cannot have grown from one of {older}.", number=len(hashes), older=older
        )
    path: list[bytes] = []
    start, end, whole = 0, len(hashes), True
    while older < end:
        middle = start + _split(end - start)
        if older <= middle:
            path.append(root_of(hashes[middle:end]))
            end = middle
        else:
            path.append(root_of(hashes[start:middle]))
            start, whole = middle, False
    if not whole:
        path.append(root_of(hashes[start:end]))
    return path[::-1]


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
