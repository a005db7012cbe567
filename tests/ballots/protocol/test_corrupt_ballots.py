"""Ballots that attackers make, on the board of a poll that is otherwise right, are refused at the event where they are.

What was changed bears the signature of a voter, so that only the rule in question can find it. The ids of attacks are
those of the threat model.
"""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from corruptions import (
    Corrupt,
    Corruption,
    Path,
    at,
    compact,
    counted_homomorphic,
    counted_ranked,
    edited,
    is_refused,
    parameters,
    plus,
    records,
    signed_again,
    swapped,
    to,
)
from secret_polls import COUNCIL, MOTIONS, SecretPoll, records_of

from stembus_ballots.protocol import membership
from stembus_ballots.protocol.ballot import make_ballot
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048

P, Q = int(BELENIOS_2048.p), int(BELENIOS_2048.q)
RANKED_P, RANKED_Q = int(RFC_3526_2048.p), int(RFC_3526_2048.q)
EVENT = 3  # the ballot of voter 1; of voter 2 in the ranked poll
VOTER = 1
RANKED_VOTER = 2

Edit = Callable[[bytes], bytes]


def ballot(*edits: Edit) -> Corrupt:
    """Change the ballot and nothing of its signature."""
    return records(at(EVENT, 0, lambda text: _after(edits, text)))


def signed(*edits: Edit, voter: int | None = None) -> Corrupt:
    """Change the ballot, and sign it again."""

    def corrupt(poll: SecretPoll) -> bytes:
        signer = voter if voter is not None else RANKED_VOTER if poll.election.is_mixed else VOTER
        return records(at(EVENT, 0, lambda text: signed_again(poll, signer, _after(edits, text))))(poll)

    return corrupt


def _after(edits: tuple[Edit, ...], text: bytes) -> bytes:
    for edit in edits:
        text = edit(text)
    return text


def answer(*path: str | int) -> Path:
    """A place in the answer to the first question."""
    return ("answers", 0, *path)


def replaced(old: bytes, new: bytes) -> Edit:
    """Put one text in the place of another, once."""

    def edit(text: bytes) -> bytes:
        assert old in text
        return text.replace(old, new, 1)

    return edit


def negated(number: str) -> str:
    return str(P - int(number))


def reversed_keys(record: dict[str, Any]) -> dict[str, Any]:
    return dict(reversed(record.items()))


def other_ballot(height: int) -> Corrupt:
    """Put the answers of another ballot under the credential of this voter, signed by this voter (attack B1)."""

    def corrupt(poll: SecretPoll) -> bytes:
        (answers,) = [json.loads(records_of(poll.archive)[height][1][0])["answers"]]
        return signed(edited(("answers",), to(answers)))(poll)

    return corrupt


def overvote(poll: SecretPoll) -> bytes:
    """A ballot for two of three where one is allowed, made by a program that believes that two are (attack B7)."""
    loose = msgspec.structs.replace(COUNCIL, max=2)
    election = poll.election._replace(questions=(loose, MOTIONS))
    made = json.loads(make_ballot(election, poll.voters[VOTER], [[1, 1, 0], [1, 0, 0]], poll.dice))
    del made["answers"][0]["overall_proof"][0]
    return signed(edited(("answers",), to(made["answers"])))(poll)


def three_in_a_bit(poll: SecretPoll) -> bytes:
    """A ciphertext of 3 where 0 or 1 is allowed, with honest proofs for all that can be proven (attack B7)."""
    group, number = poll.election.group, 3

    def thrice(text: str) -> str:
        return group.text(group.mul(int(text), group.power(group.g, number)))

    return signed(edited(answer("choices", 0, "beta"), thrice))(poll)


