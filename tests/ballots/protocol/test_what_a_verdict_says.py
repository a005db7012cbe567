"""A verdict says what was checked, all of it and nothing else: readers rely on its sentences as much as on its code."""

from collections.abc import Callable

import pytest
from corruptions import Corrupt, Path, at, counted_homomorphic, counted_ranked, edited, records, swapped, to
from secret_polls import COUNCIL, SecretPoll

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Phase
from stembus_ballots.protocol.verify import Verdict, verify_archive
from stembus_ballots.protocol.verify.told import told

COUNTED = [
    "94208 bytes, 10 events: every hash, link and payload, and their order.",
    (
        "The election Voorbee1dpart1j (2 questions, BELENIOS-2048), its 2 trustees, of whom 2 decrypt, and its 4 "
        "credentials: every key, proof and signature."
    ),
    "4 ballots of 3 credentials: every proof and signature, none twice.",
    "The encrypted tally is that of these ballots: 3, of weight 3.",
    "2 decryptions, by trustee 1, 2: every factor and its proof.",
    "2 side files, of trustee 1, 2: all factors at once are right.",
    "The result is what these decryptions open, number by number.",
]
MIXED = [
    "93696 bytes, 12 events: every hash, link and payload, and their order.",
    (
        "The election Voorbee1dpart1j (1 questions, RFC-3526-2048), its 2 trustees, of whom 2 decrypt, and its 4 "
        "credentials: every key, proof and signature."
    ),
    "3 ballots of 3 credentials: every proof and signature, none twice.",
    "The encrypted tally is that of these ballots: 3, of weight 3.",
    "2 mixes, by trustee 1, 2: every proof and every ciphertext.",
    "2 decryptions, by trustee 1, 2: every factor and its proof.",
    "The result is what these decryptions open, number by number.",
]
REPLACED = "1 ballots were replaced by a later one of the same credential."


def test_of_a_poll_that_holds_it_names_each_thing_that_was_checked() -> None:
    poll = counted_homomorphic()
    verdict = verify_archive(poll.archive, side_files=[poll.side_file(1), poll.side_file(2)])
    assert (verdict.checked, verdict.notes, verdict.skipped) == (COUNTED, [REPLACED], [])
    assert verdict.invalid == (frozenset(), frozenset())


def test_of_a_mixed_poll_it_names_the_mixes_and_how_the_opening_was_judged() -> None:
    verdict = verify_archive(counted_ranked().archive)
    assert (verdict.checked, verdict.skipped) == (MIXED, [])
    assert [note[:41] for note in verdict.notes] == ["There is no side file of each trustee. Th"]


def test_a_poll_whose_sums_are_opened_needs_no_word_about_side_files() -> None:
    verdict = verify_archive(counted_homomorphic().archive)
    assert (verdict.checked, verdict.notes) == ([*COUNTED[:5], COUNTED[6]], [REPLACED])


def change(height: int, path: Path, new: object) -> Corrupt:
    return records(at(height, 0, edited(path, to(new))))


@pytest.mark.parametrize(
    ("poll", "corrupt", "rule", "holds"),
    [
        pytest.param(counted_homomorphic, change(3, ("signature", "hash"), "A" * 43), "ballot.hash", 2, id="ballots"),
        pytest.param(counted_homomorphic, change(6, (0, 0, "alpha"), "1"), "tally.differs", 3, id="tally"),
        pytest.param(
            counted_ranked,
            records(at(6, 0, edited(("proofs", 0, 2), swapped(0, 1)))),
            "shuffle.proof",
            4,
            id="mixes",
        ),
        pytest.param(
            counted_homomorphic,
            records(at(7, 0, edited(("decryption_proofs", 0), swapped(0, 1)))),
            "decryption.proof",
            4,
            id="decryptions",
        ),
        pytest.param(counted_homomorphic, change(9, ("result", 0, 0), 2), "result.differs", 5, id="result"),
    ],
)
def test_of_what_fails_it_never_says_that_it_holds(poll: object, corrupt: Corrupt, rule: str, holds: int) -> None:
    made, whole = (counted_ranked(), MIXED) if poll is counted_ranked else (counted_homomorphic(), COUNTED)
    verdict = verify_archive(corrupt(made))
    assert [finding.rule for finding in verdict.failures] == [rule]
    assert verdict.checked[1:] == whole[1:holds]
    assert (verdict.result, verdict.invalid) == (None, ())
    assert (REPLACED in verdict.notes) == (rule != "ballot.hash" and whole is COUNTED)


