"""Partial decryptions put together: of each block of trustees a threshold of factors gives the factor of its whole key.

Source: Belenios specification 2.0, section 4.19; voting protocol, section 9.4.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import lcm

from stembus_ballots.protocol.decryption import PIECE, Factors
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group
from stembus_ballots.protocol.trustees import Trustees
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, in_pieces, silent


def missing_trustees(trustees: Trustees, given: Mapping[int, Factors]) -> list[str]:
    """For each block of which too few decrypted, how many more it takes and of whom."""
    sentences = []
    for block in trustees.blocks:
        absent = [number for number in block.ids if number not in given]
        lacking = block.threshold - (len(block.keys) - len(absent))
        if lacking > 0:
            sentences.append(f"{lacking} more of trustee {', '.join(map(str, absent))} must decrypt")
    return sentences


def combined(
    group: Group,
    trustees: Trustees,
    given: Mapping[int, Factors],
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> Factors:
    """The factors of the election's key, from those of the trustees by their ids; of a block the first suffice.

    Raises ProtocolError(decryption.missing), naming who is missing, where too few are given.
    """
    if sentences := missing_trustees(trustees, given):
        raise ProtocolError("decryption.missing", f"Too few trustees: {'; '.join(sentences)}.")
    shape: list[int] = [len(column) for column in next(iter(given.values()))]
    total: list[Element] = [group.identity] * sum(shape)
    for block in trustees.blocks:
        ids = [number for number in block.ids if number in given][: block.threshold]
        rows = list(zip(*([f for column in given[number] for f in column] for number in ids), strict=True))
        raise_all = partial(_combine, group, *_exponents([number - block.first + 1 for number in ids], group))
        pieces = in_pieces(
            raise_all, rows, size=PIECE, step="Combining the decryptions", workers=workers, progress=progress
        )
        of_block = [factor for piece in pieces for factor in piece]
        total = [group.mul(one, other) for one, other in zip(total, of_block, strict=True)]
    flat = iter(total)
    return tuple(tuple(next(flat) for _ in range(size)) for size in shape)


def _exponents(indices: Sequence[int], group: Group) -> tuple[tuple[int, ...], int]:
    """Whole exponents that are small, and the one long exponent that turns their product into Lagrange's."""
    fractions = []
    for mine in indices:
        exact = Fraction(1)
        for other in indices:
            if other != mine:
                exact *= Fraction(other, other - mine)
        fractions.append(exact)
    common = lcm(*(exact.denominator for exact in fractions))
    return tuple(int(exact * common) for exact in fractions), pow(common, -1, int(group.q))


def _combine(group: Group, exponents: tuple[int, ...], root: int, rows: Sequence[tuple[Element, ...]]) -> list[Element]:
    """For each row of factors the product of their powers."""
    made = []
    for row in rows:
        product = group.identity
        for factor, exponent in zip(row, exponents, strict=True):
            base = factor if exponent >= 0 else group.inverse(factor)
            product = group.mul(product, group.power(base, abs(exponent)))
        made.append(group.power(product, root))
    return made
