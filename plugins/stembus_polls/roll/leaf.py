"""The roll as a Merkle tree (RFC 6962): one leaf for each row, in an order that says nothing about anybody. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from stembus.errors import CheckFailed, UnusableInput
from stembus.ledger.merkle import check_inclusion, inclusion_path, leaf_hash, root_of

SALT_BYTES = 32
_encode = msgspec.json.Encoder(order="deterministic").encode


class Leaf(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="stembus.roll/1", tag_field="type"
):
    """A row of the roll: this member votes in these contests. `salt` (hexadecimal) keeps others from guessing it."""

    procedure: str
    member: str
    contests: tuple[str, ...]
    salt: str

    @property
    def hash(self) -> bytes:
        """The hash of the leaf over its canonical JSON."""
        return leaf_hash(_encode(self))


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row with what proves it against the public root: for the member alone. Hashes are hexadecimal."""

    leaf: Leaf
    version: int
    position: int
    size: int
    path: tuple[str, ...]
    root: str


def tree(leaves: Iterable[Leaf]) -> list[bytes]:
    """Return the hashes of the leaves in the order of the tree: sorted, so that a place says nothing of a person."""
    return sorted(leaf.hash for leaf in leaves)


def root(hashes: Sequence[bytes]) -> str:
    """Return the root of the tree over these hashes, in hexadecimal."""
    return root_of(hashes).hex()


def prove(leaf: Leaf, hashes: Sequence[bytes], version: int) -> Proof:
    """Return the proof that a leaf is in the tree over `hashes`. Raises `CheckFailed` when it is not."""
    try:
        position = hashes.index(leaf.hash)
    except ValueError:
        raise CheckFailed(
            "The row of member {member} is not in version {version} of the roll.", member=leaf.member, version=version
        ) from None
    return Proof(
        leaf=leaf,
        version=version,
        position=position,
        size=len(hashes),
        path=tuple(node.hex() for node in inclusion_path(hashes, position)),
        root=root(hashes),
    )


def read_proof(text: bytes, name: str) -> Proof:
    """Read a proof that was written as JSON. Raises `UnusableInput` with the key at fault."""
    try:
        return msgspec.json.decode(text, type=Proof)
    except msgspec.DecodeError as error:
        raise UnusableInput(
            "{name} is not a proof of a row ({error}): ask for it with `stembus roll show`.", name=name, error=error
        ) from None


def check_proof(proof: Proof, public_root: str) -> None:
    """Raise `CheckFailed` unless the proof leads from the row to the root that was made public."""
    try:
        path, expected = [bytes.fromhex(node) for node in proof.path], bytes.fromhex(public_root)
    except ValueError:
        raise UnusableInput("The hashes of the proof and the root are written in hexadecimal.") from None
    check_inclusion(proof.leaf.hash, proof.position, proof.size, path, expected)
