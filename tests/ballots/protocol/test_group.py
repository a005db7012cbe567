"""The groups: their parameters, what they read and refuse, and the arithmetic that is shared or fast."""

import json
import pickle
import random
from itertools import pairwise
from pathlib import Path

import pytest
from gmpy2 import is_prime, mpz
from hypothesis import given
from hypothesis import strategies as st

from stembus_ballots.protocol import group as group_module
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, GROUPS, RFC_3526_2048, Group, group_named
from stembus_ballots.protocol.powers import (
    PowerTable,
    Squarings,
    joint_powers,
    power_of_product,
    powers_of,
    product_of_powers,
    products_of_parts,
)
from stembus_ballots.protocol.shared_powers import SharedPowers

GROUP = RFC_3526_2048
VECTORS = json.loads((Path(__file__).parents[2] / "data" / "belenios" / "vectors.json").read_text(encoding="utf-8"))
EACH = pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
DICE = random.Random(20261128)  # noqa: S311 - the same numbers in each run of the tests


def some_element(group: Group) -> int:
    return group.power(group.g, DICE.randrange(1, int(group.q)))


@EACH
def test_the_parameters_are_those_of_a_group_of_prime_order(group: Group) -> None:
    assert is_prime(group.p)
    assert is_prime(group.q)
    assert (group.p - 1) % group.q == 0
    assert group.g in group
    assert group.g != group.identity


def test_the_prime_of_rfc_3526_is_the_formula_of_rfc_3526() -> None:
    # floor(2^1918 pi) by Machin's formula, with 64 bits to spare
    unit = mpz(1) << (1918 + 64)

    def arctangent_of_one_by(number: int) -> int:
        power, total, odd = unit // number, mpz(0), 1
        while power:
            total += power // odd if odd % 4 == 1 else -(power // odd)
            power, odd = power // number**2, odd + 2
        return total

    pi = (16 * arctangent_of_one_by(5) - 4 * arctangent_of_one_by(239)) >> 64
    assert RFC_3526_2048.p == 2**2048 - 2**1984 - 1 + 2**64 * (pi + 124476)


@EACH
def test_b10_the_generators_are_those_that_anyone_can_compute(group: Group) -> None:
    known = VECTORS[f"generators {group.name}"]
    found = {"h(-1)": group.generator(-1), "h0": group.generator(0), "h1": group.generator(1)}
    assert {name: group.text(found[name]) for name in known} == known
    assert group.generators(2) == [found["h0"], found["h1"]]
    assert all(generator in group for generator in found.values())


def test_b10_many_generators_are_all_different() -> None:
    assert len({*RFC_3526_2048.generators(2000), RFC_3526_2048.g, 1}) == 2002


