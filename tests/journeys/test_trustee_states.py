"""Every state of a trustee's page, and every reason to stop: everybody can read it, in both languages and themes."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from browsing import PHONE
from ceremony_table import kept_for
from msgspec.structs import replace
from playwright.sync_api import Browser, Page
from readable import hindrances

from stembus.errors import CheckFailed, Problem, Refused, Unavailable
from stembus_ballots.protocol.ceremony_record import Plan
from stembus_ballots.protocol.errors import ProtocolError
from stembus_polls.trustee.desk import Desk
from stembus_polls.trustee.going_on import Kind, Now, terms_of
from stembus_polls.trustee.key_file import NAME
from stembus_polls.trustee.local_page import LocalPage
from stembus_polls.trustee.wire import PollSeen, TrusteeSeen
from stembus_procedures.language.values import Span

NAMES = ("Anna Bakker", "Bo de Vries", "Cas van Dijk", "Dee Visser-van den Heuvel", "Eli Mulder")
POLL = PollSeen(
    organisation="Voorbeeldpartij",
    practice=False,
    now=datetime(2026, 6, 21, 12, tzinfo=UTC),
    uuid="Voorbee1dpart1j",
    title="Verkiezing van de partijraad 2026",
    plan=Plan("Raad", "RFC-3526-2048", 5, 3),
    me=1,
    least_ballots=10,
    objection=Span(n=24, unit="hours"),
    zone="Europe/Amsterdam",
    trustees=tuple(
        TrusteeSeen(
            number=number,
            name=name,
            began=number < 5,
            rehearsals=number % 3,
            mixed=number == 2,
            decrypted=False,
            refused=("PartialDecryption: Question 1, ciphertext 1: its proof does not hold.",) if number == 4 else (),
        )
        for number, name in enumerate(NAMES, 1)
    ),
    step="decrypting",
    decrypt_from=datetime(2026, 6, 21, 14, 30, tzinfo=UTC),
)
SPOKEN = " ".join(f"{number:05}" for number in range(37554, 37566))
KINDS: tuple[Kind, ...] = get_args(Kind)
STOPS: dict[str, ProtocolError | Problem] = {
    "too early": ProtocolError("board.early", "Objections can still be made until 2026-06-21T14:30+00:00."),
    "a ballot that does not count": ProtocolError(
        "list.ballot", "Event 7: The ballot bears a credential that is void."
    ),
    "other terms": CheckFailed("The server now says something else about this poll than you agreed to."),
    "no answer": Unavailable("The server at {address} cannot be reached.", address="https://stem.voorbeeld.example"),
    "refused": Refused("The server did not take it: {said}", said="the proof does not hold"),
}
LOOKS = (("nl", "light"), ("en", "dark"))


class StandIn:
    """A program that always finds the same."""

    def __init__(
        self, kind: Kind = "mix", trouble: ProtocolError | Problem | None = None, poll: PollSeen = POLL
    ) -> None:
        terms = None if kind == "agree" else terms_of(POLL)
        self.kept = replace(kept_for(1), terms=terms, rehearsed=1)
        self._now, self._trouble = Now(kind, poll, (3, 4), spoken=SPOKEN, fingerprint="x"), trouble

    def look(self) -> Now:
        """The same each time."""
        if self._trouble is not None:
            raise self._trouble
        return self._now


def desk(folder: Path, program: StandIn | None = None) -> Desk:
    made = Desk(folder)
    made._program = program  # type: ignore[assignment]  # what the page asks of a program, and no more
    return made


def desks(folder: Path) -> Iterator[tuple[str, Desk]]:
    with_key = folder / "with a key"
    with_key.mkdir()
    (with_key / NAME).write_bytes(b"sealed")
    yield "begin", desk(folder)
    yield "unlock", desk(with_key)
    for kind in KINDS:
        yield kind, desk(folder, StandIn(kind))
    for name, until in (("kept", date(2999, 1, 1)), ("over", date(2026, 7, 1))):
        yield f"counted, {name}", desk(folder, StandIn("counted", poll=replace(POLL, step="counted", keep_until=until)))
    for name, trouble in STOPS.items():
        yield name, desk(folder, StandIn(trouble=trouble))
    stopped = desk(folder, StandIn("mix"))
    stopped._trouble = STOPS["a ballot that does not count"]
    yield "a step that stopped", stopped
    working = desk(folder, StandIn("mix"))
    working._work = SimpleNamespace(is_alive=lambda: True)  # type: ignore[assignment]  # it never ends
    working._makes, working._progress = "mix", ("mix", 48, 72)
    yield "working", working
    closed = desk(folder, StandIn("counted"))
    closed._close({})
    yield "goodbye", closed


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]})
    yield context.new_page()
    context.close()


def test_w12_every_state_of_a_trustee_can_be_read_in_each_language_and_theme(page: Page, tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}
    for name, made in desks(tmp_path):
        local = LocalPage(made)
        threading.Thread(target=local.serve_forever, args=(0.05,), daemon=True).start()
        page.goto(local.address)
        for language, theme in LOOKS:
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            page.goto(f"http://{local.host}/?lang={language}")
            page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
            if wrong := hindrances(page):
                found[f"{name} in {language}, {theme}"] = wrong
        local.shutdown()
        local.server_close()
    assert found == {}
