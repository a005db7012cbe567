"""Anybody, without signing in: the page of a procedure, its calendar, its result, and proofs they check themselves."""

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from browsing import PHONE
from keyboard import Keyboard
from playwright.sync_api import Locator, expect
from served_site import Site

from stembus_party_council.demo.cast import Cast

COUNCIL = "/procedures/partijraad-2026"


@pytest.fixture
def visitor(site: Site, enter: Callable[..., Keyboard]) -> Keyboard:
    return enter(site, size=PHONE)


class Event(NamedTuple):
    """One moment in a calendar file."""

    name: str
    at: datetime


def events_of(text: str) -> list[Event]:
    """Read a calendar file by RFC 5545: long lines unfolded, commas and semicolons unescaped."""
    found, fields = [], {}
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        fields[name.partition(";")[0]] = value
        if line == "BEGIN:VEVENT":
            fields = {}
        if line == "END:VEVENT":
            at = datetime.strptime(fields["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append(Event(re.sub(r"\\(.)", r"\1", fields["SUMMARY"]), at))
    return found


def download(visitor: Keyboard, target: Locator) -> str:
    """Take a file as a visitor does, and return its text."""
    visitor.reach(target)
    with visitor.page.expect_download() as waiting:
        visitor.page.keyboard.press("Enter")
    return waiting.value.path().read_bytes().decode("utf-8")


def test_anybody_reads_the_page_of_a_procedure_and_puts_its_dates_in_a_calendar(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.go("/")
    visitor.follow(page.get_by_role("link", name="Election of the party council"))
    expect(page.get_by_role("heading", name="Who does what")).to_be_visible()
    events = events_of(download(visitor, page.get_by_role("link", name="Put the dates in my calendar")))
    opens = [one.at for one in events if "vote" in one.name and "opens" in one.name]
    assert datetime(2026, 6, 15, 7, tzinfo=UTC) in opens, events


def test_anybody_recomputes_the_outcome_from_the_data_that_is_public(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.go(f"{COUNCIL}/result")
    elected = page.get_by_role("main").locator("ol").first.locator("strong").all_inner_texts()
    rows = list(csv.reader(io.StringIO(download(visitor, page.get_by_role("link", name=re.compile("^stages-"))))))
    report = json.loads(download(visitor, page.get_by_role("link", name="report.json")))
    assert len(elected) == 13
    text = json.dumps(report, ensure_ascii=False)
    assert all(name in text for name in elected)
    assert len(rows) == 1 + len(report["contests"][0]["count"]["stages"])
    archive = page.request.get(f"{visitor.site.address}{COUNCIL}/result/archive.zip").body()
    visitor.press(page.get_by_text("Is this the file that was made public?"))
    expect(page.get_by_text(hashlib.sha256(archive).hexdigest())).to_be_visible()


def root_of(leaf: bytes, position: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that a leaf and its path lead to, by RFC 9162 section 2.1.3.2, and by nothing of ours."""
    place, last, found = position, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for other in path:
        if place % 2 or place == last:
            found = hashlib.sha256(b"\1" + other + found).digest()
            while not place % 2 and place:
                place, last = place // 2, last // 2
        else:
            found = hashlib.sha256(b"\1" + found + other).digest()
        place, last = place // 2, last // 2
    assert last == 0
    return found


def test_anybody_keeps_a_checkpoint_and_checks_a_proof_with_a_program_of_their_own(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.go("/ledger")
    checkpoint = download(visitor, page.get_by_role("link", name="Download the newest checkpoint"))
    visitor.write(page.get_by_label(re.compile("Number of an act")), "7")
    proof = json.loads(download(visitor, page.get_by_role("button", name="Download the proof that it is in the log")))
    _origin, size, root = checkpoint.splitlines()[:3]
    leaf = proof["leaf"].encode()
    path = [base64.b64decode(one) for one in proof["path"]]
    assert base64.b64encode(root_of(leaf, proof["position"], int(size), path)).decode() == root


def test_anybody_reads_open_data(visitor: Keyboard) -> None:
    page = visitor.page

    def ask(path: str) -> object:
        return page.request.get(f"{visitor.site.address}/api{path}").json()

    names = [one["name"] for one in ask("/procedures")]  # type: ignore[attr-defined]
    assert names == ["bestuur-2026", "partijraad-2026"]
    assert {one["id"] for one in ask("/policies")} == {"partijraad", "bestuur", "afdeling-aanmelding"}  # type: ignore[attr-defined]


def test_in_the_demonstration_one_click_makes_you_somebody(visitor: Keyboard, cast: Cast) -> None:
    visitor.go(f"/demo/as/{cast.staff[0].number}")
    visitor.follow(visitor.page.get_by_role("main").get_by_role("button").first)
    visitor.go("/desk")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Desk")
