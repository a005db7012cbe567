"""Work on thousands of elements, shared between workers."""

from collections.abc import Sequence
from functools import partial

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group
from stembus_ballots.protocol.membership import known_at_once
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, in_pieces, silent

_POWERS_IN_A_PIECE = 250
_TEXTS_IN_A_PIECE = 2000
_MEMBERS_IN_A_PIECE = 250
_FACTORS_IN_A_PIECE = 8192  # the more at once, the cheaper each


def parse_elements(group: Group, texts: Sequence[str], *, workers: Workers = ONE_BY_ONE) -> list[Element]:
    """The elements that the texts stand for. Raises ProtocolError(group.element) for the first that is none."""
    pieces = in_pieces(partial(_parsed, group), texts, size=_TEXTS_IN_A_PIECE, step="read", workers=workers)
    return [element for piece in pieces for element in piece]


def first_outside(
    group: Group, texts: Sequence[str], step: str, *, workers: Workers = ONE_BY_ONE, progress: Progress = silent
) -> tuple[int, ProtocolError] | None:
    """The place of the first text that stands for no element, and what is wrong with it; None where all do."""
    if known_at_once(group, texts, step, workers=workers, progress=progress):
        return None
    size = _MEMBERS_IN_A_PIECE
    pieces = in_pieces(partial(_first_outside, group), texts, size=size, step=step, workers=workers, progress=progress)
    for piece, found in enumerate(pieces):
        if found:
            return piece * size + found[0], found[1]
    return None


def table_powers(
    group: Group,
    base: Element,
    exponents: Sequence[int],
    step: str,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> list[Element]:
    """One base to the power of each exponent."""
    work = partial(_powers, group, base)
    pieces = in_pieces(work, exponents, size=_POWERS_IN_A_PIECE, step=step, workers=workers, progress=progress)
    return [power for piece in pieces for power in piece]


def product_of_powers(
    group: Group,
    bases: Sequence[Element],
    exponents: Sequence[int],
    step: str,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> Element:
    """The product of each base to the power of its exponent. Exponents of about the same length are cheapest."""
    pairs = list(zip(bases, exponents, strict=True))
    half = -(-len(pairs) // 2)
    size = min(_FACTORS_IN_A_PIECE, max(_POWERS_IN_A_PIECE, half))
    pieces = in_pieces(partial(_product, group), pairs, size=size, step=step, workers=workers, progress=progress)
    return group.product(pieces)


def joint_powers(
    group: Group,
    rows: Sequence[Sequence[Element]],
    exponents: Sequence[int],
    step: str,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> list[Element]:
    """For each row of elements the product of their powers, with the same short exponents for all rows."""
    work = partial(_joint, group, exponents)
    pieces = in_pieces(work, rows, size=_POWERS_IN_A_PIECE, step=step, workers=workers, progress=progress)
    return [product for piece in pieces for product in piece]


def _parsed(group: Group, texts: Sequence[str]) -> list[Element]:
    return [group.parse(text) for text in texts]


def _first_outside(group: Group, texts: Sequence[str]) -> tuple[int, ProtocolError] | None:
    for place, text in enumerate(texts):
        try:
            group.parse(text)
        except ProtocolError as error:
            return place, error
    return None


def _powers(group: Group, base: Element, exponents: Sequence[int]) -> list[Element]:
    return group.table(base).powers(exponents)


def _joint(group: Group, exponents: Sequence[int], rows: Sequence[Sequence[Element]]) -> list[Element]:
    return group.joint_powers(rows, exponents)


def _product(group: Group, pairs: Sequence[tuple[Element, int]]) -> Element:
    return group.product_of_powers([base for base, _ in pairs], [exponent for _, exponent in pairs])
