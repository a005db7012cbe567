"""A secret poll on its page, from the rehearsal to the verdicts, and an outsider who verifies what they download."""

import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from browsing import DESK, PHONE, Visits
from copied_instances import EmptyInstances
from counted_box import closed, opened_by_trustees, paper_file, vote_on_paper
from playwright.sync_api import Browser, Page, expect
from readable import hindrances
from secret_poll_party import BY, NAME, PREPARING, VOTING
from sqlmodel import select
from trustee_party import TrusteeParty, copied_trustee_party, quick_to_open

from stembus.access.proposal_tables import Proposal
from stembus.access.proposals import confirm
from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.web.cookies import SESSION
from stembus_polls.contests import AT_LARGE
from stembus_polls.credentials.secret_list import write_paper_credentials
from stembus_polls.secret.tables import SecretPapers
from stembus_polls.secret.verdicts import verdicts_on

ONLINE = [(0, 1, 2), (1, 0), (2,), (0,), (3, 4), (4, 3, 2, 1, 0), (1,), ()]
PAPERS = ["1 2", "blank", "? 2 or 3", "5"]
PASSPHRASE = "vijf woorden voor het papier"  # noqa: S105 - of this test
BOX = f"/procedures/{NAME}/poll/box?contest={AT_LARGE}"
THEMED = "theme => { document.documentElement.dataset.theme = theme }"


@pytest.fixture
def party(tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrusteeParty]:
    """The trustees have a key and have not rehearsed with it."""
    quick_to_open(monkeypatch)
    (tmp_path / "originals").mkdir()
    (tmp_path / "party").mkdir()
    instances = EmptyInstances("sqlite", tmp_path / "originals", None)
    with copied_trustee_party(instances, clock, tmp_path / "party", _key_made) as made:
        clock.set(PREPARING)
        yield made


def _key_made(party: TrusteeParty) -> None:
    party.begin(1, 2, 3)
    party.look()


@pytest.fixture
def visits(chromium: Browser, party: TrusteeParty) -> Iterator[Visits]:
    """Opens browsers on the site of the party."""
    opened = Visits(chromium, party.site)
    yield opened
    opened.close()


def confirmed(instance: Instance) -> None:
    """Let the second person confirm the only proposal that is open."""
    with instance.write() as transaction:
        row = transaction.session.exec(select(Proposal).where(Proposal.outcome == "")).one()
        confirm(transaction, row.id, by=BY[1], shown_sha256=row.shown_sha256)


def looked_at(page: Page, path: str) -> None:
    """Look at a page with axe in Dutch and in English, in both themes, as wide as a phone and a desk."""
    found = []
    for lang, theme, size in (("nl", "light", PHONE), ("en", "dark", DESK)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        page.evaluate(THEMED, theme)
        found += [f"{lang}: {one}" for one in hindrances(page)]
    assert found == []


def waited_for(page: Page, text: str) -> None:
    """Look again and again until the page says it, as somebody who waits would."""
    until = time.monotonic() + 120
    while page.get_by_text(text).count() == 0:
        assert time.monotonic() < until, page.inner_text("main")
        again = page.get_by_role("link", name="Look again how far it is")
        (again.click if again.count() else page.reload)()
        page.wait_for_timeout(200)


def test_two_people_hold_a_secret_poll_on_its_page_and_an_outsider_verifies_what_they_download(
    party: TrusteeParty, visits: Visits, tmp_path: Path
) -> None:
    box = party.site.address + BOX
    page = visits(BY[0], lang="en", size=DESK).page
    page.emulate_media(reduced_motion="reduce")

    def at(moment: str) -> None:
        signs_in_again(page, party)
        looked_at(page, box)
        expect(page.get_by_role("heading", name="The electronic ballot box")).to_be_visible()
        assert moment in page.inner_text("main")

    def proposed(button: str) -> None:
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text("Your proposal is made.")).to_be_visible()
        confirmed(party.instance)

    at("It waits for every trustee to rehearse twice")
    assert page.get_by_role("button", name="Propose to set it up").count() == 0
    party.rehearse()
    at("Key and codes are here: it can be set up.")
    proposed("Propose to set it up")
    at("Known votes go through the same configuration")
    page.get_by_role("button", name="Begin to practise").click()
    expect(page.get_by_text("It has begun, and goes on by itself.")).to_be_visible()
    waited_for(page, "known votes came out as they went in. Two people record that.")
    at("Propose to record it")
    proposed("Propose to record it")
    at("Known votes came out as they went in, and the box itself was empty after it.")
    party.party.clock.set(VOTING)
    for number, choice in zip(party.party.voters, ONLINE, strict=False):
        party.party.vote(number, choice)
    vote_on_paper(party, PAPERS)
    at("Votes came on paper, and they are not in the box yet.")
    papers_go_in(party, page, tmp_path, at, proposed)
    closed(party)
    at("The vote is over: two people seal the box.")
    proposed("Propose to seal it")
    opened_by_trustees(party)
    at("The result is used only once its archive was verified.")
    page.get_by_role("button", name="Begin to verify").click()
    waited_for(page, "Propose to keep the verdicts")
    at("belenios-tool")
    proposed("Propose to keep the verdicts")
    at("Everything holds.")
    with party.instance.read() as session:
        assert [one.holds for one in verdicts_on(session, party.party.uuid)] == [True, True]
    looked_at(page, f"{party.site.address}/polls/{party.party.uuid}")
    an_outsider_verifies(page, tmp_path)


