"""The office works from pages: the desk, members, the roll, bodies and acts; a branch sees its own and no more."""

from collections.abc import Callable
from datetime import date
from html import unescape
from io import BytesIO
from re import search
from tempfile import gettempdir
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from branch_party import ASSEN, BOARD, OFFICE, UTRECHT, office_party
from organisation_cases import HEADINGS, TODAY, give, seat

from stembus.conduct.policies import adopt, read_source
from stembus.conduct.running import begin, schedule
from stembus.conduct.speaking import in_their_seats
from stembus.instance import Instance
from stembus.organisation.authority import authorise_two
from stembus.organisation.seats import end_seat

Browsers = Callable[[], Any]
ROLL = [
    ("601", "Noor", "de Wit", "1-3-1990", "noor@voorbeeld.example", "1-1-2020", "Utrecht"),
    ("602", "Sam", "Bakker", "1-4-1985", "sam@voorbeeld.example", "1-1-2021", "Assen"),
    ("603", "=cmd|' /C calc'!A0", "Visser", "31-2-1985", "v@voorbeeld.example", "1-1-2021", "Assen"),
]


@pytest.fixture
def party(served: Instance) -> Instance:
    return office_party(served)


def roll_file(rows: Any = ROLL) -> bytes:
    return "\n".join(";".join(row) for row in (HEADINGS, *rows)).encode("utf-8-sig")


def running(party: Instance, name: str, held_by: str | None, by: tuple[str, str], election: date) -> None:
    with party.write() as transaction:
        source = read_source("afdeling-aanmelding", party.plugins)
        row = adopt(transaction, source, by=BOARD, decision=name) if name.endswith("1") else None
        from stembus.conduct.policies import adopted_named

        row = row or adopted_named(transaction.session, "afdeling-aanmelding")
        people = in_their_seats(authorise_two(transaction, *by, "procedure.start", branch=held_by))
        schedule(
            transaction, begin(transaction, name, row, people, held_by=held_by), {"election_day": election}, people
        )


def sent_again(page: str) -> dict[str, str]:
    """What the page of fates would send with its button."""
    names = ("content", "name", "as_of", "part", "shown")
    found = {name: search(f'name="{name}" value="([^"]*)"', page) for name in names}
    return {name: unescape(one.group(1)) for name, one in found.items() if one}


def looked_at(browser: Browsers, rows: Any = ROLL, name: str = "roll.csv", **fields: str) -> Any:
    office = browser().sign_in(OFFICE[0])
    office.get("/members/import?lang=en")
    values = {"as_of": str(TODAY), "part": "yes", **fields}
    office.post("/members/import", files={"file": (name, roll_file(rows), "text/csv")}, **values)
    return office


@pytest.mark.parametrize("path", ["/desk", "/members", "/members/import", "/members/merge", "/bodies", "/acts"])
@pytest.mark.parametrize("lang", ["nl", "en", "nl-simple"])
def test_each_page_of_the_office_is_there_in_each_language(
    party: Instance, browser: Browsers, path: str, lang: str
) -> None:
    answer = browser().sign_in(OFFICE[0]).get(f"{path}?lang={lang}")
    assert answer.status_code == 200
    assert "<h1>" in answer.text


@pytest.mark.parametrize("path", ["/members/import", "/members/merge", "/acts", "/members/imports/1"])
def test_a_branch_does_not_come_where_the_whole_party_is(party: Instance, browser: Browsers, path: str) -> None:
    assert browser().sign_in(UTRECHT[0]).get(path, follow=False).status_code in (302, 303, 403, 404)


@pytest.mark.parametrize("path", ["/desk", "/members", "/members/501", "/bodies", "/acts", "/members/export"])
def test_who_holds_no_seat_sees_none_of_it(party: Instance, browser: Browsers, path: str) -> None:
    answer = browser().sign_in("501").get(path, follow=False)
    assert answer.status_code in (303, 403, 404)
    assert "Núñez" not in answer.text.replace('class="name"', "") or path == "/desk" or answer.status_code != 200