def test_weights_and_what_they_add_up_to_are_noted() -> None:
    poll = SecretPoll([COUNCIL], voters=3, trustees=1, weights=[1, 40, 1])
    assert verify_archive(poll.archive).notes == ["Ballots have weights; all credentials together weigh 42."]


def test_of_a_poll_that_nobody_opened_it_names_what_there_is_and_no_more() -> None:
    poll = SecretPoll([COUNCIL], voters=1, trustees=1)
    poll.cast(0, [[1, 0, 0]])
    poll.close()
    verdict = verify_archive(poll.archive)
    assert verdict.checked == [
        "23040 bytes, 4 events: every hash, link and payload, and their order.",
        (
            "The election Voorbee1dpart1j (1 questions, BELENIOS-2048), its 1 trustees, of whom 1 decrypt, and its 1 "
            "credentials: every key, proof and signature."
        ),
        "1 ballots of 1 credentials: every proof and signature, none twice.",
        "The encrypted tally is that of these ballots: 1, of weight 1.",
    ]
    assert (verdict.exit_code, verdict.failures, verdict.notes, verdict.skipped) == (3, [], [], [])


def test_of_an_archive_that_is_not_whole_it_names_all_that_was_not_checked() -> None:
    verdict = verify_archive(SecretPoll([COUNCIL], voters=1, trustees=1).archive[:-1])
    assert verdict.skipped == [
        "the poll, the ballots, the tally, the mixes, the decryptions, the result: the archive is not whole."
    ]
    assert verdict.checked == []


@pytest.mark.parametrize(
    ("older", "words"),
    [
        pytest.param(lambda archive: archive[:1500] + b"?" + archive[1501:], "see byte 1500", id="a byte"),
        pytest.param(lambda archive: archive[:-1] + b"?", "see byte {last}", id="the last byte"),
        pytest.param(lambda archive: archive + bytes(512), "see byte {end}", id="a longer one"),
    ],
)
def test_where_an_older_copy_differs_is_said(older: Callable[[bytes], bytes], words: str) -> None:
    archive = SecretPoll([COUNCIL], voters=1, trustees=1).archive
    verdict = verify_archive(archive, previous=older(archive))
    where = words.format(last=len(archive) - 1, end=len(archive))
    assert [finding.what for finding in verdict.failures] == [f"The archive does not continue the older copy: {where}."]


@pytest.mark.parametrize("trackers", [False, True])
def test_each_thing_is_told_in_a_line_of_its_own(*, trackers: bool) -> None:
    verdict = Verdict(
        checked=["the ballots"], skipped=["the result"], notes=["a weight"], trackers=["Ab3", "Cd4"], phase="closed"
    )
    verdict.fail(ProtocolError("previous.differs", "The archive does not continue the older copy."))
    verdict.fail(ProtocolError("ballot.hash", "The ballot was changed after it was signed."), 3)
    assert verdict.election is None
    assert list(told(verdict, "poll.bel", trackers=trackers)) == [
        "holds:       the ballots",
        "FAILS:       The archive does not continue the older copy. [previous.differs]",
        "FAILS:       event 3: The ballot was changed after it was signed. [ballot.hash]",
        "not checked: the result",
        "note:        a weight",
        *(["ballot:      Ab3", "ballot:      Cd4"] if trackers else []),
        "poll.bel: 2 checks FAIL.",
    ]


@pytest.mark.parametrize(
    ("failing", "skipped", "phase", "code", "words"),
    [
        (False, False, "complete", 0, "everything holds; all checks passed."),
        (True, False, "complete", 1, "1 checks FAIL."),
        (False, True, "complete", 1, "nothing fails, but not everything was checked."),
        (True, True, "open", 1, "1 checks FAIL."),
        (True, False, "open", 1, "1 checks FAIL."),
        (False, True, "open", 1, "nothing fails, but not everything was checked."),
        (False, False, "open", 3, "the poll is still open; what is there so far holds."),
        (False, False, "decrypting", 3, "the poll is closed, and not yet counted; what is there so far holds."),
    ],
)
def test_only_a_counted_poll_of_which_nothing_fails_or_was_skipped_passes(
    failing: bool, skipped: bool, phase: Phase, code: int, words: str
) -> None:
    verdict = Verdict(phase=phase)
    if failing:
        verdict.fail(ProtocolError("ballot.hash", "The ballot was changed after it was signed."), 3)
    if skipped:
        verdict.skipped.append("the mixes: they rest on what fails.")
    lines = list(told(verdict, "poll.bel"))
    assert (verdict.exit_code, lines[-1]) == (code, f"poll.bel: {words}")
    assert sum("event 3: " in line for line in lines) == failing
    assert sum(line.startswith("not checked:") for line in lines) == skipped
