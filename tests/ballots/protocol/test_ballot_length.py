"""No length says what was voted, and a text that is no ballot is refused before it costs anything."""

from typing import Any

import msgspec
import pytest
from corruptions import counted_homomorphic, counted_ranked
from hypothesis import given, settings
from hypothesis import strategies as st
from secret_polls import COUNCIL, MOTIONS, RANKING, Dice, SecretPoll, records_of

from stembus_ballots.protocol.ballot import check_ballot, make_ballot
from stembus_ballots.protocol.ballot_length import padded_length
from stembus_ballots.protocol.election import Election, Homomorphic, Question
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import RFC_3526_2048, Group


def longest(value: Any, group: Group) -> Any:
    """A record with every number as long as numbers of its kind can be."""
    if isinstance(value, list):
        return [longest(item, group) for item in value]
    if not isinstance(value, dict):
        return value
    elements, scalars = ("alpha", "beta", "credential"), ("challenge", "response")
    return {
        key: str(group.p - 1) if key in elements else str(group.q - 1) if key in scalars else longest(item, group)
        for key, item in value.items()
    }


POLLS = [
    pytest.param([COUNCIL], [[0, 1, 0]], id="one of three"),
    pytest.param([MOTIONS], [[0, 1, 1]], id="with blank"),
    pytest.param([RANKING], [[1, 2, 3]], id="ranked"),
    pytest.param([COUNCIL, RANKING, MOTIONS], [[0, 1, 0], [1, 0, 0], [1, 0, 0]], id="of each kind"),
    pytest.param(
        [Homomorphic(question="?", answers=("A",), min=0, max=0)], [[0]], id="one answer that nobody can choose"
    ),
]


@pytest.mark.parametrize(("questions", "vote"), POLLS)
def test_b12_it_is_that_of_the_longest_ballot_to_the_byte(questions: list[Question], vote: list[list[int]]) -> None:
    poll = SecretPoll(questions, group=RFC_3526_2048, voters=1, trustees=1)
    ballot = make_ballot(poll.election, poll.voters[0], vote, poll.dice)
    widest = msgspec.json.encode(longest(msgspec.json.decode(ballot), poll.election.group))
    assert len(widest) == padded_length(poll.election)
    assert len(ballot) <= padded_length(poll.election)


@settings(max_examples=20)
@given(st.sampled_from([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), st.integers(0, 10**9))
def test_b12_ballots_differ_in_the_digits_of_their_numbers_alone(vote: list[int], seed: int) -> None:
    """With every number as long as it can be, each vote gives a text of one length: the padding hides the rest."""
    poll = counted_homomorphic()
    ballot = make_ballot(poll.election, poll.voters[0], [vote, [1, 0, 0]], Dice(str(seed)))
    widest = msgspec.json.encode(longest(msgspec.json.decode(ballot), poll.election.group))
    assert len(widest) == padded_length(poll.election)


@pytest.fixture(params=[counted_homomorphic, counted_ranked], ids=["homomorphic", "ranked"])
def poll(request: pytest.FixtureRequest) -> SecretPoll:
    """A poll of each kind."""
    made: SecretPoll = request.param()
    return made


@pytest.fixture
def costly(poll: SecretPoll, monkeypatch: pytest.MonkeyPatch) -> SecretPoll:
    """The same; let nothing compute a power: what is refused then costs the reading of its text alone."""

    def power(*_arguments: object) -> None:
        raise AssertionError("a power was computed")

    for name in ("power", "powers", "table", "product_of_powers", "squarings", "__contains__"):
        monkeypatch.setattr(Group, name, power)
    return poll


def edited(ballot: bytes, path: tuple[str | int, ...], value: object) -> bytes:
    record = msgspec.json.decode(ballot)
    holder = record
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return msgspec.json.encode(record)


HOSTILE: list[Any] = [
    pytest.param(lambda ballot: ballot * 1000, "ballot.size", id="a thousand times"),
    pytest.param(lambda ballot: ballot + b" " * 10**7, "ballot.size", id="ten million spaces"),
    pytest.param(lambda ballot: edited(ballot, ("answers",), [0] * 10**6), "ballot.size", id="a million answers"),
    pytest.param(lambda ballot: b"[" * 10**6, "ballot.size", id="a million levels"),
    pytest.param(lambda ballot: b"[" * 2000, "ballot.form", id="levels that fit"),
    pytest.param(lambda ballot: b'{"answers":' * 150, "ballot.form", id="levels of objects"),
    pytest.param(
        lambda ballot: edited(ballot, ("answers", 0), msgspec.Raw(b"[" * 700 + b"]" * 700)), None, id="levels inside"
    ),
    pytest.param(lambda ballot: edited(ballot, ("credential",), "9" * 100_000), "ballot.size", id="a huge number"),
    pytest.param(lambda ballot: edited(ballot, ("credential",), "9" * 700), "ballot", id="a number that is too long"),
    pytest.param(
        lambda ballot: ballot.replace(b'"answers"', b'"credential":"1","answers"', 1), "ballot.form", id="a key twice"
    ),
    pytest.param(lambda ballot: edited(ballot, ("credential",), float(10)), "ballot.form", id="a fraction"),
    pytest.param(lambda ballot: ballot.replace(b'"credential":"', b'"credential":NaN,"x":"', 1), None, id="NaN"),
    pytest.param(lambda ballot: ballot[: len(ballot) // 2], "ballot.form", id="half a ballot"),
    pytest.param(lambda ballot: b"\xff\xfe" + ballot[2:], "ballot.form", id="no text"),
    pytest.param(lambda ballot: b"", "ballot.form", id="nothing"),
    pytest.param(lambda ballot: b"[]", "ballot.form", id="a list"),
    pytest.param(lambda ballot: b"null", "ballot.form", id="null"),
]


@pytest.mark.parametrize(("change", "rule"), HOSTILE)
def test_b11_a_text_that_is_no_ballot_costs_no_arithmetic(costly: SecretPoll, change: Any, rule: str | None) -> None:
    with pytest.raises(ProtocolError) as caught:
        check_ballot(costly.election, costly.weights, change(first_ballot(costly)))
    assert caught.value.rule.startswith(rule or "ballot.")


def test_b11_a_text_is_read_up_to_a_length_and_one_byte_more_is_not(poll: SecretPoll) -> None:
    """Up to twice the longest ballot a text is read, so that its sender is told what is wrong."""
    ballot, most = first_ballot(poll), 2 * padded_length(poll.election)
    for size, rule in ((most, "ballot.form"), (most + 1, "ballot.size")):
        with pytest.raises(ProtocolError) as caught:
            check_ballot(poll.election, poll.weights, ballot + b" " * (size - len(ballot)))
        assert caught.value.rule == rule


def test_b11_a_poll_with_refused_ballots_is_counted(poll: SecretPoll) -> None:
    """What was refused is nowhere: who keeps the board goes on with the rest."""
    election: Election = poll.election
    with pytest.raises(ProtocolError):
        check_ballot(election, poll.weights, b"[" * 10**6)
    assert check_ballot(election, poll.weights, first_ballot(poll)).credential in poll.weights


def first_ballot(poll: SecretPoll) -> bytes:
    """The first ballot on the board of a poll."""
    return next(data[0] for kind, data in records_of(poll.archive) if kind == "Ballot")
