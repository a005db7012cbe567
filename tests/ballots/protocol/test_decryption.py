"""Partial decryptions that are checked together are judged one by one."""

import msgspec
import pytest
from secret_polls import COUNCIL, RANKING, SecretPoll

from stembus_ballots.protocol import decryption
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.decryption import (
    Given,
    PartialDecryption,
    check_decryption,
    check_decryptions,
    partial_decryption,
)
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048


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
