"""Ballots: what is made holds, what an attacker makes of it does not. Attacks bear their ids."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
import pytest
from corruptions import compact, edited, signed_again
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from secret_polls import COUNCIL, MOTIONS, RANKING, Dice, SecretPoll

from stembus_ballots.profile import Group as Alike
from stembus_ballots.protocol.ballot import (
    BallotRecord,
    UnsignedBallot,
    ballot_on_board,
    check_ballot,
    make_ballot,
    sign_ballot,
    tracker_of,
    unsigned_ballot,
)
from stembus_ballots.protocol.disjunction import Claims, Known, prove_one, verify_one
from stembus_ballots.protocol.election import Election, Homomorphic, ranked_question
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Ciphertext, Group
from stembus_ballots.protocol.hashing import b64, challenge
from stembus_ballots.protocol.rankings import (
    Meaning,
    is_canonical,
    meaning_of,
    profile_of,
    ranking_of,
    tiers_of,
    values_of,
)
from stembus_ballots.protocol.schnorr import Proof, verify_knowledge

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "belenios" / "vectors.json").read_text())
P, Q = int(BELENIOS_2048.p), int(BELENIOS_2048.q)


@cache
def choices_poll() -> SecretPoll:
    return SecretPoll([COUNCIL, MOTIONS])


@cache
def mixed_poll() -> SecretPoll:
    return SecretPoll([COUNCIL, RANKING], group=RFC_3526_2048)


@pytest.mark.parametrize(
    "vote", [[[1, 0, 0], [0, 0, 0]], [[0, 0, 1], [0, 1, 1]], [[0, 1, 0], [1, 0, 0]]]
)  # B8: blank too
def test_b8_a_ballot_of_any_allowed_vote_holds_and_blank_is_one(vote: list[list[int]]) -> None:
    poll = choices_poll()
    made = make_ballot(poll.election, poll.voters[0], vote, poll.dice)
    checked = check_ballot(poll.election, poll.weights, made)
    assert checked.tracker == tracker_of(made) == b64(made)
    assert len(checked.tracker) == 43
    assert [len(answer) for answer in checked.ciphertexts] == [3, 3]
    assert ballot_on_board(poll.election, made) == checked


def test_a_ballot_with_choices_and_a_ranking_is_read_from_the_board_as_it_was_checked() -> None:
    poll = mixed_poll()
    assert poll.election.is_mixed
    made = make_ballot(poll.election, poll.voters[0], [[1, 0, 0], [1, 2, 3]], poll.dice)
    assert ballot_on_board(poll.election, made) == check_ballot(poll.election, poll.weights, made)


def test_b5_a_ballot_signed_with_the_credential_of_another_is_refused() -> None:
    poll = choices_poll()
    unsigned = unsigned_ballot(poll.election, poll.credential_texts[0], [[1, 0, 0], [1, 0, 0]], poll.dice)
    check_ballot(poll.election, poll.weights, sign_ballot(poll.election, poll.voters[0], unsigned, poll.dice))
    with pytest.raises(ProtocolError, match="signature under the ballot does not hold"):
        check_ballot(poll.election, poll.weights, sign_ballot(poll.election, poll.voters[1], unsigned, poll.dice))


@pytest.mark.parametrize(
    "vote",
    [
        pytest.param([[1, 1, 0], [1, 0, 0]], id="two of one"),
        pytest.param([[0, 0, 0], [1, 0, 0]], id="none of one"),
        pytest.param([[2, 0, 0], [1, 0, 0]], id="a choice of two"),
        pytest.param([[-1, 1, 1], [1, 0, 0]], id="a choice of less than nothing"),
        pytest.param([[1, 0, 0], [1, 1, 0]], id="blank and a choice"),
        pytest.param([[1, 0], [1, 0, 0]], id="an answer too few"),
        pytest.param([[1, 0, 0]], id="a question too few"),
    ],
)
def test_b7_no_ballot_can_be_made_of_a_vote_that_is_not_allowed(vote: list[list[int]]) -> None:
    poll = choices_poll()
    with pytest.raises(ProtocolError) as refused:
        make_ballot(poll.election, poll.voters[0], vote, poll.dice)
    assert refused.value.rule == "ballot.choice"


@pytest.mark.parametrize("values", [[1, 2], [1, 2, 256], [-1, 2, 3], [1, 2, 3, 4]])
def test_b7_no_ballot_can_be_made_of_numbers_that_do_not_fit(values: list[int]) -> None:
    poll = mixed_poll()
    with pytest.raises(ProtocolError) as refused:
        make_ballot(poll.election, poll.voters[0], [[1, 0, 0], values], poll.dice)
    assert refused.value.rule == "ballot.choice"


@pytest.mark.parametrize("values", [[0, 0, 0], [255, 255, 0], [0, 255, 1]])
def test_any_number_from_0_to_255_can_be_given_to_an_answer(values: list[int]) -> None:
    poll = mixed_poll()
    made = make_ballot(poll.election, poll.voters[0], [[1, 0, 0], values], poll.dice)
    assert len(check_ballot(poll.election, poll.weights, made).ciphertexts[1]) == 1


@pytest.mark.parametrize("number", [0, 1])
def test_a_proof_that_one_of_two_claims_is_true_shows_not_which(number: int) -> None:
    """Each challenge and response is a random number: one that is 0, or there twice, would tell what was voted."""
    group, dice = BELENIOS_2048, Dice("which")
    proofs = prove_one(group, group.g, "prove|", [(Known(dice(99), number), (0, 1))], dice)
    numbers = {int(text) for proof in proofs for text in (proof.challenge, proof.response)}
    assert len(numbers) == 4
    assert all(number > group.q >> 64 for number in numbers)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (("answers", 0, "individual_proofs", 2, 1, "response"), "ballot.individual"),
        (("answers", 0, "overall_proof", 0, "response"), "ballot.overall"),
        (("answers", 1, "overall_proof", 2, "response"), "ballot.overall"),
        (("answers", 1, "blank_proof", 1, "response"), "ballot.blank"),
    ],
)
def test_b7_a_ballot_needs_each_of_its_proofs(path: tuple[str | int, ...], rule: str) -> None:
    poll = choices_poll()
    made = make_ballot(poll.election, poll.voters[0], [[1, 0, 0], [0, 1, 1]], poll.dice)
    assert check_ballot(poll.election, poll.weights, signed_again(poll, 0, made))
    changed = edited(path, lambda text: str((int(text) + 1) % Q))(made)
    with pytest.raises(ProtocolError) as refused:
        check_ballot(poll.election, poll.weights, signed_again(poll, 0, changed))
    assert refused.value.rule == rule


@cache
def victim() -> bytes:
    poll = choices_poll()
    return make_ballot(poll.election, poll.voters[1], [[0, 1, 0], [0, 1, 1]], poll.dice)


def scaled(record: dict[str, str], alpha: int, beta: int) -> None:
    record["alpha"] = str(int(record["alpha"]) * alpha % P)
    record["beta"] = str(int(record["beta"]) * beta % P)


class Malleation:
    """What an attacker can do to somebody else's answer without knowing what is in it."""

    @staticmethod
    def swap_choices(answer: dict[str, list[object]], at: int, _number: int) -> None:
        for field in ("choices", "individual_proofs"):
            answer[field][at % 3], answer[field][(at + 1) % 3] = answer[field][(at + 1) % 3], answer[field][at % 3]

    @staticmethod
    def rerandomise(answer: dict[str, list[dict[str, str]]], at: int, number: int) -> None:
        election = choices_poll().election
        g, y = (pow(int(base), number + 1, P) for base in (election.group.g, election.public_key))
        scaled(answer["choices"][at % 3], g, y)

    @staticmethod
    def add_a_vote(answer: dict[str, list[dict[str, str]]], at: int, number: int) -> None:
        scaled(answer["choices"][at % 3], 1, pow(int(BELENIOS_2048.g), number + 1, P))

    @staticmethod
    def raise_to(answer: dict[str, list[dict[str, str]]], at: int, number: int) -> None:
        record = answer["choices"][at % 3]
        record["alpha"], record["beta"] = (str(pow(int(record[half]), number + 2, P)) for half in ("alpha", "beta"))

    @staticmethod
    def negate(answer: dict[str, list[dict[str, str]]], at: int, number: int) -> None:
        half = ("alpha", "beta")[number % 2]
        answer["choices"][at % 3][half] = str(P - int(answer["choices"][at % 3][half]))

    @staticmethod
    def add_p(answer: dict[str, list[dict[str, str]]], at: int, number: int) -> None:
        half = ("alpha", "beta")[number % 2]
        answer["choices"][at % 3][half] = str(P * (number + 1) + int(answer["choices"][at % 3][half]))

    @staticmethod
    def add_q(answer: dict[str, list[list[dict[str, str]]]], at: int, number: int) -> None:
        proof = answer["individual_proofs"][at % 3][number % 2]
        part = ("challenge", "response")[number // 2 % 2]
        proof[part] = str(int(proof[part]) + Q * (number % 5 + 1))

    @staticmethod
    def shift_challenges(answer: dict[str, list[list[dict[str, str]]]], at: int, number: int) -> None:
        one, other = answer["individual_proofs"][at % 3]
        one["challenge"] = str((int(one["challenge"]) + number + 1) % Q)
        other["challenge"] = str((int(other["challenge"]) - number - 1) % Q)

    @staticmethod
    def shift_response(answer: dict[str, list[dict[str, str]]], _at: int, number: int) -> None:
        proof = answer["overall_proof"][0]
        proof["response"] = str((int(proof["response"]) + number + 1) % Q)

    @staticmethod
    def write_otherwise(answer: dict[str, list[dict[str, str]]], at: int, number: int) -> None:
        record = answer["choices"][at % 3]
        record["alpha"] = ("0{}", "+{}", " {}", "{} ", "{}.0", "{}e0", "-{}", "0x{}")[number % 8].format(
            record["alpha"]
        )

    @staticmethod
    def leave_as_it_is(_answer: object, _at: int, _number: int) -> None:
        """The plain copy, under another credential (B1)."""


MALLEATIONS: list[Callable[[dict[str, list[object]], int, int], None]] = [
    getattr(Malleation, name) for name in vars(Malleation) if not name.startswith("_")
]


Step = tuple[Callable[[dict[str, list[object]], int, int], None], int, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(MALLEATIONS), st.integers(0, 2), st.integers(0, 2**64)), min_size=1, max_size=3
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.integers(2, 3))
def test_b1_b2_nobody_can_cast_what_they_make_of_the_ballot_of_another(steps: list[Step], thief: int) -> None:
    """The thief signs it with a credential of their own, so that nothing but the proofs in it can tell."""
    poll = choices_poll()
    stolen = json.loads(victim())
    for malleate, at, number in sorted(steps, key=lambda step: step[0] is Malleation.write_otherwise):
        malleate(stolen["answers"][0], at, number)
    mine = signed_again(poll, thief, compact(stolen))
    with pytest.raises(ProtocolError):
        check_ballot(poll.election, poll.weights, mine)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda e: e._replace(fingerprint=b64(b"another")), id="fingerprint"),
        pytest.param(lambda e: e._replace(public_key=e.group.power(e.group.g, 5)), id="public key"),
        pytest.param(lambda e: e._replace(group=RFC_3526_2048), id="group"),
        pytest.param(lambda e: e._replace(uuid="Voorbee1dpart2j"), id="id"),
    ],
)
def test_b3_b4_a_ballot_is_bound_to_each_part_of_its_election(other: Callable[[Election], Election]) -> None:
    poll = choices_poll()
    with pytest.raises(ProtocolError):
        check_ballot(other(poll.election), poll.weights, victim())


