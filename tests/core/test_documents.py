"""A document is read strictly, adopted by two people word for word, and signed by each member for each version."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest
from organisation_cases import BY, TODAY, add_members, define, definition, found, give, seat
from sqlmodel import select

from stembus.clock import SetClock
from stembus.documents.adopting import adopt_document, adopted_version, current_documents, versions_of
from stembus.documents.markdown import problems, rendered
from stembus.documents.reading import read_document
from stembus.documents.signing import Asked, asked_of, not_signed, put_off, sign, signatures_of, signers
from stembus.documents.tables import AdoptedDocument
from stembus.documents.version import DocumentVersion, version_in
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.record import Leaf
from stembus.ledger.tables import LedgerBody, LedgerLeaf
from stembus.migrate import differences
from stembus.organisation.merge import merge_members
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import MemberPeriod
from stembus.vault.export import export_person

ABOUT = """\
id = "gedragscode"
version = {version}
readers = "{readers}"
signed = {signed}
[title]
nl = "Gedragscode"
nl_simple = "Onze afspraken"
en = "Code of conduct"
"""


def write_version(
    folder: Path, version: int = 1, *, readers: str = "members", signed: str = "true", **texts: str
) -> Path:
    """Write a version of a code of conduct; a text given as "" is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "document.toml").write_text(ABOUT.format(version=version, readers=readers, signed=signed))
    for lang in ("nl", "nl_simple", "en"):
        text = texts.get(lang, f"Version {version} in {lang}.\n\n## Respect\n\nWe are kind.\n")
        if text:
            (folder / f"{lang.replace('_', '-')}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def party(instance: Instance) -> Instance:
    """Two founders, and the members 007 and 008."""
    found(instance)
    add_members(instance, "007", "008")
    return instance


@pytest.fixture
def adopt(party: Instance, tmp_path: Path) -> Callable[..., DocumentVersion]:
    """Adopts a version of the code of conduct as the two founders."""

    def adopted(version: int = 1, **options: str) -> DocumentVersion:
        read = read_document(write_version(tmp_path / f"version-{version}", version, **options))
        with party.write() as transaction:
            adopt_document(transaction, read, by=BY, decision=f"ALV, decision {version}")
        return read

    return adopted


def sign_as(party: Instance, number: str, version: int = 1, **options: str) -> None:
    with party.write() as transaction:
        sign(transaction, "gedragscode", number, version=version, **{"by": number, **options})  # type: ignore[arg-type]


def asked(party: Instance, number: str) -> list[Asked]:
    with party.read() as session:
        return asked_of(session, member_numbered(session, number).id, TODAY)


def leaf_of(party: Instance, act_id: str) -> Leaf:
    with party.read() as session:
        return msgspec.json.decode(session.get_one(LedgerLeaf, act_id).leaf, type=Leaf)


# Reading


def test_a_document_is_read_with_a_text_in_each_language(tmp_path: Path) -> None:
    version = read_document(write_version(tmp_path))
    assert [text.lang for text in version.texts] == ["nl", "nl-simple", "en"]
    assert [version.title("nl"), version.title("nl-simple"), version.title("en")] == [
        "Gedragscode",
        "Onze afspraken",
        "Code of conduct",
    ]


def test_the_hash_of_a_text_is_that_of_its_file(tmp_path: Path) -> None:
    version = read_document(write_version(tmp_path, nl="Een café, overeengekomen.\n"))
    assert version.text("nl").sha256 == hashlib.sha256((tmp_path / "nl.md").read_bytes()).hexdigest()


def test_a_file_saved_with_other_line_ends_and_a_mark_is_the_same_document(tmp_path: Path) -> None:
    one = read_document(write_version(tmp_path / "a", nl="Een.\n\nTwee.\n"))
    folder = write_version(tmp_path / "b")
    (folder / "nl.md").write_bytes(b"\xef\xbb\xbfEen.\r\n\r\nTwee.\r\n")
    assert read_document(folder).fingerprint == one.fingerprint


def test_the_fingerprint_changes_with_every_word_and_every_title(tmp_path: Path) -> None:
    one = read_document(write_version(tmp_path / "a"))
    other_text = read_document(write_version(tmp_path / "b", en="Something else.\n"))
    folder = write_version(tmp_path / "c")
    (folder / "document.toml").write_text((folder / "document.toml").read_text().replace("Onze", "Jullie"))
    assert len({one.fingerprint, other_text.fingerprint, read_document(folder).fingerprint}) == 3


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"nl": ""}, "nl.md is missing: write the text in that language."),
        ({"en": ""}, "en.md is missing: write the text in that language."),
        ({"nl_simple": ""}, "nl-simple.md is missing: members read every document in easy Dutch too."),
        ({"nl": "Een <b>woord</b>.\n"}, "nl.md, line 1: HTML is not used here (<b>)"),
        ({"nl": "Een.\n\n<div>twee</div>\n"}, "nl.md, line 3: HTML is not used here (<div>twee</div>)"),
        ({"en": "One\ntwo <!-- three -->\n"}, "en.md, line 2: HTML is not used here (<!-- three -->)"),
        ({"en": "![a](https://example.org/a.png)\n"}, "en.md, line 1: a picture is not part of what is adopted"),
        ({"en": "[a](http://example.org)\n"}, "en.md, line 1: a link goes to 'http://example.org'"),
        ({"en": "# Title\n"}, "en.md, line 1: this heading is of level 1: headings begin with ## here."),
        ({"en": "## One\n\n#### Two\n"}, "en.md, line 3: this heading is of level 4: headings begin with ### here."),
        ({"nl_simple": " \n"}, "nl-simple.md, line 1: the text is empty: write it."),
        ({"nl": "Een.\nTwee\u202e.\n"}, "nl.md, line 2: a character that nobody sees (U+202E) is in it"),
    ],
)
def test_a_mistake_is_told_with_its_file_its_line_and_what_to_do(
    tmp_path: Path, texts: dict[str, str], said: str
) -> None:
    folder = write_version(tmp_path / "folder", 1, **texts)
    with pytest.raises(UnusableInput) as problem:
        read_document(folder)
    assert f"{folder}/{said}" in problem.value.message


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    folder = write_version(tmp_path, nl="# Een\n", en="")
    (folder / "de.md").write_text("Eins.\n")
    with pytest.raises(UnusableInput) as problem:
        read_document(folder)
    told = problem.value.message.split("\n")
    assert [line.removeprefix(f"{folder}/")[:12].split(" ")[0] for line in told] == ["en.md", "de.md", "nl.md,"]


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ('id = "a"\n', "`version`: missing: it always has `version`"),
        (ABOUT.format(version=0, readers="members", signed="true"), "`version`: expected a whole number, 1 or more"),
        (
            ABOUT.format(version=1, readers="all", signed="true"),
            "`readers`: got 'all', expected one of: members, office",
        ),
        (
            "sign = true\n" + ABOUT.format(version=1, readers="office", signed="true"),
            "line 1, `sign`: unknown key; did you mean `signed`?",
        ),
        ("id = ", "line 1: this is not TOML: Invalid value"),
    ],
)
def test_what_the_document_says_of_itself_is_read_strictly(tmp_path: Path, about: str, said: str) -> None:
    folder = write_version(tmp_path)
    (folder / "document.toml").write_text(about)
    with pytest.raises(UnusableInput, match=r"document\.toml") as problem:
        read_document(folder)
    assert said in problem.value.message


