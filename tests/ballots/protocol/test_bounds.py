"""What is just allowed is read, and one more is refused: each bound of the readers, from both sides."""

from collections.abc import Callable

import msgspec
import pytest
from secret_polls import COUNCIL, RANKING, Dice, SecretPoll

from stembus_ballots.protocol.archive import LARGEST_TIME, header_bytes, read_header
from stembus_ballots.protocol.ballot import UNREAD, check_ballot, make_ballot
from stembus_ballots.protocol.ballot_length import padded_length
from stembus_ballots.protocol.canonical import DEPTH, read_canonical, read_free, text_of
from stembus_ballots.protocol.decryption import PartialDecryption, check_decryption, partial_decryption
from stembus_ballots.protocol.disjunction import Claims, Known, prove_one, verify_one
from stembus_ballots.protocol.election import (
    MOST_ANSWERS,
    MOST_QUESTIONS,
    Homomorphic,
    Question,
    election_text,
    ranked_question,
)
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import LARGEST_NUMBER, read_number
from stembus_ballots.protocol.group import BELENIOS_2048, CHALLENGE_BITS, RFC_3526_2048, Ciphertext, Group
from stembus_ballots.protocol.result import ResultRecord, check_result, result_text
from stembus_ballots.protocol.schnorr import Proof
from stembus_ballots.protocol.shared_powers import SharedPowers

GROUPS = [pytest.param(group, id=group.name) for group in (BELENIOS_2048, RFC_3526_2048)]


def refused(do: Callable[[], object]) -> str:
    """The rule by which something is refused."""
    with pytest.raises(ProtocolError) as error:
        do()
    return error.value.rule


@pytest.mark.parametrize("group", GROUPS)
def test_elements_and_exponents(group: Group) -> None:
    assert group.parse("1") == 1
    assert group.parse_scalar("0") == 0
    assert group.parse_scalar(str(group.q - 1)) == group.q - 1
    for text in ("0", str(group.p), str(group.p - 1), str(group.p + 1), "-1", "01", "", "1 ", "٣"):
        assert refused(lambda text=text: group.parse(text)) == "group.element"  # type: ignore[misc]
    for number in ("-1", str(group.q), str(group.q + 1), "00", "1e3"):
        assert refused(lambda number=number: group.parse_scalar(number)) == "group.scalar"  # type: ignore[misc]
    assert 0 not in group
    assert group.p not in group
    assert group.p + 1 not in group
    outside = next(number for number in range(2, 99) if number not in group)
    assert -outside not in group, "a number below 0 is none, also where its remainder is one"
    for text in ("0", str(group.p)):
        assert refused(lambda text=text: group.read_number(text)) == "group.element"  # type: ignore[misc]


def test_a_square_is_an_element_only_of_the_group_of_all_squares() -> None:
    assert 4 in RFC_3526_2048
    assert 4 not in BELENIOS_2048


def test_values_in_an_element() -> None:
    group, most = RFC_3526_2048, RFC_3526_2048.most_values
    for values in ([255] * most, [0] * most, [0, 255]):
        assert group.decode(group.encode(values), len(values)) == tuple(values)
    for wrong in ([256], [-1], [0] * (most + 1)):
        assert refused(lambda wrong=wrong: group.encode(wrong)) == "group.values"  # type: ignore[misc]


def asking(*questions: Question, group: Group = BELENIOS_2048) -> bytes:
    return election_text(
        uuid="Voorbee1dpart1j",
        name="Raad",
        description="",
        group=group,
        public_key=group.power(group.g, 7),
        questions=questions,
    )


def answering(answers: int, least: int, most: int) -> Homomorphic:
    return Homomorphic(question="?", answers=("A",) * answers, min=least, max=most)


@pytest.mark.parametrize(
    "question", [answering(1, 0, 0), answering(1, 1, 1), answering(3, 0, 3), answering(MOST_ANSWERS, 1, 1)]
)
def test_questions_that_somebody_can_answer(question: Homomorphic) -> None:
    assert asking(question)


@pytest.mark.parametrize(
    "question",
    [
        answering(0, 0, 0),
        answering(2, -1, 1),
        answering(2, 2, 1),
        answering(2, 1, 3),
        answering(MOST_ANSWERS + 1, 1, 1),
    ],
)
def test_questions_that_nobody_can_answer(question: Homomorphic) -> None:
    assert refused(lambda: asking(question)) == "election.question"


