"""The verifier as people start it: with Python, as one file, and as a command of Stembus; all say the same."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from corruptions import counted_homomorphic, counted_ranked
from hypothesis import given
from hypothesis import strategies as st
from secret_polls import SecretPoll, rebuilt, records_of

from stembus.errors import UnusableInput
from stembus_ballots.blt import read_blt
from stembus_ballots.protocol import numbers, slow_numbers
from stembus_ballots.protocol.election import Homomorphic
from stembus_ballots.protocol.verify import verify_archive
from stembus_ballots.protocol.verify.told import told
from stembus_ballots.verify_command import main
from stembus_polls.commands.verify import verify_command

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with archives in each state."""
    archive = counted_homomorphic().archive
    found = records_of(archive)
    (tmp_path / "counted.bel").write_bytes(archive)
    (tmp_path / "open.bel").write_bytes(rebuilt(found[:4]))
    (tmp_path / "closed.bel").write_bytes(rebuilt(found[:6]))
    (tmp_path / "decrypting.bel").write_bytes(rebuilt(found[:8]))
    (tmp_path / "failing.bel").write_bytes(rebuilt([*found[:3], *found[4:]]))
    (tmp_path / "not an archive.bel").write_text("hello")
    return tmp_path


CASES = [
    pytest.param("counted.bel", 0, "everything holds; all checks passed", id="counted"),
    pytest.param("failing.bel", 1, "FAILS: +event 5: The encrypted tally is not that of the ballots", id="failing"),
    pytest.param("open.bel", 3, "the poll is still open; what is there so far holds", id="open"),
    pytest.param("closed.bel", 3, "the poll is closed, and not yet counted", id="closed"),
    pytest.param("decrypting.bel", 3, "the poll is closed, and not yet counted", id="decrypting"),
]


@pytest.mark.parametrize(("name", "code", "words"), CASES)
def test_it_says_what_was_checked_and_ends_with_what_came_out(
    folder: Path, name: str, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(folder / name), "--processes", "1"]) == code
    said = capsys.readouterr().out
    assert re.search(words, said)
    assert said.startswith("holds:")
    assert ("passed" in said) == (code == 0)


@pytest.mark.parametrize(("name", "code", "words"), CASES)
def test_the_command_of_stembus_says_the_same(folder: Path, name: str, code: int, words: str) -> None:
    result = CliRunner().invoke(verify_command, [str(folder / name), "--processes", "1"])
    assert result.exit_code == code
    assert re.search(words, result.output)


def test_what_was_not_checked_because_of_a_failure_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["verify", str(folder / "failing.bel"), "--processes", "1"])
    assert "not checked: the mixes, the decryptions, the result: they rest on what fails." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["missing.bel", "not an archive.bel", "."])
def test_a_file_that_cannot_be_read_is_said_in_one_line(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(folder / name)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert str(folder / name) in said.err


def test_the_command_of_stembus_refuses_it_as_unusable(folder: Path) -> None:
    result = CliRunner().invoke(verify_command, [str(folder / "not an archive.bel")], standalone_mode=False)
    assert isinstance(result.exception, UnusableInput)
    assert "not the archive of a poll" in str(result.exception)


def test_an_older_copy_that_is_no_archive_is_said_to_be_that(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    older = str(folder / "not an archive.bel")
    assert main(["verify", str(folder / "counted.bel"), "--previous", older, "--processes", "1"]) == 2
    assert "The older copy: This is not the archive of a poll" in capsys.readouterr().err


def test_side_files_of_a_poll_that_nobody_decrypted_are_said_to_be_unchecked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "1.json").write_bytes(counted_homomorphic().side_file(1))
    asked = ["verify", str(folder / "open.bel"), "--side-file", str(folder / "1.json"), "--processes", "1"]
    assert main(asked) == 1
    assert "not checked: the side files: nothing was decrypted yet." in capsys.readouterr().out


def test_ballots_that_cannot_be_written_are_an_error_and_no_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "poll.bel").write_bytes(counted_ranked().archive)
    (tmp_path / "taken").write_text("a file")
    asked = ["verify", str(tmp_path / "poll.bel"), "--ballots", str(tmp_path / "taken"), "--processes", "1"]
    assert main(asked) == 2
    assert "taken cannot be written" in capsys.readouterr().err


def test_an_older_copy_and_the_trackers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["verify", str(folder / "counted.bel"), "--previous", str(folder / "open.bel"), "--trackers"]
    assert main([*arguments, "--processes", "1"]) == 0
    said = capsys.readouterr().out
    assert "continues the older copy" in said
    assert len(re.findall(r"^ballot: +[A-Za-z0-9+/]{43}$", said, re.MULTILINE)) == 4


