"""Every page can be read and used by everybody: in each language and both themes, on a phone, and with keys alone."""

import re
from collections.abc import Iterator, Mapping

import pytest
from browsing import Visitor, Visits
from playwright.sync_api import Browser
from readable import hindrances
from route_table import routes_of
from served_site import Site
from sqlmodel import select

from stembus.access.proposals import propose
from stembus.conduct.tables import AdoptedPolicy
from stembus.notices.audience import Numbered
from stembus.notices.drafts import Draft, fates, fates_sha256, mailing_with, save_draft, send_test
from stembus.notices.mailing_words import Text, Texts
from stembus.notices.mailings import release
from stembus.organisation.authority import today
from stembus.organisation.grave_acts import End
from stembus.words import LANGUAGES, Lang
from stembus_party_council.demo.cast import Cast, make_cast
from stembus_party_council.demo.command import CANDIDATES, MEMBERS

COUNCIL = "/procedures/partijraad-2026"
PAGES: tuple[tuple[str, str], ...] = (
    ("nobody", "/"),
    ("nobody", "/sign-in"),
    ("nobody", "/sign-in/letter"),
    ("nobody", "/procedures"),
    ("nobody", COUNCIL),
    ("nobody", f"{COUNCIL}/result"),
    ("nobody", f"{COUNCIL}/seats"),
    ("nobody", "/policies"),
    ("nobody", "/ledger"),
    ("nobody", "/polls/booth"),
    ("nobody", "/never"),
    ("nobody", "/demo"),
    ("nobody", f"/demo/as/{make_cast(MEMBERS, CANDIDATES).supporting.number}"),
    ("nobody", "/mailbox"),
    ("nobody", "/policies/{policy}"),
    ("nobody", "/documents/gedragscode"),
    ("nobody", "/sign-in/enrol"),
    ("nobody", "/sign-in/link/one-that-is-over"),
    ("nobody", "/sign-in/mail"),
    ("nobody", "/sign-in/passkey"),
    ("nobody", "/styleguide"),
    ("member", "/"),
    ("member", "/account"),
    ("member", "/my-data"),
    ("member", "/my-seats"),
    ("member", "/documents"),
    ("member", "/documents/gedragscode"),
    ("member", "/sign-in/again"),
    ("member", f"{COUNCIL}/objection"),
    ("candidate", f"{COUNCIL}/candidacy"),
    ("candidate", f"{COUNCIL}/place"),
    ("office", "/desk"),
    ("office", "/members"),
    ("office", "/members?q=vis"),
    ("office", "/members/export"),
    ("office", "/members/import"),
    ("office", "/members/imports/1"),
    ("office", f"/members/{make_cast(MEMBERS, CANDIDATES).committee[0].number}"),
    ("office", f"/members/{make_cast(MEMBERS, CANDIDATES).supporting.number}/letter-code"),
    ("office", "/members/merge"),
    ("office", "/phone"),
    ("office", "/phone?q=vis"),
    ("office", f"/phone?number={make_cast(MEMBERS, CANDIDATES).supporting.number}"),
    ("office", "/bodies"),
    ("office", "/bodies/stembureau"),
    ("office", "/adopt/definition?of=bestuur"),
    ("office", "/adopt/policy?begin=bestuur"),
    ("office", "/adopt/document?begin=gedragscode"),
    ("office", "/documents/gedragscode/signatures"),
    ("office", f"/seats/give?office=bestuur/member&number={make_cast(MEMBERS, CANDIDATES).committee[0].number}"),
    ("office", f"/seats/end?seat=partijbureau/staff/{make_cast(MEMBERS, CANDIDATES).staff[1].number}"),
    ("office", "/acts"),
    ("office", "/mailings"),
    ("office", "/mailings/new"),
    ("office", "/mailings/uncertain"),
    ("office", "/mailings/{draft}/look"),
    ("office", "/mailings/{draft}/write"),
    ("office", "/mailings/{released}"),
    ("office", "/proposals"),
    ("office", "/proposals/{proposal}"),
    ("colleague", "/proposals/{proposal}/confirm"),
    ("office", "/let-in"),
    ("office", "/procedures/new"),
    ("office", "/procedures/new?earlier=partijraad-2026&anchor=2027-06-19"),
    ("office", "/procedures/new?policy=bestuur&name=x&anchor=2027-09-04"),
    ("office", "/procedures/bestuur-2026/dates?anchor=2026-12-05"),
    ("office", "/procedures/bestuur-2026/manage"),
    ("office", f"{COUNCIL}/manage"),
    ("office", f"{COUNCIL}/poll"),
    ("office", f"{COUNCIL}/poll/candidates"),
    ("office", f"{COUNCIL}/poll/candidates/import"),
    ("office", f"{COUNCIL}/poll/candidates/1"),
    ("office", f"{COUNCIL}/poll/meeting"),
    ("office", f"{COUNCIL}/poll/order"),
    ("office", f"{COUNCIL}/poll/papers"),
    ("office", f"{COUNCIL}/poll/result/preview"),
    ("office", f"{COUNCIL}/poll/remind"),
    ("committee", f"{COUNCIL}/poll/roll"),
    ("committee", f"{COUNCIL}/seating"),
    ("committee", f"{COUNCIL}/recruitment"),
    ("bureau", f"{COUNCIL}/poll/typing"),
    ("bureau", f"{COUNCIL}/poll/rulings"),
    ("bureau", f"{COUNCIL}/poll/hand-out"),
    ("bureau", f"{COUNCIL}/poll/accounting"),
    ("bureau", f"{COUNCIL}/poll/bureau"),
    ("bureau", f"{COUNCIL}/poll/count"),
    ("bureau", f"{COUNCIL}/poll/count/again"),
    ("bureau", f"{COUNCIL}/poll/notes"),
    ("bureau", f"{COUNCIL}/poll/post"),
    ("bureau", f"{COUNCIL}/poll/result"),
)
A_FILE = "a file, and no page"
FOR_MACHINES = "an answer for programs"
LEADS_ON = "it leads to another page"
BOX = "test_w12_axe_finds_nothing_on_the_pages_about_the_box looks at it, in a party with a secret poll"
WAITS = "test_what_waits_can_be_read.py looks at it, in each of its states"
EXCUSED: dict[str, str] = {
    "/adopt/document/proposed/{proposal_id}": WAITS,
    "/adopt/policy/proposed/{proposal_id}": WAITS,
    "/api/ledger/acts/{act_id}/proof": FOR_MACHINES,
    "/api/ledger/checkpoint": FOR_MACHINES,
    "/api/ledger/leaves": FOR_MACHINES,
    "/api/me": FOR_MACHINES,
    "/api/openapi.json": FOR_MACHINES,
    "/api/policies": FOR_MACHINES,
    "/api/policies/{fingerprint}": FOR_MACHINES,
    "/api/procedures": FOR_MACHINES,
    "/api/procedures/{name}": FOR_MACHINES,
    "/documents/{document_id}/file": A_FILE,
    "/health": FOR_MACHINES,
    "/ledger/checkpoint": A_FILE,
    "/ledger/checkpoint/{size}": A_FILE,
    "/ledger/growth/{size}": A_FILE,
    "/ledger/proof": A_FILE,
    "/mailings/{mailing_id}/letters.csv": A_FILE,
    "/mailings/{mailing_id}/letters.pdf": A_FILE,
    "/mailings/{mailing_id}/proof.json": A_FILE,
    "/me": LEADS_ON,
    "/my-data/file": A_FILE,
    "/policies/{fingerprint}/file": A_FILE,
    "/polls/stembus-verify.pyz": A_FILE,
    "/polls/{uuid}": BOX,
    "/polls/{uuid}/ballot.json": A_FILE,
    "/polls/{uuid}/board.bel": A_FILE,
    "/polls/{uuid}/check": "test_w12_axe_finds_nothing_on_any_screen_of_the_checker looks at it",
    "/polls/{uuid}/credentials.txt": A_FILE,
    "/polls/{uuid}/election.json": A_FILE,
    "/polls/{uuid}/mine": BOX,
    "/polls/{uuid}/mine/nothing-cast.txt": A_FILE,
    "/polls/{uuid}/mine/promise.txt": A_FILE,
    "/polls/{uuid}/practice.zip": A_FILE,
    "/polls/{uuid}/side-files/{file}": A_FILE,
    "/polls/{uuid}/trustees": BOX,
    "/procedures/{name}/calendar.ics": A_FILE,
    "/procedures/{name}/my-row": A_FILE,
    "/procedures/{name}/poll/box": "test_box_of_the_committee.py looks at it at each of its moments",
    "/procedures/{name}/poll/papers/paper.pdf": A_FILE,
    "/procedures/{name}/poll/roll/objections/{number}": WAITS,
    "/procedures/{name}/result/archive.zip": A_FILE,
    "/procedures/{name}/result/files/{file}": A_FILE,
    "/procedures/{name}/result/flow/{contest}/{size}": "a picture, which the page of the result describes",
    "/ready": FOR_MACHINES,
    "/sign-in/from/{name}": "the way back from another site, which leads on",
    "/static/{name}": A_FILE,
}
"""Pages that this walk leaves out, each with its reason."""


