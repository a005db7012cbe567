"""The voting booth on a slow telephone: Chromium with its processor throttled six times, against a real server."""

import statistics
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the party, the server and the browser of the tests

from booth_page import Functions
from browsing import CHROMIUM, PHONE, QUIET
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from secret_poll_party import VOTING, SecretParty, secret_party
from secret_polls import SecretPoll
from served_site import serve_in_thread

from stembus.clock import SetClock
from stembus.create import create_instance
from stembus_ballots.protocol.election import Homomorphic, Question, ranked_question
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Group
from stembus_ballots.protocol.rankings import Meaning, extra_of
from stembus_polls.secret.hand_over import make_code

THROTTLE = 6
RUNS = 5
TITLE = (
    f"The voting booth: processor throttled {THROTTLE} times, median of {RUNS} (aim: 2 s from “cast” to the receipt)"
)
NAMES = tuple(f"Kandidaat {number}" for number in range(1, 21))
UNTIL = """async ([selector, wanted]) => {
    const start = performance.now();
    document.querySelector(selector).click();
    while (!document.querySelector(wanted)) await new Promise(done => setTimeout(done, 5));
    return performance.now() - start;
}"""
BALLOT = """
    let at = performance.now();
    const election = await readElection(given.election);
    await election.ready;
    const tables = performance.now() - at;
    at = performance.now();
    const unsigned = await unsignedBallot(election, given.credential, given.vote, new Uint8Array(32));
    return [tables, performance.now() - at];
"""


def run() -> bool:
    """Prints both tables; False where Chromium is missing."""
    if not CHROMIUM.exists():
        print("NOT MEASURED: Chromium is missing (Debian: apt-get install chromium)")
        return False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        _print_ballots(browser)
        _print_casts(browser)
        browser.close()
    return True


def _print_ballots(browser: Browser) -> None:
    table = Table("milliseconds", "tables of powers", "encrypt and prove")
    on_one = _counted(("voor", "tegen"), 1)
    kinds: tuple[tuple[str, Group, list[Question], list[list[int]]], ...] = (
        ("for, against or blank", BELENIOS_2048, [on_one], [[0, 1, 0]]),
        ("the same on each of 20", BELENIOS_2048, [on_one] * 20, [[0, 1, 0]] * 20),
        ("1 to 5 of 20", BELENIOS_2048, [_counted(NAMES, 5)], [[0, *[1] * 5, *[0] * 15]]),
        ("a ranking of 20", RFC_3526_2048, [_ranked()], [[*range(1, 21)]]),
    )
    for name, group, questions, vote in kinds:
        poll = SecretPoll(questions, group=group)
        given = {"election": poll.election_text.decode(), "credential": group.text(poll.keys[0]), "vote": vote}
        found = []
        for _ in range(RUNS):
            functions = Functions(browser)
            _throttle(functions.page)
            found.append(functions.call(BALLOT, given))
            functions.close()
        table.add_row(name, *(f"{statistics.median(times):.0f}" for times in zip(*found, strict=True)))
    Console().print(table)


def _print_casts(browser: Browser) -> None:
    table = Table("milliseconds, a ranking of 20", "median", "slowest")
    with tempfile.TemporaryDirectory() as folder:
        clock = SetClock(VOTING)
        instance = create_instance(
            Path(folder) / "i", organisation="Voorbeeldpartij", origin="v.example", practice=True
        )
        instance.clock = clock
        party = secret_party(instance, clock, voters=2 * RUNS, paper=0, candidates=NAMES)  # fewer vote on paper
        _site, server = serve_in_thread(instance)
        found = [_cast(browser, party, number) for number in party.voters[:RUNS]]
        server.stop()
        instance.close()
    steps = (
        "opened until the voting code can be typed",
        "code typed until the ballot is there",
        "“cast” until the receipt",
    )
    for step, times in zip(steps, zip(*found, strict=True), strict=True):
        table.add_row(step, f"{statistics.median(times):.0f}", f"{max(times):.0f}")
    Console().print(table)


def _cast(browser: Browser, party: SecretParty, number: str) -> tuple[float, float, float]:
    """Vote once, and return how long the three steps took."""
    with party.instance.write() as transaction:
        code = make_code(transaction, party.uuid, member_id=party.member(number), voter_id=party.member(number))
    context = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]})
    page = context.new_page()
    _throttle(page)
    page.goto(f"{party.instance.settings.sites['booth']}/#{party.uuid}.{code}")
    page.wait_for_selector("#code")
    opened: float = page.evaluate("performance.now()")
    page.fill("#code", party.codes[number])
    chosen: float = page.evaluate(UNTIL, ["button[type=submit]", ".ranking"])
    for at in range(len(NAMES)):
        page.click(f"[data-key=in-{at}]")
    page.click("button[type=submit]")
    page.wait_for_timeout(3_000)  # somebody reads what they chose
    cast: float = page.evaluate(UNTIL, [".actions .button", "#tracker"])
    context.close()
    return opened, chosen, cast


def _throttle(page: Page) -> None:
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})


def _counted(answers: tuple[str, ...], most: int) -> Homomorphic:
    return Homomorphic(question="Wie?", answers=answers, blank=True, min=1, max=most)


def _ranked() -> Question:
    return ranked_question("In welke volgorde?", NAMES, extra_of(Meaning(places="strict", side_files=True)))