def test_side_files_are_taken_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poll = counted_ranked()
    (tmp_path / "poll.bel").write_bytes(poll.archive)
    arguments = ["verify", str(tmp_path / "poll.bel"), "--processes", "1"]
    for trustee in (1, 2):
        (tmp_path / f"{trustee}.json").write_bytes(poll.side_file(trustee))
        arguments += ["--side-file", str(tmp_path / f"{trustee}.json")]
    assert main(arguments) == 0
    assert "2 side files, of trustee 1, 2" in capsys.readouterr().out


def test_the_rankings_can_be_counted_by_any_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "poll.bel").write_bytes(counted_ranked().archive)
    arguments = ["verify", str(tmp_path / "poll.bel"), "--ballots", str(tmp_path / "ballots")]
    assert main([*arguments, "--processes", "1"]) == 0
    assert "question 1, In welke volgorde?: 3 rankings, 0 of them invalid" in capsys.readouterr().out
    profile = read_blt(tmp_path / "ballots" / "question-1.blt")
    assert profile.candidates == ("Ada", "Bo", "Cis")
    assert [group.ranking for group in profile.groups] == [(0, 1, 2), (1,), (2, 1, 0)]


def test_counts_are_told_with_the_names_of_the_answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["verify", str(folder / "counted.bel"), "--processes", "1"])
    said = capsys.readouterr().out
    assert "question 1, Wie?: Ada 1, Bo 2, Cis 0" in said
    assert "question 2, Welke?: (blank) 1, A 2, B 1" in said


def test_names_in_an_archive_can_neither_forge_a_line_nor_steer_a_terminal() -> None:
    question = Homomorphic(question="?\nx: everything holds", answers=("\x1b[2JAda",), min=0, max=1)
    poll = SecretPoll([question], voters=1, trustees=1)
    poll.close()
    poll.decrypt(1)
    poll.publish()
    lines = list(told(verify_archive(poll.archive), "poll.bel"))
    assert all(line.isprintable() for line in lines)
    assert any("question 1, ?\N{REPLACEMENT CHARACTER}x" in line for line in lines)


def test_two_processes_find_what_one_finds(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "stembus_ballots", "verify", "counted.bel", "--processes"]
    outputs = {
        subprocess.run([*command, number], cwd=folder, capture_output=True, check=True).stdout for number in "12"
    }
    assert len(outputs) == 1


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier as one file."""
    target = tmp_path_factory.mktemp("packed") / "stembus-verify.pyz"
    subprocess.run([sys.executable, ROOT / "deploy" / "verifier.py", target], check=True)
    return target


WITHOUT_GMPY2 = """
import runpy, sys
sys.modules["gmpy2"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class TestTheVerifierAsOneFile:
    def test_verifies_with_nothing_of_the_checkout(self, packed: Path, folder: Path) -> None:
        arguments = [str(packed), "verify", "counted.bel", "--processes", "1"]
        said = [
            subprocess.run([sys.executable, *how, *arguments], cwd=folder, capture_output=True, text=True, check=True)
            for how in (list[str](), ["-c", WITHOUT_GMPY2])
        ]
        assert "all checks passed" in said[0].stdout
        assert said[0].stdout == said[1].stdout

    def test_says_what_it_needs(self, packed: Path) -> None:
        bare = [sys.executable, "-S", str(packed), "verify", "x"]
        done = subprocess.run(bare, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "python3 -m pip install msgspec gmpy2" in done.stderr

    def test_is_the_same_file_each_time_and_holds_nothing_of_the_server(self, packed: Path) -> None:
        before = packed.read_bytes()
        subprocess.run([sys.executable, ROOT / "deploy" / "verifier.py", packed], check=True)
        assert packed.read_bytes() == before
        with zipfile.ZipFile(packed) as archive:
            assert {name.split("/")[0] for name in archive.namelist()} == {"__main__.py", "stembus_ballots"}


class TestNumbersWithoutGmpy2:
    @given(st.integers(0, 2**200), st.integers(0, 2**100), st.integers(1, 2**120).map(lambda n: 2 * n + 1))
    def test_are_the_same(self, base: int, exponent: int, modulus: int) -> None:
        assert slow_numbers.powmod(base, exponent, modulus) == numbers.powmod(base, exponent, modulus)
        assert slow_numbers.jacobi(base, modulus) == numbers.jacobi(base, modulus)
        try:
            inverse = numbers.invert(base, modulus)
        except ZeroDivisionError:
            with pytest.raises(ZeroDivisionError):
                slow_numbers.invert(base, modulus)
        else:
            assert slow_numbers.invert(base, modulus) == inverse

    def test_refuse_to_work_with_a_secret(self) -> None:
        with pytest.raises(RuntimeError, match="gmpy2 is needed wherever a secret key is used"):
            slow_numbers.powmod_sec(2, 3, 5)
