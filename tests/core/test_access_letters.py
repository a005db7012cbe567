"""A code from a letter is forgiving to read, hard to guess, and works once; who guesses waits longer each time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_cases import add_member
from organisation_cases import found
from sqlmodel import select

from stembus.access.codes import ALPHABET, is_well_typed, new_letter_code, read_code
from stembus.access.letters import LIFE, make_letter, use_letter
from stembus.access.limits import LINK_TO_ADDRESS, attempt
from stembus.access.tables import AccessCode
from stembus.clock import SetClock
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.tables import LedgerBody


@pytest.fixture
def party(instance: Instance) -> Instance:
    found(instance)
    add_member(instance, "7", email="")
    return instance


def letter(party: Instance) -> str:
    with party.write() as transaction:
        return make_letter(transaction, "7", by="001")


def used(party: Instance, code: str) -> bool:
    try:
        with party.write() as transaction:
            use_letter(transaction, code)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", "  "),
        lambda code: f" {code}\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("1", "I").replace("0", "o"),
    ],
)
def test_a_code_may_be_typed_as_people_read_it_e11(typed) -> None:  # type: ignore[no-untyped-def]
    code = new_letter_code()
    assert read_code(typed(code)) == code.replace("-", "")
    assert is_well_typed(read_code(typed(code)))


@given(st.integers(0, 19), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found_e11(place: int, sign: str) -> None:
    code = new_letter_code().replace("-", "")
    wrong = code[:place] + sign + code[place + 1 :]
    assert is_well_typed(wrong) == (wrong == code)


@given(st.integers(0, 16))
def test_two_neighbours_swapped_are_found_e11(place: int) -> None:
    code = new_letter_code().replace("-", "")
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_well_typed(swapped) == (swapped == code)


def test_a_code_has_eighty_bits_or_more_and_is_kept_nowhere(party: Instance) -> None:
    code = letter(party)
    assert 5 * (len(code.replace("-", "")) - 2) >= 80
    with party.read() as session:
        kept = [str(row.model_dump()) for row in session.exec(select(AccessCode))]
        acts = [str(row.model_dump()) for row in session.exec(select(LedgerBody))]
    assert kept
    assert not [text for text in kept + acts if code in text or code.replace("-", "") in text]


def test_a_code_works_once(party: Instance) -> None:
    code = letter(party)
    assert [used(party, code), used(party, code)] == [True, False]


def test_of_many_who_use_a_code_at_once_one_comes_in(party: Instance) -> None:
    code = letter(party)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: used(party, code), range(8))) == 1


def test_a_newer_letter_ends_the_one_before(party: Instance) -> None:
    old, new = letter(party), letter(party)
    assert [used(party, old), used(party, new)] == [False, True]


def test_a_letter_is_over_after_its_life(party: Instance, clock: SetClock) -> None:
    code = letter(party)
    clock.set(clock.now() + LIFE)
    assert not used(party, code)


def test_only_who_may_makes_a_letter(party: Instance) -> None:
    with pytest.raises(Refused), party.write() as transaction:
        make_letter(transaction, "7", by="7")


def test_a_typing_error_is_told_apart_from_a_wrong_code(party: Instance) -> None:
    with pytest.raises(UnusableInput, match="typing error"), party.write() as transaction:
        use_letter(transaction, "ABCDE")
    assert not used(party, new_letter_code())


def waits(party: Instance, who: str = "a@b.nl") -> bool:
    try:
        attempt(party, LINK_TO_ADDRESS, who)
    except Refused:
        return True
    return False


def test_who_tries_too_often_waits_twice_as_long_each_time(party: Instance, clock: SetClock) -> None:
    assert [waits(party) for _ in range(5)] == [False] * 4 + [True]
    clock.set(clock.now() + timedelta(minutes=5))
    assert [waits(party), waits(party, "other@b.nl")] == [True, False]
    clock.set(clock.now() + timedelta(minutes=9))
    assert waits(party)
    clock.set(clock.now() + timedelta(hours=3))
    assert not waits(party)


def test_tries_at_one_moment_are_each_counted(party: Instance) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: waits(party), range(8))) == 4
