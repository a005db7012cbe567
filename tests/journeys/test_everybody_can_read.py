"""Every page can be read and used by everybody: in each language and both themes, on a phone, and with keys alone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor, Visits
from playwright.sync_api import Browser
from served_site import Site

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
    ("member", "/"),
    ("member", "/account"),
    ("member", "/my-data"),
    ("member", "/my-seats"),
    ("member", "/documents"),
    ("member", f"{COUNCIL}/objection"),
    ("candidate", f"{COUNCIL}/candidacy"),
    ("candidate", f"{COUNCIL}/place"),
    ("office", "/desk"),
    ("office", "/members"),
    ("office", "/members?q=vis"),
    ("office", "/members/import"),
    ("office", "/members/merge"),
    ("office", "/phone"),
    ("office", "/phone?q=vis"),
    ("office", f"/phone?number={make_cast(MEMBERS, CANDIDATES).supporting.number}"),
    ("office", "/bodies"),
    ("office", "/bodies/bestuur"),
    ("office", "/adopt/definition?of=bestuur"),
    ("office", "/adopt/policy?begin=bestuur"),
    ("office", "/adopt/document?begin=gedragscode"),
    ("office", "/documents/gedragscode/signatures"),
    ("office", f"/seats/give?office=bestuur/member&number={make_cast(MEMBERS, CANDIDATES).committee[0].number}"),
    ("office", f"/seats/end?seat=partijbureau/staff/{make_cast(MEMBERS, CANDIDATES).staff[1].number}"),
    ("office", "/acts"),
    ("office", "/mailings"),
    ("office", "/mailings/new"),
    ("office", "/proposals"),
    ("office", "/let-in"),
    ("office", "/procedures/new"),
    ("office", "/procedures/new?earlier=partijraad-2026&anchor=2027-06-19"),
    ("office", "/procedures/new?policy=bestuur&name=x&anchor=2027-09-04"),
    ("office", "/procedures/bestuur-2026/dates?anchor=2026-12-05"),
    ("office", "/procedures/bestuur-2026/manage"),
    ("office", f"{COUNCIL}/manage"),
    ("office", f"{COUNCIL}/poll"),
    ("office", f"{COUNCIL}/poll/candidates"),
    ("office", f"{COUNCIL}/poll/meeting"),
    ("committee", f"{COUNCIL}/poll/roll"),
    ("committee", f"{COUNCIL}/seating"),
    ("committee", f"{COUNCIL}/recruitment"),
    ("bureau", f"{COUNCIL}/poll/typing"),
    ("bureau", f"{COUNCIL}/poll/rulings"),
    ("bureau", f"{COUNCIL}/poll/hand-out"),
    ("bureau", f"{COUNCIL}/poll/count"),
    ("bureau", f"{COUNCIL}/poll/result"),
)


def number_of(persona: str, cast: Cast) -> str | None:
    """Return the member number of a persona of these pages; nobody has none."""
    return {
        "nobody": None,
        "member": cast.supporting.number,
        "candidate": cast.candidates[0].person.number,
        "office": cast.staff[0].number,
        "committee": cast.committee[0].number,
        "bureau": cast.bureau[0].number,
    }[persona]


class Readers:
    """Opens one browser for each persona, language and theme, and keeps it."""

    def __init__(self, visits: Visits, cast: Cast) -> None:
        self._visits = visits
        self._cast = cast
        self._open: dict[tuple[str, Lang, str], Visitor] = {}

    def __call__(self, persona: str, lang: Lang, theme: str) -> Visitor:
        """Return the browser of a persona that reads in a language and a theme."""
        key = (persona, lang, theme)
        if key not in self._open:
            self._open[key] = self._visits(number_of(persona, self._cast), lang=lang, theme=theme)
        return self._open[key]


TWICE = """() => [...document.querySelectorAll('[id]')].map(one => one.id)
    .filter((id, place, all) => all.indexOf(id) !== place)"""
"""Ids that a page has twice: a label then belongs to the wrong field."""


@pytest.fixture(scope="module")
def readers(chromium: Browser, site: Site, cast: Cast) -> Iterator[Readers]:
    visits = Visits(chromium, site)
    yield Readers(visits, cast)
    visits.close()


@pytest.mark.parametrize(("persona", "path"), PAGES)
def test_w12_axe_finds_nothing_in_any_language_or_theme_on_a_phone(readers: Readers, persona: str, path: str) -> None:
    found = []
    for lang in LANGUAGES:
        for theme in ("light", "dark"):
            visitor = readers(persona, lang, theme)
            page = visitor.go(path)
            assert page.locator("h1").count() == 1, f"{path} ({lang}) has no heading of its own"
            results = Axe().run(page)
            found += [
                f"{lang} {theme}: {one['id']}: {one['nodes'][0]['html'][:120]}"
                for one in results.response["violations"]
            ]
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            if wide:
                found.append(f"{lang} {theme}: the page runs off the side of a phone")
            found += [f"{lang} {theme}: two parts are called {one}" for one in page.evaluate(TWICE)]
            found += visitor.faults
            visitor.faults.clear()
    assert found == []


@pytest.mark.parametrize(("persona", "path"), PAGES)
def test_every_page_can_be_walked_with_the_keyboard(readers: Readers, persona: str, path: str) -> None:
    page = readers(persona, "en", "light").go(path)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0
            && !(one.type === 'radio' && !one.checked && one.form?.elements[one.name]?.value)).length"""
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
    page = readers("candidate", lang, "light").go("/my-data")
    names = page.evaluate(
        "() => [...document.querySelectorAll('.card')].map(card =>"
        " [...card.querySelectorAll('summary')].map(one => one.textContent.trim()))"
    )
    assert any(names)
    assert [of_card for of_card in names if len(set(of_card)) < len(of_card)] == []
