"""Documents and policies are read as they were adopted, in full or in the easy version; a member signs for themself."""

import hashlib
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from organisation_cases import BY, add_members, define, definition, found, give, seat
from sqlmodel import select

from stembus.conduct.policies import adopt, adopted_policies, frozen_of, read_source
from stembus.documents.adopting import adopt_document
from stembus.documents.reading import read_document
from stembus.documents.tables import DocumentPutOff, DocumentSignature
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered

ABOUT = """\
id = "{id}"
version = {version}
readers = "{readers}"
signed = {signed}
[title]
nl = "Gedragscode"
en = "Code of conduct"
"""
Browsers = Callable[[], Any]


@pytest.fixture
def party(served: Instance) -> Instance:
    found(served)
    add_members(served, "007", "008")
    return served


@pytest.fixture
def adopted(party: Instance, tmp_path: Path) -> Callable[..., None]:
    """Adopts a version of a document."""

    def made(version: int = 1, name: str = "code", readers: str = "members", signed: str = "true") -> None:
        folder = tmp_path / f"{name}-{version}"
        folder.mkdir()
        (folder / "document.toml").write_text(ABOUT.format(id=name, version=version, readers=readers, signed=signed))
        for lang in ("nl", "nl-simple", "en"):
            (folder / f"{lang}.md").write_text(f"Text {version} in {lang}.\n\n## Respect\n\nWe are **kind**.\n")
        with party.write() as transaction:
            adopt_document(transaction, read_document(folder), by=BY, decision=f"ALV, decision {version}")

    return made


def signed_by(party: Instance, number: str) -> list[tuple[int, str]]:
    with party.read() as session:
        member_id = member_numbered(session, number).id
        rows = session.exec(select(DocumentSignature).where(DocumentSignature.member_id == member_id))
        return sorted((row.version, row.lang) for row in rows)


def test_anybody_reads_a_document_in_each_language(browser: Browsers, adopted: Callable[..., None]) -> None:
    adopted()
    someone = browser()
    assert "Code of conduct" in someone.get("/documents?lang=en").text
    assert "Text 1 in en." in someone.get("/documents/code").text
    for lang in ("nl", "nl-simple", "en"):
        page = someone.get(f"/documents/code?text={lang}").text
        assert f"Text 1 in {lang}." in page
        assert f'<article lang="{lang}">' in page
    assert "<strong>kind</strong>" in someone.page
    assert "ALV, decision 1" in someone.words


def test_the_easy_version_is_shown_to_who_reads_easy_dutch(browser: Browsers, adopted: Callable[..., None]) -> None:
    adopted()
    assert "Text 1 in nl-simple." in browser().get("/documents/code?lang=nl-simple").text


def test_a_document_or_a_version_that_is_not_there_is_not_found(
    browser: Browsers, adopted: Callable[..., None]
) -> None:
    adopted()
    for path in ("/documents/nothing", "/documents/code?version=2", "/documents/code?version=x", "/policies/beef"):
        assert browser().get(path).status_code == 404


def test_a_document_for_the_office_is_there_for_whoever_sits_somewhere(
    browser: Browsers, adopted: Callable[..., None], party: Instance
) -> None:
    adopted(name="office-rules", readers="office", signed="false")
    define(party, definition("office", {"staff": ["seats.appoint", "bodies.define"]}, seats=3))
    give(party, *(seat("office", "staff", number) for number in ("001", "002", "008")))
    for someone in (browser(), browser().sign_in("007")):
        assert "office-rules" not in someone.get("/documents").text
        assert someone.get("/documents/office-rules").status_code == 404
        assert someone.get("/documents/office-rules/file").status_code == 404
    assert browser().sign_in("008").get("/documents/office-rules").status_code == 200


def test_the_file_of_a_text_has_the_hash_that_the_page_shows(browser: Browsers, adopted: Callable[..., None]) -> None:
    adopted()
    someone = browser()
    answer = someone.get("/documents/code/file?text=nl")
    assert answer.headers["content-disposition"] == 'attachment; filename="code-1-nl.md"'
    assert hashlib.sha256(answer.content).hexdigest() in someone.get("/documents/code?text=nl").text


def test_a_member_signs_the_version_that_they_read(
    browser: Browsers, adopted: Callable[..., None], party: Instance
) -> None:
    adopted()
    member = browser().sign_in("007")
    member.get("/documents/code?lang=en&text=nl-simple")
    answer = member.post("/documents/code/sign", version="1", text="nl-simple", agrees="yes", follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert signed_by(party, "007") == [(1, "nl-simple")]
    assert "You signed this version" in member.get("/documents/code?lang=en").text
    assert 'action="/documents/code/sign"' not in member.page
    assert "Signed" in member.get("/documents?lang=en").text


def test_nobody_signs_without_saying_that_they_agree(
    browser: Browsers, adopted: Callable[..., None], party: Instance
) -> None:
    adopted()
    member = browser().sign_in("007")
    member.get("/documents/code?lang=en")
    answer = member.post("/documents/code/sign?lang=en", version="1", text="en")
    assert answer.status_code == 422
    assert '<a href="#f-agrees">Tick the box to sign.</a>' in answer.text
    assert signed_by(party, "007") == []


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "²"])
def test_a_version_that_is_no_number_is_refused(
    browser: Browsers, adopted: Callable[..., None], party: Instance, version: str
) -> None:
    adopted()
    member = browser().sign_in("007")
    member.get("/documents/code")
    assert member.post("/documents/code/sign", version=version, agrees="yes").status_code == 422
    assert signed_by(party, "007") == []