def test_a_document_for_the_office_needs_no_easy_text(tmp_path: Path) -> None:
    version = read_document(write_version(tmp_path, readers="office", nl_simple=""))
    assert [text.lang for text in version.texts] == ["nl", "en"]
    assert version.text("nl-simple").lang == "nl"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"There is no folder .*nowhere"):
        read_document(tmp_path / "nowhere")


def test_a_text_becomes_a_page_whose_headings_can_be_linked_to() -> None:
    page = rendered("Een.\n\n## Wie én wat\n\n- a\n\n## Wie en wat\n")
    assert [heading.id for heading in page.headings] == ["wie-en-wat", "wie-en-wat-2"]
    assert '<h2 id="wie-en-wat">Wie én wat</h2>' in page.html


def test_html_that_got_into_a_text_is_shown_as_it_is_typed() -> None:
    page = rendered("<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](https://example.org/y.png)\n")
    assert "<script" not in page.html
    assert "<img" not in page.html
    assert "href" not in page.html.replace('href="https://example.org/y.png"', "")


def test_a_table_and_the_usual_marks_are_no_mistake() -> None:
    text = "## A\n\n**b** _c_ [d](https://example.org) [e](mailto:a@example.org)\n\n| f | g |\n|---|---|\n| 1 | 2 |\n"
    assert problems(text) == []
    assert "<table>" in rendered(text).html


