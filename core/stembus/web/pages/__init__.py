"""The pages of the core, one file per idea. Each ends with `PAGES`, and is named here once."""

from litestar.handlers import HTTPRouteHandler

from stembus.web.pages import plumbing, styleguide

CORE_PAGES: tuple[HTTPRouteHandler, ...] = (*plumbing.PAGES, *styleguide.PAGES)
