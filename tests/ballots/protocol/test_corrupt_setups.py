"""A poll that starts from records which nobody should vote under is refused: election, trustees, credentials."""

import json
from collections.abc import Callable

import pytest
from corruptions import (
    Change,
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
    to,
)
from secret_polls import SecretPoll

from stembus_ballots.protocol.group import BELENIOS_2048
from stembus_ballots.protocol.verify import verify_archive

P = int(BELENIOS_2048.p)
MANY = 10**5


def election(path: Path, change: Change) -> Corrupt:
    """Change one value in the record of the election."""
    return records(at(0, 0, edited(path, change)))


def text(place: int, old: str, new: str) -> Corrupt:
    """Put one text in the place of another in a record of Setup, once."""

    def change(record: bytes) -> bytes:
        assert old.encode() in record
        return record.replace(old.encode(), new.encode(), 1)

    return records(at(0, place, change))


def trustees(path: Path, change: Change) -> Corrupt:
    """Change one value in the record of the trustees."""
    return records(at(0, 1, edited(path, change)))


def trustee_list(change: Callable[[list[object]], list[object]]) -> Corrupt:
    """Change which trustees there are."""
    return records(at(0, 1, lambda record: compact(change(json.loads(record)))))


def credentials(change: Callable[[list[str]], list[str]]) -> Corrupt:
    """Change the list of credentials."""
    return records(at(0, 2, lambda record: compact(change(json.loads(record)))))


def suffix(end: str) -> Corrupt:
    """Give the first credential a weight."""
    return credentials(lambda lines: [lines[0] + end, *lines[1:]])


def negated(number: str) -> str:
    """The number with the other sign, which is not in the group."""
    return str(P - int(number))


def key_of_one_trustee(poll: SecretPoll) -> str:
    """A key that is an element, and not the one under which votes are encrypted."""
    return str(poll.trustees.keys[0])


def _with_proof_of_other(record: list[object]) -> list[object]:
    first, second = json.loads(json.dumps(record))
    first[1]["pok"] = second[1]["pok"]
    return [first, second]


