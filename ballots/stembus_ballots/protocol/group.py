"""The groups in which votes are encrypted, behind one small interface: nothing else knows what an element is made of.

Sources: Belenios specification 2.0, sections 4.11.2 (encoding), 5 (parameters) and 6, table 8 (generators); RFC 3526.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import count
from typing import Final, NamedTuple

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.hashing import sha256_int
from stembus_ballots.protocol.numbers import invert, jacobi, mpz, powmod, powmod_sec
from stembus_ballots.protocol.powers import (
    PowerTable,
    Squarings,
    joint_powers,
    powers_of,
    product_of_powers,
    products_of_parts,
)

Element = int
"""An element of a group. It is a `gmpy2.mpz`, which behaves as an `int`; only its group makes and reads it."""

RandomBelow = Callable[[int], int]
"""A random source: gives a number from 0 up to but not including its bound, each as likely, such as
`secrets.randbelow`."""

VALUE_BITS: Final = 8
CHALLENGE_BITS: Final = 256
"""The most bits that a challenge has: those of SHA-256."""
_LIMB = 64
_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)


class Ciphertext(NamedTuple):
    """An ElGamal ciphertext: alpha = g^r, and beta = y^r times the plaintext."""

    alpha: Element
    beta: Element


class Group:
    """The subgroup of order q of the numbers modulo p, both prime, with its generator g.

    `padding` says how many low bits of an element are left free for the encoding of values; without it the group
    cannot encode them. `element_digits` and `scalar_digits` are how long the texts of elements and exponents can be.
    `is_safe` says that p = 2q + 1, where membership costs next to nothing.
    """

    identity: Final[Element] = mpz(1)

    def __init__(self, name: str, p: int, q: int, g: int, padding: int | None) -> None:
        self.name, self.p, self.q, self.g, self.padding = name, mpz(p), mpz(q), mpz(g), padding
        self.element_digits, self.scalar_digits = len(str(p)), len(str(q))
        self.is_safe = self.p == 2 * self.q + 1
        # A multiple of q with which each exponent has the same number of machine words.
        self._lengthening = next(self.q * n for n in count(1) if _limbs(self.q * n) == _limbs(self.q * (n + 1) - 1))

    def __reduce__(self) -> tuple[Callable[[str], "Group"], tuple[str]]:
        return group_named, (self.name,)

    def __repr__(self) -> str:
        return f"<Group {self.name}>"

    def __contains__(self, number: int) -> bool:
        """Whether a number is an element: from 1 to p - 1, and of order q.

        Where p = 2q + 1 those are the squares, and the Jacobi symbol tells at 1/300 of the cost of a power.
        """
        if not 0 < number < self.p:
            return False
        return bool(jacobi(number, self.p) == 1 if self.is_safe else powmod(number, self.q, self.p) == 1)

    def read_number(self, text: str) -> int:
        """A number below p from the only text that stands for it; whether it is an element is not asked yet.

        For callers that ask that together with other powers. Raises ProtocolError(group.element).
        """
        number = _decimal(text, self.element_digits)
        if number is None or not 0 < number < self.p:
            raise self._no_element(text)
        return number

    def parse(self, text: str) -> Element:
        """The element that a text stands for. Raises ProtocolError(group.element) unless it is one."""
        number = self.read_number(text)
        if number not in self:
            raise self._no_element(text)
        return number

    def parse_scalar(self, text: str) -> int:
        """The exponent that a text stands for. Raises ProtocolError(group.scalar) unless it is from 0 to q - 1."""
        number = _decimal(text, self.scalar_digits)
        if number is None or number >= self.q:
            raise ProtocolError(
                "group.scalar", f"“{_short(text)}” is no exponent of {self.name}: 0 to q - 1 in decimals."
            )
        return number

    def text(self, element: Element) -> str:
        """The text of an element, as it is hashed and stored. That of an exponent is `str`."""
        return str(element)

    def random_scalar(self, random_below: RandomBelow) -> int:
        """A random exponent, from 0 to q - 1."""
        return mpz(random_below(int(self.q)))

    def mul(self, one: Element, other: Element) -> Element:
        """The product of two elements."""
        return one * other % self.p

    def product(self, elements: Iterable[Element]) -> Element:
        """The product of all elements; the identity where there is none."""
        result = self.identity
        for element in elements:
            result = result * element % self.p
        return result

    def inverse(self, element: Element) -> Element:
        """The element that gives the identity with this one."""
        return invert(element, self.p)

    def power(self, base: Element, exponent: int) -> Element:
        """The base to the power of an exponent that is no secret."""
        return powmod(base, exponent % self.q, self.p)

    def secret_power(self, base: Element, exponent: int) -> Element:
        """The base to the power of a secret from 0 to q - 1: the time depends on nothing but the group."""
        return powmod_sec(base, exponent + self._lengthening, self.p)

    def table(self, base: Element, bits: int | None = None) -> PowerTable:
        """The table of a base that comes back many times, for exponents of up to `bits` bits (all, by default).

        The last few tables are kept. One for all exponents of RFC-3526-2048 takes 0.1 s and 19 MB to make, and pays
        from some fifty powers on.
        """
        return _table(self.p, base, bits or self.q.bit_length())

    def powers(self, base: Element, exponents: Sequence[int]) -> list[Element]:
        """The base to the power of each exponent, together cheaper than one by one."""
        return powers_of(base, exponents, self.p)

    def squarings(self, base: Element) -> Squarings:
        """A base with its squarings, from which each of its powers is gathered; 255 or 2046 products to begin with."""
        return Squarings(base, self.p, self.q.bit_length())

    def squarings_if_element(self, number: int) -> Squarings:
        """The squarings of a number that was only read, and whose membership is asked here, with the same squarings.

        Raises ProtocolError(group.element) unless it is an element.
        """
        squarings = self.squarings(number)
        if not (number in self if self.is_safe else 0 < number < self.p and squarings.power(self.q) == self.identity):
            raise self._no_element(str(number))
        return squarings

    def joint_powers(self, rows: Sequence[Sequence[Element]], exponents: Sequence[int]) -> list[Element]:
        """For each row of elements the product of their powers, with the same short exponents for all rows."""
        return joint_powers(rows, exponents, self.p)

    def product_of_powers(self, bases: Sequence[Element], exponents: Sequence[int]) -> Element:
        """The product of each base to the power of its exponent."""
        return product_of_powers(bases, exponents, self.p)

    def products_of_parts(self, numbers: Sequence[int], masks: Sequence[bytes]) -> list[int]:
        """For each bit of the masks the product of the numbers whose mask has it."""
        return products_of_parts(numbers, masks, self.p)

    def generator(self, index: int) -> Element:
        """The generator h(index): no one has chosen it, so no one knows its logarithm to g or to another of them.

        Raises ProtocolError(group.generator) where it would be useless, which it is for no index in use.
        """
        found = powmod(sha256_int(f"ggen|{index}"), (self.p - 1) // self.q, self.p)
        if found in (0, 1, self.g):
            raise ProtocolError("group.generator", f"Index {index} gives no generator of {self.name}.")
        return found

    def generators(self, number: int) -> list[Element]:
        """h(0), h(1) and so on. Raises ProtocolError(group.generator) should two be the same."""
        found = [self.generator(index) for index in range(number)]
        if len({*found, self.generator(-1)}) != number + 1:
            raise ProtocolError("group.generator", f"Two generators of {self.name} are the same.")
        return found

    @property
    def most_values(self) -> int:
        """How many values one element can hold."""
        return 0 if self.padding is None else (self.p.bit_length() - 1 - self.padding) // VALUE_BITS

    def encode(self, values: Sequence[int]) -> Element:
        """The element that stands for values from 0 to 255. Raises ProtocolError(group.values) where none can."""
        if len(values) > self.most_values:
            raise ProtocolError("group.values", f"{self.name} holds {self.most_values} values, not {len(values)}.")
        if any(not 0 <= value < 1 << VALUE_BITS for value in values):
            raise ProtocolError("group.values", f"The values {list(values)} are not all from 0 to 255.")
        start = mpz(int.from_bytes(bytes(values), "big")) << (self.padding or 0)
        return next(number for number in count(start) if number in self)

    def decode(self, element: Element, number: int) -> tuple[int, ...]:
        """The `number` values that an element holds. More than they may stand in it: see `is_canonical`."""
        low = (int(element) >> (self.padding or 0)) & ((1 << (VALUE_BITS * number)) - 1)
        return tuple(low.to_bytes(number, "big"))

    def is_canonical(self, element: Element, number: int) -> bool:
        """Whether an element is the one that `encode` makes of its values."""
        return self.encode(self.decode(element, number)) == element

    def _no_element(self, text: str) -> ProtocolError:
        return ProtocolError("group.element", f"“{_short(text)}” is no element of {self.name}.")


def group_named(name: str) -> Group:
    """The group of that name. Raises ProtocolError(group.name) for any other."""
    try:
        return GROUPS[name]
    except KeyError:
        raise ProtocolError("group.name", f"“{_short(name)}” is not one of the groups {', '.join(GROUPS)}.") from None


@lru_cache(maxsize=12)
def _table(p: int, base: Element, bits: int) -> PowerTable:
    return PowerTable(base, p, bits)


def _decimal(text: str, digits: int) -> int | None:
    """A number in decimals without sign or leading zero; None where it is anything else, or longer than allowed."""
    return mpz(text) if len(text) <= digits and _DECIMAL.fullmatch(text) else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _limbs(number: int) -> int:
    return -(-number.bit_length() // _LIMB)


_RFC_3526_P = int(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef95"
    "19b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb"
    "5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3"
    "ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e8603"
    "9b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffff"
    "ffffffffffff",
    16,
)

BELENIOS_2048: Final = Group(
    "BELENIOS-2048",
    p=int(
        "a3ef2d011fefb1b6e39e568fccdffb0fb7dc7ef3a791b6862791811d21fc35f21e6d36856b428030421f514ed40bfd4c06e0"
        "92a495af8d79a2f85e0fb11c0ede07dd973f9c53e50930c6e82ac36de1ae3fb8c3aabfff12ce27a5022ddd8912d107435012"
        "768a2cdd0a4091d8fa447f6c7ebc15a349fa318a6b4fe17d8d47e843a3e14dfa9b2162f4d7229abe93a188b46b006517d6f6"
        "747ebbb29c9ec3099b607f18fb1a8bc858279aa8599411d998d3e3fada9e010840d082d8c31911acdd4a0e7992d0f18cc759"
        "cb5de0acf66a3882555bc810941e021b6a4ccfa04ee4008f878affa2375e2999b44f6cef17d707301e59e0e6351e051ed9ce"
        "c4157646e64f",
        16,
    ),
    q=int("adb6066a73522565f4daa0f2579db7f2f0fa90c2168bc709e20263387d55c491", 16),
    g=int(
        "1307c1ab5f295885d7caa3a78a42415e31fd1c5807b61fb1e781878a52230a51988b98c259597f9c5a9dfd001d26ba31d9d8"
        "976f01d95a1c8262ee68a0e92cea541e5219e0d0d094301b894236823fe1d4bc04e29f3748aefd4f10d5b1a356a8643e673f"
        "d9d215fc8fe5fb9cf9fdb8ea88fdb1a3381a697fdf9c2458570b06d26aef1be365fdd90165f397c6b870df8c1b9e519edcee"
        "8bb0f74b7a1615a274ba60a7ea574a61f552d2dde0ce514e0927c4ff49b1964c4a913731ae4268d60d7f22127b6cbba44d45"
        "3ac8b72fd04e0991b7aeff04867d8724ac638f5f34100d2d47aa680d43771902743d663f42d853c041e1c91fe3823f4bcf28"
        "4308f1d7e653",
        16,
    ),
    padding=None,
)
RFC_3526_2048: Final = Group("RFC-3526-2048", p=_RFC_3526_P, q=(_RFC_3526_P - 1) // 2, g=2, padding=8)

GROUPS: Final = {group.name: group for group in (BELENIOS_2048, RFC_3526_2048)}
