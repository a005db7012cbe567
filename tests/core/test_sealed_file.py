"""A sealed file is opened by its passphrase alone, and is never half there."""

import json
import os
from pathlib import Path

import pytest

from stembus.commands.passphrase import known_passphrase, new_passphrase
from stembus.errors import UnusableInput
from stembus.sealed_file import read_sealed, seal_again, unseal, write_privately, write_sealed

PASSPHRASE = "paard batterij nietje juist"  # noqa: S105  (of a file of this test)
CONTENT = b"wat niemand anders mag lezen " * 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a sealed file."""
    path = tmp_path / "list.sealed"
    write_sealed(path, CONTENT, PASSPHRASE, kind="credentials")
    return path


def test_it_gives_back_what_it_holds(path: Path) -> None:
    assert read_sealed(path, PASSPHRASE, kind="credentials") == CONTENT


def test_only_its_owner_can_read_it_and_nothing_in_it_is_legible(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"niemand" not in path.read_bytes()
    assert PASSPHRASE.encode() not in path.read_bytes()


def test_the_same_content_is_never_sealed_to_the_same_bytes(path: Path) -> None:
    before = path.read_bytes()
    write_sealed(path, CONTENT, PASSPHRASE, kind="credentials")
    assert path.read_bytes() != before
    assert [file.name for file in path.parent.iterdir()] == ["list.sealed"]


def test_a_file_that_was_opened_is_written_again_under_its_key_and_a_new_nonce(path: Path) -> None:
    before = json.loads(path.read_text())
    content, key = unseal(path, PASSPHRASE, kind="credentials")
    seal_again(path, content, key, kind="credentials")
    after = json.loads(path.read_text())
    assert after["salt"] == before["salt"]
    assert after["nonce"] != before["nonce"]
    assert read_sealed(path, PASSPHRASE, kind="credentials") == CONTENT
    assert str(key) == "<SealingKey>"
    other = path.with_name("other.sealed")
    write_sealed(other, CONTENT, PASSPHRASE, kind="credentials")
    assert json.loads(other.read_text())["salt"] != before["salt"]


def test_another_passphrase_does_not_open_it(path: Path) -> None:
    with pytest.raises(UnusableInput, match="does not open"):
        read_sealed(path, PASSPHRASE + "!", kind="credentials")


@pytest.mark.parametrize("field", ["salt", "nonce", "sealed"])
def test_a_changed_file_does_not_open(path: Path, field: str) -> None:
    line = json.loads(path.read_text())
    first = line[field][0]
    line[field] = ("B" if first == "A" else "A") + line[field][1:]
    path.write_text(json.dumps(line))
    with pytest.raises(UnusableInput, match="does not open"):
        read_sealed(path, PASSPHRASE, kind="credentials")


def test_it_is_not_taken_for_a_file_of_another_kind(path: Path) -> None:
    with pytest.raises(UnusableInput, match="holds “credentials”, not “trustee”"):
        read_sealed(path, PASSPHRASE, kind="trustee")
    line = json.loads(path.read_text())
    path.write_text(json.dumps({**line, "kind": "trustee"}))
    with pytest.raises(UnusableInput, match="does not open"):
        read_sealed(path, PASSPHRASE, kind="trustee")


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"type":"stembus-sealed","version":2}', b"[" * 100_000])
def test_what_is_no_sealed_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(UnusableInput, match="no sealed file"):
        read_sealed(path, PASSPHRASE, kind="credentials")
    with pytest.raises(UnusableInput, match="There is no file"):
        read_sealed(tmp_path / "nowhere", PASSPHRASE, kind="credentials")


def test_a_write_that_fails_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_privately(path, b"new")
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["list.sealed"]


def test_a_passphrase_comes_from_the_first_line_of_a_file_and_is_long_enough(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\nsecond line\n")
    assert known_passphrase(file, what="the list") == new_passphrase(file, what="the list") == PASSPHRASE
    file.write_text("short\n")
    with pytest.raises(UnusableInput, match="five words"):
        new_passphrase(file, what="the list")
    file.write_text("\n")
    with pytest.raises(UnusableInput, match="no passphrase"):
        known_passphrase(file, what="the list")