FIRST_QUESTION: Path = ("questions", 0)
ELECTION = [
    Corruption("version 2 of the protocol", election(("version",), to(2)), "election.version", 0),
    Corruption("a version as text", election(("version",), to("1")), "election.form", 0),
    Corruption("an id that is too short", election(("uuid",), to("Voorbee1d")), "election.uuid", 0),
    Corruption(
        "an id with letters that are confused", election(("uuid",), to("VoorbeeldpartijO0")), "election.uuid", 0
    ),
    Corruption("an id with a vertical bar", election(("uuid",), to("Voorbee1d|part1j")), "election.uuid", 0),
    Corruption("a key that is not in the group", election(("public_key",), negated), "election.key", 0),
    Corruption("the key 1", election(("public_key",), to("1")), "election.key", 0),
    Corruption("the key 0", election(("public_key",), to("0")), "election.key", 0),
    Corruption("a key beyond p", election(("public_key",), plus(P)), "election.key", 0),
    Corruption("a negative key", election(("public_key",), lambda key: f"-{key}"), "election.key", 0),
    Corruption("a key with a leading zero", election(("public_key",), lambda key: f"0{key}"), "election.key", 0),
    Corruption("a key in other digits", election(("public_key",), to("١٢٣")), "election.key", 0),
    Corruption("a key as a number", election(("public_key",), to(4)), "election.form", 0),
    Corruption(
        "the key of one trustee alone",
        lambda poll: election(("public_key",), to(key_of_one_trustee(poll)))(poll),
        "setup.key",
        0,
    ),
    Corruption("a key given twice", text(0, '"name":', '"uuid":"x","name":'), "election.form", 0),
    Corruption("an unknown field", text(0, '"name":', '"title":"x","name":'), "election.form", 0),
    Corruption("no name", text(0, '"name":"Raad",', ""), "election.form", 0),
    Corruption("NaN", text(0, '"min":1', '"min":NaN'), "election.form", 0),
    Corruption("half a letter", text(0, '"Raad"', '"\\ud800"'), "election.form", 0),
    Corruption("lists in lists", text(0, '"Raad"', "[" * MANY + "]" * MANY), "election.form", 0),
    Corruption("bytes that are no text", records(at(0, 0, lambda record: record + b"\xff")), "election.form", 0),
    Corruption("no question", election(("questions",), to([])), "election.question", 0),
    Corruption("a thousand questions", election(("questions",), lambda qs: qs * 500), "election.question", 0),
    Corruption(
        "a type of others", text(0, '"answers":["Ada"', '"type":"Lists","answers":["Ada"'), "election.question", 0
    ),
    Corruption("fewest above most", election((*FIRST_QUESTION, "min"), to(2)), "election.question", 0),
    Corruption("fewest below zero", election((*FIRST_QUESTION, "min"), to(-1)), "election.question", 0),
    Corruption("most above the answers", election((*FIRST_QUESTION, "max"), to(4)), "election.question", 0),
    Corruption("most as text", election((*FIRST_QUESTION, "max"), to("1")), "election.question", 0),
    Corruption("no answers", election((*FIRST_QUESTION, "answers"), to([])), "election.question", 0),
    Corruption(
        "ten thousand answers", election((*FIRST_QUESTION, "answers"), to(["x"] * 10_000)), "election.question", 0
    ),
    Corruption("blank as text", election(("questions", 1, "blank"), to("yes")), "election.question", 0),
    Corruption(
        "a ranked question in a group that cannot carry it",
        election(("questions", 0), to({"type": "NonHomomorphic", "value": {"answers": ["A", "B"], "question": "?"}})),
        "election.question",
        0,
    ),
]
TRUSTEES = [
    Corruption("a broken proof that a key is known", trustees((0, 1, "pok", "response"), plus(1)), "trustees.pok", 0),
    Corruption("the proof of another trustee", trustee_list(_with_proof_of_other), "trustees.pok", 0),
    Corruption("a proof beyond q", trustees((0, 1, "pok", "challenge"), plus(int(BELENIOS_2048.q))), "trustees.pok", 0),
    Corruption("a trustee's key outside the group", trustees((0, 1, "public_key"), negated), "trustees.key", 0),
    Corruption("a trustee's key 1", trustees((0, 1, "public_key"), to("1")), "trustees.key", 0),
    Corruption("a trustee left out", trustee_list(lambda t: t[:1]), "setup.key", 0),
    Corruption("a trustee twice", trustee_list(lambda t: [*t, t[0]]), "trustees.twice", 0),
    Corruption("no trustee", trustee_list(lambda t: []), "trustees.form", 0),
    Corruption("a kind of trustee that nobody knows", trustees((0, 0), to("Double")), "trustees.form", 0),
    Corruption("a field more for a trustee", trustees((0, 1), lambda key: {**key, "name": "x"}), "trustees.form", 0),
    Corruption("a space in the trustees", text(1, ",", ", "), "trustees.form", 0),
    Corruption(
        "trustees in the other order", records(at(0, 1, lambda r: compact(json.loads(r)[::-1]))), "decryption.proof", 7
    ),
]
CREDENTIALS = [
    Corruption("a credential twice", credentials(lambda lines: [*lines, lines[0]]), "credentials.twice", 0),
    Corruption(
        "a credential twice, with weights", credentials(lambda lines: [*lines, f"{lines[0]},2"]), "credentials.twice", 0
    ),
    Corruption(
        "a credential outside the group",
        credentials(lambda lines: [negated(lines[0]), *lines[1:]]),
        "credentials.key",
        0,
    ),
    Corruption("the credential 1", credentials(lambda lines: ["1", *lines[1:]]), "credentials.key", 0),
    Corruption(
        "a credential with a leading zero",
        credentials(lambda lines: [f"0{lines[0]}", *lines[1:]]),
        "credentials.key",
        0,
    ),
    Corruption("a negative weight", suffix(",-1"), "credentials.weight", 0),
    Corruption("half a weight", suffix(",1.5"), "credentials.weight", 0),
    Corruption("a weight with a leading zero", suffix(",01"), "credentials.weight", 0),
    Corruption("no weight after the comma", suffix(","), "credentials.weight", 0),
    Corruption("a weight beyond all bounds", suffix("," + "9" * 30), "credentials.weight", 0),
    Corruption("a name beside a credential", suffix(",1,ada"), "credentials.weight", 0),
    Corruption("credentials as an object", records(at(0, 2, lambda _record: b"{}")), "credentials.form", 0),
    Corruption("credentials as numbers", records(at(0, 2, lambda _record: b"[4]")), "credentials.form", 0),
    Corruption(
        "the credential of a voter who voted left out",
        lambda poll: credentials(lambda lines: [x for x in lines if x != str(poll.keys[1])])(poll),
        "ballot.credential",
        3,
    ),
]


@pytest.mark.parametrize("corruption", parameters([*ELECTION, *TRUSTEES, *CREDENTIALS]))
def test_a_poll_that_starts_from_corrupt_records_is_refused(corruption: Corruption) -> None:
    is_refused(corruption.corrupt(counted_homomorphic()), corruption.rule, corruption.event)


def test_ranked_ballots_cannot_be_weighed() -> None:
    is_refused(suffix(",2")(counted_ranked()), "credentials.weight", 0)


def test_a_group_that_is_not_known_is_no_fault_but_nothing_was_checked() -> None:
    verdict = verify_archive(election(("group",), to("Ed25519"))(counted_homomorphic()))
    assert (verdict.failures, verdict.exit_code) == ([], 1)
    assert "Ed25519" in verdict.skipped[0]