def test_b3_an_answer_cannot_be_given_to_another_question() -> None:
    twins = SecretPoll([COUNCIL, COUNCIL])
    made = make_ballot(twins.election, twins.voters[0], [[1, 0, 0], [0, 1, 0]], twins.dice)
    copied = json.loads(made)
    copied["answers"][1] = copied["answers"][0]
    checked = check_ballot(twins.election, twins.weights, signed_again(twins, 0, compact(copied)))
    assert checked.ciphertexts[0] == checked.ciphertexts[1], "their own answer, given twice: they may vote so"
    with pytest.raises(ProtocolError):
        check_ballot(twins.election, twins.weights, signed_again(twins, 1, compact(copied)))


@pytest.mark.parametrize("half", ["alpha", "beta"])
def test_b4_each_proof_hashes_what_it_is_about(half: str) -> None:
    poll = mixed_poll()
    group, key = poll.election.group, poll.election.public_key
    changed = json.loads(make_ballot(poll.election, poll.voters[0], [[1, 0, 0], [1, 2, 3]], poll.dice))
    choices = changed["answers"][1]["choices"]
    choices[half] = group.text(group.mul(int(choices[half]), group.power(key, 3)))
    with pytest.raises(ProtocolError) as refused:
        check_ballot(poll.election, poll.weights, signed_again(poll, 0, compact(changed)))
    assert refused.value.rule == "ballot.encryption"


