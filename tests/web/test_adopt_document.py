"""Adopting a document from a page, in full and in easy Dutch, and seeing who signed it and who did not."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from branch_party import ASSEN, BOARD, OFFICE, UTRECHT, branch, office_party
from organisation_cases import define, definition

from stembus.documents.adopting import versions_of
from stembus.documents.differences import Difference, differences
from stembus.documents.signing import sign
from stembus.documents.version import version_in
from stembus.instance import Instance

Browsers = Callable[[], Any]
NO_FILES = {f"file_{lang}": ("", b"") for lang in ("nl", "simple", "en")}
WRITTEN = {
    "document": "gedragscode",
    "version": "1",
    "title_nl": "Gedragscode",
    "title_simple": "Onze afspraken",
    "title_en": "Code of conduct",
    "readers": "members",
    "signed": "yes",
    "text_nl": "Wij zijn aardig.\n\n## Respect\n\nIedereen telt.\n",
    "text_simple": "Wees aardig.\n",
    "text_en": "We are kind.\n",
}
DECISION = "ALV 1-3-2026, besluit 9"


@pytest.fixture
def party(served: Instance) -> Instance:
    """The party of the office tests, whose office adopts documents, and whose branches see who signed."""
    office_party(served)
    powers = ["seats.appoint", "bodies.define", "documents.adopt", "documents.record", "documents.signatures"]
    define(served, definition("office", {"staff": [*powers, "members.export", "acts.view"]}), by=OFFICE)
    signatures = ["documents.signatures", "members.export"]
    define(served, branch("afdeling-utrecht", "Utrecht", signatures), by=OFFICE)
    return served


def look(browser: Any, **changed: str) -> Any:
    browser.get("/adopt/document?lang=en")
    return browser.post("/adopt/document/look", files=NO_FILES, **{**WRITTEN, **changed})


def whole(browser: Any) -> str:
    return unescape(browser.page.split('name="whole" value="')[1].split('"')[0])


def propose(browser: Any, **changed: str) -> str:
    look(browser, **changed)
    return str(browser.post("/adopt/document", whole=whole(browser), decision=DECISION).url.path)


def confirm(browser: Any, path: str) -> None:
    browser.get(f"{path}/confirm?lang=en")
    browser.post(f"{path}/confirm", shown=browser.page.split('name="shown" value="')[1].split('"')[0])


def adopted(party: Instance, browser: Browsers, **changed: str) -> None:
    confirm(browser().sign_in(OFFICE[1]), propose(browser().sign_in(OFFICE[0]), **changed))


def versions(party: Instance) -> list[int]:
    with party.read() as session:
        return [row.version for row in versions_of(session, "gedragscode")]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Een.\n\nTwee.", "Een.\n\nTwee.", []),
        ("Een.\ntwee", "Een. twee\n", []),
        ("## A\n\nEen.", "## A\n\nTwee.", [Difference("A", ("Een.",), ("Twee.",))]),
        ("## A\n\nEen.\n\n## B\n\nTwee.", "## A\n\nEen.", [Difference("A", ("## B", "Twee."), ())]),
        ("Een.", "Een.\n\n## A\n\nTwee.", [Difference("", (), ("## A", "Twee."))]),
    ],
)
def test_what_changes_in_a_text_is_told_by_paragraph_below_its_heading(
    before: str, after: str, told: list[Difference]
) -> None:
    assert differences(before, after) == told


def test_a_document_is_read_in_each_language_before_it_is_proposed(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    assert look(office).status_code == 200
    assert "Every member is asked, also who signed an earlier version" in office.words
    assert "nothing: it is the first version" in office.words
    assert "We are kind." in office.words
    office.post("/adopt/document/read", whole=whole(office), read="nl-simple")
    assert "Wees aardig." in office.words
    assert '<article lang="nl-simple">' in office.page
    office.post("/adopt/document/read", whole=whole(office), read="write")
    assert "Iedereen telt." in office.page
    assert versions(party) == []


def test_the_easy_text_is_a_draft_until_it_is_noted_with_whom_it_was_tried(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    look(office)
    assert "a draft: nobody noted with which readers it was tried" in office.words
    tried = {"review_by": "Sam de Wit", "review_on": "2026-02-20", "review_readers": "vijf leden"}
    for field, wrong in (("review_by", "Say who tried"), ("review_on", "Say who tried"), ("review_readers", "Say who")):
        assert look(office, **{**tried, field: " "}).status_code == 422
        assert wrong in office.words
        assert "Iedereen telt." in office.page
    assert look(office, **{**tried, "review_on": "gisteren"}).status_code == 422
    look(office, **tried)
    assert "tried on 20 February 2026 by Sam de Wit with vijf leden" in office.words
    office.post("/adopt/document/read", whole=whole(office), read="write")
    assert 'value="2026-02-20"' in office.page
    adopted(party, browser, **tried)
    reader = browser()
    reader.get("/documents/gedragscode?lang=nl-simple")
    assert "Wees aardig." in reader.words
    assert "nog niet door lezers getest" not in reader.words
    office.get("/adopt/document?begin=gedragscode&lang=en")
    assert "Sam de Wit" not in office.page, "the next text is another one, which nobody tried yet"


def test_two_people_adopt_it_and_the_second_reads_it_first(party: Instance, browser: Browsers) -> None:
    first, second = browser().sign_in(OFFICE[0]), browser().sign_in(OFFICE[1])
    files = {**NO_FILES, "file_nl": ("nl.md", "Uit een bestand.\r\n".encode("utf-8-sig"))}
    first.get("/adopt/document?lang=en")
    first.post("/adopt/document/look", files=files, **WRITTEN)
    made = str(first.post("/adopt/document", whole=whole(first), decision=DECISION).url.path)
    assert "Every member is asked to sign it" in first.words
    second.get(f"{made}?lang=en")
    assert "Read the whole text that is proposed" in second.words
    second.get(f"/adopt/document{made.replace('/proposals', '/proposed')}?text=nl")
    assert "Uit een bestand." in second.words
    assert versions(party) == []
    confirm(second, made)
    assert "You confirmed it" in second.words
    with party.read() as session:
        (row,) = versions_of(session, "gedragscode")
    assert row.decision == DECISION
    assert version_in(row.definition).text("nl").markdown == "Uit een bestand.\n"
    assert "Code of conduct" in browser().get("/documents/gedragscode?lang=en").text


def test_a_newer_version_begins_from_the_one_in_force_and_says_what_changes(party: Instance, browser: Browsers) -> None:
    adopted(party, browser)
    office = browser().sign_in(OFFICE[0])
    office.get("/adopt/document?begin=gedragscode&lang=en")
    assert 'id="f-version" name="version" type="text" value="2"' in office.page
    assert "Iedereen telt." in office.page
    look(office)
    assert "give this one a higher number" in office.words
    assert "Propose to adopt this document" not in office.words
    look(office, version="2", text_en="We are kind.\n\nAnd fair.\n")
    assert "version 1" in office.words
    assert "New: And fair." in office.words
    assert office.get("/adopt/document?begin=never").status_code == 404


def test_every_mistake_is_named_and_nothing_that_was_written_is_lost(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    for changed, wrong in (
        ({"document": "Gedrags code"}, "Give it a short name"),
        ({"version": "0"}, "The version is a whole number"),
        ({"version": "two"}, "The version is a whole number"),
        ({"title_nl": " "}, "Write the title"),
        ({"readers": ""}, "Choose who reads it"),
        ({"signed": "maybe"}, "Choose whether members sign it"),
        ({"text_simple": ""}, "members read every document in easy Dutch too"),
        ({"text_en": "ok\n\n<b>HTML</b>"}, "HTML is not used here"),
        ({"text_nl": "# Te hoog"}, "Full text in Dutch, line 1"),
    ):
        answer = look(office, **changed)
        assert answer.status_code in (409, 422), wrong
        assert wrong in office.words, wrong
        if "text_nl" not in changed:
            assert "Iedereen telt." in office.page
    look(office)
    assert office.post("/adopt/document", whole=whole(office), decision="").status_code == 422
    assert "We are kind." in office.words
    for broken in ("", "{}", whole(office).replace("We are kind", "<b>We are")):
        assert office.post("/adopt/document", whole=broken, decision=DECISION).status_code == 422
        assert "did not come through whole" in office.words
    assert versions(party) == []


def test_a_mistake_is_told_in_the_language_of_the_reader(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    office.get("/adopt/document?lang=nl")
    office.post("/adopt/document/look", files=NO_FILES, **{**WRITTEN, "text_nl": "# Te hoog", "text_simple": ""})
    assert "regel 1: deze kop is van niveau 1: koppen beginnen hier met ##." in office.words
    assert "ontbreekt: leden lezen elk document ook in eenvoudig Nederlands." in office.words


def test_w5_who_may_not_adopt_documents_does_not_come_in(party: Instance, browser: Browsers) -> None:
    made = propose(browser().sign_in(OFFICE[0]))
    other = browser().sign_in(BOARD[0])
    assert other.get("/adopt/document", follow=False).status_code in (303, 403)
    assert other.get(f"/adopt/document{made.replace('/proposals', '/proposed')}").status_code == 404
    other.get("/")
    assert other.post("/adopt/document", whole="{}", decision="x", follow=False).status_code in (303, 403)


@pytest.fixture
def signed(party: Instance, browser: Browsers) -> Instance:
    """Version 2 is in force: 501 signed it, 504 only the first one, on paper; both live in Utrecht, 503 in Assen."""
    adopted(party, browser)
    with party.write() as transaction:
        sign(transaction, "gedragscode", "504", version=1, by=OFFICE[0], ground="formulier")
    adopted(party, browser, version="2")
    with party.write() as transaction:
        sign(transaction, "gedragscode", "501", version=2, by="501")
        sign(transaction, "gedragscode", "503", version=2, by="503")
    return party


PATH = "/documents/gedragscode/signatures"


def test_the_office_sees_counts_first_and_then_who_did_not_sign(signed: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    assert "Who signed this" in office.get("/documents/gedragscode?lang=en").text
    office.get(PATH)
    assert "2 of 14 members signed this version" in office.words
    assert "Aydın İpek" in office.words
    assert "José Núñez" not in office.words
    office.get(f"{PATH}?show=earlier")
    assert "=HYPERLINK(1) Bakker 504 1 1 March 2026 (on paper)" in office.words
    office.get(f"{PATH}?show=current&number=9")
    assert "José Núñez" in office.words


def test_a_branch_sees_its_own_members_and_nobody_else(signed: Instance, browser: Browsers) -> None:
    officer = browser().sign_in(UTRECHT[0])
    officer.get(f"{PATH}?show=current&lang=en")
    assert "1 of 3 members signed this version" in officer.words
    assert "José Núñez" in officer.words
    assert "Łukasz" not in officer.words
    assert officer.get(f"{PATH}?branch=afdeling-assen").status_code == 404
    for number in (ASSEN[0], BOARD[0], "501"):
        assert browser().sign_in(number).get(PATH, follow=False).status_code in (303, 403)


def test_the_file_holds_what_is_seen_runs_no_formula_and_is_recorded(signed: Instance, browser: Browsers) -> None:
    officer = browser().sign_in(UTRECHT[0])
    officer.get(f"{PATH}?lang=en")
    assert officer.post(PATH, branch="afdeling-utrecht", ground=" ").status_code == 422
    assert officer.post(PATH, branch="", ground="herinnering").status_code in (404, 409)
    officer.get(PATH)
    answer = officer.post(PATH, branch="afdeling-utrecht", ground="herinnering")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.text.lstrip("\ufeff").splitlines() == [
        "number;name;version;signed_on;how",
        "501;José Núñez;2;2026-03-01;online",
        "504;'=HYPERLINK(1) Bakker;1;2026-03-01;paper",
        "502;Aydın İpek;;;",
    ]
    office = browser().sign_in(OFFICE[0])
    office.get("/acts?lang=en")
    assert "3 members were written to a file for signatures" in office.words


def test_a_document_that_nobody_signs_has_no_such_page(party: Instance, browser: Browsers) -> None:
    adopted(party, browser, signed="no")
    office = browser().sign_in(OFFICE[0])
    assert office.get(PATH).status_code == 404
    assert office.get("/documents/never/signatures").status_code == 404
