"""Sites of plugins: an origin of their own, behind the same door as the pages, and never mixed up with them."""

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import httpx
import msgspec
import pytest
from applications import application_of
from litestar import Litestar, get, post

from stembus.errors import UnusableInput
from stembus.hooks import hookimpl
from stembus.instance import Instance
from stembus.plugins import Plugins
from stembus.settings import FILE_NAME, load_settings
from stembus.web import Site
from stembus.web.app import create_app
from stembus.web.headers import HEADERS
from stembus.web.serving import local_ports
from stembus.web.sites import with_sites

PAGES, RAFFLE = "https://stembus.voorbeeldpartij.example", "https://raffle.voorbeeldpartij.example"


@get("/")
async def prize() -> str:
    return "a book"


@post("/", status_code=200)
async def draw() -> str:
    return "drawn"


def with_site(instance: Instance, *, address: str | None = RAFFLE) -> None:
    """Give an instance a plugin with a site."""

    @hookimpl
    def register_sites() -> Iterable[Site]:
        site = Site(
            name="raffle",
            make=lambda _instance: Litestar([prize, draw], openapi_config=None),
            headers={"referrer-policy": "no-referrer"},
        )
        return [site]

    module = ModuleType("sample")
    vars(module)["register_sites"] = register_sites
    instance.plugins = Plugins({"sample": module})
    assert instance.plugins.failures == []
    sites = {} if address is None else {"raffle": address}
    instance.settings = msgspec.structs.replace(instance.settings, address=PAGES, sites=sites)


def asked(
    instance: Instance, address: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """What somebody gets who asks for an address."""

    async def ask() -> httpx.Response:
        with application_of(instance) as pages:
            app = with_sites(pages, instance)
            transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar's types of ASGI are its own
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.request(method, address, headers=headers)

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may have a loop running in this thread
        return apart.submit(asyncio.run, ask()).result()


def test_the_host_of_a_request_says_whose_it_is(instance: Instance) -> None:
    with_site(instance)
    assert asked(instance, f"{RAFFLE}/").text == "a book"
    assert "<html" in asked(instance, f"{PAGES}/").text
    assert asked(instance, "https://another.example/").status_code == 421
    assert asked(instance, f"{RAFFLE}/health").status_code == 404


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/never", 404)])
def test_w3_every_answer_of_a_site_has_the_headers_of_the_pages_and_those_of_its_own(
    instance: Instance, path: str, status: int
) -> None:
    with_site(instance)
    answer = asked(instance, f"{RAFFLE}{path}")
    assert answer.status_code == status
    for name, value in {**HEADERS, "referrer-policy": "no-referrer"}.items():
        assert answer.headers[name] == value, name


def test_w2_a_site_takes_nothing_that_another_origin_sends(instance: Instance) -> None:
    with_site(instance)
    own = {"origin": RAFFLE, "sec-fetch-site": "same-origin"}
    assert asked(instance, f"{RAFFLE}/", "POST", own).text == "drawn"
    for other in ({"origin": PAGES, "sec-fetch-site": "same-site"}, {"origin": "null"}, {}):
        assert asked(instance, f"{RAFFLE}/", "POST", other).status_code == 403


def test_a_site_without_an_address_is_not_served(instance: Instance) -> None:
    with_site(instance, address=None)
    assert asked(instance, f"{RAFFLE}/").status_code == 421
    assert list(local_ports(instance)) == []


def test_on_this_machine_a_site_has_a_port_of_its_own(instance: Instance) -> None:
    with_site(instance, address=None)
    instance.settings = msgspec.structs.replace(instance.settings, address="http://localhost:8000")
    assert list(local_ports(instance)) == [8001]
    assert asked(instance, "http://localhost:8001/").text == "a book"


def test_two_origins_may_not_be_one(instance: Instance) -> None:
    with_site(instance, address=f"{PAGES}/")
    with pytest.raises(UnusableInput, match="which is also that of the pages"):
        with_sites(create_app(instance), instance)


def test_an_address_of_a_site_that_nobody_can_reach_is_refused(tmp_path: Path) -> None:
    text = 'organisation = "P"\norigin = "p.example/ledger"\n[sites]\nraffle = "http://raffle.example"\n'
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInput, match=r"raffle is 'http://raffle\.example'"):
        load_settings(tmp_path, {})
