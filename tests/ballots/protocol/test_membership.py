"""Thousands of numbers asked at once whether they are elements: what is none is found, of whatever order it is."""

import random
from collections.abc import Callable, Sequence

import msgspec
import pytest
from corruptions import counted_homomorphic, counted_ranked
from secret_polls import SecretPoll, records_of

from stembus_ballots.protocol import bulk, membership
from stembus_ballots.protocol.ballot import BallotRecord, ballot_on_board, elements_in
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Group
from stembus_ballots.protocol.membership import known_at_once
from stembus_ballots.protocol.shared_powers import SharedPowers
from stembus_ballots.protocol.verify import board, verify_archive
from stembus_ballots.protocol.work import ONE_BY_ONE, Workers, silent

GROUP = BELENIOS_2048
P, COFACTOR = int(GROUP.p), int((GROUP.p - 1) // GROUP.q)
DICE = random.Random(20261130)  # noqa: S311 - the same numbers in each run of the tests


def of_order(order: int) -> int:
    """A number of this order, which divides the cofactor."""
    return next(n for base in range(2, 99) if (n := pow(base, (P - 1) // order, P)) != 1 and pow(n, order // 2, P) != 1)


ELEMENTS = [str(GROUP.power(GROUP.g, DICE.randrange(int(GROUP.q)))) for _ in range(40)]
OUTSIDE = {
    "of order 2": P - 1,
    "of order 3": of_order(3),
    "an element times one of order 2": P - int(ELEMENTS[0]),
    "an element times one of order 3": of_order(3) * int(ELEMENTS[0]) % P,
    "of large order": 2,
}


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask all at once also where they are few."""
    monkeypatch.setattr(membership, "_MANY", 1)


def at_once(texts: Sequence[str]) -> bool:
    return known_at_once(GROUP, texts, "reading")


def test_elements_are_taken() -> None:
    assert at_once(ELEMENTS)
    assert at_once(["1", *ELEMENTS, "1"])


@pytest.mark.parametrize("number", OUTSIDE.values(), ids=OUTSIDE)
@pytest.mark.parametrize("place", [0, 17, 40])
def test_b6_one_number_outside_is_found_wherever_it_is(number: int, place: int) -> None:
    assert GROUP.p > number > 0
    assert number not in GROUP
    assert not at_once([*ELEMENTS[:place], str(number), *ELEMENTS[place:]])


@pytest.mark.parametrize("order", [2, 3])
def test_b6_numbers_outside_do_not_make_up_for_each_other(order: int) -> None:
    """Together their product is an element, so a test of one product of all would let them through."""
    outside = [str(of_order(order))] * order
    assert pow(of_order(order), order, P) == 1
    assert not at_once([*ELEMENTS, *outside])
    assert not at_once([*outside * 7, *ELEMENTS])


@pytest.mark.parametrize("text", ["0", str(P), f"0{ELEMENTS[0]}", "-1", "", "x"])
def test_b6_what_is_no_number_of_the_group_is_found(text: str) -> None:
    assert not at_once([*ELEMENTS, text])


class _Pieces:
    """Workers that note how large the pieces are."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def map(self, function, items, /):  # type: ignore[no-untyped-def]
        for item in items:
            self.sizes.append(len(item))
            yield function(item)


def test_b6_what_is_outside_is_found_in_each_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "_LEAST_IN_A_PIECE", 4)
    for place in (0, 20, 40):
        assert not at_once([*ELEMENTS[:place], str(P - 1), *ELEMENTS[place:]])
    workers: Workers = _Pieces()
    assert known_at_once(GROUP, ELEMENTS, "reading", workers=workers)
    assert workers.sizes == [5] * 8 + [16] * 8  # type: ignore[attr-defined]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What was known of the elements of each ballot before it was judged."""
    found: list[bool] = []
    init = SharedPowers.__init__

    def noting(self: SharedPowers, group: Group, *, are_elements: bool) -> None:
        found.append(are_elements)
        init(self, group, are_elements=are_elements)

    counted_homomorphic()  # its making checks ballots as well
    monkeypatch.setattr(SharedPowers, "__init__", noting)
    return found


def test_an_archive_whose_ballots_are_asked_at_once_has_the_same_verdict(
    known: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = counted_homomorphic().archive
    at_once = verify_archive(archive)
    assert at_once.exit_code == 0
    assert set(known) == {True}
    monkeypatch.setattr(membership, "_MANY", 10**6)
    known.clear()
    one_by_one = verify_archive(archive)
    assert set(known) == {False}
    for name in ("checked", "notes", "trackers", "result"):
        assert getattr(at_once, name) == getattr(one_by_one, name)


def test_few_are_asked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "_MANY", len(ELEMENTS))
    assert at_once(ELEMENTS)
    assert not at_once(ELEMENTS[1:])


def test_squares_are_asked_one_by_one_since_that_costs_nothing() -> None:
    assert not known_at_once(RFC_3526_2048, ["4", "9", "16"], "reading")


def on_board(*elements: list[str] | None) -> bool:
    """Whether the elements of ballots are known before each is judged."""
    read = [board._Read(elements=one) for one in elements]
    return board._are_elements(GROUP, read, workers=ONE_BY_ONE, progress=silent)


def test_b6_the_elements_of_a_board_are_known_where_all_of_them_can_be_read_and_are_elements() -> None:
    one, other = ELEMENTS[:2], ELEMENTS[2:4]
    assert on_board(one, other)
    assert not on_board(one, None)
    assert not on_board([*one, str(P - 1)], other)
    assert not on_board(one, [str(P - 1)])


@pytest.mark.parametrize("kind", [counted_homomorphic, counted_ranked])
def test_the_elements_in_a_ballot_are_all_that_its_answers_hold(kind: Callable[[], SecretPoll]) -> None:
    poll = kind()
    text = records_of(poll.archive)[1][1][0]
    ballot = msgspec.json.decode(text, type=BallotRecord)
    found = elements_in(poll.election, ballot)
    assert len(found) == 2 * sum(getattr(question, "choices", 1) for question in poll.election.questions)
    assert all(b'"%s"' % one.encode() in text for one in found)
    held = ballot_on_board(poll.election, text).ciphertexts
    assert found == [str(half) for answer in held for ciphertext in answer for half in ciphertext]
    with pytest.raises(ProtocolError, match="does not answer each question"):
        elements_in(poll.election, msgspec.structs.replace(ballot, answers=()))


def test_b6_the_first_credential_outside_is_named_also_where_they_are_asked_at_once() -> None:
    assert bulk.first_outside(GROUP, ELEMENTS, "reading") is None
    found = bulk.first_outside(GROUP, [*ELEMENTS[:5], str(P - 1), *ELEMENTS[5:], str(P - 1)], "reading")
    assert found is not None
    assert found[0] == 5
    assert found[1].rule == "group.element"


def test_credentials_that_are_known_at_once_are_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: object) -> None:
        raise AssertionError("asked one by one")

    monkeypatch.setattr(bulk, "_first_outside", never)
    assert bulk.first_outside(GROUP, ELEMENTS, "reading") is None
