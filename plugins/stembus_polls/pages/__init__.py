"""The pages of a poll, one file per idea. Each ends with `PAGES`, and is named here once."""

from litestar.handlers import HTTPRouteHandler

from stembus_polls.pages import (
    accounting,
    box_steps,
    box_work,
    boxes,
    bureau,
    candidacy,
    candidates,
    candidates_import,
    counting,
    declaring,
    hand_out,
    meeting,
    my_ballot,
    my_row,
    notes,
    objection,
    order,
    overview,
    papers,
    post,
    reminding,
    result,
    roll,
    rulings,
    typing,
    verifying,
    voting,
)
from stembus_polls.secret.trustees.calls import TRUSTEE_CALLS

FOR_MEMBERS = (objection, my_row, candidacy, voting, my_ballot, boxes, verifying, result)
BEFORE_THE_VOTE = (overview, candidates, candidates_import, order, roll, bureau, papers, box_steps, box_work)
FROM_THE_VOTE = (reminding, hand_out, post, accounting, typing, rulings, counting, meeting, notes, declaring)

PAGES: tuple[HTTPRouteHandler, ...] = (
    *(one for idea in (*FOR_MEMBERS, *BEFORE_THE_VOTE, *FROM_THE_VOTE) for one in idea.PAGES),
    *TRUSTEE_CALLS,
)
