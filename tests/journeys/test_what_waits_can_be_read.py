"""Pages about what waits for a decision are readable in each of their states: a policy, a document, an objection."""

from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from browsing import Visits
from copied_instances import EmptyInstances
from msgspec.structs import replace
from playwright.sync_api import Browser
from readable import hindrances
from secret_poll_party import BY, NAME, begun_party
from served_site import Site, serve_in_thread
from sqlmodel import select

from stembus.access.proposals import propose
from stembus.clock import SetClock
from stembus.conduct.grave_acts import Adopt
from stembus.conduct.policies import read_source
from stembus.conduct.tables import Procedure
from stembus.documents.adopting import adopt_document
from stembus.documents.grave_acts import AdoptDocument
from stembus.documents.reading import read_document
from stembus.instance import Transaction
from stembus.words import LANGUAGES
from stembus_polls.roll.tables import RollObjection

THEMED = "theme => { document.documentElement.dataset.theme = theme }"


@pytest.fixture
def site(tmp_path: Path, clock: SetClock) -> Iterator[Site]:
    """A party in which somebody proposed a policy and a document, and in which two members objected to the roll."""
    (tmp_path / "party").mkdir()
    instance = EmptyInstances("sqlite", tmp_path, None).copy_to(tmp_path / "party")
    instance.clock = clock
    begun_party(instance, clock, numbers=("2001", "2002"), changes={})
    served, server = serve_in_thread(instance)
    yield served
    server.stop()
    instance.close()


def proposed(transaction: Transaction) -> dict[str, str]:
    """Propose the first version of a policy, and the second one of a document; return the page of each."""
    source = read_source("bestuur", transaction.instance.plugins)
    policy = Adopt(name=source.policy.id, text=source.text, decision="ALV 2026, besluit 9")
    version = read_document(files("stembus_party_council.demo") / "documents" / "gedragscode")
    adopt_document(transaction, version, by=BY, decision="besluit 8")
    words = version.texts[0].markdown + "\n\nEn iedereen telt.\n"
    text = replace(version.texts[0], markdown=words, sha256=sha256(words.encode()).hexdigest())
    again = replace(version, about=replace(version.about, version=2), texts=(text, *version.texts[1:]))
    document = AdoptDocument(version=again, decision="besluit 9")
    return {
        "policy": propose(transaction, "policy.adopt", policy, by=BY[0]).id,
        "document": propose(transaction, "documents.adopt", document, by=BY[0]).id,
    }


def objected(transaction: Transaction) -> None:
    """Let there be an objection to the roll that waits for a decision, and one that was decided."""
    raad = transaction.session.exec(select(Procedure).where(Procedure.name == NAME)).one()
    for number, decision in ((1, ""), (2, "rejected")):
        transaction.session.add(
            RollObjection(
                procedure_id=raad.id,
                number=number,
                member_id=f"m200{number}",
                ground="Ik hoor niet op de lijst te staan.",
                at=transaction.now,
                decision=decision,
                decision_ground="Lid op de peildatum." if decision else "",
                decided_at=transaction.now if decision else None,
                act_id=raad.act_id,
            )
        )
    transaction.session.flush()


def test_w12_axe_finds_nothing_on_what_waits_for_a_decision(chromium: Browser, site: Site) -> None:
    with site.instance.write() as transaction:
        ids = proposed(transaction)
        objected(transaction)
    objections = f"/procedures/{NAME}/poll/roll/objections"
    pages = [f"/adopt/{what}/proposed/{proposal}" for what, proposal in ids.items()]
    visits, found = Visits(chromium, site), []
    for person in BY:
        page = visits(person).page
        page.emulate_media(reduced_motion="reduce")
        for path in (*pages, f"{objections}/1", f"{objections}/2") if person == BY[0] else pages:
            for lang in LANGUAGES if person == BY[0] else LANGUAGES[:1]:
                answer = page.goto(f"{site.address}{path}?lang={lang}")
                assert answer is not None
                assert answer.status == 200, path
                assert page.locator("h1").count() == 1
                for theme in ("light", "dark"):
                    page.evaluate(THEMED, theme)
                    hindered = hindrances(page, only_colours=theme == "dark")
                    found += [f"{path} {lang} {theme}: {one}" for one in hindered]
    visits.close()
    assert found == []
