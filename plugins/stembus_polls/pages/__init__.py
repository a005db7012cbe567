"""The pages of a poll, one file per idea. Each ends with `PAGES`, and is named here once."""

from litestar.handlers import HTTPRouteHandler

from stembus_polls.pages import (
    bureau,
    candidacy,
    candidates,
    candidates_import,
    hand_out,
    my_row,
    notes,
    objection,
    order,
    overview,
    papers,
    post,
    result,
    typing,
)

FOR_MEMBERS = (objection, my_row, candidacy, result)
FOR_SEATS = (overview, candidates, candidates_import, order, bureau, papers, hand_out, post, typing, notes)

PAGES: tuple[HTTPRouteHandler, ...] = tuple(one for idea in (*FOR_MEMBERS, *FOR_SEATS) for one in idea.PAGES)