def test_the_office_finds_a_member_without_accents_and_sees_the_page(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    assert "José Núñez" in office.get("/members?q=jose+nunez&lang=en").text
    office.get("/members/501?lang=en")
    assert "5 May 1990" in office.words
    assert "3511 AB" in office.words


def test_a_search_as_one_types_is_only_the_list(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    answer = office.client.get("/members?q=nunez", headers={"hx-request": "true", "sec-fetch-site": "same-origin"})
    assert "Núñez" in answer.text
    assert "<html" not in answer.text


def test_a_branch_officer_sees_own_members_and_no_more_of_them_than_needed(party: Instance, browser: Browsers) -> None:
    officer = browser().sign_in(UTRECHT[0])
    officer.get("/members?lang=en")
    assert "José Núñez" in officer.words
    assert "Łukasz" not in officer.words
    officer.get("/members/501?lang=en")
    assert "jose@voorbeeld.example" in officer.words
    for hidden in ("1990", "3511", "0612345678"):
        assert hidden not in officer.words
    officer.get("/members/502?lang=en")
    assert "aydin@" not in officer.words


@pytest.mark.parametrize(
    "path", ["/members/503", "/members/503?branch=afdeling-assen", "/members?branch=afdeling-assen"]
)
def test_a_branch_officer_asking_for_another_branch_finds_nothing_there(
    party: Instance, browser: Browsers, path: str
) -> None:
    assert browser().sign_in(UTRECHT[0]).get(path).status_code == 404


def test_access_to_members_ends_with_the_seat(party: Instance, browser: Browsers, clock: Any) -> None:
    from datetime import timedelta

    with party.write() as transaction:
        end_seat(transaction, "afdeling-utrecht", "secretary", UTRECHT[0], last_day=TODAY, by=OFFICE, ground="vertrek")
    clock.set(clock.now() + timedelta(days=1))
    assert browser().sign_in(UTRECHT[0]).get("/members", follow=False).status_code != 200


def test_an_export_of_a_branch_holds_its_fields_and_is_read_as_an_act(party: Instance, browser: Browsers) -> None:
    officer = browser().sign_in(UTRECHT[0])
    officer.get("/members/export?branch=afdeling-utrecht")
    values = {"purpose": "branch_contact", "branch": "afdeling-utrecht", "ground": "uitnodiging"}
    answer = officer.post("/members/export", **values)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.text.lstrip("\ufeff").splitlines()[0] == "number;name;email;city"
    assert "'=HYPERLINK" in answer.text
    office = browser().sign_in(OFFICE[0])
    office.get("/acts?lang=en")
    assert "3 members were written to a file for branch_contact" in office.words
    assert "Lid Nummer201 (secretary, afdeling-utrecht)" in office.words


def test_an_export_without_a_ground_or_of_another_branch_is_not_made(party: Instance, browser: Browsers) -> None:
    officer = browser().sign_in(UTRECHT[0])
    officer.get("/members/export")
    assert officer.post("/members/export", purpose="branch_contact", branch="afdeling-utrecht").status_code == 422
    other = officer.post("/members/export", purpose="branch_contact", branch="afdeling-assen", ground="x")
    assert other.status_code in (404, 409)


def test_the_fate_of_every_row_is_shown_before_anything_changes(party: Instance, browser: Browsers) -> None:
    office = looked_at(browser)
    assert "Noor de Wit (601)" in office.words
    assert "Row" in office.words
    assert "expected a day that exists" in office.words
    with party.read() as session:
        from stembus.organisation.registry import find_members

        assert find_members(session, "601") == []


def test_what_was_shown_is_applied_and_can_be_undone(party: Instance, browser: Browsers) -> None:
    office = looked_at(browser)
    refused = office.post("/members/import/apply", **sent_again(office.page))
    assert refused.status_code == 409
    assert "cannot be used" in office.words
    office.post("/members/import/apply", **sent_again(office.page), leave_out="yes")
    assert "imported, as import 1" in office.words
    office.get("/members/601?lang=en")
    assert "Noor de Wit" in office.words
    office.get("/members/imports/1?lang=en")
    assert "2: taken off the roll again" in office.words
    office.post("/members/imports/1", ground="verkeerd bestand")
    assert "Import 1 is undone" in office.words
    assert office.get("/members/601").status_code == 404


def test_a_plan_that_is_not_the_one_shown_is_not_applied(party: Instance, browser: Browsers) -> None:
    office = looked_at(browser, ROLL[:2])
    shown = sent_again(office.page)
    other = looked_at(browser, ROLL[:1])
    other.post("/members/import/apply", **sent_again(other.page))
    answer = office.post("/members/import/apply", **shown)
    assert answer.status_code == 409
    assert "changed since this was shown" in office.words


def test_a_fate_can_be_looked_at_alone_and_all_of_them_kept_as_a_file(party: Instance, browser: Browsers) -> None:
    office = looked_at(browser)
    shown = sent_again(office.page)
    office.post("/members/import/fates", **shown, only="new")
    assert "601" in office.words
    assert "Visser (603)" not in office.words
    answer = office.post("/members/import/fates.csv", **shown)
    assert "'=cmd" in answer.text
    assert len(answer.text.splitlines()) >= 4


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.csv", "a\nb.csv", "x" * 300])
def test_the_name_of_an_upload_is_only_shown(party: Instance, browser: Browsers, name: str) -> None:
    office = looked_at(browser, name=name)
    assert "Noor de Wit (601)" in office.words
    assert "../" not in office.page


def test_an_upload_is_what_its_content_is_and_a_packed_bomb_is_refused(party: Instance, browser: Browsers) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 1024 * 1024))
    office = browser().sign_in(OFFICE[0])
    office.get("/members/import?lang=en")
    for content, wrong in (
        (packed.getvalue(), "unpacks to more than 200 MB"),
        (b"PK\x03\x04 broken", "not a whole spreadsheet"),
        (b"", "is empty"),
        (b"%PDF-1.7\n%%EOF\n", "no row of headings"),
    ):
        files = {"file": ("roll.csv", content, "text/csv")}
        answer = office.post("/members/import", files=files, as_of=str(TODAY))
        assert answer.status_code == 422
        assert wrong in office.words
        assert gettempdir() not in office.page


