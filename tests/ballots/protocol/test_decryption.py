"""Partial decryptions that are checked together are judged one by one."""

import msgspec
import pytest
from secret_polls import COUNCIL, RANKING, Dice, SecretPoll, threshold_key

from stembus_ballots.protocol import decryption
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.ceremony_record import Plan
from stembus_ballots.protocol.combination import combined
from stembus_ballots.protocol.decryption import (
    Given,
    PartialDecryption,
    check_decryption,
    check_decryptions,
    partial_decryption,
)
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048
from stembus_ballots.protocol.trustees import ThresholdRecord, read_trustees, trustees_text


def decrypted_by_three(*, ranked: bool) -> tuple[SecretPoll, list[bytes]]:
    poll = SecretPoll([RANKING if ranked else COUNCIL], group=RFC_3526_2048 if ranked else BELENIOS_2048, trustees=3)
    for voter in range(2):
        poll.cast(voter, [[1, 2, 3] if ranked else [1, 0, 0]])
    poll.close()
    return poll, [partial_decryption(poll.election, secret, poll.to_open, poll.dice) for secret in poll.secrets]


@pytest.mark.parametrize("ranked", [False, True])
def test_t2_a_trustee_who_gives_something_wrong_is_named_and_the_others_suffice(ranked: bool) -> None:
    poll, texts = decrypted_by_three(ranked=ranked)
    wrong = msgspec.json.decode(texts[1], type=PartialDecryption)
    column = wrong.decryption_proofs[0]
    swapped = msgspec.structs.replace(wrong, decryption_proofs=((column[1], column[0], *column[2:]),))
    beyond = msgspec.structs.replace(column[0], response=str(int(column[0].response) + poll.election.group.q))
    no_scalar = msgspec.structs.replace(wrong, decryption_proofs=((beyond, *column[1:]),))
    no_element = msgspec.structs.replace(wrong, decryption_factors=(("0", *wrong.decryption_factors[0][1:]),))
    short = msgspec.structs.replace(wrong, decryption_factors=(wrong.decryption_factors[0][1:],))
    for other, rule in (
        (text_of(swapped), "decryption.proof"),
        (text_of(no_scalar), "decryption.scalar"),
        (text_of(no_element), "decryption.element"),
        (text_of(short), "decryption.size"),
        (texts[0], "decryption.proof"),
        (b"{}", "decryption.form"),
    ):
        given = [Given(key, text) for key, text in zip(poll.trustees.keys, (texts[0], other, texts[2]), strict=True)]
        found = check_decryptions(poll.election, poll.to_open, given)
        fault = found[1]
        assert isinstance(fault, ProtocolError)
        assert fault.rule == rule
        for place in (0, 2):
            assert found[place] == check_decryption(poll.election, given[place].public, poll.to_open, texts[place])


def test_the_first_thing_that_does_not_hold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    poll, texts = decrypted_by_three(ranked=False)
    record = msgspec.json.decode(texts[0], type=PartialDecryption)
    (column,) = record.decryption_proofs
    replaced = msgspec.structs.replace
    no_proofs = replaced(record, decryption_proofs=(tuple(replaced(one, response="1") for one in column),))
    no_scalars = replaced(record, decryption_proofs=(tuple(replaced(one, response="x") for one in column),))
    for piece in (64, 1):
        monkeypatch.setattr(decryption, "PIECE", piece)
        for wrong in (no_proofs, no_scalars):
            with pytest.raises(ProtocolError, match=r"^Question 1, ciphertext 1: "):
                check_decryption(poll.election, poll.trustees.keys[0], poll.to_open, text_of(wrong))


def test_nobody_who_decrypted_is_nothing_to_check() -> None:
    poll, _texts = decrypted_by_three(ranked=False)
    assert check_decryptions(poll.election, poll.to_open, []) == []


def test_of_too_few_it_is_said_who_is_missing() -> None:
    poll, texts = decrypted_by_three(ranked=False)
    factors = {
        number: check_decryption(poll.election, key, poll.to_open, text)
        for number, (key, text) in enumerate(zip(poll.trustees.keys, texts, strict=True), 1)
    }
    words = "Too few trustees: 1 more of trustee 2 must decrypt."
    with pytest.raises(ProtocolError, match=f"^{words}$") as refused:
        combined(poll.election.group, poll.trustees, {1: factors[1], 3: factors[3]})
    assert refused.value.rule == "decryption.missing"
    assert combined(poll.election.group, poll.trustees, factors)
    with pytest.raises(ProtocolError, match=r"trustee 1 must decrypt; 1 more of trustee 2 must decrypt; 1 more"):
        combined(poll.election.group, poll.trustees, {})


@pytest.mark.parametrize("present", [(1, 2), (1, 3), (2, 3), (3, 1), (1, 2, 3)])
def test_any_two_of_three_who_share_a_key_open_what_all_of_them_would(present: tuple[int, ...]) -> None:
    group = BELENIOS_2048
    secrets, block = threshold_key(Plan("Raad", group.name, 3, 2), Dice("three"))
    trustees = read_trustees(trustees_text((ThresholdRecord(block),)), group)
    columns = (group.power(group.g, 9), group.power(group.g, 10)), (group.power(group.g, 11),)
    given = {
        number: tuple(tuple(group.power(alpha, secrets[number - 1]) for alpha in column) for column in columns)
        for number in present
    }
    key = trustees.public_key
    assert combined(group, trustees, given) == ((group.power(key, 9), group.power(key, 10)), (group.power(key, 11),))
