"""The pages of the party council, one file per idea. Each ends with `PAGES`, and is named here once."""

from litestar.handlers import HTTPRouteHandler

from stembus.web import NavItem
from stembus_party_council.pages import place, recruiting, seats

PAGES: tuple[HTTPRouteHandler, ...] = (*place.PAGES, *seats.PAGES, *recruiting.PAGES)
PLACES: tuple[NavItem, ...] = (*recruiting.PLACES, *seats.PLACES)
