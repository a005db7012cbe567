"""The Merkle tree is that of RFC 6962, and no proof of it can be bent."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus.errors import CheckFailed
from stembus.ledger.merkle import (
    EMPTY_ROOT,
    Edge,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root_of,
)

# The eight leaves, the roots and the paths with which implementations of Certificate Transparency test themselves.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def hexadecimal(path: list[bytes]) -> list[str]:
    return [node.hex() for node in path]


def numbered(size: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(size)]


def root_by_definition(hashes: list[bytes]) -> bytes:
    """The recursion as the RFC writes it down, to hold the growing edge against."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + root_by_definition(hashes[:split]) + root_by_definition(hashes[split:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_the_published_ones(size: int) -> None:
    assert root_of(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("position", "size"), INCLUSION)
def test_the_inclusion_proofs_are_the_published_ones(position: int, size: int) -> None:
    assert hexadecimal(inclusion_path(HASHES[:size], position)) == INCLUSION[position, size]


@pytest.mark.parametrize(("older", "newer"), CONSISTENCY)
def test_the_consistency_proofs_are_the_published_ones(older: int, newer: int) -> None:
    assert hexadecimal(consistency_path(HASHES[:newer], older)) == CONSISTENCY[older, newer]


def test_every_inclusion_proof_of_every_small_tree_holds_and_for_no_other_position() -> None:
    hashes = numbered(33)
    for size in range(1, len(hashes) + 1):
        root = root_of(hashes[:size])
        for position in range(size):
            path = inclusion_path(hashes[:size], position)
            check_inclusion(hashes[position], position, size, path, root)
            for other in {position - 1, position + 1, position ^ 2} - {position}:
                with pytest.raises(CheckFailed):
                    check_inclusion(hashes[position], other, size, path, root)


def test_every_consistency_proof_between_small_trees_holds_and_for_no_other_size() -> None:
    hashes = numbered(33)
    for newer in range(1, len(hashes) + 1):
        root = root_of(hashes[:newer])
        for older in range(1, newer + 1):
            path = consistency_path(hashes[:newer], older)
            check_consistency(older, newer, root_of(hashes[:older]), root, path)
            if older < newer:
                with pytest.raises(CheckFailed):
                    check_consistency(older, newer, root_of(hashes[1 : older + 1]), root, path)


@given(size=st.integers(0, 300))
def test_the_root_that_grows_is_the_root_as_defined(size: int) -> None:
    assert root_of(numbered(size)) == root_by_definition(numbered(size))


@given(size=st.integers(0, 200), more=st.integers(0, 50))
def test_an_edge_that_was_stored_grows_on(size: int, more: int) -> None:
    hashes = numbered(size + more)
    edge = Edge()
    for one in hashes[:size]:
        edge.append(one)
    again = Edge.unpack(edge.size, edge.pack())
    for one in hashes[size:]:
        again.append(one)
    assert again.root() == root_of(hashes)


@given(data=st.data(), size=st.integers(1, 120))
def test_a_changed_proof_proves_nothing(data: st.DataObject, size: int) -> None:
    hashes = numbered(size)
    position = data.draw(st.integers(0, size - 1))
    path, root = inclusion_path(hashes, position), root_of(hashes)
    change = data.draw(st.sampled_from(["flip", "drop", "add", "leaf"] if path else ["add", "leaf"]))
    leaf, at = hashes[position], data.draw(st.integers(0, max(0, len(path) - 1)))
    if change == "flip":
        path[at] = bytes([path[at][0] ^ 1]) + path[at][1:]
    elif change == "drop":
        del path[at]
    elif change == "add":
        path.insert(at, root)
    else:
        leaf = leaf_hash(b"another")
    with pytest.raises(CheckFailed):
        check_inclusion(leaf, position, size, path, root)


@given(data=st.data(), newer=st.integers(2, 120))
def test_a_rewritten_log_cannot_be_proven_to_have_grown(data: st.DataObject, newer: int) -> None:
    older = data.draw(st.integers(1, newer - 1))
    rewritten = data.draw(st.integers(0, older - 1))
    hashes = numbered(newer)
    older_root = root_of(hashes[:older])
    hashes[rewritten] = leaf_hash(b"rewritten")
    with pytest.raises(CheckFailed):
        check_consistency(older, newer, older_root, root_of(hashes), consistency_path(hashes, older))


def test_a_shorter_log_did_not_grow() -> None:
    with pytest.raises(CheckFailed, match="something was taken away"):
        check_consistency(5, 3, root_of(HASHES[:5]), root_of(HASHES[:3]), [])


def test_a_damaged_edge_is_named() -> None:
    with pytest.raises(CheckFailed, match="right edge of the tree of 3 acts"):
        Edge.unpack(3, b"\x00" * 32)
