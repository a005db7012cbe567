"""Many powers of big numbers at once: tables for a base that comes back, shared squarings, products of powers.

Numbers are `gmpy2.mpz`, which behave as `int`. A modulus is odd, a base is invertible, an exponent is not negative.
Only `gmpy2.powmod_sec` (in `group.py`) takes the same time for each exponent. A table does the same multiplications
for each, of numbers of the same size; which entries it reads still follows from the exponent.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, repeat

from stembus_ballots.protocol.numbers import invert, mpz, powmod

_ROW_BITS = 8
_ROW = 1 << _ROW_BITS
_SHORT = 512  # bits: above it longer digits pay


class PowerTable:
    """All powers of one base that stand for one byte of an exponent: a power is one product for each byte.

    Entry d of row i is base^(256^i (d + 1)). The surplus of 1 in each row, so that no entry is the number 1, is
    taken off at the end: each exponent costs the same products.
    """

    def __init__(self, base: int, modulus: int, bits: int) -> None:
        """Makes the table for exponents of at most `bits` bits; it holds 32 entries for each of them."""
        self._modulus, self._bytes = modulus, -(-bits // _ROW_BITS)
        self._rows: list[list[int]] = []
        step, surplus = mpz(base), mpz(1)
        for _ in range(self._bytes):
            row = list(accumulate(repeat(step, _ROW), lambda power, factor: power * factor % modulus))
            self._rows.append(row)
            surplus = surplus * step % modulus
            step = row[-1]
        correction = invert(surplus, modulus)
        self._rows[0] = [power * correction % modulus for power in self._rows[0]]

    def power(self, exponent: int) -> int:
        """The base to the power of `exponent`. Raises OverflowError where that is negative or too large."""
        first, *others = zip(self._rows, int(exponent).to_bytes(self._bytes, "little"), strict=True)
        result, modulus = first[0][first[1]], self._modulus
        for row, place in others:
            result = result * row[place] % modulus
        return result

    def powers(self, exponents: Sequence[int]) -> list[int]:
        """The base to the power of each exponent, as `power` does; the table is walked through once for all of them."""
        modulus = self._modulus
        digits_of_each = [int(exponent).to_bytes(self._bytes, "little") for exponent in exponents]
        results = [_ONE] * len(digits_of_each)
        for row, places in zip(self._rows, zip(*digits_of_each, strict=True), strict=False):
            results = [result * row[place] % modulus for result, place in zip(results, places, strict=True)]
        return results


class Squarings:
    """A base with its squarings: each of its powers is gathered from them (Yao's method)."""

    def __init__(self, base: int, modulus: int, bits: int) -> None:
        """Squares the base for exponents of at most `bits` bits, 1 or more."""
        step = mpz(base)
        steps = [step]
        for _ in range(bits - 1):
            step = step * step % modulus
            steps.append(step)
        self.modulus, self.steps = modulus, steps

    def power(self, exponent: int) -> int:
        """The base to the power of an exponent. Raises IndexError where that is too large."""
        return power_of_product([self], exponent, self.modulus)


def power_of_product(factors: Sequence[Squarings], exponent: int, modulus: int) -> int:
    """The product of some bases to the power of an exponent, from the squarings of each.

    Raises IndexError where the exponent is too large for them.
    """
    runs = [factor.steps for factor in factors]
    running = halves = _ONE
    # Odd digit 2 h + 1 takes part h times by `halves`, which is squared, and once by `running`.
    lowest, *others = _places_of_digits(int(exponent), 5 if exponent.bit_length() <= _SHORT else 6)
    for places in reversed(others):
        for steps in runs:
            for place in places:
                running = running * steps[place] % modulus
        halves = halves * running % modulus
    for steps in runs:
        for place in lowest:
            running = running * steps[place] % modulus
    return halves * halves % modulus * running % modulus


@lru_cache(maxsize=64)
def _places_of_digits(exponent: int, width: int) -> tuple[tuple[int, ...], ...]:
    """For each odd digit of up to `width` bits, 1 and 3 and so on, the bits at which it stands in an exponent.

    The last exponents are remembered: both halves of a ciphertext are raised to the same.
    """
    places: list[list[int]] = [[] for _ in range(1 << (width - 1))]
    mask, place = (1 << width) - 1, 0
    while exponent:
        zeros = (exponent & -exponent).bit_length() - 1
        place += zeros
        exponent >>= zeros
        places[(exponent & mask) >> 1].append(place)
        exponent >>= width
        place += width
    return tuple(map(tuple, places))


def powers_of(base: int, exponents: Sequence[int], modulus: int) -> list[int]:
    """The base to the power of each exponent; all share one run of squarings."""
    if len(exponents) < 2:
        return [powmod(base, exponent, modulus) for exponent in exponents]
    squarings = Squarings(base, modulus, max(exponent.bit_length() for exponent in exponents))
    return [squarings.power(exponent) for exponent in exponents]


_ONE = mpz(1)


def joint_powers(rows: Sequence[Sequence[int]], exponents: Sequence[int], modulus: int) -> list[int]:
    """For each row of bases the product of the first to the first exponent, the second to the second, and so on.

    All bases of a row share one run of squarings (Straus's method): for a few bases and short exponents.
    """
    longest = max(exponent.bit_length() for exponent in exponents)
    digits = [
        sum((exponent >> bit & 1) << place for place, exponent in enumerate(exponents))
        for bit in range(longest - 1, -1, -1)
    ]
    return [_joint_power(bases, digits, modulus) for bases in rows]


def _joint_power(bases: Sequence[int], digits: Sequence[int], modulus: int) -> int:
    subsets = [_ONE]
    for base in bases:
        subsets += [product * base % modulus for product in subsets]
    result = _ONE
    for digit in digits:
        result = result * result % modulus
        if digit:
            result = result * subsets[digit] % modulus
    return result


def product_of_powers(bases: Sequence[int], exponents: Sequence[int], modulus: int) -> int:
    """The product of each base to the power of its exponent, in buckets (Pippenger's method).

    For thousands of exponents of 2,048 bits it costs a tenth of single powers. No base at all gives 1.
    """
    longest = max((exponent.bit_length() for exponent in exponents), default=0)
    width = _bucket_width(len(bases))
    mask = (1 << width) - 1
    result = mpz(1)
    for shift in range((longest - 1) // width * width, -1, -width):
        for _ in range(width):
            result = result * result % modulus
        bucket = [_ONE] * (mask + 1)
        for base, exponent in zip(bases, exponents, strict=True):
            digit = (exponent >> shift) & mask
            bucket[digit] = bucket[digit] * base % modulus
        result = result * _weighed(bucket, modulus) % modulus
    return result


def _weighed(bucket: list[int], modulus: int) -> int:
    """The product of each entry to the power of its place, by running products from the top."""
    running = result = _ONE
    for entry in reversed(bucket[1:]):
        running = running * entry % modulus
        result = result * running % modulus
    return result


def _bucket_width(bases: int) -> int:
    """How many bits of each exponent one pass takes: the cheapest in products for so many bases."""
    return min(range(1, 17), key=lambda width: (bases + (2 << width)) / width)


def products_of_parts(bases: Sequence[int], masks: Sequence[bytes], modulus: int) -> list[int]:
    """For each bit of the masks the product of the bases whose mask has it. All masks have the same length.

    Bases with the same byte in a place are multiplied first: one product does for eight bits.
    """
    buckets = [[_ONE] * 256 for _ in masks[0]]
    for base, mask in zip(bases, masks, strict=True):
        for row, byte in zip(buckets, mask, strict=True):
            row[byte] = row[byte] * base % modulus
    return [product for row in buckets for product in _products_by_bit(row, modulus)]


def _products_by_bit(row: list[int], modulus: int) -> Iterator[int]:
    """For each bit, the highest first, the product of the entries whose place has it."""
    while len(row) > 1:
        lower, upper = row[: len(row) // 2], row[len(row) // 2 :]
        product = _ONE
        for entry in upper:
            product = product * entry % modulus
        yield product
        row = [one * other % modulus for one, other in zip(lower, upper, strict=True)]