def test_as_many_answers_as_an_element_holds_and_as_many_questions_as_a_poll() -> None:
    most = RFC_3526_2048.most_values
    for answers in (1, most):
        assert asking(ranked_question("?", ("A",) * answers), group=RFC_3526_2048)
    for answers in (0, most + 1):
        question = ranked_question("?", ("A",) * answers)
        assert refused(lambda question=question: asking(question, group=RFC_3526_2048)) == "election.question"  # type: ignore[misc]
    with pytest.raises(ProtocolError, match="ranked, which the group BELENIOS-2048 cannot carry"):
        asking(RANKING)
    assert asking(*[COUNCIL] * MOST_QUESTIONS)
    for number in (0, MOST_QUESTIONS + 1):
        assert refused(lambda number=number: asking(*[COUNCIL] * number)) == "election.question"  # type: ignore[misc]


def test_records_are_nested_up_to_a_depth() -> None:
    def nested(depth: int) -> bytes:
        return b"[" * depth + b"]" * depth

    assert read_free(nested(DEPTH), list, "some.rule", "The record")
    assert refused(lambda: read_free(nested(DEPTH + 1), list, "some.rule", "The record")) == "some.rule"
    assert read_free(b'["' + b"[" * 99 + b'"]', list, "some.rule", "The record"), "brackets in a text nest nothing"
    between = b'["",' * DEPTH + b"[]" + b"]" * DEPTH
    with pytest.raises(ProtocolError, match=f"more than {DEPTH} levels deep"):
        read_free(between, list, "some.rule", "The record")


def test_what_is_wrong_in_a_record_is_named() -> None:
    with pytest.raises(ProtocolError, match="the key “b” stands twice"):
        read_free(b'{"a":1,"b":2,"b":3}', dict, "some.rule", "The record")
    with pytest.raises(ProtocolError, match="is not UTF-8 text"):
        read_free(b'["\\ud800"]', list, "some.rule", "The record")
    with pytest.raises(ProtocolError, match="at byte 3 it has “ 2]”"):
        read_canonical(b"[1, 2]", list, "some.rule", "The record")
    for wrong in (b"null", b"[1", b"{}"):
        with pytest.raises(ProtocolError, match=r"^The record cannot be read: ") as error:
            read_canonical(wrong, list, "some.rule", "The record")
        assert error.value.rule == "some.rule"


def test_times_of_an_archive() -> None:
    for time in (0, LARGEST_TIME):
        assert read_header(header_bytes(time)) == time
    for time in (-1, LARGEST_TIME + 1):
        assert refused(lambda time=time: header_bytes(time)) == "file.header"  # type: ignore[misc]


def test_counts_have_one_form_each() -> None:
    largest = LARGEST_NUMBER
    for entry, number in ((0, 0), (largest, largest), (str(largest + 1), largest + 1)):
        assert read_number(entry) == number
    for entry in (-1, largest + 1, str(largest), "0", f"0{largest + 1}", "", "-5"):
        assert read_number(entry) is None


def published(counts: list[int], said: list[int | str | tuple[int, ...]], weight: int) -> object:
    """What is found when counts are opened and others are published."""
    election = SecretPoll([COUNCIL], voters=1, trustees=1).election
    group = election.group
    opens = (tuple(group.power(group.g, count) for count in counts),)
    return check_result(election, opens, ResultRecord((tuple(said),)), weight)


def test_a_result_is_what_was_opened_and_what_voters_can_have_chosen() -> None:
    assert published([2, 1, 0], [2, 1, 0], 3) == ([2, 1, 0],)
    assert published([3, 0, 0], [3, 0, 0], 3) == ([3, 0, 0],)
    assert refused(lambda: published([4, 0, 0], [4, 0, 0], 3)) == "result.count"
    assert refused(lambda: published([2, 1, 1], [2, 1, 1], 3)) == "result.sum"
    assert refused(lambda: published([1, 1, 0], [1, 1, 0], 3)) == "result.sum"
    assert refused(lambda: published([2, 1, 0], [1, 2, 0], 3)) == "result.differs"
    assert refused(lambda: published([2, 1, 0], [2, 1], 3)) == "result.size"
    assert refused(lambda: published([2, 1, 0], ["2", 1, 0], 3)) == "result.count"
    assert refused(lambda: published([2, 1, 0], [(2,), 1, 0], 3)) == "result.count"


