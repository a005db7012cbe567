"""The pages of a poll, one file per idea. Each ends with `PAGES`, and is named here once."""

from litestar.handlers import HTTPRouteHandler

from stembus_polls.pages import (
    bureau,
    candidacy,
    hand_out,
    my_row,
    notes,
    objection,
    overview,
    papers,
    post,
    result,
    typing,
)

PAGES: tuple[HTTPRouteHandler, ...] = tuple(
    one
    for idea in (objection, my_row, candidacy, result, overview, bureau, papers, hand_out, post, typing, notes)
    for one in idea.PAGES
)
