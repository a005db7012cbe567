"""Sites of plugins: each an origin of its own beside the pages, for what may not share cookies or scripts with them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.settings import is_local
from stembus.web.headers import Door


class ByHost:
    """Gives each request to the site whose address its Host header names, and every other one to the pages."""

    def __init__(self, pages: ASGIApp, sites: Mapping[str, ASGIApp]) -> None:
        self._pages = pages
        self._sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        app = self._pages
        if scope["type"] == ScopeType.HTTP:
            host = next((value for name, value in scope["headers"] if name.lower() == b"host"), b"")
            app = self._sites.get(host.decode("latin-1").lower(), app)
        await app(scope, receive, send)


def addresses_of_sites(instance: Instance) -> dict[str, str]:
    """Return where each site is reached, by its name; one that is reached nowhere is not in it.

    That is the address in the settings. Where the pages are on this machine and the settings say nothing, the first
    site is on the port after theirs, the second on the next one.
    """
    settings = instance.settings
    found = dict(settings.sites)
    if is_local(settings.address):
        pages = urlsplit(settings.address)
        for place, site in enumerate(instance.plugins.sites(), 1):
            found.setdefault(site.name, f"{pages.scheme}://{pages.hostname}:{(pages.port or 80) + place}")
    return {site.name: found[site.name] for site in instance.plugins.sites() if site.name in found}


def with_sites(pages: ASGIApp, instance: Instance) -> ASGIApp:
    """Return the pages together with the sites of the plugins, each behind a door of its own.

    Raises `UnusableInput` where two of them would share an address.
    """
    sites: dict[str, ASGIApp] = {}
    taken = {_host(instance.settings.address): "the pages"}
    addresses = addresses_of_sites(instance)
    for site in instance.plugins.sites():
        address = addresses.get(site.name)
        if address is None:
            continue
        if other := taken.get(_host(address)):
            raise UnusableInput(
                f"The site {site.name} has the address {address}, which is also that of {other}: give it another one "
                "under [sites] in the settings."
            )
        taken[_host(address)] = f"the site {site.name}"
        sites[_host(address)] = Door(site.make(instance), address, site.headers)
    return ByHost(pages, sites)


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower()
