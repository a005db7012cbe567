"""The file with a trustee's key: what was kept is there again, and two programs do not undo each other.

How it is sealed is tested in tests/core/test_sealed_file.py.
"""

import os
from pathlib import Path

import pytest
from ceremony_table import kept_for
from msgspec.structs import replace

from stembus import sealed_file
from stembus.errors import Refused, UnusableInput
from stembus_polls.trustee.key_file import NAME, destroy_key_file, has_key_file, new_key_file, open_key_file

PASSPHRASE = "vier woorden die niets zeggen"  # noqa: S105 - of these tests


def test_what_was_kept_is_read_again_with_the_passphrase(tmp_path: Path) -> None:
    made = new_key_file(tmp_path / "trustee", PASSPHRASE, kept_for(2))
    made.keep(replace(made.kept, rehearsed=1))
    assert has_key_file(tmp_path / "trustee")
    assert open_key_file(tmp_path / "trustee", PASSPHRASE).kept == replace(kept_for(2), rehearsed=1)


def test_what_is_kept_costs_no_guess_and_the_passphrase_is_not_kept_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guesses: list[str] = []
    derive = sealed_file._key

    def counted(passphrase: str, salt: bytes) -> bytes:
        guesses.append(passphrase)
        return derive(passphrase, salt)

    monkeypatch.setattr(sealed_file, "_key", counted)
    made = new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    for times in range(1, 4):
        made.keep(replace(made.kept, rehearsed=times))
    assert guesses == [PASSPHRASE]
    assert PASSPHRASE not in repr(vars(made))
    assert made.opens_with(PASSPHRASE).rehearsed == 3
    assert guesses == [PASSPHRASE, PASSPHRASE], "what is typed is tried on the file as it is"


def test_t4_the_file_is_read_from_the_medium_anew(tmp_path: Path) -> None:
    made = new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    assert made.opens_with(PASSPHRASE) == kept_for(1)
    with pytest.raises(UnusableInput, match="does not open"):
        made.opens_with(PASSPHRASE.upper())
    (tmp_path / NAME).write_bytes(b"{}")
    with pytest.raises(UnusableInput, match="no sealed file"):
        made.opens_with(PASSPHRASE)
    (tmp_path / NAME).unlink()
    with pytest.raises(UnusableInput, match="no file"):
        made.opens_with(PASSPHRASE)


def test_two_programs_on_one_file_do_not_undo_each_other(tmp_path: Path) -> None:
    one, other = new_key_file(tmp_path, PASSPHRASE, kept_for(1)), open_key_file(tmp_path, PASSPHRASE)
    one.keep(replace(one.kept, rehearsed=1))
    with pytest.raises(Refused, match="Another program"):
        other.keep(replace(other.kept, rehearsed=2))
    assert open_key_file(tmp_path, PASSPHRASE).kept.rehearsed == 1


def test_a_short_passphrase_and_a_folder_with_a_key_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="fewer than"):
        new_key_file(tmp_path, "kort", kept_for(1))
    new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    with pytest.raises(UnusableInput, match="There is a key"):
        new_key_file(tmp_path, PASSPHRASE, kept_for(1))


def test_a_destroyed_file_is_gone(tmp_path: Path) -> None:
    new_key_file(tmp_path, PASSPHRASE, kept_for(1))
    destroy_key_file(tmp_path)
    assert os.listdir(tmp_path) == []


def test_what_is_printed_shows_no_secret() -> None:
    assert "token" not in repr(kept_for(1))