FORM = [
    Corruption(
        "a response changed, unsigned",
        ballot(edited(answer("individual_proofs", 0, 0, "response"), plus(1))),
        "ballot.hash",
        EVENT,
    ),
    Corruption(
        "a choice of another voter put in, unsigned",
        ballot(edited(answer("choices"), swapped(0, 1))),
        "ballot.hash",
        EVENT,
    ),
    Corruption(
        "another hash under the signature", ballot(edited(("signature", "hash"), to("A" * 43))), "ballot.hash", EVENT
    ),
    Corruption(
        "a signature with another response",
        ballot(edited(("signature", "proof", "response"), plus(1))),
        "ballot.signature",
        EVENT,
    ),
    Corruption(
        "a signature with another challenge",
        ballot(edited(("signature", "proof", "challenge"), plus(1))),
        "ballot.signature",
        EVENT,
    ),
    Corruption(
        "a signature with q added",
        ballot(edited(("signature", "proof", "response"), plus(Q))),
        "ballot.signature",
        EVENT,
    ),
    Corruption("a signature by another voter", signed(voter=0), "ballot.individual", EVENT),
    Corruption(
        "no signature",
        ballot(lambda text: compact({k: v for k, v in json.loads(text).items() if k != "signature"})),
        "ballot.form",
        EVENT,
    ),
    Corruption("one space", ballot(replaced(b",", b", ")), "ballot.form", EVENT),
    Corruption("a line break at the end", ballot(lambda text: text + b"\n"), "ballot.form", EVENT),
    Corruption(
        "a letter written as its number", ballot(replaced(b"credential", b"\\u0063redential")), "ballot.form", EVENT
    ),
    Corruption(
        "a field more", ballot(replaced(b'{"election_uuid"', b'{"note":"x","election_uuid"')), "ballot.form", EVENT
    ),
    Corruption(
        "a field twice",
        ballot(replaced(b'{"election_uuid"', b'{"election_uuid":"x","election_uuid"')),
        "ballot.form",
        EVENT,
    ),
    Corruption(
        "fields in another order", ballot(lambda text: compact(reversed_keys(json.loads(text)))), "ballot.form", EVENT
    ),
    Corruption("a million lists in lists", ballot(lambda text: b"[" * 10**6), "ballot.size", EVENT),
    Corruption("no JSON", ballot(lambda text: b"vote"), "ballot.form", EVENT),
    Corruption("NaN for answers", ballot(edited(("answers",), to(float("nan")))), "ballot.form", EVENT),
    Corruption(
        "another id of the election",
        signed(edited(("election_uuid",), to("Voorbee1dpart1k"))),
        "ballot.election",
        EVENT,
    ),
    Corruption(
        "another fingerprint of the election",
        signed(edited(("election_hash",), to("A" * 43))),
        "ballot.election",
        EVENT,
    ),
    Corruption(
        "a credential that is not on the list", ballot(edited(("credential",), to("4"))), "ballot.credential", EVENT
    ),
    Corruption(
        "a credential with a leading zero",
        ballot(edited(("credential",), lambda text: f"0{text}")),
        "ballot.credential",
        EVENT,
    ),
    Corruption("answers in the other order", signed(edited(("answers",), swapped(0, 1))), "ballot.answer", EVENT),
    Corruption(
        "a message in an answer",
        signed(edited(answer(), lambda a: {**a, "note": "I sold my vote"})),
        "ballot.answer",
        EVENT,
    ),
    Corruption("fields of an answer in another order", signed(edited(answer(), reversed_keys)), "ballot.answer", EVENT),
    Corruption(
        "a proof about blank where there is none",
        signed(edited(answer(), lambda a: {**a, "blank_proof": a["individual_proofs"][0]})),
        "ballot.answer",
        EVENT,
    ),
    Corruption("the same ballot again", records(lambda r: [*r[:4], r[3], *r[4:]]), "ballot.replay", 4),
    Corruption(
        "the older ballot of a voter again at the end", records(lambda r: [*r[:5], r[1], *r[5:]]), "ballot.replay", 5
    ),
    Corruption("a ballot left out", records(lambda r: [*r[:3], *r[4:]]), "tally.differs", 5),
]
TOO_MUCH = [
    Corruption("two choices where one is allowed", overvote, "ballot.overall", EVENT),
    Corruption("a choice that counts three times", three_in_a_bit, "ballot.individual", EVENT),
    Corruption("one answer too few", signed(edited(("answers",), lambda a: a[:1])), "ballot.answer", EVENT),
    Corruption("one answer too many", signed(edited(("answers",), lambda a: [*a, a[0]])), "ballot.answer", EVENT),
    Corruption("one choice too many", signed(edited(answer("choices"), lambda c: [*c, c[0]])), "ballot.answer", EVENT),
    Corruption("one choice too few", signed(edited(answer("choices"), lambda c: c[:2])), "ballot.answer", EVENT),
    Corruption(
        "ten thousand choices", signed(edited(answer("choices"), lambda c: c[:1] * 10**4)), "ballot.size", EVENT
    ),
    Corruption(
        "a choice without its proof",
        signed(edited(answer("individual_proofs"), lambda p: p[:2])),
        "ballot.answer",
        EVENT,
    ),
    Corruption(
        "half a proof of a choice",
        signed(edited(answer("individual_proofs", 0), lambda p: p[:1])),
        "ballot.answer",
        EVENT,
    ),
    Corruption("no proof about the whole", signed(edited(answer("overall_proof"), to([]))), "ballot.answer", EVENT),
    Corruption(
        "a branch more about the whole",
        signed(edited(answer("overall_proof"), lambda p: [*p, p[0]])),
        "ballot.answer",
        EVENT,
    ),
    Corruption(
        "no proof about blank",
        signed(edited(("answers", 1), lambda a: {k: v for k, v in a.items() if k != "blank_proof"})),
        "ballot.answer",
        EVENT,
    ),
]
PROOFS = [
    Corruption(
        "a broken proof of a choice",
        signed(edited(answer("individual_proofs", 0, 0, "response"), plus(1))),
        "ballot.individual",
        EVENT,
    ),
    Corruption(
        "the branches of a proof swapped",
        signed(edited(answer("individual_proofs", 0), swapped(0, 1))),
        "ballot.individual",
        EVENT,
    ),
    Corruption(
        "proofs of two choices swapped",
        signed(edited(answer("individual_proofs"), swapped(0, 1))),
        "ballot.individual",
        EVENT,
    ),
    Corruption("two choices swapped", signed(edited(answer("choices"), swapped(0, 1))), "ballot.individual", EVENT),
    Corruption(
        "two choices swapped with their proofs",
        signed(edited(answer("choices"), swapped(0, 1)), edited(answer("individual_proofs"), swapped(0, 1))),
        "ballot.overall",
        EVENT,
    ),
    Corruption(
        "alpha and beta swapped",
        signed(edited(answer("choices", 0), lambda c: {"alpha": c["beta"], "beta": c["alpha"]})),
        "ballot.individual",
        EVENT,
    ),
    Corruption(
        "a broken proof about the whole",
        signed(edited(answer("overall_proof", 0, "response"), plus(1))),
        "ballot.overall",
        EVENT,
    ),
    Corruption(
        "a broken proof about blank",
        signed(edited(("answers", 1, "blank_proof", 0, "response"), plus(1))),
        "ballot.blank",
        EVENT,
    ),
    Corruption(
        "a broken proof about blank or choices",
        signed(edited(("answers", 1, "overall_proof", 0, "response"), plus(1))),
        "ballot.overall",
        EVENT,
    ),
    Corruption("the answers of another voter", other_ballot(2), "ballot.individual", EVENT),
    Corruption(
        "a challenge with q added",
        signed(edited(answer("individual_proofs", 0, 0, "challenge"), plus(Q))),
        "ballot.scalar",
        EVENT,
    ),
    Corruption(
        "a response with q added",
        signed(edited(answer("overall_proof", 0, "response"), plus(Q))),
        "ballot.scalar",
        EVENT,
    ),
    Corruption(
        "a response below zero",
        signed(edited(answer("individual_proofs", 0, 1, "response"), plus(-Q))),
        "ballot.scalar",
        EVENT,
    ),
    Corruption(
        "a response with a sign",
        signed(edited(answer("individual_proofs", 0, 1, "response"), lambda r: f"+{r}")),
        "ballot.scalar",
        EVENT,
    ),
    Corruption(
        "a response in other digits",
        signed(edited(answer("individual_proofs", 0, 1, "response"), to("٣"))),
        "ballot.scalar",
        EVENT,
    ),
    Corruption(
        "a response with a digit more than any",
        signed(edited(answer("individual_proofs", 0, 1, "response"), to("1" + "0" * len(str(Q))))),
        "ballot.scalar",
        EVENT,
    ),
    Corruption(
        "a response of a million digits",
        signed(edited(answer("individual_proofs", 0, 1, "response"), to("1" * 10**6))),
        "ballot.size",
        EVENT,
    ),
    Corruption(
        "alpha outside the group", signed(edited(answer("choices", 0, "alpha"), negated)), "ballot.element", EVENT
    ),
    Corruption(
        "beta outside the group", signed(edited(answer("choices", 0, "beta"), negated)), "ballot.element", EVENT
    ),
    Corruption("alpha with p added", signed(edited(answer("choices", 0, "alpha"), plus(P))), "ballot.element", EVENT),
    Corruption(
        "alpha with a leading zero",
        signed(edited(answer("choices", 0, "alpha"), lambda text: f"00{text}")),
        "ballot.element",
        EVENT,
    ),
    Corruption("alpha 0", signed(edited(answer("choices", 0, "alpha"), to("0"))), "ballot.element", EVENT),
    Corruption("alpha p - 1", signed(edited(answer("choices", 0, "alpha"), to(str(P - 1)))), "ballot.element", EVENT),
    Corruption("alpha 1", signed(edited(answer("choices", 0, "alpha"), to("1"))), "ballot.individual", EVENT),
    Corruption(
        "both halves 1",
        signed(edited(answer("choices", 0), to({"alpha": "1", "beta": "1"}))),
        "ballot.individual",
        EVENT,
    ),
    Corruption("alpha as a number", signed(edited(answer("choices", 0, "alpha"), to(4))), "ballot.answer", EVENT),
    Corruption("alpha empty", signed(edited(answer("choices", 0, "alpha"), to(""))), "ballot.element", EVENT),
]


