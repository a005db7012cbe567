"""Whether thousands of numbers are all elements, asked at once: what is none is found as if each had been asked.

128 parts of the numbers are drawn, each number into each part with a chance of a half, and of each part the product is
asked. Where a number is outside the group, of whatever order, a part without it and the same part with it cannot both
have a product inside. So each part finds it with a chance of at least a half, and all of them miss it with one of at
most 2^-128. (With powers of the numbers in place of parts, what has order 2 would pass each second time: p - 1 is a
multiple of 6 q.) The parts are hashed from all the numbers: the verdict is the same each time, and nobody chooses
numbers to fit them. Source: Bellare, Garay and Rabin, Fast Batch Verification for Modular Exponentiation and Digital
Signatures (1998), the random subset test.
"""

import hashlib
from collections.abc import Sequence
from functools import partial

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, in_pieces, silent

_MANY = 500  # from so many numbers on it is cheaper to ask all at once
_PARTS = 128
_LEAST_IN_A_PIECE = 1024
_MOST_PIECES = 8
_PARTS_IN_A_PIECE = 16


def known_at_once(
    group: Group, texts: Sequence[str], step: str, *, workers: Workers = ONE_BY_ONE, progress: Progress = silent
) -> bool:
    """Whether all texts are known to stand for elements.

    False says nothing: they are few, or asking one by one costs next to nothing, or one of them stands for none.
    """
    if group.is_safe or len(texts) < _MANY:
        return False
    seed = hashlib.sha256(f"stembus-membership|{group.name}|{','.join(texts)}".encode()).digest()
    pieces = in_pieces(
        partial(_products, group, seed),
        list(enumerate(texts)),
        size=max(_LEAST_IN_A_PIECE, -(-len(texts) // _MOST_PIECES)),
        step=step,
        workers=workers,
        progress=progress,
    )
    products = [group.identity] * _PARTS
    for piece in pieces:
        if piece is None:
            return False
        products = [group.mul(one, other) for one, other in zip(products, piece, strict=True)]
    return all(in_pieces(partial(_are_inside, group), products, size=_PARTS_IN_A_PIECE, step=step, workers=workers))


def _products(group: Group, seed: bytes, numbered: Sequence[tuple[int, str]]) -> list[Element] | None:
    """Of each part the product of the numbers of this piece; None where a text stands for no number below p."""
    masks = [hashlib.sha256(seed + place.to_bytes(4, "big")).digest()[: _PARTS // 8] for place, _text in numbered]
    try:
        numbers = [group.read_number(text) for _place, text in numbered]
    except ProtocolError:
        return None
    return group.products_of_parts(numbers, masks)


def _are_inside(group: Group, products: Sequence[int]) -> bool:
    return all(product in group for product in products)
