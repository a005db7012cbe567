"""The pages of the core, one file per idea. Each ends with `PAGES`, and is named here once."""

from litestar.handlers import HTTPRouteHandler

from stembus.web.pages import (
    account,
    acts,
    api,
    bodies,
    demo,
    desk,
    documents,
    letter_codes,
    mailings,
    mailings_shown,
    members,
    passkeys,
    phone,
    plumbing,
    policies,
    procedures_office,
    proposals,
    roll_import,
    sign_in,
    styleguide,
)

CORE_PAGES: tuple[HTTPRouteHandler, ...] = (
    *plumbing.PAGES,
    *letter_codes.PAGES,
    *demo.PAGES,
    *sign_in.PAGES,
    *passkeys.PAGES,
    *account.PAGES,
    *api.PAGES,
    *styleguide.PAGES,
    *documents.PAGES,
    *policies.PAGES,
    *desk.PAGES,
    *members.PAGES,
    *mailings.PAGES,
    *mailings_shown.PAGES,
    *roll_import.PAGES,
    *bodies.PAGES,
    *phone.PAGES,
    *acts.PAGES,
    *proposals.PAGES,
    *procedures_office.PAGES,
)
