"""The pages of the core, one file per idea. Each ends with `PAGES`, and is named here once."""

from litestar.handlers import HTTPRouteHandler

from stembus.web.pages import (
    acts,
    api,
    bodies,
    desk,
    mailings,
    mailings_shown,
    members,
    plumbing,
    procedures_office,
    proposals,
    roll_import,
    styleguide,
)

CORE_PAGES: tuple[HTTPRouteHandler, ...] = (
    *plumbing.PAGES,
    *api.PAGES,
    *styleguide.PAGES,
    *desk.PAGES,
    *members.PAGES,
    *mailings.PAGES,
    *mailings_shown.PAGES,
    *roll_import.PAGES,
    *bodies.PAGES,
    *acts.PAGES,
    *proposals.PAGES,
    *procedures_office.PAGES,
)
