"""The parts of the pages: their colours can be read, their forms can be filled, and a browser finds nothing wrong."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route
from readable import hindrances

import stembus.web

STATIC = Path(stembus.web.__file__).parent / "static"
ADDRESS = "https://stembus.voorbeeldpartij.example"

# Colours

TEXT_ON = {
    "paper": ("ink", "soft", "link", "act", "no", "pencil"),
    "sheet": ("ink", "soft", "link", "act", "act-strong", "no", "yes", "wait"),
    "shade": ("ink", "soft", "link"),
    "act": ("on-act",),
    "act-strong": ("on-act",),
    "no": ("sheet",),
    "ink": ("paper",),
    "yes-back": ("ink", "yes"),
    "no-back": ("ink", "no"),
    "wait-back": ("ink", "wait"),
    "plain-back": ("ink", "plain", "act-strong"),
}
"""What may be written on what: 4.5 to 1 (WCAG 2.2, 1.4.3)."""
SIGNS_ON = {
    "paper": ("edge", "focus", "act", "pencil", "no"),
    "sheet": ("edge", "focus", "act", "pencil", "no"),
    "shade": ("edge", "focus", "pencil"),
}
"""Edges of fields, signs, and what shows the focus: 3 to 1 (WCAG 2.2, 1.4.11)."""


def themes() -> dict[str, dict[str, str]]:
    """The colours of both themes, as the style sheet has them."""
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    light = colours(re.search(r":root \{(.*?)\}", css, re.S))
    chosen = colours(re.search(r':root\[data-theme="dark"\] \{(.*?)\}', css, re.S))
    return {"light": light, "dark": {**light, **chosen}}


def colours(found: re.Match[str] | None) -> dict[str, str]:
    assert found is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", found[1]))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2 of two colours written as #rrggbb."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_ON, 4.5), (SIGNS_ON, 3.0)])
def test_every_colour_can_be_read_on_what_it_lies_on(
    theme: str, pairs: dict[str, tuple[str, ...]], least: float
) -> None:
    values = themes()[theme]
    weak = {
        f"{front} on {back}": round(contrast(values[front], values[back]), 2)
        for back, fronts in pairs.items()
        for front in fronts
        if contrast(values[front], values[back]) < least
    }
    assert weak == {}


def test_the_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_dark_is_the_same_whether_the_device_asks_for_it_or_the_reader() -> None:
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    asked = colours(re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', css, re.S))
    chosen = colours(re.search(r':root\[data-theme="dark"\] \{(.*?)\}', css, re.S))
    assert asked == chosen
    light = themes()["light"]
    assert chosen.keys() == light.keys()


def test_colours_stand_in_one_file_only() -> None:
    for sheet in ("base.css", "parts.css"):
        assert re.findall(r"#[0-9a-f]{3,8}\b", (STATIC / sheet).read_text(encoding="utf-8")) == []


def test_nothing_comes_from_elsewhere() -> None:
    for sheet in STATIC.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "url(" not in text


# Templates


TEMPLATES = [
    file
    for room in ("core", "plugins")
    for file in sorted((Path(__file__).parents[2] / room).rglob("templates/**/*.html"))
    if "mails" not in file.parts and "report" not in file.parts
]


OWN_SCRIPT = re.compile(
    r'<script (?:type="module" )?src="(?:\{\{ visit\.static\("([\w./]+)"\) \}\}|/(page\.js))"(?: defer)?></script>'
)
WITH_SCRIPT = {
    "parts/live.html": "built/htmx.min.js",
    "account/account.html": "passkey.js",
    "sign_in/again.html": "passkey.js",
    "sign_in/with_passkey.html": "passkey.js",
    "sign_in/enrol.html": "letter_code.js",
    "sign_in/letter.html": "letter_code.js",
    "trustee/page.html": "page.js",
}
"""The only templates with a script: a file of ours that the purpose of the page needs, or that makes it livelier."""


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: "/".join(file.parts[-3:]))
def test_a_template_has_no_style_or_script_and_lets_nothing_pass_unescaped(file: Path) -> None:
    text, name = file.read_text(encoding="utf-8"), "/".join(file.parts[-2:])
    scripts = ["".join(found) for found in OWN_SCRIPT.findall(text)]
    assert not re.search(r"<style|<script|\bstyle=|\s(on[a-z]+|hx-on[:\w-]*)=", OWN_SCRIPT.sub("", text))
    assert scripts == ([WITH_SCRIPT[name]] if name in WITH_SCRIPT else [])
    assert "autoescape" not in text
    # The one thing put in as it is are the drawings of the signs, which stand in the template itself.
    assert re.findall(r"\|\s*safe\b", text) == (["| safe"] if name == "parts/page.html" else [])
    for imported in re.findall(r'{%-? from "[^"]*parts/[^%]*%}', text):
        assert "with context" in imported


# Pages as text


on_one_database = pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)
"""How a page looks does not depend on the database."""


@pytest.fixture
def guide(browser: Callable[[], Any]) -> Any:
    """A browser that looks at the parts."""
    made = browser()
    assert made.get("/styleguide?lang=en").status_code == 200
    return made


@on_one_database
def test_every_page_says_where_one_is_whom_to_call_and_how_to_complain(guide: Any) -> None:
    for path in ("/styleguide", "/there-is-no-such-page"):
        guide.get(path)
        assert "Do you need help?" in guide.words
        assert "Do you have a complaint?" in guide.words
        assert "Practice. Nothing here counts" in guide.words
        assert guide.page.count("<h1") == 1
        assert guide.page.count("<main") == 1
        assert '<a class="skip" href="#main">' in guide.page
        assert re.search(r"<title>[^<]+ – [^<]+</title>", guide.page)


@pytest.mark.parametrize(
    ("lang", "heading"),
    [("nl", "Onderdelen van de pagina’s"), ("nl-simple", "Onderdelen van de pagina’s"), ("en", "Parts of the pages")],
)
@on_one_database
def test_a_page_is_in_the_language_that_was_chosen_and_keeps_it(guide: Any, lang: str, heading: str) -> None:
    guide.get(f"/styleguide?lang={lang}")
    guide.get("/styleguide")
    assert f'<html lang="{lang}"' in guide.page
    assert heading in guide.words
    assert f'lang="{lang}" hreflang="{lang}" aria-current="true"' in guide.page


@on_one_database
def test_choosing_a_language_keeps_what_was_searched(guide: Any) -> None:
    guide.get("/styleguide?q=van%20den%20Berg%26Co")
    assert 'href="?q=van+den+Berg%26Co&amp;lang=nl"' in guide.page


@on_one_database
def test_the_colours_are_those_of_the_device_until_somebody_chooses_and_again_after(guide: Any) -> None:
    assert "data-theme" not in guide.page
    guide.get("/styleguide?theme=dark")
    guide.get("/styleguide")
    assert '<html lang="en" data-theme="dark">' in guide.page
    guide.get("/styleguide?theme=auto")
    guide.get("/styleguide")
    assert "data-theme" not in guide.page


@on_one_database
def test_who_is_elsewhere_chooses_to_see_the_time_there_too(guide: Any) -> None:
    assert "at 13:00 (08:00 in Curaçao)" not in guide.words
    guide.get("/styleguide?zone=America/Curacao")
    guide.get("/styleguide")
    assert "Wednesday 4 March 2026 at 13:00 (08:00 in Curaçao)" in guide.words
    assert '<option value="America/Curacao" selected>Curaçao</option>' in guide.page
    guide.get("/styleguide?zone=Europe/Amsterdam")
    assert "in Curaçao" not in guide.words


@on_one_database
def test_what_is_wrong_is_said_first_beside_its_field_and_in_the_title_and_what_was_typed_is_kept(guide: Any) -> None:
    answer = guide.post(
        "/styleguide", name='Bo "B" <b>', email="nobody", about="Long\nstory", answer="no", branches=["utrecht"],
        agrees="yes", sort="branch",
    )  # fmt: skip
    assert answer.status_code == 422
    page = guide.page
    assert "<title>Not done: Parts of the pages" in page
    assert page.index('role="alert"') < page.index("<form")
    assert '<a href="#f-email">nobody is not an e-mail address. Write it as name@example.nl.</a>' in page
    field = re.search(r'<input id="f-email"[^>]*>', page)
    assert field
    assert 'aria-describedby="h-email e-email" aria-invalid="true"' in field[0]
    assert 'id="e-email"' in page
    assert 'value="Bo &#34;B&#34; &lt;b&gt;"' in page
    assert ">\nLong\nstory</textarea>" in page
    assert re.search(r'value="no" checked', page)
    assert not re.search(r'value="yes" checked required', page)
    assert re.search(r'value="utrecht" checked', page)
    assert not re.search(r'value="groningen" checked', page)
    assert '<option value="branch" selected>' in page
    assert re.search(r'id="f-agrees" name="agrees" value="yes" checked', page)


@on_one_database
def test_a_choice_is_kept_only_when_it_was_made(guide: Any) -> None:
    guide.post("/styleguide", email="nobody", branches="groningen and utrecht")
    assert not re.search(r'value="(utrecht|groningen)" checked', guide.page)


@on_one_database
def test_what_was_done_is_said_on_the_next_page_once(guide: Any) -> None:
    guide.post("/styleguide", name="Bo", email="bo@example.nl")
    assert '<div class="note yes" role="status">' in guide.page
    assert "The form of Bo was received." in guide.words
    guide.get("/styleguide")
    assert "The form of Bo was received." not in guide.words


@on_one_database
def test_every_field_has_a_label_and_every_hint_belongs_to_one(guide: Any) -> None:
    page = guide.page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' not in control:
            name = re.search(r'\bid="([^"]+)"', control)
            assert name, control
            assert f'for="{name[1]}"' in page
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(described.split()) <= set(ids)


@on_one_database
def test_a_mark_never_speaks_by_its_colour_alone(guide: Any) -> None:
    for sentence in (
        "In order: Your contribution is paid.",
        "Not in order: You sit on the board",
        "Not known yet: Your",
    ):
        assert sentence in guide.words


@on_one_database
def test_no_page_has_style_or_script_of_its_own(guide: Any) -> None:
    assert not re.search(r"<style|<script|\bstyle=|\bon\w+=", guide.page)


@on_one_database
def test_a_problem_page_that_may_not_ask_the_database_has_no_account(guide: Any) -> None:
    guide.get("/there-is-no-such-page")
    assert "Sign in" not in guide.words
    assert "There is no such page" in guide.words


# Pages in a browser


@pytest.fixture
def looks(chromium: Chromium, browser: Callable[[], Any]) -> Iterator[Callable[..., Page]]:
    """Opens a page at a width and in a theme. What the browser asks for is answered by the application itself."""
    client = browser().client
    opened = []

    def answer(route: Route) -> None:
        # The client keeps the cookies, so that the browser's own are left out.
        asked = route.request
        sent = {name: value for name, value in asked.headers.items() if name != "cookie"}
        got = client.request(
            asked.method,
            asked.url,
            content=asked.post_data_buffer,
            headers={**sent, "origin": ADDRESS, "sec-fetch-site": "same-origin"},
            follow_redirects=False,
        )
        headers = {name: value for name, value in got.headers.items() if name not in ("content-length", "set-cookie")}
        route.fulfill(status=got.status_code, headers=headers, body=got.content)

    def look(path: str, width: int = 390, theme: str = "light", **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=theme, **options  # type: ignore[arg-type]
        )  # fmt: skip
        opened.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto(ADDRESS + path)
        return page

    yield look
    for context in opened:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
@on_one_database
def test_axe_finds_nothing_and_nothing_runs_off_the_side(looks: Callable[..., Page], width: int, theme: str) -> None:
    page = looks("/styleguide?lang=nl", width, theme)
    assert hindrances(page) == []


@on_one_database
def test_a_page_at_twice_the_text_size_does_not_run_off_the_side(looks: Callable[..., Page]) -> None:
    page = looks("/styleguide?lang=nl", 640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@on_one_database
def test_what_a_finger_hits_is_large_enough(looks: Callable[..., Page]) -> None:
    page = looks("/styleguide?lang=en", 390)
    heights = page.eval_on_selector_all(
        ".button, .option, select, textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), summary, "
        ".languages a, .account, .pages a, .back, .party, .call",
        "all => all.filter(one => one.offsetParent).map(one => [one.outerHTML.slice(0, 90), one.offsetHeight])",
    )
    assert len(heights) > 25
    assert [one for one in heights if one[1] < 44] == []


@on_one_database
def test_the_keyboard_goes_through_the_page_in_the_order_in_which_one_reads(looks: Callable[..., Page]) -> None:
    page = looks("/styleguide?lang=en", 1280, reduced_motion="reduce")
    seen: list[tuple[str, float, float]] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
                const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
                const hit = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 30) / 2);
                return [one.tagName, (one.innerText || one.name || "").trim().slice(0, 40), box.x, box.y + scrollY,
                        style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                        one.contains(hit) || hit?.contains(one) || false]
            }"""
        )
        if at[0] == "BODY":
            break
        name, x, y, outlined, on_top = at[1:]
        assert outlined, f"{name!r} does not show that it has the focus"
        assert on_top, f"{name!r} is hidden behind something when it has the focus"
        seen.append((name, x, y))
    names = [name for name, _, _ in seen]
    assert names[0] == "Skip to the content"
    for name in ("Sign in", "Read who you can vote for", "email", "Send", "Propose to cancel it", "Dark"):
        assert name in names
    ordered = [one for one in seen[1:] if one[0]]
    for (before, x1, y1), (after, x2, y2) in pairwise(ordered):
        assert y2 >= y1 - 40 or x2 > x1, f"{after!r} comes after {before!r}"