def number_of(persona: str, cast: Cast) -> str | None:
    """Return the member number of a persona of these pages; nobody has none."""
    return {
        "nobody": None,
        "member": cast.supporting.number,
        "candidate": cast.candidates[0].person.number,
        "office": cast.staff[0].number,
        "colleague": cast.staff[1].number,
        "committee": cast.committee[0].number,
        "bureau": cast.bureau[0].number,
    }[persona]


class Readers:
    """Opens one browser for each persona and language, and keeps it. `ids` fills the places in paths."""

    def __init__(self, visits: Visits, cast: Cast, ids: Mapping[str, str]) -> None:
        self._visits = visits
        self._cast = cast
        self._ids = ids
        self._open: dict[tuple[str, Lang], Visitor] = {}

    def __call__(self, persona: str, lang: Lang, path: str) -> Visitor:
        """Return the browser of a persona that reads a page in a language, in the light theme."""
        if (persona, lang) not in self._open:
            visitor = self._visits(number_of(persona, self._cast), lang=lang, theme="light")
            visitor.page.emulate_media(reduced_motion="reduce")  # else a colour may still fade into the other theme's
            self._open[persona, lang] = visitor
        visitor = self._open[persona, lang]
        answer = visitor.page.goto(visitor.site.address + path.format_map(self._ids))
        # A page about a fault is readable too, and not what is looked at here.
        assert answer is not None, path
        assert answer.status < (500 if path == "/never" else 400), f"{path} answers {answer.status}"
        return visitor


