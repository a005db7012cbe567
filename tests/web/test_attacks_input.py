"""What was typed or sent leads nowhere else: to no other site, into no header, and to no file."""

from collections.abc import Callable
from html import unescape
from pathlib import Path
from re import findall
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from council_party import BY, NAME, candidates_known, found_party, ordinary_members

from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.web.cookies import packed

Browsers = Callable[[], Any]
HERE = "stembus.voorbeeldpartij.example"
ELSEWHERE = (
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\r\nset-cookie:stolen=1",
    "javascript:alert(1)",
    " //evil.example",
    "evil",
)
NAMES = ("../../etc/passwd", "..\\..\\x.csv", "/etc/cron.d/x", "a\r\nset-cookie: stolen=1.csv", "x" * 300, "\0.csv")
LINES = "\r\nset-cookie: stolen=1\r\n\r\n<script>alert(1)</script>"

pytestmark = pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)
"""Addresses, headers and files do not depend on the database."""


@pytest.fixture
def party(served: Instance) -> Instance:
    found_party(served, ordinary_members())
    return served


def files_in(folder: Path) -> dict[Path, int]:
    """Every file of an instance and when it was written; the database aside."""
    return {found: found.stat().st_mtime_ns for found in folder.rglob("*") if "sqlite3" not in found.name}


def leads(page: str) -> list[str]:
    """Where the links and the forms of a page lead."""
    return [unescape(found) for found in findall(r'(?:href|action|formaction|src)="([^"]*)"', page)]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/again", "/sign-in/passkey", "/sign-in/letter", "/demo/as/101"])
def test_w9_no_page_leads_to_another_site(party: Instance, browser: Browsers, path: str) -> None:
    for visitor in (browser(), browser().sign_in("101", "demo")):
        for onward in ELSEWHERE:
            answer = visitor.client.get(path, params={"next": onward}, follow_redirects=False)
            ways = [answer.headers.get("location", "/"), *leads(answer.text)]
            assert not [one for one in ways if one.strip().startswith(("//", "/\\", "\\", "http", "javascript", "/\t"))]
            assert onward not in ways
            assert "stolen" not in answer.cookies


def test_w9_a_cookie_that_was_planted_leads_to_no_other_site(party: Instance, browser: Browsers) -> None:
    for onward in ELSEWHERE:
        mine = browser()
        mine.client.cookies.set("__Host-onward", packed(onward), domain=HERE)
        mine.get("/demo/as/101")
        answer = mine.post("/demo/as/101", next=onward, follow=False)
        assert answer.headers["location"] == "/"


def test_w9_no_line_that_was_sent_becomes_a_header(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(BY[0])
    for path in ("/?lang={}", "/?theme={}", "/?zone={}", "/members?q={}", "/procedures/{}", "/documents/{}/file"):
        answer = office.client.get(path.format(quote(LINES, safe="")), follow_redirects=False)
        assert answer.status_code < 500
        assert "stolen" not in answer.cookies
        assert "stolen" not in str(answer.headers)
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/static/{}", f"/procedures/{NAME}/result/files/{{}}", "/documents/{}/file"])
def test_w9_no_path_leads_to_a_file_of_the_machine(party: Instance, browser: Browsers, path: str) -> None:
    for name in ("..%2f..%2fstembus.toml", "%2e%2e%2fheaders.py", "....//stembus.toml", "%2fetc%2fpasswd"):
        answer = browser().get(path.format(name))
        assert answer.status_code == 404
        assert "root:" not in answer.text


def test_w9_an_upload_is_never_written_under_its_own_name(
    party: Instance, browser: Browsers, clock: SetClock, tmp_path: Path
) -> None:
    candidates_known(party, clock, tmp_path)
    before = files_in(tmp_path)
    office = browser().sign_in(BY[0])
    for path in ("/members/import", f"/procedures/{NAME}/poll/candidates/import"):
        for name in NAMES:
            office.get(path)
            content = b"Lidnummer;Naam\n101;Lid\n"
            answer = office.post(path, files={"file": (name, content, "text/csv")}, as_of="2026-03-01")
            assert answer.status_code < 500
            assert "../" not in answer.text
            assert "stolen" not in answer.cookies
    assert files_in(tmp_path) == before


def test_w14_a_field_of_the_row_that_no_form_has_is_refused(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("101")
    mine.get("/account")
    for field in ("member_id", "strength", "is_admin", "seat_id", "ends_at"):
        assert mine.post("/account/language", mail_language="en", **{field: "1"}).status_code == 400
    assert mine.client.get("/api/me").json()["tables"].get("mail_language", []) == []


def test_w14_a_field_that_is_sent_twice_is_no_way_around_the_first(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("101")
    mine.get("/account")
    body = f"csrf_token=0&csrf_token={mine.form_token}&mail_language=en"
    sent = {"origin": f"https://{HERE}", "sec-fetch-site": "same-origin"}
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert mine.client.post("/account/language", content=body, headers={**sent, **kind}).status_code in (400, 403)


def test_w14_the_settings_of_an_instance_name_what_they_do_not_know(party: Instance) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({"organisation": "x", "origin": "x", "debug": True}, type(party.settings))