@on_one_database
def test_the_skip_link_leads_past_the_header(looks: Callable[..., Page]) -> None:
    page = looks("/styleguide?lang=en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText").strip() == "First page"


@on_one_database
def test_the_error_summary_has_the_focus_and_leads_to_the_field(looks: Callable[..., Page]) -> None:
    page = looks("/styleguide?lang=en")
    page.fill("#f-name", "Bo")
    page.fill("#f-email", "nobody")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errors")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-email"
    assert hindrances(page) == []


@on_one_database
def test_who_wants_less_motion_gets_none(looks: Callable[..., Page]) -> None:
    still = looks("/styleguide", reduced_motion="reduce")
    moving = looks("/styleguide", reduced_motion="no-preference")
    duration = "getComputedStyle(document.querySelector('.button')).transitionDuration"
    assert still.evaluate(duration) == "0s"
    assert moving.evaluate(duration) != "0s"


@on_one_database
def test_in_forced_colours_a_choice_still_shows_that_it_is_made(looks: Callable[..., Page]) -> None:
    page = looks("/styleguide", forced_colors="active")
    page.check("#f-answer")
    outline = "one => getComputedStyle(one.parentElement).outlineStyle"
    assert page.eval_on_selector("#f-answer", outline) == "solid"
    assert page.eval_on_selector("#f-answer-2", outline) == "none"


@on_one_database
def test_on_paper_there_is_nothing_to_press_and_what_was_folded_is_open(looks: Callable[..., Page]) -> None:
    page = looks("/styleguide")
    assert page.locator(".button:visible").count()
    page.emulate_media(media="print")
    assert page.locator(".button:visible, .menu:visible, .languages:visible").count() == 0
    assert page.locator("details:not([open]) > summary ~ *:visible").count()
