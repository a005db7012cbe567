"""The powers of the elements of one answer: each is squared once, for its membership and all proofs that it is in."""

from collections.abc import Iterable, Sequence

from stembus_ballots.protocol.group import Element, Group
from stembus_ballots.protocol.powers import Squarings, power_of_product

_MOST_RUNS = 6
"""Squaring a product anew costs as much as gathering some six powers from squarings that are there."""


class SharedPowers:
    """Elements with their squarings, and products of them, whose powers come from the squarings of their factors."""

    def __init__(self, group: Group, *, are_elements: bool) -> None:
        """`are_elements`: whether the numbers that will be added are known to be elements."""
        self._group, self._are_elements = group, are_elements
        self._factors: dict[Element, list[Squarings]] = {}

    def add_elements(self, numbers: Iterable[int]) -> None:
        """Square numbers that were only read. Raises ProtocolError(group.element) unless all are elements."""
        square = self._group.squarings if self._are_elements else self._group.squarings_if_element
        for number in numbers:
            self._factors[number] = [square(number)]

    def product(self, elements: Sequence[Element]) -> Element:
        """The product of elements that were added."""
        product = self._group.product(elements)
        self._factors[product] = [squarings for element in elements for squarings in self._factors[element]]
        return product

    def powers(self, element: Element, exponents: Sequence[int]) -> list[Element]:
        """The powers of an element or a product of them, which has to be known here."""
        factors = self._factors[element]
        if (len(factors) - 1) * len(exponents) <= _MOST_RUNS:
            return [power_of_product(factors, exponent, self._group.p) for exponent in exponents]
        return self._group.powers(element, exponents)