def rerandomised(poll: SecretPoll) -> bytes:
    """The ranking of another voter under new randomness, with the proof that came with it (attack B2)."""
    group, key = poll.election.group, poll.election.public_key
    copied = json.loads(records_of(poll.archive)[1][1][0])["answers"][0]
    alpha, beta = (int(copied["choices"][half]) for half in ("alpha", "beta"))
    copied["choices"] = {"alpha": str(group.mul(alpha, group.g)), "beta": str(group.mul(beta, key))}
    return signed(edited(answer(), to(copied)))(poll)


RANKED = [
    Corruption(
        "a broken proof of the ranking",
        signed(edited(answer("proof", "response"), plus(1))),
        "ballot.encryption",
        EVENT,
    ),
    Corruption(
        "a proof with q added", signed(edited(answer("proof", "response"), plus(RANKED_Q))), "ballot.encryption", EVENT
    ),
    Corruption("the ranking of another voter", other_ballot(1), "ballot.encryption", EVENT),
    Corruption("the ranking of another voter under new randomness", rerandomised, "ballot.encryption", EVENT),
    Corruption(
        "a beta that is no square",
        signed(edited(answer("choices", "beta"), lambda text: str(RANKED_P - int(text)))),
        "ballot.element",
        EVENT,
    ),
    Corruption(
        "both halves 0", signed(edited(answer("choices"), to({"alpha": "0", "beta": "0"}))), "ballot.element", EVENT
    ),
    Corruption(
        "a field more in a ranking", signed(edited(answer(), lambda a: {**a, "note": "x"})), "ballot.answer", EVENT
    ),
    Corruption("choices as a list", signed(edited(answer("choices"), lambda c: [c])), "ballot.answer", EVENT),
]


