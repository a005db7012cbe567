"""Where a poll asks for side files, a decryption without one does not count, and a forged factor is found."""

import json
from functools import cache

import pytest
from corruptions import compact, is_refused
from forgery import forging_poll
from secret_polls import RANKING, SecretPoll, ranked_poll, rebuilt, records_of

from stembus_ballots.protocol.election import ranked_question
from stembus_ballots.protocol.group import RFC_3526_2048
from stembus_ballots.protocol.rankings import Meaning, extra_of
from stembus_ballots.protocol.verify import verify_archive

ASKS = ranked_question("In welke volgorde?", ("Ada", "Bo", "Cis"), extra_of(Meaning("strict", side_files=True)))


@cache
def asking_poll() -> SecretPoll:
    return ranked_poll(ASKS)


def test_with_the_side_file_of_each_trustee_all_is_proven() -> None:
    poll = asking_poll()
    verdict = verify_archive(poll.archive, side_files=[poll.side_file(2), poll.side_file(1)])
    assert (verdict.exit_code, verdict.skipped, verdict.notes) == (0, [], [])
    assert any("side files, of trustee 1, 2" in sentence for sentence in verdict.checked)


def test_without_them_the_result_is_said_to_be_unchecked() -> None:
    poll = asking_poll()
    verdict = verify_archive(poll.archive, side_files=[poll.side_file(1)])
    assert (verdict.exit_code, verdict.failures, verdict.result) == (1, [], None)
    assert "side files" in verdict.skipped[0]
    assert any("Trustee 2 counts as absent" in note for note in verdict.notes)


def test_a_poll_that_is_still_being_decrypted_lacks_nothing() -> None:
    poll = asking_poll()
    verdict = verify_archive(rebuilt(records_of(poll.archive)[:-1]))
    assert (verdict.exit_code, verdict.skipped) == (3, [])


def test_a_trustee_without_one_counts_as_absent_and_the_others_suffice() -> None:  # attack T1
    poll = SecretPoll([ASKS], group=RFC_3526_2048, trustees=3, threshold=2)
    poll.cast(0, [[1, 2, 3]])
    poll.cast(1, [[0, 1, 0]])
    poll.close()
    poll.mix(1)
    poll.mix(3)
    poll.end_mixes()
    for trustee in (1, 2, 3):
        poll.decrypt(trustee)
    poll.publish()
    verdict = verify_archive(poll.archive, side_files=[poll.side_file(3), poll.side_file(1)])
    assert (verdict.exit_code, verdict.skipped) == (0, [])
    assert any("Trustee 2 counts as absent" in note for note in verdict.notes)


def test_they_are_checked_as_well_where_no_poll_asks_for_them() -> None:
    poll = ranked_poll()
    both = [poll.side_file(1), poll.side_file(2)]
    verdict = verify_archive(poll.archive, side_files=both)
    assert (verdict.exit_code, verdict.notes) == (0, [])
    is_refused(
        poll.archive, "side_file.contents", None, (b"".join(both[:1]).replace(b'"contents":"', b'"contents":"0'),)
    )


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param({"owner": 2}, "side_file.owner", id="of another trustee"),
        pytest.param({"owner": 3}, "side_file.owner", id="of nobody"),
        pytest.param({"election_hash": "x" * 43}, "side_file.poll", id="of another poll"),
        pytest.param({"contents": "0" * 64}, "side_file.contents", id="about other factors"),
        pytest.param({"proof": {"challenge": "1", "response": "1"}}, "side_file.proof", id="that proves nothing"),
        pytest.param({"version": 2}, "side_file.form", id="of another version"),
    ],
)
def test_a_wrong_side_file_fails(change: dict[str, object], rule: str) -> None:
    poll = asking_poll()
    wrong = compact({**json.loads(poll.side_file(1)), **change})
    is_refused(poll.archive, rule, None, (wrong, poll.side_file(2)))


class TestAForgedFactor:
    def test_is_found_by_encoding_again_what_it_opens(self) -> None:
        is_refused(forging_poll(RANKING).archive, "result.foreign", 10)

    def test_is_found_by_the_side_file_of_the_trustee_who_forged_it(self) -> None:
        poll = forging_poll(ASKS)
        is_refused(poll.archive, "side_file.proof", None, (poll.side_file(1), poll.side_file(2)))

    def test_is_not_counted_where_its_trustee_gives_no_side_file(self) -> None:
        poll = forging_poll(ASKS)
        verdict = verify_archive(poll.archive, side_files=[poll.side_file(1)])
        assert (verdict.exit_code, verdict.result) == (1, None)


def test_a_voter_who_encrypts_what_is_no_ranking_spoils_only_their_own_vote() -> None:  # attack B11
    poll = SecretPoll([ASKS], group=RFC_3526_2048)
    poll.cast(0, [[1, 2, 3]])
    poll.cast(1, [[7, 7, 7]])
    poll.close()
    poll.mix(1)
    poll.mix(2)
    poll.end_mixes()
    poll.decrypt(1)
    poll.decrypt(2)
    poll.publish()
    verdict = verify_archive(poll.archive, side_files=[poll.side_file(1), poll.side_file(2)])
    assert verdict.exit_code == 0
    assert any("1 ballots hold no ranking" in note for note in verdict.notes)
