"""Ballots that follow from a seed: the numbers are as they should be, and the code of a ballot is that on the board."""

import json
from pathlib import Path

import pytest
from secret_polls import COUNCIL, MOTIONS, RANKING, SecretPoll

from stembus_ballots.protocol.ballot import check_ballot, make_ballot, sign_ballot, unsigned_ballot
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.commitment import commitment_on_board, commitment_to
from stembus_ballots.protocol.election import ranked_question
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Group
from stembus_ballots.protocol.rankings import Meaning, extra_of
from stembus_ballots.protocol.seeded import SEED_BYTES, seeded
from stembus_ballots.protocol.typed_credential import ALPHABET

VECTORS = Path(__file__).parents[2] / "data" / "booth-ballots.json"
CHI_SQUARE_255 = 380
"""Exceeded once in a million times by numbers that are random; ours are the same in each run."""


@pytest.mark.parametrize("group", [BELENIOS_2048, RFC_3526_2048], ids=lambda group: group.name)
@pytest.mark.parametrize("high", [True, False], ids=["first bits", "last bits"])
def test_b9_the_exponents_of_a_seed_have_no_bias(group: Group, high: bool) -> None:
    q = int(group.q)
    draw, throws = seeded(bytes(range(SEED_BYTES))), 20_000
    cells = [0] * 256
    for _ in range(throws):
        number = draw(q)
        assert 0 <= number < q
        cells[number * 256 // q if high else number & 255] += 1
    expected = throws / 256
    assert sum((found - expected) ** 2 / expected for found in cells) < CHI_SQUARE_255


def test_a_seed_gives_the_same_numbers_each_time_and_another_seed_others() -> None:
    def numbers(seed: bytes) -> list[int]:
        draw = seeded(seed)
        return [draw(10**30) for _ in range(5)]

    assert numbers(b"a" * 32) == numbers(b"a" * 32)
    assert len({*numbers(b"a" * 32), *numbers(b"b" * 32)}) == 10


@pytest.mark.parametrize("kind", ["counted", "ranked"])
def test_the_code_before_casting_is_the_code_of_the_ballot_on_the_board(kind: str) -> None:
    if kind == "counted":
        poll, vote = SecretPoll([COUNCIL, MOTIONS]), [[0, 1, 0], [0, 1, 1]]
    else:
        poll, vote = SecretPoll([RANKING], group=RFC_3526_2048), [[1, 2, 0]]
    credential = poll.election.group.text(poll.keys[0])
    unsigned = unsigned_ballot(poll.election, credential, vote, seeded(b"s" * 32))
    code = commitment_to(unsigned)
    assert len(code) == 30
    assert set(code) <= set(ALPHABET)
    cast = sign_ballot(poll.election, poll.voters[0], unsigned, poll.dice)
    check_ballot(poll.election, poll.weights, cast)
    assert commitment_on_board(cast) == code
    other = make_ballot(poll.election, poll.voters[0], vote, poll.dice)
    assert commitment_on_board(other) != code


def test_the_vectors_of_the_documentation_hold() -> None:
    for vector in json.loads(VECTORS.read_text(encoding="utf-8")):
        poll = _poll(vector["kind"])
        assert poll.election.fingerprint == vector["election_hash"]
        unsigned = unsigned_ballot(
            poll.election, vector["credential"], vector["vote"], seeded(bytes.fromhex(vector["seed"]))
        )
        assert text_of(unsigned).decode() == vector["unsigned"]
        assert commitment_to(unsigned) == vector["commitment"]


def _poll(kind: str) -> SecretPoll:
    if kind == "counted":
        return SecretPoll([COUNCIL, MOTIONS])
    extra = extra_of(Meaning(places="strict", side_files=True))
    question = ranked_question(RANKING.value.question, RANKING.value.answers, extra)
    return SecretPoll([question], group=RFC_3526_2048)
