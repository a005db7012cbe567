"""Voters in the booth: a party whose secret poll is open, served for real, and people with browsers."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from browsing import PHONE
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from secret_poll_party import VOTING, SecretParty, secret_party
from served_site import Site, serve_in_thread
from sqlmodel import select

from stembus.clock import SetClock
from stembus.create import create_instance
from stembus_ballots.protocol.election import Ranked
from stembus_ballots.protocol.group import Element
from stembus_polls.secret.hand_over import make_code
from stembus_polls.secret.tables import Cast

LONG = 60_000


def key_of(party: SecretParty) -> int:
    """The key of the poll, from the shares of as many trustees as it takes: only a test has them together."""
    q, threshold = int(party.election.group.q), 2
    secret = 0
    for index in range(1, threshold + 1):
        weight = 1
        for other in range(1, threshold + 1):
            if other != index:
                weight = weight * other * pow(other - index, -1, q) % q
        secret = (secret + weight * party.trustee_secrets[index - 1]) % q
    return secret


def opened(party: SecretParty, ballot: bytes) -> list[list[int]]:
    """What is in a ballot, for each question its numbers."""
    group, key, found = party.election.group, key_of(party), []

    def plain(ciphertext: dict[str, str]) -> Element:
        factor = group.power(int(ciphertext["alpha"]), key)
        return group.mul(int(ciphertext["beta"]), group.inverse(factor))

    for question, answer in zip(party.election.questions, json.loads(ballot)["answers"], strict=True):
        if isinstance(question, Ranked):
            found.append(list(group.decode(plain(answer["choices"]), question.values)))
        else:
            found.append([0 if plain(one) == group.identity else 1 for one in answer["choices"]])
    return found


class Voter:
    """Somebody on the way to the booth, with a browser in which everything is noted that is sent and said."""

    def __init__(self, chromium: Browser, site: Site, party: SecretParty, number: str, **options: Any) -> None:
        self.site, self.party, self.number = site, party, number
        self.context: BrowserContext = chromium.new_context(
            **{"viewport": {"width": PHONE["width"], "height": PHONE["height"]}, "locale": "nl-NL", **options}
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.sent: list[Request] = []
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        """Note what a page sends, and what goes wrong in it: a break of its policy fails the journey (W4)."""
        page.set_default_timeout(LONG)
        page.on("request", lambda request: self.sent.append(request))  # noqa: PLW0108 - Playwright marks what it calls
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.faults.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )

    @property
    def booth(self) -> str:
        """The address of the booth."""
        return self.site.instance.settings.sites["booth"]

    def enter(self, *, lang: str = "nl", holder: str | None = None, credential: str = "") -> None:
        """Go to the booth with a code from the pages; `credential` is in the link too where it is given."""
        with self.party.instance.write() as transaction:
            code = make_code(
                transaction,
                self.party.uuid,
                member_id=self.party.member(holder or self.number),
                voter_id=self.party.member(self.number),
                language=lang,
            )
        credential = credential and f".{credential}"
        self.page.goto(f"{self.booth}/#{self.party.uuid}.{code}{credential}")

    def sign(self, typed: str | None = None) -> None:
        """Type the voting code and go on to the choice."""
        self.page.fill("#code", typed or self.party.codes[self.number])
        self.page.press("#code", "Enter")
        expect(self.page.locator(".question").first).to_be_visible(timeout=LONG)

    def rank(self, order: Sequence[int]) -> None:
        """Put candidates (from 0) in an order, and go on to look at it."""
        for candidate in order:
            self.page.click(f"[data-key=in-{candidate}]")
        self.look()

    def look(self) -> None:
        """Go on to look at the vote."""
        self.page.click("form button[type=submit]")
        expect(self.page.locator(".vote").first).to_be_visible(timeout=LONG)

    def cast(self) -> str:
        """Cast, and return the tracker."""
        self.page.click(".actions .button >> nth=0")
        return self.tracker()

    def tracker(self) -> str:
        """The tracker, once it is shown."""
        expect(self.page.locator("#tracker")).to_be_visible(timeout=LONG)
        return self.page.inner_text("#tracker")

    def commitment(self) -> str:
        """Unfold the check of the booth, and return its code."""
        self.page.click("#more-check summary")
        return self.page.inner_text("#commitment")

    def open_it(self) -> str:
        """Let the booth show how the ballot was made, and return what it shows."""
        self.page.click("#more-check .actions button")
        self.page.locator("#opening").wait_for(state="attached")
        return self.page.text_content("#opening") or ""

    def casts(self) -> list[Request]:
        """The requests that brought a ballot."""
        return [one for one in self.sent if one.url.endswith("/api/casts")]

    def ballot(self) -> bytes:
        """The ballot that was sent last."""
        ballot: str = json.loads(self.casts()[-1].post_data or "")["ballot"]
        return ballot.encode()

    def close(self) -> None:
        """Close the browser. Nothing may have gone wrong in it."""
        self.context.close()
        assert self.faults == []


class Open(NamedTuple):
    """A poll that is open, and where its pages are."""

    party: SecretParty
    site: Site


@contextmanager
def serving(folder: Path, **kind: Any) -> Iterator[Open]:
    """Serve a party of this kind whose poll is open."""
    clock = SetClock(VOTING)
    instance = create_instance(
        folder / "instance", organisation="Voorbeeldpartij", origin="voorbeeldpartij.example/ledger", practice=True
    )
    instance.clock = clock
    party = secret_party(instance, clock, paper=0, **kind)
    site, server = serve_in_thread(instance)
    yield Open(party, site)
    server.stop()
    instance.close()


Enter = Callable[..., Voter]


def voters_of(chromium: Browser, poll: Open) -> Iterator[Enter]:
    """Give what gives the next member of a poll who did not vote yet a browser."""
    there: list[Voter] = []
    poll.party.clock.set(VOTING)

    def enter(**options: Any) -> Voter:
        with poll.party.instance.read() as session:
            voted = set(session.exec(select(Cast.member_id)))
        taken = {one.number for one in there}
        number = next(n for n in poll.party.voters if f"m{n}" not in voted and n not in taken)
        there.append(Voter(chromium, poll.site, poll.party, number, **options))
        return there[-1]

    yield enter
    for one in there:
        one.close()