def test_b5_a_proof_whose_statement_is_chosen_last_holds_only_where_the_statement_is_not_hashed() -> None:
    """The forgery of Bernhard, Pereira and Warinschi (Asiacrypt 2012), by trustees who know the key z.

    They commit first, take the hash, and then solve for the vote m that the proof is about: any number at all.
    """
    group, z, dice = RFC_3526_2048, 7, Dice("forgery")
    key, q = group.power(group.g, z), int(group.q)
    m = None
    while m is None:
        a0, b0, a1, b1 = (dice(q) for _ in range(4))
        weak = "prove|without the ciphertext|"
        hashed = challenge(weak, [group.text(group.power(group.g, e)) for e in (a0, b0, a1, b1)], q)
        m = root_of(hashed, -(hashed + b0 - z * a0 + b1 - z * a1), b0 - z * a0, q)
    x = dice(q)
    ciphertext = Ciphertext(group.power(group.g, x), group.power(group.g, z * x + m))
    challenges = ((b0 - z * a0) * pow(m, -1, q) % q, (b1 - z * a1) * pow(m - 1, -1, q) % q)
    proofs = [Proof(str(c), str((a - c * x) % q)) for c, a in zip(challenges, (a0, a1), strict=True)]
    claims = [Claims(ciphertext, (0, 1))]
    assert m not in (0, 1)
    assert verify_one(group, key, weak, claims, proofs), "a weak verifier believes that this is 0 or 1"
    strong = f"prove|context|{group.text(ciphertext.alpha)},{group.text(ciphertext.beta)}|"
    assert not verify_one(group, key, strong, claims, proofs)


