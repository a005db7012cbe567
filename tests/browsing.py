"""People with browsers: Debian's Chromium, one set of cookies for each person."""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page
from served_site import Site

from stembus.web.cookies import LANG, SESSION, THEME
from stembus.words import Lang

CHROMIUM = Path("/usr/bin/chromium")
# For each window Chromium opens two pages of its own, for what is typed in its address bar, which takes three quarters
# of the work of a window. Of several such lists the last counts, so those that Playwright leaves out are named again.
LEFT_OUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
# Chromium looks up its maker's hosts at every start; nothing of these journeys leaves this machine.
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(LEFT_OUT)}",
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


class Visitor:
    """A person with a browser: who they are, in which language, on how wide a screen."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "console", lambda said: self.faults.append(said.text) if "Content Security Policy" in said.text else None
        )

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.site.address + path)
        return self.page


class Visits:
    """Opens browsers, each with cookies of its own."""

    def __init__(self, chromium: Browser, site: Site) -> None:
        self._chromium = chromium
        self._site = site
        self._open: list[Visitor] = []

    def __call__(
        self,
        number: str | None = None,
        *,
        lang: Lang = "nl",
        theme: str = "light",
        size: dict[str, int] = PHONE,
        site: Site | None = None,
    ) -> Visitor:
        """Return somebody's browser, signed in as the member with this number if one is given."""
        site = site or self._site
        context = self._chromium.new_context(viewport={"width": size["width"], "height": size["height"]})
        kept = {LANG: lang, THEME: theme}
        if number is not None:
            kept[SESSION] = site.secret_of(number)
        # A cookie of this kind is only taken for https, and a browser sends it to http on this machine all the same.
        secure = site.address.replace("http://", "https://")
        for name, value in kept.items():
            context.add_cookies(
                [
                    {
                        "name": name,
                        "value": value,
                        "url": secure,
                        "secure": True,
                        "httpOnly": True,
                        "sameSite": "Lax",
                    }
                ]
            )
        self._open.append(Visitor(context, site))
        return self._open[-1]

    def close(self) -> None:
        """Close every browser. A page that broke its policy, or whose script failed, fails the journey (W4)."""
        for visitor in self._open:
            visitor.context.close()
        assert [fault for visitor in self._open for fault in visitor.faults] == []
