"""The office adopts and looks after documents on the command line."""

from pathlib import Path

import pytest
from organisation_cases import add_members, command, found

from stembus.commands.documents import documents_group
from stembus.instance import Instance

CODE = Path(__file__).parents[2] / "plugins/stembus_party_council/demo/documents/gedragscode"


@pytest.fixture
def party(instance: Instance) -> Instance:
    found(instance)
    add_members(instance, "007", "008")
    return instance


def run(party: Instance, *words: str) -> str:
    result = command(party, documents_group, *words)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_document_is_checked_before_anything_is_kept(party: Instance, tmp_path: Path) -> None:
    told = run(party, "check", str(CODE))
    assert "gedragscode 1: Gedragscode / Code of conduct." in told
    assert "The easy text is a draft" in told
    assert command(party, documents_group, "check", str(tmp_path)).exit_code == 2


def test_the_code_of_conduct_that_ships_is_adopted_signed_and_looked_up(party: Instance) -> None:
    assert "No document was adopted yet" in run(party, "list")
    adopt = ("adopt", str(CODE), "--decision", "ALV 14-2-2026, besluit 9", "--by", "001", "--with")
    assert command(party, documents_group, *adopt, "001").exit_code == 1
    assert "gedragscode 1 is adopted (ALV 14-2-2026, besluit 9)." in run(party, *adopt, "002")
    assert "Member 007 signed gedragscode 1." in run(
        party, "sign", "gedragscode", "007", "--version", "1", "--by", "007"
    )
    run(party, "sign", "gedragscode", "008", "--version", "1", "--by", "001", "--ground", "formulier 1-3-2026")
    listed = " ".join(run(party, "list").split())
    assert "gedragscode 1 Gedragscode 2026-03-01 2 ALV 14-2-2026, besluit 9" in listed
    signed = run(party, "signed", "gedragscode")
    assert [line.split()[0] for line in signed.splitlines()[1:]] == ["007", "008"]
    assert "online" in signed
    assert "on paper" in signed
    missing = run(party, "signed", "gedragscode", "--missing")
    assert [line.split()[0] for line in missing.splitlines()[1:]] == ["001", "002"]
    assert "gedragscode 1" in run(party, "signed", "--member", "007")


def test_the_text_is_shown_as_it_was_adopted(party: Instance) -> None:
    run(party, "adopt", str(CODE), "--decision", "ALV", "--by", "001", "--with", "002")
    assert (CODE / "nl-simple.md").read_text(encoding="utf-8") in run(
        party, "show", "gedragscode", "--lang", "nl-simple"
    )
    assert '<h2 id="safety">Safety</h2>' in run(party, "show", "gedragscode", "--lang", "en", "--format", "html")
    assert command(party, documents_group, "show", "gedragscode", "--version", "2").exit_code == 2


def test_asking_who_signed_takes_a_document_or_a_member(party: Instance) -> None:
    result = command(party, documents_group, "signed")
    assert (result.exit_code, result.output) == (2, "Name a document, or a member with --member.\n")
    assert command(party, documents_group, "signed", "nothing").exit_code == 2