@pytest.mark.parametrize("useless", ["0", "1", "-1", "a root of g"])
def test_b10_a_generator_whose_logarithm_anyone_knows_is_refused(useless: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = pow(2, int(GROUP.p + 1) // 4, int(GROUP.p)) if useless == "a root of g" else int(useless)
    monkeypatch.setattr(group_module, "sha256_int", lambda _text: number)
    with pytest.raises(ProtocolError, match="Index 7 gives no generator of RFC-3526-2048") as refused:
        GROUP.generator(7)
    assert refused.value.rule == "group.generator"


@pytest.mark.parametrize(("same", "number"), [((0, 1), 2), ((-1, 0), 1), ((-1, 2), 3)])
def test_b10_two_generators_that_are_the_same_are_refused(
    same: tuple[int, int], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = same
    monkeypatch.setattr(Group, "generator", lambda group, at: group.power(group.g, 5 + (one if at == other else at)))
    with pytest.raises(ProtocolError, match="Two generators of RFC-3526-2048 are the same") as refused:
        GROUP.generators(number)
    assert refused.value.rule == "group.generator"
    assert len(GROUP.generators(number - 1)) == number - 1


REFUSED = [
    pytest.param(lambda group: "", id="empty"),
    pytest.param(lambda group: "0", id="zero"),
    pytest.param(lambda group: "-1", id="negative"),
    pytest.param(lambda group: "+4", id="sign"),
    pytest.param(lambda group: f"0{group.g}", id="leading zero"),
    pytest.param(lambda group: f" {group.g}", id="space"),
    pytest.param(lambda group: f"{group.g}\n", id="line break"),
    pytest.param(lambda group: f"1_{group.g}", id="underscore"),
    pytest.param(lambda group: "٤", id="another script's digit"),
    pytest.param(lambda group: "4.0", id="point"),
    pytest.param(lambda group: "4e2", id="exponent"),
    pytest.param(lambda group: "NaN", id="not a number"),
    pytest.param(lambda group: f"{group.p}", id="p"),
    pytest.param(lambda group: f"{group.p - 1}", id="order 2"),
    pytest.param(lambda group: f"{group.p - group.g}", id="negative of an element"),
    pytest.param(lambda group: f"{group.p + group.g}", id="element + p"),
    pytest.param(lambda group: "9" * 1_000_000, id="a million digits"),
]


@EACH
@pytest.mark.parametrize("text", REFUSED)
def test_b6_what_is_no_element_is_refused(group: Group, text: object) -> None:
    with pytest.raises(ProtocolError, match="no element of") as refused:
        group.parse(text(group))  # type: ignore[operator]
    assert refused.value.rule == "group.element"
    assert len(str(refused.value)) < 200


@EACH
def test_b6_squarings_are_given_of_an_element_and_of_nothing_else(group: Group) -> None:
    element = some_element(group)
    for number in (element, group.identity):
        squarings = group.squarings_if_element(number)
        for exponent in (0, 5, 2**200, int(group.q) - 1):
            assert squarings.power(exponent) == group.power(number, exponent)
    for number in (mpz(0), group.p, group.p - 1, group.p - element, element + group.p, element - group.p, mpz(-1)):
        with pytest.raises(ProtocolError, match="is no element of") as refused:
            group.squarings_if_element(number)
        assert refused.value.rule == "group.element"


@EACH
def test_b6_what_is_shared_was_asked_whether_it_is_an_element_unless_that_is_known(group: Group) -> None:
    outside = group.p - some_element(group)
    with pytest.raises(ProtocolError, match="is no element of"):
        SharedPowers(group, are_elements=False).add_elements([group.g, outside])
    known = SharedPowers(group, are_elements=True)
    known.add_elements([outside])
    assert known.powers(outside, [3]) == [pow(outside, 3, group.p)]


@EACH
@pytest.mark.parametrize("factors", [1, 2, 7])
def test_powers_of_a_product_come_from_its_factors(group: Group, factors: int) -> None:
    elements = [some_element(group) for _ in range(factors)]
    shared = SharedPowers(group, are_elements=False)
    shared.add_elements(elements)
    product = shared.product(elements)
    assert product == group.product(elements)
    for exponents in ([], [5], [0, 2**200, int(group.q) - 1], list(range(9))):
        assert shared.powers(product, exponents) == [group.power(product, exponent) for exponent in exponents]
        assert shared.powers(elements[0], exponents) == [group.power(elements[0], exponent) for exponent in exponents]


def test_the_product_of_nothing_is_the_identity() -> None:
    shared = SharedPowers(GROUP, are_elements=False)
    assert shared.powers(shared.product([]), [5, 7]) == [1, 1]


def test_b6_a_number_with_too_many_digits_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_module, "mpz", lambda text: pytest.fail(f"{len(text)} digits were read"))
    for read, digits in ((GROUP.parse, GROUP.element_digits), (GROUP.parse_scalar, GROUP.scalar_digits)):
        with pytest.raises(ProtocolError, match=r"“9{40}…” is no e"):
            read("9" * (digits + 1))


def test_b6_a_number_of_small_order_is_refused() -> None:
    group = BELENIOS_2048
    cofactor = (group.p - 1) // group.q
    small = next(n for n in range(3, 10_000) if cofactor % n == 0)
    element = next(e for base in range(2, 100) if (e := pow(int(base), int((group.p - 1) // small), int(group.p))) != 1)
    assert pow(element, small, int(group.p)) == 1
    for number in (element, element * group.g % group.p):
        with pytest.raises(ProtocolError, match="no element"):
            group.parse(str(number))


@EACH
def test_b6_an_exponent_is_from_0_to_q_less_1(group: Group) -> None:
    assert group.parse_scalar("0") == 0
    assert group.parse_scalar(str(group.q - 1)) == group.q - 1
    for text in (str(group.q), str(group.q + 1), "-1", "00", "01", "1 ", "0x1", "9" * 100_000):
        with pytest.raises(ProtocolError, match="no exponent of") as refused:
            group.parse_scalar(text)
        assert refused.value.rule == "group.scalar"


@EACH
def test_text_and_element_go_over_into_each_other(group: Group) -> None:
    element = some_element(group)
    assert group.parse(group.text(element)) == element
    assert group.parse("1") == group.identity


def test_a_group_travels_to_another_process_as_its_name() -> None:
    assert pickle.loads(pickle.dumps(RFC_3526_2048)) is RFC_3526_2048  # noqa: S301 - our own bytes


def test_an_unknown_group_is_refused_by_name() -> None:
    with pytest.raises(ProtocolError, match="“Ed25519” is not one of the groups BELENIOS-2048, RFC-3526-2048"):
        group_named("Ed25519")


@pytest.mark.parametrize(("length", "shown"), [(40, "x" * 40), (41, "x" * 40 + "…")])
def test_of_a_long_text_the_beginning_is_shown(length: int, shown: str) -> None:
    with pytest.raises(ProtocolError, match=f"^“{shown}” is not one of the groups"):
        group_named("x" * length)


@EACH
def test_a_table_for_short_exponents_has_no_others(group: Group) -> None:
    table = group.table(group.g, 16)
    assert table.power(2**16 - 1) == group.power(group.g, 2**16 - 1)
    with pytest.raises(OverflowError):
        table.power(2**16)


@EACH
def test_every_way_to_a_power_gives_the_same(group: Group) -> None:
    base = some_element(group)
    q = int(group.q)
    for exponent in (0, 1, 2, 255, 256, 257, DICE.randrange(q), q - 1):
        expected = pow(int(base), exponent, int(group.p))
        assert group.power(base, exponent) == expected
        assert group.secret_power(base, exponent) == expected
        assert group.table(base).power(exponent) == expected
        assert group.table(base).powers([exponent, 0, 3]) == [expected, 1, group.power(base, 3)]
        assert group.powers(base, [exponent, 3]) == [expected, group.power(base, 3)]
        assert group.joint_powers([(base, group.g), (group.g, base)], [exponent, 3]) == [
            group.mul(expected, group.power(group.g, 3)),
            group.mul(group.power(group.g, exponent), group.power(base, 3)),
        ]
        assert group.product_of_powers([base], [exponent]) == expected
    assert group.mul(base, group.inverse(base)) == group.identity
    assert group.power(base, -1) == group.inverse(base)


@pytest.mark.parametrize("number", [0, 1, 2, 7, 60])
def test_a_product_of_powers_is_the_product_of_the_powers(number: int) -> None:
    modulus = 2**127 - 1
    bases = [DICE.randrange(1, modulus) for _ in range(number)]
    exponents = [DICE.randrange(2 ** DICE.choice([1, 8, 90, 126])) for _ in bases]
    expected = 1
    for base, exponent in zip(bases, exponents, strict=True):
        expected = expected * pow(base, exponent, modulus) % modulus
    assert product_of_powers(bases, exponents, modulus) == expected
    for exponent in exponents:
        assert powers_of(5, [exponent, 0], modulus) == [pow(5, exponent, modulus), 1]


@given(
    st.lists(st.tuples(st.integers(1, 2**126), st.integers(1, 2**126), st.integers(1, 2**126)), max_size=4),
    st.lists(st.integers(0, 2**140), min_size=3, max_size=3),
)
def test_joint_powers_are_the_products_of_the_powers(rows: list[tuple[int, int, int]], exponents: list[int]) -> None:
    modulus = 2**127 - 1
    expected = []
    for row in rows:
        product = 1
        for base, exponent in zip(row, exponents, strict=True):
            product = product * pow(base, exponent, modulus) % modulus
        expected.append(product)
    assert joint_powers(rows, exponents, modulus) == expected


@given(st.lists(st.integers(0, 2**600), min_size=2, max_size=5))
def test_powers_with_shared_squarings_are_the_powers(exponents: list[int]) -> None:
    modulus = 2**127 - 1
    assert powers_of(3, exponents, modulus) == [pow(3, exponent, modulus) for exponent in exponents]


@given(st.lists(st.integers(1, 2**126), min_size=1, max_size=4), st.integers(0, 2**600))
def test_a_power_of_a_product_is_that_of_its_factors_multiplied(bases: list[int], exponent: int) -> None:
    modulus, expected = 2**127 - 1, 1
    for base in bases:
        expected = expected * pow(base, exponent, modulus) % modulus
    assert power_of_product([Squarings(base, modulus, 601) for base in bases], exponent, modulus) == expected


def test_squarings_refuse_an_exponent_that_they_were_not_made_for() -> None:
    squarings = Squarings(3, 2**127 - 1, 16)
    assert squarings.power(2**16 - 1) == pow(3, 2**16 - 1, 2**127 - 1)
    with pytest.raises(IndexError):
        squarings.power(2**16)


@given(st.lists(st.tuples(st.integers(1, 2**126), st.binary(min_size=2, max_size=2)), min_size=1, max_size=6))
def test_the_products_of_parts_are_those_of_the_numbers_in_each(drawn: list[tuple[int, bytes]]) -> None:
    modulus, expected = 2**127 - 1, [1] * 16
    for base, mask in drawn:
        for part, bit in enumerate(f"{int.from_bytes(mask, 'big'):016b}"):
            if bit == "1":
                expected[part] = expected[part] * base % modulus
    assert products_of_parts([base for base, _ in drawn], [mask for _, mask in drawn], modulus) == expected


def test_a_table_refuses_an_exponent_that_it_was_not_made_for() -> None:
    table = PowerTable(3, 2**127 - 1, 16)
    assert table.power(2**16 - 1) == pow(3, 2**16 - 1, 2**127 - 1)
    for exponent in (2**16, -1):
        with pytest.raises(OverflowError):
            table.power(exponent)


@pytest.mark.parametrize("values", [(0, 0, 0, 0), (1, 2, 3, 4), (255, 0, 255, 7)])
def test_values_are_encoded_as_the_vectors_say(values: tuple[int, ...]) -> None:
    group = RFC_3526_2048
    element = group.encode(values)
    assert group.text(element) == VECTORS[f"encode RFC-3526-2048 {list(values)}"]
    assert group.decode(element, 4) == values
    assert group.is_canonical(element, 4)


@EACH
def test_no_values_come_back_from_any_group(group: Group) -> None:
    assert group.decode(group.encode(()), 0) == ()


def test_the_most_values_that_fit_come_back() -> None:
    values = (255,) * RFC_3526_2048.most_values
    assert len(values) == 254
    assert RFC_3526_2048.decode(RFC_3526_2048.encode(values), 254) == values


@pytest.mark.parametrize(
    ("group", "values", "words"),
    [
        (RFC_3526_2048, (0,) * 255, "holds 254 values, not 255"),
        (RFC_3526_2048, (256,), "not all from 0 to 255"),
        (RFC_3526_2048, (1, 256, 2), "not all from 0 to 255"),
        (RFC_3526_2048, (-1,), "not all from 0 to 255"),
        (BELENIOS_2048, (1,), "BELENIOS-2048 holds 0 values"),
    ],
)
def test_values_that_do_not_fit_are_refused(group: Group, values: tuple[int, ...], words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        group.encode(values)


def test_an_element_with_something_beside_its_values_is_not_canonical() -> None:
    group = RFC_3526_2048
    above = next(n for k in range(2, 999) if (n := group.encode((1, 2)) + (k << 800)) in group)
    below = next(n for n in range(group.encode((1, 2)) + 1, group.encode((1, 3))) if n in group)
    assert group.decode(above, 2) == group.decode(below, 2) == (1, 2)
    assert not group.is_canonical(above, 2)
    assert not group.is_canonical(below, 2)


@EACH
def test_b9_random_exponents_come_evenly_from_the_whole_range(group: Group) -> None:
    asked: list[int] = []

    def random_below(bound: int) -> int:
        asked.append(bound)
        return DICE.randrange(bound)

    scalars = [group.random_scalar(random_below) for _ in range(3000)]
    assert set(asked) == {group.q}
    cells = 32
    counts = [0] * cells
    for scalar in scalars:
        counts[int(scalar * cells // group.q)] += 1
    expected = len(scalars) / cells
    chi_square = sum((count - expected) ** 2 / expected for count in counts)
    assert chi_square < 61.1  # 31 degrees of freedom: p = 0.001


def test_secret_exponents_all_have_as_many_words() -> None:
    for known in GROUPS.values():
        group = Group(known.name, known.p, known.q, known.g, known.padding)
        lengths = [(exponent + group._lengthening).bit_length() for exponent in (0, 1, group.q // 2, group.q - 1)]
        assert len({-(-bits // 64) for bits in lengths}) == 1
        assert all(one <= other for one, other in pairwise(lengths))