def test_a_call_is_answered_with_what_concerns_the_caller(party: Instance, browser: Browsers) -> None:
    running(party, "utrecht-1", "afdeling-utrecht", UTRECHT, date(2030, 3, 20))
    running(party, "assen-2", "afdeling-assen", ASSEN, date(2030, 3, 20))
    office = browser().sign_in(OFFICE[0])
    office.get("/phone?number=501&lang=en")
    assert "utrecht-1" in office.words
    assert "assen-2" not in office.words


def test_since_when_a_change_holds_is_told_in_the_language_of_the_reader(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    office.get("/members/import?lang=nl")
    moved = roll_file([("501", "José", "Núñez", "5-5-1990", "jose@voorbeeld.example", "1-1-2020", "Assen")])
    office.post("/members/import", files={"file": ("roll.csv", moved, "text/csv")}, as_of=str(TODAY), part="yes")
    assert search(r"Afdeling: \w+, vanaf \d+ \w+ \d{4} → Assen, vanaf \d+ \w+ \d{4}", office.words), office.words


def test_two_entries_are_compared_and_merged(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    office.get("/members/merge?keep=501&gone=504&lang=en")
    assert "Stays: 501" in office.words
    assert "504 keeps only its number" in office.words
    assert office.post("/members/merge", keep="501", gone="504", ground="").status_code == 422
    office.post("/members/merge", keep="501", gone="504", ground="zelfde persoon, gebeld")
    assert "504 was merged into 501" in office.words
    assert "Also known as" in office.words


def test_the_desk_says_what_is_urgent_what_blocks_and_who_acts(party: Instance, browser: Browsers) -> None:
    running(party, "utrecht-1", "afdeling-utrecht", UTRECHT, date(2030, 3, 20))
    running(party, "assen-2", "afdeling-assen", ASSEN, date(2029, 3, 20))
    office = browser().sign_in(OFFICE[0])
    office.get("/desk?lang=en")
    assert office.words.index("assen-2") < office.words.index("utrecht-1")
    officer = browser().sign_in(UTRECHT[0])
    officer.get("/desk?lang=en")
    assert "assen-2" not in officer.words


def test_the_pages_of_a_procedure_are_reached_from_the_desk_and_from_its_page_by_who_may_enter_them(
    party: Instance, browser: Browsers
) -> None:
    running(party, "utrecht-1", "afdeling-utrecht", UTRECHT, date(2030, 3, 20))
    manage, poll = ('href="/procedures/utrecht-1/manage"', 'href="/procedures/utrecht-1/poll"')
    officer = browser().sign_in(UTRECHT[0])
    assert manage in officer.get("/desk").text
    assert manage in officer.get("/procedures/utrecht-1").text
    assert officer.get("/procedures/utrecht-1/manage").status_code == 200
    assert manage not in officer.page, "the page that one is on"
    for other in (browser().sign_in(ASSEN[0]), browser().sign_in(UTRECHT[0], "link"), browser()):
        assert manage not in other.get("/procedures/utrecht-1").text
        assert poll not in other.page
    assert "{name}" not in officer.get("/").text


def test_bodies_show_terms_that_end_and_an_absence_is_recorded(party: Instance, browser: Browsers) -> None:
    give(party, seat("bestuur", "chair", "501", last_day=date(2026, 3, 20), deputy_for=BOARD[0]), by=OFFICE)
    office = browser().sign_in(OFFICE[0])
    office.get("/bodies?lang=en")
    assert "José Núñez bestuur, chair 20 March 2026" in office.words
    office.post("/bodies/absence", seat=f"bestuur/chair/{BOARD[0]}", starts=str(TODAY), last_day="", ground="reis")
    assert "The absence is recorded" in office.words
    assert "José Núñez stands in" in office.words


def test_nobody_records_the_absence_of_another_without_the_power(party: Instance, browser: Browsers) -> None:
    officer = browser().sign_in(UTRECHT[0])
    officer.get("/bodies?lang=en")
    answer = officer.post("/bodies/absence", seat=f"bestuur/chair/{BOARD[0]}", starts=str(TODAY), ground="x")
    assert answer.status_code == 409
    officer.post("/bodies/absence", seat=f"afdeling-utrecht/secretary/{UTRECHT[0]}", starts=str(TODAY), ground="reis")
    assert "The absence is recorded" in officer.words


def test_acts_are_read_by_body_and_by_day(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    office.get("/acts?lang=en&of=afdeling-utrecht")
    assert "afdeling-utrecht" in office.words
    assert "afdeling-assen, version" not in office.words
    office.get(f"/acts?lang=en&until={date(2026, 2, 28)}")
    assert "There are no such acts" in office.words
    assert office.get("/acts?since=soon&number=0&lang=en").status_code == 422


def test_a_call_is_answered_on_one_page_and_nothing_is_read_out(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    assert "José Núñez" in office.get("/phone?q=nunez&lang=en").text
    office.get("/phone?number=501&lang=en")
    assert "It is not known whether the contribution was paid." in office.words
    assert "The treasurer can look it up." in office.words
    assert "A link can be sent" in office.words
    for hidden in ("1990", "3511"):
        assert hidden not in office.words


def test_a_branch_does_not_answer_calls_about_the_party(party: Instance, browser: Browsers) -> None:
    assert browser().sign_in(UTRECHT[0]).get("/phone?number=503", follow=False).status_code in (303, 403, 404)