# Adopting


def test_adopting_is_one_act_of_two_that_holds_the_hashes(
    party: Instance, adopt: Callable[..., DocumentVersion]
) -> None:
    version = adopt()
    with party.read() as session:
        row = adopted_version(session, "gedragscode")
        body = json.loads(session.get_one(LedgerBody, row.act_id).body)
    assert version_in(row.definition) == version
    assert leaf_of(party, row.act_id).public == {
        "document": "gedragscode",
        "version": 1,
        "fingerprint": version.fingerprint,
        **{f"text_{text.lang}_sha256": text.sha256 for text in version.texts},
    }
    assert len({actor["member_id"] for actor in body["by"]}) == 2
    assert body["ground"] == "ALV, decision 1"


def test_one_person_cannot_adopt(party: Instance, tmp_path: Path) -> None:
    version = read_document(write_version(tmp_path / "version"))
    with pytest.raises(Refused, match="takes two different people"), party.write() as transaction:
        adopt_document(transaction, version, by=("001", "001"), decision="ALV")
    with pytest.raises(Refused, match="Member 007 holds no seat today"), party.write() as transaction:
        adopt_document(transaction, version, by=("001", "007"), decision="ALV")
    with party.read() as session:
        assert current_documents(session) == []


@pytest.mark.parametrize("version", [1, 2])
def test_a_version_is_adopted_once_and_never_below_another(adopt: Callable[..., DocumentVersion], version: int) -> None:
    adopt(2)
    with pytest.raises(Refused, match=r"was adopted as version 2 \(ALV, decision 2\)"):
        adopt(version, nl="Anders.\n")


def test_the_newest_version_is_in_force_and_the_older_ones_are_kept(
    party: Instance, adopt: Callable[..., DocumentVersion]
) -> None:
    adopt(1)
    adopt(2)
    adopt(10)
    with party.read() as session:
        assert [row.version for row in current_documents(session)] == [10]
        assert [row.version for row in versions_of(session, "gedragscode")] == [10, 2, 1]
        assert adopted_version(session, "gedragscode", 2).version == 2
        with pytest.raises(UnusableInput, match="gedragscode has no version 3: there is 10, 2, 1"):
            adopted_version(session, "gedragscode", 3)
        with pytest.raises(UnusableInput, match=r"No document 'code' was adopted. Adopted are: gedragscode"):
            adopted_version(session, "code")


def test_the_tables_are_those_of_the_migration(instance: Instance) -> None:
    assert differences(instance.database, instance.plugins) == []


# Signing


