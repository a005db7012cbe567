"""The file with a trustee's key: opens with its passphrase alone, and is there whole or as it was before."""

import os
import stat
from pathlib import Path

import msgspec
import pytest
from ceremony_table import kept_for
from msgspec.structs import replace

from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus_polls.trustee import key_file
from stembus_polls.trustee.key_file import NAME, destroy_key_file, has_key_file, new_key_file, open_key_file

PASSPHRASE = "vier woorden die niets zeggen"  # noqa: S105


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One guess of these tests costs as little as it may; what it costs otherwise is tested by itself."""
    monkeypatch.setattr(key_file, "COST", 2)


def test_what_was_kept_is_read_again_with_the_passphrase(tmp_path: Path) -> None:
    made = new_key_file(tmp_path / "trustee", PASSPHRASE, kept_for(2))
    made.keep(replace(made.kept, rehearsed=1))
    assert has_key_file(tmp_path / "trustee")
    assert open_key_file(tmp_path / "trustee", PASSPHRASE).kept == replace(kept_for(2), rehearsed=1)


def test_another_passphrase_opens_nothing_and_changes_nothing(tmp_path: Path) -> None:
    new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(CheckFailed, match="passphrase is not right"):
        open_key_file(tmp_path, PASSPHRASE.upper())
    assert (tmp_path / NAME).read_bytes() == before


def test_the_file_shows_nothing_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    content = (tmp_path / NAME).read_bytes()
    assert b"token" not in content
    assert b"localhost" not in content
    assert stat.S_IMODE(os.stat(tmp_path / NAME).st_mode) == 0o600
    made.keep(replace(made.kept, rehearsed=2))
    assert stat.S_IMODE(os.stat(tmp_path / NAME).st_mode) == 0o600
    assert os.listdir(tmp_path) == [NAME]


def test_the_same_thing_is_sealed_differently_each_time(tmp_path: Path) -> None:
    made = new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    before = (tmp_path / NAME).read_bytes()
    made.keep(replace(made.kept, rehearsed=1))
    made.keep(replace(made.kept, rehearsed=0))
    assert (tmp_path / NAME).read_bytes() != before


def test_every_byte_of_the_file_is_guarded(tmp_path: Path) -> None:
    new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    whole = (tmp_path / NAME).read_bytes()
    for at in range(0, len(whole), 23):
        (tmp_path / NAME).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises((CheckFailed, UnusableInput)):
            open_key_file(tmp_path, PASSPHRASE)
    for damaged in (b"", whole[:-5], b"{}", b"\xff\x00"):
        (tmp_path / NAME).write_bytes(damaged)
        with pytest.raises(CheckFailed, match="damaged"):
            open_key_file(tmp_path, PASSPHRASE)


def test_a_power_cut_while_writing_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = new_key_file(tmp_path, PASSPHRASE, kept_for(1))

    def cut(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", cut)
    with pytest.raises(OSError, match="no space"):
        made.keep(replace(made.kept, rehearsed=1))
    monkeypatch.undo()
    monkeypatch.setattr(key_file, "COST", 2)
    assert os.listdir(tmp_path) == [NAME]
    assert open_key_file(tmp_path, PASSPHRASE).kept.rehearsed == 0


def test_two_programs_on_one_file_do_not_undo_each_other(tmp_path: Path) -> None:
    one, other = new_key_file(tmp_path, PASSPHRASE, kept_for(1)), open_key_file(tmp_path, PASSPHRASE)
    one.keep(replace(one.kept, rehearsed=1))
    with pytest.raises(Refused, match="Another program"):
        other.keep(replace(other.kept, mixed=True))


def test_a_short_passphrase_and_a_folder_with_a_key_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="too short"):
        new_key_file(tmp_path, "kort", kept_for(1))
    new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    with pytest.raises(UnusableInput, match="There is a key"):
        new_key_file(tmp_path, PASSPHRASE, kept_for(1))


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="cannot be read"):
        open_key_file(tmp_path, PASSPHRASE)


def test_a_destroyed_file_is_gone(tmp_path: Path) -> None:
    new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    destroy_key_file(tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_guess_costs_what_rfc_7914_calls_for_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert (key_file.COST, key_file.BLOCK, key_file.PARALLEL) == (2**17, 8, 1)


def test_what_is_printed_shows_no_secret() -> None:
    assert "token" not in repr(kept_for(1))
    assert msgspec.json.decode(msgspec.json.encode(kept_for(1)))["token"] == "token"  # noqa: S105
