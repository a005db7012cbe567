"""`make screenshots`: plays the demonstration, serves it, and takes the pictures of the main pages in docs/pages.md.

The clock of the party stands still and nothing moves, so that the pictures differ only where the pages do.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
from browsing import CHROMIUM, DESK, PHONE, QUIET, Visits
from PIL import Image
from played_party import play_party
from playwright.sync_api import sync_playwright
from served_site import serve_in_thread

from stembus.clock import SetClock
from stembus.instance import open_instance
from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.served import CONTACT

FOLDER = Path(__file__).parent.parent / "docs" / "images" / "pages"
NOW = datetime(2026, 7, 2, 10, tzinfo=UTC)
COLOURS = 96
"""Enough for pages of one palette with smooth letters, and small files."""
TALLEST = {"phone": 1100, "desk": 1000}


class Picture(NamedTuple):
    """A page as somebody sees it: the name of the file, the address, who looks, and in which theme."""

    name: str
    path: str
    number: str | None = None
    theme: str = "light"


def pictures(cast: Cast) -> tuple[Picture, ...]:
    """Return the ten main pages."""
    office, member = cast.staff[0].number, cast.newcomer.number
    return (
        Picture("first-page", "/"),
        Picture("sign-in", "/sign-in"),
        Picture("procedure", "/procedures/bestuur-2026"),
        Picture("result", "/procedures/partijraad-2026/result"),
        Picture("policy", "/policies", theme="dark"),
        Picture("log", "/ledger"),
        Picture("member", "/procedures/bestuur-2026", member, "dark"),
        Picture("my-data", "/my-data", member),
        Picture("desk", "/desk", office),
        Picture("phone", f"/phone?number={member}", office),
    )


def taken(screenshot: bytes, tallest: int) -> bytes:
    """Return a picture of the top of a page in few colours, as PNG."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, tallest)))
    small = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def take_pictures(folder: Path) -> int:
    """Take all pictures and return how many bytes they are together."""
    with TemporaryDirectory() as temporary:
        setting = play_party(Path(temporary) / "demo")
        instance = open_instance(setting.folder / "instance")
        instance.clock = SetClock(NOW)
        instance.settings = msgspec.structs.replace(instance.settings, contact=CONTACT)
        site, server = serve_in_thread(instance)
        folder.mkdir(parents=True, exist_ok=True)
        total = 0
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
            for screen, size in (("phone", PHONE), ("desk", DESK)):
                for one in pictures(setting.cast):
                    visits = Visits(browser, site)
                    page = visits(one.number, theme=one.theme, size=size).go(one.path)
                    picture = taken(page.screenshot(full_page=True, animations="disabled"), TALLEST[screen])
                    (folder / f"{one.name}-{screen}.png").write_bytes(picture)
                    total += len(picture)
                    visits.close()
            browser.close()
        server.stop()
        instance.close()
    return total


if __name__ == "__main__":
    sys.stdout.write(f"The pictures in {FOLDER} are {take_pictures(FOLDER) // 1024} kB together.\n")