TWICE = """() => [...document.querySelectorAll('[id]')].map(one => one.id)
    .filter((id, place, all) => all.indexOf(id) !== place)"""
"""Ids that a page has twice: a label then belongs to the wrong field."""


THEMED = "theme => { document.documentElement.dataset.theme = theme }"


def left_by_the_office(site: Site, cast: Cast) -> dict[str, str]:
    """Write a mailing and release another, propose to end a seat; return the id of each, and of a policy."""
    instance, (one, *_) = site.instance, cast.staff
    text = Texts(nl=Text("Oproeping voor de ALV", "Beste {name},\n\nU bent welkom op 20 juni."))
    audience = Numbered(tuple(person.number for person in cast.people_in_may[:5]))
    with instance.write() as transaction:
        draft = Draft(
            title="ALV", purpose="statutory", audience=audience, texts=text, day=today(instance, transaction.now)
        )
        kept, sent = (save_draft(transaction, draft, by=one.number) for _ in range(2))
        for mailing in (kept, sent):
            send_test(transaction, mailing, by=one.number)
        looked = fates_sha256(fates(instance, transaction.session, mailing_with(transaction.session, sent)))
        release(transaction, sent, by=one.number, ground="ALV 2025, besluit 3", looked_at=looked)
        end = End(body="kiescommissie", office="member", number=cast.committee[1].number, last_day=None, ground="brief")
        proposal = propose(transaction, "seats.end", end, by=one.number)
        policy = transaction.session.exec(select(AdoptedPolicy.fingerprint)).first()
        return {"draft": kept, "released": sent, "proposal": proposal.id, "policy": str(policy)}