def test_who_read_a_version_that_is_no_longer_in_force_reads_the_new_one_first(
    browser: Browsers, adopted: Callable[..., None], party: Instance
) -> None:
    adopted(1)
    member = browser().sign_in("007")
    member.get("/documents/code?lang=en")
    adopted(2)
    answer = member.post("/documents/code/sign?lang=en", version="1", text="en", agrees="yes")
    assert answer.status_code == 409
    assert "Version 2 of code is in force now" in unescape(answer.text)
    assert signed_by(party, "007") == []


def test_an_older_version_can_be_read_and_not_signed(browser: Browsers, adopted: Callable[..., None]) -> None:
    adopted(1)
    adopted(2)
    member = browser().sign_in("007")
    assert "Text 1 in en." in member.get("/documents/code?version=1&lang=en&text=en").text
    assert "This is an older version." in member.words
    assert 'action="/documents/code/sign"' not in member.page


def test_signing_is_for_who_is_signed_in(browser: Browsers, adopted: Callable[..., None], party: Instance) -> None:
    adopted()
    someone = browser()
    assert "Sign in, and you can sign this text." in someone.get("/documents/code?lang=en").text
    assert 'action="/documents/code/sign"' not in someone.page
    someone.client.get("/styleguide")
    answer = someone.post("/documents/code/sign", version="1", agrees="yes", follow=False)
    assert answer.status_code in (303, 403)
    assert signed_by(party, "007") == signed_by(party, "008") == []


def test_signing_can_be_put_off_once(browser: Browsers, adopted: Callable[..., None], party: Instance) -> None:
    adopted()
    member = browser().sign_in("007")
    assert 'action="/documents/code/later"' in member.get("/documents/code").text
    assert member.post("/documents/code/later", follow=False).headers["location"] == "/"
    with party.read() as session:
        assert len(session.exec(select(DocumentPutOff)).all()) == 1
    assert 'action="/documents/code/later"' not in member.get("/documents/code").text
    assert 'action="/documents/code/sign"' in member.page


@pytest.fixture
def policies(party: Instance) -> list[str]:
    """Two versions of a policy, the newest first: their fingerprints."""
    source = read_source("partijraad", party.plugins)
    changed = source.text.replace('version = "1"\n', 'version = "2"\n').replace("maximum = 25\n", "maximum = 21\n")
    with party.write() as transaction:
        adopt(transaction, source, by=BY, decision="ALV, decision 7")
    newer = party.folder / "partijraad.toml"
    newer.write_text(changed)
    party.clock.set(party.clock.now().replace(day=2))  # type: ignore[attr-defined]
    with party.write() as transaction:
        adopt(transaction, read_source(str(newer), party.plugins), by=BY, decision="ALV, decision 8")
    with party.read() as session:
        return [row.fingerprint for row in adopted_policies(session)]


def test_anybody_reads_the_policies_as_they_were_adopted(
    browser: Browsers, policies: list[str], party: Instance
) -> None:
    someone = browser()
    page = someone.get("/policies?lang=en").text
    assert page.index(policies[0]) < page.index(policies[1])
    with party.read() as session:
        frozen = frozen_of(adopted_policies(session)[0])
    for text in frozen.texts:
        shown = someone.get(f"/policies/{policies[0]}?text={text.lang}")
        assert text.sha256 in shown.text
        assert "<h2 id=" in shown.text
        file = someone.get(f"/policies/{policies[0]}/file?text={text.lang}")
        assert hashlib.sha256(file.content).hexdigest() == text.sha256
    assert "ALV, decision 8" in someone.get(f"/policies/{policies[0]}").text


def test_a_policy_says_what_changed_since_the_one_before(browser: Browsers, policies: list[str]) -> None:
    someone = browser()
    someone.get(f"/policies/{policies[0]}?lang=en")
    assert "What changed since the version before" in someone.words
    someone.get(f"/policies/{policies[1]}?lang=en")
    assert "What changed since the version before" not in someone.words
    assert "This is an older version." in someone.words


def test_the_definition_can_be_taken_along(browser: Browsers, policies: list[str], party: Instance) -> None:
    answer = browser().get(f"/policies/{policies[1]}/file")
    assert answer.content.decode() == read_source("partijraad", party.plugins).text
    assert answer.headers["content-disposition"].endswith('.toml"')
