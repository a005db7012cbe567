"""A checkpoint is a signed note that any tool for signed notes reads, and nobody else can write."""

import base64
from pathlib import Path

import pytest

from stembus.errors import CheckFailed, UnusableInput
from stembus.ledger.checkpoint import Checkpoint, open_checkpoint
from stembus.ledger.merkle import EMPTY_ROOT
from stembus.ledger.note import Signer, Verifier, open_note, sign_note

# The example that the documentation of Go's golang.org/x/mod/sumdb/note gives: keys, text and signature.
EXAMPLE_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
EXAMPLE_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
EXAMPLE_NOTE = (
    EXAMPLE_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

ORIGIN = "voorbeeldpartij.example/ledger"


@pytest.fixture
def signer() -> Signer:
    return Signer.make(ORIGIN)


def test_the_published_example_note_opens() -> None:
    verifier = Verifier.parse(EXAMPLE_VERIFIER)
    assert open_note(EXAMPLE_NOTE, [verifier]) == (EXAMPLE_TEXT, (verifier,))


def test_the_published_example_key_writes_the_published_note() -> None:
    signer = Signer.parse(EXAMPLE_KEY)
    assert str(signer.verifier) == EXAMPLE_VERIFIER
    assert sign_note(EXAMPLE_TEXT, [signer]) == EXAMPLE_NOTE


def test_a_checkpoint_states_origin_size_and_root(signer: Signer) -> None:
    checkpoint = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert checkpoint.text() == f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert open_checkpoint(checkpoint.signed([signer]), [signer.verifier]).checkpoint == checkpoint


def test_a_key_survives_its_file(signer: Signer) -> None:
    assert Signer.parse(signer.file_text()) == signer
    assert Verifier.parse(str(signer.verifier)) == signer.verifier


@pytest.mark.parametrize("position", [0, len(ORIGIN) + 2, len(ORIGIN) + 6])
def test_a_changed_checkpoint_is_named_as_forged(signer: Signer, position: int) -> None:
    note = Checkpoint(ORIGIN, 12, bytes(32)).signed([signer])
    changed = note[:position] + chr(ord(note[position]) ^ 1) + note[position + 1 :]
    with pytest.raises(CheckFailed, match="the note was changed or forged"):
        open_checkpoint(changed, [signer.verifier])


def test_a_checkpoint_of_another_key_is_not_ours(signer: Signer) -> None:
    note = Checkpoint(ORIGIN, 12, bytes(32)).signed([Signer.make(ORIGIN)])
    with pytest.raises(CheckFailed, match="No known key signed this note"):
        open_checkpoint(note, [signer.verifier])


def test_a_known_key_cannot_sign_for_another_log() -> None:
    other = Signer.make("elders.example/ledger")
    note = Checkpoint(ORIGIN, 12, bytes(32)).signed([other])
    with pytest.raises(CheckFailed, match="signed a checkpoint of"):
        open_checkpoint(note, [other.verifier])


def test_signatures_of_witnesses_do_not_get_in_the_way(signer: Signer) -> None:
    witness = Signer.make("getuige.example")
    note = Checkpoint(ORIGIN, 12, bytes(32)).signed([signer, witness])
    assert open_checkpoint(note, [signer.verifier]).signed_by == (signer.verifier,)


@pytest.mark.parametrize("size", ["-1", "01", "1.0", "", "١", "9" * 5000])
def test_a_size_that_is_not_a_plain_number_is_refused(signer: Signer, size: str) -> None:
    note = sign_note(f"{ORIGIN}\n{size}\n{base64.b64encode(bytes(32)).decode()}\n", [signer])
    with pytest.raises(CheckFailed, match="not a checkpoint"):
        open_checkpoint(note, [signer.verifier])


@pytest.mark.parametrize("text", ["", "x", "\n\n", "a\n1\nb\n\n", "a\n\nno signature\n", "a\n\n— name !!\n"])
def test_what_is_no_note_is_refused(signer: Signer, text: str) -> None:
    with pytest.raises(CheckFailed):
        open_note(text, [signer.verifier])


@pytest.mark.parametrize("text", ["", "name", "name+00000000+AAAA", EXAMPLE_VERIFIER.replace("c74f", "c74e")])
def test_a_damaged_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(UnusableInput, match="verifier key"):
        Verifier.parse(text)


def test_a_damaged_signing_key_is_refused_without_showing_it() -> None:
    with pytest.raises(UnusableInput) as refused:
        Signer.parse(EXAMPLE_KEY[:-3] + "AAA")
    assert "AYEKFALV" not in str(refused.value)


def test_a_signing_key_is_not_shown_by_accident() -> None:
    assert "AYEKFALV" not in repr(Signer.parse(EXAMPLE_KEY))


@pytest.mark.parametrize("origin", ["", "met spatie", "plus+plus", "regel\neinde"])
def test_an_origin_that_a_signature_line_cannot_carry_is_refused(origin: str) -> None:
    with pytest.raises(UnusableInput, match="origin of a ledger"):
        Signer.make(origin)


def test_the_checkpoint_in_the_documentation_is_signed_by_the_key_beside_it() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    note = page.partition("\n```\nvoorbeeldpartij/ledger\n")[2].partition("```\n")[0]
    key = page.partition("is signed by `")[2].partition("`")[0]
    opened = open_checkpoint(f"voorbeeldpartij/ledger\n{note}", [Verifier.parse(key)])
    assert opened.checkpoint.size == 128