@pytest.fixture(scope="module")
def readers(chromium: Browser, site: Site, cast: Cast) -> Iterator[Readers]:
    visits = Visits(chromium, site)
    yield Readers(visits, cast, left_by_the_office(site, cast))
    visits.close()


def test_every_page_is_looked_at_or_left_out_for_a_reason(site: Site) -> None:
    shown = [one.path for one in routes_of(site.instance) if one.method == "GET" and not one.is_for_programs]

    def route_of(path: str) -> str | None:
        fitting = [one for one in shown if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(one)), path)]
        return min(fitting, key=lambda one: one.count("{"), default=None)

    looked_at = {route_of(path.partition("?")[0]) for _, path in PAGES}
    assert set(shown) - looked_at - EXCUSED.keys() == set(), "a page that nobody looks at: add it to PAGES"
    assert looked_at & EXCUSED.keys() == set(), "what is looked at needs no excuse"
    assert EXCUSED.keys() - set(shown) == set(), "an excuse for what is no page any more"


@pytest.mark.parametrize(("persona", "path"), PAGES)
def test_w12_axe_finds_nothing_in_any_language_or_theme_on_a_phone(readers: Readers, persona: str, path: str) -> None:
    found = []
    for lang in LANGUAGES:
        visitor = readers(persona, lang, path)
        page = visitor.page
        assert page.locator("h1").count() == 1, f"{path} ({lang}) has no heading of its own"
        for theme in ("light", "dark"):
            page.evaluate(THEMED, theme)
            found += [f"{lang} {theme}: {one}" for one in hindrances(page, only_colours=theme == "dark")]
        found += [f"{lang}: two parts are called {one}" for one in page.evaluate(TWICE)]
        found += visitor.faults
        visitor.faults.clear()
    assert found == []


@pytest.mark.parametrize(("persona", "path"), PAGES)
def test_every_page_can_be_walked_with_the_keyboard(readers: Readers, persona: str, path: str) -> None:
    page = readers(persona, "en", path).page
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0
            && !(one.type === 'radio' && !one.checked
                && (one.form.elements[one.name].value || one !== one.form.elements[one.name][0]))).length"""
    )
    page.evaluate(
        "() => { window.reached = new Set(); "
        "document.addEventListener('focusin', event => window.reached.add(event.target)); }"
    )
    dates = page.locator("input[type=date], input[type=datetime-local]").count()
    for _ in range(min(wanted + 5, 150) + 6 * dates):  # a date is walked through day by month by year
        page.keyboard.press("Tab")
    reached = page.evaluate("() => window.reached.size")
    assert reached >= min(wanted, 140), f"{reached} of {wanted} can be reached"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_parts_that_unfold_in_one_card_have_one_name(readers: Readers, lang: Lang) -> None:
    page = readers("candidate", lang, "/my-data").page
    names = page.evaluate(
        "() => [...document.querySelectorAll('.card')].map(card =>"
        " [...card.querySelectorAll('summary')].map(one => one.textContent.trim()))"
    )
    assert any(names)
    assert [of_card for of_card in names if len(set(of_card)) < len(of_card)] == []