def test_a_member_signs_and_is_not_asked_again(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    version = adopt()
    assert [one.version for one in asked(party, "007")] == [version]
    sign_as(party, "007", lang="nl-simple")
    assert asked(party, "007") == []
    assert len(asked(party, "008")) == 1
    with party.read() as session:
        member = member_numbered(session, "007")
        [row] = signatures_of(session, member.id)
        body = json.loads(session.get_one(LedgerBody, row.act_id).body)
    assert (row.version, row.lang, row.on_paper) == (1, "nl-simple", False)
    assert body["by"] == [{"member_id": member.id, "seat_id": "", "capacity": "member"}]
    public = leaf_of(party, row.act_id).public
    assert public == {"document": "gedragscode", "version": 1, "fingerprint": version.fingerprint}


def test_a_new_version_is_asked_of_everybody_again(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    adopt(1)
    sign_as(party, "007")
    adopt(2)
    assert [(one.row.version, one.signed_before) for one in asked(party, "007")] == [(2, 1)]
    assert [(one.row.version, one.signed_before) for one in asked(party, "008")] == [(2, None)]


def test_who_read_an_older_version_cannot_sign_the_one_in_force(
    party: Instance, adopt: Callable[..., DocumentVersion]
) -> None:
    adopt(1)
    adopt(2)
    with pytest.raises(Refused, match="Version 2 of gedragscode is in force now: read that one"):
        sign_as(party, "007", version=1)


def test_a_version_is_signed_once(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    adopt()
    sign_as(party, "007")
    with pytest.raises(Refused, match="Member 007 signed version 1 of gedragscode already"):
        sign_as(party, "007")


def test_nobody_signs_for_another_member(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    adopt()
    with pytest.raises(Refused, match="Member 008 holds no seat today that allows to note that a member signed"):
        sign_as(party, "007", by="008", ground="form")
    assert len(asked(party, "007")) == 1


def test_the_office_notes_a_signature_on_paper_and_says_where_it_is(
    party: Instance, adopt: Callable[..., DocumentVersion]
) -> None:
    adopt()
    define(party, definition("office", {"staff": ["documents.record", "seats.appoint", "bodies.define"]}, seats=3))
    give(party, seat("office", "staff", "001"), seat("office", "staff", "002"), seat("office", "staff", "008"))
    with pytest.raises(UnusableInput, match="A ground is missing"):
        sign_as(party, "007", by="008")
    sign_as(party, "007", by="008", ground="form of 1-3-2026, folder 4")
    with party.read() as session:
        [signer] = signers(session, "gedragscode")
    assert (signer.number, signer.name, signer.version, signer.on_paper) == ("007", "Lid Nummer007", 1, True)


def test_who_left_is_not_asked_and_cannot_sign(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    adopt()
    with party.write() as transaction:
        member_id = member_numbered(transaction.session, "007").id
        left = MemberPeriod(member_id=member_id, kind="left", starts=date(2026, 2, 28), value="yes")
        transaction.session.add(left)
    assert asked(party, "007") == []
    with pytest.raises(Refused, match="Member 007 left the party"):
        sign_as(party, "007")
    with party.read() as session:
        assert [member.number for member in not_signed(session, "gedragscode", TODAY)] == ["001", "002", "008"]
        assert "007" in [member.number for member in not_signed(session, "gedragscode", date(2026, 2, 27))]


def test_a_document_to_read_is_asked_of_nobody(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    adopt(signed="false")
    assert asked(party, "007") == []
    with pytest.raises(Refused, match="gedragscode is to be read"):
        sign_as(party, "007")


def test_signing_comes_first_until_it_is_done_or_put_off(
    party: Instance, adopt: Callable[..., DocumentVersion], clock: SetClock
) -> None:
    adopt(1)
    assert [one.comes_first for one in asked(party, "007")] == [True]
    with party.write() as transaction:
        put_off(transaction, "gedragscode", member_numbered(transaction.session, "007").id)
        put_off(transaction, "gedragscode", member_numbered(transaction.session, "007").id)
    assert [(one.comes_first, one.is_put_off) for one in asked(party, "007")] == [(False, True)]
    adopt(2)
    assert [one.comes_first for one in asked(party, "007")] == [True], "putting off holds for one version"
    sign_as(party, "007", version=2)
    adopt(3)
    assert [one.comes_first for one in asked(party, "007")] == [False], "who signed before is asked on their page"


def test_the_office_sees_who_signed_and_who_did_not(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    adopt(1)
    sign_as(party, "007")
    adopt(2)
    sign_as(party, "008", version=2)
    with party.read() as session:
        assert [(one.number, one.version) for one in signers(session, "gedragscode")] == [("007", 1), ("008", 2)]
        assert [one.number for one in signers(session, "gedragscode", 2)] == ["008"]
        assert [member.number for member in not_signed(session, "gedragscode", TODAY)] == ["001", "002", "007"]


def test_what_somebody_signed_is_among_their_own_data(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    adopt()
    sign_as(party, "007")
    with party.read() as session:
        ids = [member_numbered(session, number).id for number in ("007", "008")]
    data = [export_person(party, member_id) for member_id in ids]
    assert [row["version"] for row in data[0].tables["document_signature"]] == [1]
    assert "document.signed" in [one.act.kind for one in data[0].acts]
    assert "document_signature" not in data[1].tables


def test_signatures_move_along_when_two_entries_are_merged(
    party: Instance, adopt: Callable[..., DocumentVersion]
) -> None:
    adopt(1)
    sign_as(party, "007")
    sign_as(party, "008")
    adopt(2)
    sign_as(party, "008", version=2)
    with party.write() as transaction:
        merge_members(transaction, "007", "008", by="001", ground="one person")
    assert asked(party, "007") == []
    with party.read() as session:
        member_id = member_numbered(session, "008").id
        assert [row.version for row in signatures_of(session, member_id)] == [2, 1]


def test_a_version_is_kept_as_it_was_adopted(party: Instance, adopt: Callable[..., DocumentVersion]) -> None:
    version = adopt()
    with party.read() as session:
        row = session.exec(select(AdoptedDocument)).one()
        assert isinstance(row.adopted_at, datetime)
        assert row.fingerprint == version.fingerprint == version_in(row.definition).fingerprint