def signs_in_again(page: Page, party: TrusteeParty) -> None:
    """Begin a session: in these tests days pass between two steps, and no session lasts so long."""
    secure = party.site.address.replace("http://", "https://")
    page.context.add_cookies(
        [
            {
                "name": SESSION,
                "value": party.site.secret_of(BY[0]),
                "url": secure,
                "secure": True,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )


def papers_go_in(
    party: TrusteeParty, page: Page, tmp_path: Path, at: Callable[[str], None], proposed: Callable[[str], None]
) -> None:
    """The stembureau hands in the file with the codes for paper, mistypes its passphrase once, and proposes."""
    file = tmp_path / "paper.sealed"
    write_paper_credentials(file, paper_file(party), PASSPHRASE)

    def hand_in(passphrase: str) -> None:
        page.get_by_label("The file with the codes for paper").set_input_files(file)
        page.get_by_label("The passphrase of the file").fill(passphrase)
        page.get_by_role("button", name="Encrypt the votes from paper").click()

    hand_in("een andere wachtzin")
    expect(page.get_by_role("alert")).to_contain_text("This passphrase does not open paper.sealed")
    expect(page.get_by_label("The passphrase of the file")).to_have_value("")
    hand_in(PASSPHRASE)
    expect(page.get_by_text("It has begun, and goes on by itself.")).to_be_visible()
    waited_for(page, f"{len(PAPERS)} votes from paper are encrypted.")
    at("Propose to put them in")
    proposed("Propose to put them in")
    with party.instance.read() as session:
        assert session.exec(select(SecretPapers.papers)).one() == len(PAPERS)


def an_outsider_verifies(page: Page, tmp_path: Path) -> None:
    """Everything that the page links to and its commands name, in an empty folder, with nothing else of the party."""
    folder = tmp_path / "outsider"
    folder.mkdir()
    page.get_by_text("The commands to verify it with").click()
    fetch, ours, theirs = (shlex.split(one) for one in page.locator("details pre").all_inner_texts())
    addresses = [word for word in fetch if word.startswith("http")]
    linked = page.eval_on_selector_all("main a", "all => all.map(one => one.href)")
    assert set(addresses) <= set(linked)
    for address in addresses:
        answer = httpx.get(address)
        assert answer.status_code == 200, address
        named = answer.headers.get("content-disposition", "").partition('filename="')[2].rstrip('"')
        (folder / (named or address.rpartition("/")[2])).write_bytes(answer.content)
    assert sum(one.name.startswith("trustee-") for one in folder.iterdir()) == 2
    judged = subprocess.run([sys.executable, *ours[1:]], cwd=folder, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "not checked" not in judged.stdout
    (folder / "trustee-2.json").unlink()
    lacking = [word for word in ours[1:] if "trustee-2" not in word]
    lacking.remove("--side-file")
    assert subprocess.run([sys.executable, *lacking], cwd=folder, capture_output=True, check=False).returncode == 1
    other = subprocess.run(theirs, cwd=folder, capture_output=True, text=True, check=False)
    assert other.returncode == 0
    assert "all checks passed" in other.stderr + other.stdout