def test_a_result_has_the_rankings_that_were_opened_in_their_order_and_an_answer_to_each_question() -> None:
    group, election = RFC_3526_2048, SecretPoll([RANKING], group=RFC_3526_2048, voters=1, trustees=1).election
    one, other = (1, 2, 3), (0, 1, 0)
    opens = ((group.encode(one), group.encode(other)),)
    assert check_result(election, opens, ResultRecord(((one, other),)), 2) == ([one, other],)
    for wrong in ((other, one), (one, one), (one, 1)):
        assert refused(lambda wrong=wrong: check_result(election, opens, ResultRecord((wrong,)), 2)) == "result.differs"  # type: ignore[misc]
    for columns in ((), ((one, other), (one, other))):
        assert refused(lambda columns=columns: check_result(election, opens, ResultRecord(columns), 2)) == "result.size"  # type: ignore[misc]


def test_a_count_beyond_what_the_format_has_as_a_number_is_published_as_text() -> None:
    rankings: list[tuple[int, ...]] = [(1, 2)]
    assert (
        result_text(([LARGEST_NUMBER, LARGEST_NUMBER + 1, 0], rankings))
        == b'{"result":[[1073741823,"1073741824",0],[[1,2]]]}'
    )


def test_a_ballot_of_any_length_is_told_what_is_wrong_until_it_is_too_long_to_be_read() -> None:
    poll = SecretPoll([COUNCIL], voters=1, trustees=1)
    ballot = make_ballot(poll.election, poll.voters[0], [[1, 0, 0]], poll.dice)
    most = UNREAD * padded_length(poll.election)
    for length, rule in ((most, "ballot.form"), (most + 1, "ballot.size")):
        text = ballot + b" " * (length - len(ballot))
        assert refused(lambda text=text: check_ballot(poll.election, poll.weights, text)) == rule  # type: ignore[misc]


def test_a_challenge_has_no_more_bits_than_a_hash() -> None:
    poll = SecretPoll([RANKING], group=RFC_3526_2048, voters=1, trustees=1)
    poll.cast(0, [[1, 2, 3]])
    poll.close()
    record = msgspec.json.decode(
        partial_decryption(poll.election, poll.secrets[0], poll.to_open, poll.dice), type=PartialDecryption
    )
    (key,) = poll.trustees.keys
    assert check_decryption(poll.election, key, poll.to_open, text_of(record))
    ((proof,),) = record.decryption_proofs
    for challenge in (2**CHALLENGE_BITS - 1, 2**CHALLENGE_BITS, int(RFC_3526_2048.q) - 1):
        other = msgspec.structs.replace(proof, challenge=str(challenge))
        text = text_of(msgspec.structs.replace(record, decryption_proofs=((other,),)))
        found = refused(lambda text=text: check_decryption(poll.election, key, poll.to_open, text))  # type: ignore[misc]
        assert found == "decryption.proof"


KEY = BELENIOS_2048.power(BELENIOS_2048.g, 11)


def proof_of_a_one() -> tuple[Ciphertext, tuple[Proof, ...]]:
    """A ciphertext of 1, and the proof that it is one of 0 or 1."""
    group, exponent, dice = BELENIOS_2048, 5, Dice("one")
    ciphertext = Ciphertext(group.power(group.g, exponent), group.mul(group.power(KEY, exponent), group.g))
    return ciphertext, prove_one(group, KEY, "prove|", [(Known(exponent, 1), (0, 1))], dice)


def test_a_proof_of_one_claim_of_several_has_a_branch_for_each() -> None:
    ciphertext, proofs = proof_of_a_one()
    claims = [Claims(ciphertext, (0, 1))]
    assert verify_one(BELENIOS_2048, KEY, "prove|", claims, proofs)
    for wrong in (proofs[:1], (*proofs, proofs[0]), proofs[::-1], ()):
        assert not verify_one(BELENIOS_2048, KEY, "prove|", claims, wrong)
    assert not verify_one(BELENIOS_2048, KEY, "other|", claims, proofs)
    assert not verify_one(BELENIOS_2048, KEY, "prove|", [Claims(ciphertext, (0, 2))], proofs)


def test_b6_a_proof_about_what_is_no_element_is_refused_by_the_powers_that_ask() -> None:
    group, (ciphertext, proofs) = BELENIOS_2048, proof_of_a_one()

    def verified(alpha: int, beta: int) -> bool:
        shared = SharedPowers(group, are_elements=False)
        shared.add_elements((alpha, beta))
        return verify_one(group, KEY, "prove|", [Claims(Ciphertext(alpha, beta), (0, 1))], proofs, powers=shared.powers)

    alpha, beta = ciphertext
    assert verified(alpha, beta)
    assert refused(lambda: verified(group.p - alpha, beta)) == "group.element"
    assert refused(lambda: verified(alpha, group.p - beta)) == "group.element"
