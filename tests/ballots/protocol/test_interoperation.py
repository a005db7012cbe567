"""Our archives and those of belenios-tool: each program accepts what the other made, step by step in one poll."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import data_directory
from forgery import forging_poll
from secret_polls import COUNCIL, MOTIONS, RANKING, UUID, SecretPoll, homomorphic_poll, ranked_poll

from stembus_ballots.protocol.archive import read_header
from stembus_ballots.protocol.events import ArchiveWriter, read_events
from stembus_ballots.protocol.group import RFC_3526_2048
from stembus_ballots.protocol.verify import verify_archive

BELENIOS = shutil.which("belenios-tool")
SAMPLES = data_directory() / "belenios"

needs_the_tool = pytest.mark.skipif(BELENIOS is None, reason="NOT RUN: belenios-tool is not installed")


class Other:
    """belenios-tool, working in a folder on one archive."""

    def __init__(self, folder: Path, poll: SecretPoll) -> None:
        self.folder = folder
        self.poll = poll

    def accepts(self) -> bool:
        """Whether it accepts the archive as it is now."""
        self._write()
        done = self._run("election", "verify", f"--dir={self.folder}", check=False)
        return done.returncode == 0 and "all checks passed" in done.stderr

    def makes(self, *command: str, event: str) -> None:
        """Let it make something and add it to the archive, and take that over."""
        self._write()
        made = self._run("election", *command, f"--dir={self.folder}").stdout if command else ""
        self._run("archive", "add-event", f"--type={event}", f"--dir={self.folder}", given=made)
        self.poll.follow((self.folder / f"{UUID}.bel").read_bytes())

    def key_of(self, trustee: int) -> str:
        """The file of a trustee's key as it reads it."""
        path = self.folder / f"{trustee}.privkey"
        path.write_text(json.dumps(str(self.poll.secrets[trustee - 1])))
        return f"--privkey={path}"

    def _write(self) -> None:
        (self.folder / f"{UUID}.bel").write_bytes(self.poll.archive)

    def _run(self, *arguments: str, given: str = "", check: bool = True) -> "subprocess.CompletedProcess[str]":
        assert BELENIOS is not None
        done = subprocess.run(
            [BELENIOS, *arguments], input=given, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0 or not check, done.stderr
        return done


def old_style_secret(credential: str) -> int:
    """The secret that belenios-tool 2.0 derives from whatever is given as a credential."""
    derived = hashlib.pbkdf2_hmac("sha256", credential.encode(), UUID.encode(), 1000, 32)
    return int.from_bytes(derived, "big")


@needs_the_tool
class TestBeleniosToolAccepts:
    def test_our_poll_with_choices_and_blank(self, tmp_path: Path) -> None:
        assert Other(tmp_path, homomorphic_poll()).accepts()

    def test_our_ranked_poll(self, tmp_path: Path) -> None:
        assert Other(tmp_path, ranked_poll()).accepts()

    def test_our_poll_with_weights_at_every_step(self, tmp_path: Path) -> None:
        poll = SecretPoll([COUNCIL, MOTIONS], weights=[1, 2, 3, 70])
        other = Other(tmp_path, poll)
        poll.cast(0, [[1, 0, 0], [0, 1, 1]])
        poll.cast(3, [[0, 1, 0], [1, 0, 0]])
        assert other.accepts()
        poll.close()
        assert other.accepts()
        poll.decrypt(1)
        poll.decrypt(2)
        poll.publish()
        assert other.accepts()
        assert verify_archive(poll.archive).result == ([1, 70, 0], [70, 1, 1])

    def test_our_poll_in_which_choices_and_rankings_are_mixed(self, tmp_path: Path) -> None:
        poll = SecretPoll([COUNCIL, RANKING, MOTIONS], group=RFC_3526_2048)
        poll.cast(0, [[1, 0, 0], [1, 2, 3], [0, 1, 1]])
        poll.cast(1, [[0, 1, 0], [0, 0, 0], [1, 0, 0]])
        poll.close()
        poll.mix(2)
        poll.mix(1)
        poll.end_mixes()
        poll.decrypt(2)
        poll.decrypt(1)
        poll.publish()
        assert Other(tmp_path, poll).accepts()
        assert verify_archive(poll.archive).exit_code == 0

    @pytest.mark.parametrize("present", [(1, 2, 4), (2, 3, 5)])
    def test_our_poll_with_three_of_five_trustees(self, tmp_path: Path, present: tuple[int, int, int]) -> None:  # T1
        poll = SecretPoll([RANKING], group=RFC_3526_2048, trustees=5, threshold=3)
        poll.cast(0, [[2, 1, 3]])
        poll.cast(1, [[0, 0, 1]])
        poll.close()
        for trustee in present:
            poll.mix(trustee)
        poll.end_mixes()
        for trustee in present:
            poll.decrypt(trustee)
        poll.publish()
        assert Other(tmp_path, poll).accepts()
        verdict = verify_archive(poll.archive)
        assert verdict.exit_code == 0
        assert verdict.result is not None
        assert sorted(verdict.result[0]) == [(0, 0, 1), (2, 1, 3)]

    def test_our_poll_that_everybody_left_blank_or_in_which_nobody_voted(self, tmp_path: Path) -> None:
        poll = SecretPoll([MOTIONS])
        poll.close()
        poll.decrypt(1)
        poll.decrypt(2)
        poll.publish()
        assert Other(tmp_path, poll).accepts()
        assert verify_archive(poll.archive).result == ([0, 0, 0],)

    def test_an_archive_with_a_forged_factor_which_we_refuse(self, tmp_path: Path) -> None:
        poll = forging_poll(RANKING)
        assert Other(tmp_path, poll).accepts(), "the tool reads the low bits of what a wrong factor opens"
        assert [finding.rule for finding in verify_archive(poll.archive).failures] == ["result.foreign"]


@needs_the_tool
class TestBothWorkInOnePoll:
    def test_a_ballot_a_tally_a_decryption_and_a_result_by_the_tool(self, tmp_path: Path) -> None:
        poll = SecretPoll([COUNCIL, MOTIONS])
        other = Other(tmp_path, poll)
        poll.cast(0, [[0, 1, 0], [0, 1, 1]])
        other.makes(event="EndBallots")
        other.makes("compute-encrypted-tally", event="EncryptedTally")
        poll.decrypt(1)
        other.makes("decrypt", other.key_of(2), "--trustee-id=2", event="PartialDecryption")
        other.makes("compute-result", event="Result")
        assert other.accepts()
        verdict = verify_archive(poll.archive)
        assert (verdict.exit_code, verdict.result) == (0, ([0, 1, 0], [0, 1, 1]))

    def test_ballots_of_both_in_one_box(self, tmp_path: Path) -> None:
        spoken = "a word that the tool takes for a credential"
        poll = SecretPoll([COUNCIL, RANKING], group=RFC_3526_2048, more_voters=[old_style_secret(spoken)])
        other = Other(tmp_path, poll)
        poll.cast(0, [[0, 1, 0], [1, 2, 0]])
        choices, credential = tmp_path / "choices", tmp_path / "credential"
        choices.write_text(json.dumps([[0, 0, 1], [3, 2, 1]]))
        credential.write_text(spoken)
        other.makes("generate-ballot", f"--privcred={credential}", f"--ballot={choices}", event="Ballot")
        poll.close()
        poll.mix(1)
        other.makes("shuffle", "--trustee-id=2", event="Shuffle")
        poll.end_mixes()
        other.makes("decrypt", other.key_of(1), "--trustee-id=1", event="PartialDecryption")
        poll.decrypt(2)
        poll.publish()
        assert other.accepts()
        verdict = verify_archive(poll.archive)
        assert verdict.exit_code == 0
        assert verdict.result is not None
        assert verdict.result[0] == [0, 1, 1]
        assert sorted(verdict.result[1]) == [(1, 2, 0), (3, 2, 1)]


@pytest.mark.full_data
@pytest.mark.parametrize(
    "sample",
    [
        "v2.0/a_homomorphic",
        "v2.0/b_ranked",
        "v2.0/c_weighted",
        "v2.0/d_threshold",
        "v2.0/e_mixed_threshold",
        "v2.0/f_server_plus_threshold",
        "v3.0/d_threshold",
    ],
)
class TestSamplesOfBelenios:
    def test_hold_with_nothing_skipped_and_the_votes_that_were_cast(self, sample: str) -> None:
        verdict = verify_archive(archive_in(sample))
        assert (verdict.exit_code, verdict.failures, verdict.skipped) == (0, [], [])
        assert verdict.result is not None
        assert [unordered(column) for column in verdict.result] == votes_in(sample)
        said = any("no side file" in note for note in verdict.notes)
        assert said == any(isinstance(column[0], tuple) for column in verdict.result)

    def test_are_written_again_to_the_byte(self, sample: str) -> None:
        archive = archive_in(sample)
        writer = ArchiveWriter(read_header(archive))
        for event in read_events(archive):
            writer.append(event.type, *map(bytes, event.data))
        assert writer.written == archive


@pytest.mark.full_data
def test_a_sample_in_a_group_that_we_do_not_have_is_said_to_be_unchecked() -> None:
    verdict = verify_archive(archive_in("v3.0/g_ed25519"))
    assert (verdict.exit_code, verdict.failures) == (1, [])
    assert "Ed25519" in verdict.skipped[0]


def archive_in(sample: str) -> bytes:
    (path,) = (SAMPLES / sample).glob("*.bel")
    return path.read_bytes()


def unordered(column: list[int] | list[tuple[int, ...]]) -> list[Any]:
    """Counts as they are, and ballots without the order of the mix."""
    entries: list[Any] = [*column]
    return sorted(entries) if isinstance(entries[0], tuple) else entries


def votes_in(sample: str) -> list[list[Any]]:
    """The result of the votes in the clear: of each credential the last, with its weight."""
    folder = SAMPLES / sample
    questions = json.loads((folder / "election.json").read_text())["questions"]
    lines = (folder / "votes.txt").read_text().splitlines()
    votes = {credential: json.loads(vote) for credential, vote in (line.split(" ", 1) for line in lines)}
    weights = weights_in(folder)
    columns: list[list[Any]] = []
    for number, question in enumerate(questions):
        answers = [(vote[number], weights.get(credential, 1)) for credential, vote in votes.items()]
        if "type" in question:
            columns.append(sorted(tuple(answer) for answer, _weight in answers))
        else:
            choices = len(answers[0][0])
            columns.append([sum(answer[at] * weight for answer, weight in answers) for at in range(choices)])
    return columns


def weights_in(folder: Path) -> dict[str, int]:
    """The weight of each credential where there are weights: `mail,name,weight credential` on each line."""
    lines = [line.rsplit(" ", 1) for line in (folder / "private_creds.txt").read_text().splitlines()]
    parts = [(line[0].split(","), line[-1]) for line in lines if len(line) == 2]
    return {credential: int(voter[2]) for voter, credential in parts if len(voter) == 3}