def root_of(a: int, b: int, c: int, q: int) -> int | None:
    """A solution of a x² + b x + c = 0 modulo q, which leaves 3 when divided by 4; None where there is none."""
    square = (b * b - 4 * a * c) % q
    root = pow(square, (q + 1) // 4, q)
    return (root - b) * pow(2 * a, -1, q) % q if root * root % q == square else None


def test_b5_a_signature_for_another_generator_does_not_hold() -> None:
    """The forgery of Cortier, Gaudry and Yang (E-Vote-ID 2020): with the victim's key as generator its secret is 1."""
    poll = choices_poll()
    victims_key = poll.keys[0]
    rigged = Group("BELENIOS-2048", P, Q, victims_key, None)
    record = json.loads(victim())
    unsigned = UnsignedBallot(
        record["election_uuid"],
        record["election_hash"],
        poll.election.group.text(victims_key),
        tuple(msgspec.Raw(compact(answer)) for answer in record["answers"]),
    )
    forged = sign_ballot(poll.election._replace(group=rigged), 1, unsigned, poll.dice)
    proof = msgspec.json.decode(forged, type=BallotRecord).signature
    assert verify_knowledge(rigged, f"sig|{proof.hash}|", victims_key, proof.proof), "it holds where g is the key"
    with pytest.raises(ProtocolError) as refused:
        check_ballot(poll.election, poll.weights, forged)
    assert refused.value.rule == "ballot.signature"


class TestRankings:
    @given(st.permutations(range(6)), st.integers(0, 6))
    def test_go_into_numbers_and_come_back(self, order: list[int], length: int) -> None:
        ranking = tuple(order[:length])
        values = values_of(ranking, 6)
        assert ranking_of(values) == ranking
        assert is_canonical(values, Meaning("strict", side_files=True))

    @pytest.mark.parametrize("values", [(1, 1, 0), (2, 0, 0), (1, 3, 0), (255, 0, 0)])
    def test_are_no_other_numbers(self, values: tuple[int, ...]) -> None:
        assert ranking_of(values) is None
        assert not is_canonical(values, Meaning("strict", side_files=True))
        assert is_canonical(values, None), "what the numbers of others mean is for them to say"

    def test_may_share_places_where_the_question_says_so(self) -> None:
        assert tiers_of((1, 1, 2, 0)) == ((0, 1), (2,))
        assert tiers_of((1, 3, 0, 0)) is None
        assert is_canonical((1, 1, 2, 0), Meaning("ties", side_files=True))

    @pytest.mark.parametrize(
        ("extra", "meaning"),
        [
            (None, None),
            ({}, None),
            ({"type": "Lists"}, None),
            ({"type": "Stembus", "places": "strict", "side_files": True}, Meaning("strict", side_files=True)),
            ({"type": "Stembus", "places": "ties", "side_files": False}, Meaning("ties", side_files=False)),
        ],
    )
    def test_mean_what_their_question_says_where_it_is_ours(
        self, extra: dict[str, object] | None, meaning: Meaning | None
    ) -> None:
        assert meaning_of(ranked_question("?", ("A", "B"), extra)) == meaning

    @pytest.mark.parametrize("change", [{"places": "any"}, {"side_files": "no"}, {"seats": 2}])
    def test_mean_nothing_else(self, change: dict[str, object]) -> None:
        extra = {"type": "Stembus", "places": "strict", "side_files": True, **change}
        with pytest.raises(ProtocolError, match=r"^The extra of a ranked question: ") as refused:
            meaning_of(ranked_question("?", ("A", "B"), extra))
        assert refused.value.rule == "election.question"

    def test_are_counted_with_those_that_are_blank_or_invalid(self) -> None:
        lines = [(1, 2, 3), (7, 7, 7), (0, 1, 0), (0, 0, 0), (1, 2, 3)]
        profile = profile_of(RANKING, lines, {1})
        assert profile.groups == (Alike((0, 1, 2), 2), Alike((1,), 1))
        assert (profile.blank, profile.invalid) == (1, 1)
        with pytest.raises(ProtocolError, match=r"^\[7, 7, 7\] is not a ranking without shared places"):
            profile_of(RANKING, lines, ())

    @pytest.mark.parametrize("ranking", [(0, 0), (3,), (-1,), (0, 3)])
    def test_name_each_candidate_once(self, ranking: tuple[int, ...]) -> None:
        with pytest.raises(ProtocolError) as refused:
            values_of(ranking, 3)
        assert refused.value.rule == "ballot.ranking"


def test_a_homomorphic_question_counts_blank_as_a_choice_of_its_own() -> None:
    assert Homomorphic(question="?", answers=("A", "B"), blank=True, min=0, max=1).choices == 3
