"""The pages of a poll, one file per idea. Each ends with `PAGES`, and is named here once."""

from litestar.handlers import HTTPRouteHandler

from stembus_polls.pages import candidacy, my_row, objection, result

PAGES: tuple[HTTPRouteHandler, ...] = (*objection.PAGES, *my_row.PAGES, *candidacy.PAGES, *result.PAGES)