@pytest.mark.parametrize("corruption", parameters(TOO_MUCH))
def test_b7_a_ballot_that_says_more_or_less_than_is_allowed_is_refused(corruption: Corruption) -> None:
    is_refused(corruption.corrupt(counted_homomorphic()), corruption.rule, corruption.event)


@pytest.mark.parametrize("corruption", parameters([*FORM, *PROOFS]))
def test_a_ballot_that_breaks_a_rule_is_refused(corruption: Corruption) -> None:
    is_refused(corruption.corrupt(counted_homomorphic()), corruption.rule, corruption.event)


@pytest.mark.parametrize("corruption", parameters([*FORM, *TOO_MUCH, *PROOFS]))
def test_b6_it_is_refused_for_the_same_where_all_elements_of_the_board_are_asked_at_once(
    corruption: Corruption, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "_MANY", 1)
    is_refused(corruption.corrupt(counted_homomorphic()), corruption.rule, corruption.event)


@pytest.mark.parametrize("few", [1, 10**6])
def test_b6_where_a_later_answer_cannot_be_read_the_elements_of_an_earlier_one_are_asked_all_the_same(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "_MANY", few)
    corrupt = signed(edited(answer("choices", 0, "alpha"), negated), edited(("answers", 1), to({})))
    is_refused(corrupt(counted_homomorphic()), "ballot.element", EVENT)


@pytest.mark.parametrize("corruption", parameters(RANKED))
def test_a_ranked_ballot_that_breaks_a_rule_is_refused(corruption: Corruption) -> None:
    is_refused(corruption.corrupt(counted_ranked()), corruption.rule, corruption.event)
