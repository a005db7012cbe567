"""Accounting for the papers after the close, and numbering them once the box is mixed."""

from collections.abc import Sequence
from typing import Any

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session

from stembus.web import Answer, Form, Visit, action, page, power
from stembus_polls.contests import Contest
from stembus_polls.grave.papers import PAPERS_ACCOUNT, PAPERS_NUMBER, Counted, Numbered
from stembus_polls.pages.opening import contest_called, contest_values, poll_for, writing
from stembus_polls.pages.papers import whole_number
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.paper.account import ByHand, accounting_of, numbers_by_hand
from stembus_polls.paper.accounting import CHECKS, Difference, account, checks
from stembus_polls.paper.tables import Numbering
from stembus_polls.powers import PAPER_ACCOUNT

POWERS = (PAPER_ACCOUNT,)
NOTHING = ByHand(unused=0, spoiled=0, in_box=0)


class AccountForm(Form, frozen=True):
    """What was counted by hand, and an explanation for each sum that differs."""

    unused: str = ""
    spoiled: str = ""
    taken: str = ""
    in_box: str = ""
    postal_in_box: str = ""
    why_printed: str = ""
    why_issued: str = ""
    why_box: str = ""
    why_strike_offs: str = ""
    why_postal: str = ""
    why_postal_strike_offs: str = ""
    why_counted: str = ""
    look: str = ""


class NumberForm(Form, frozen=True):
    """The last number that was stamped."""

    papers: str = ""


@page("/procedures/{name:str}/poll/accounting", who=power(*POWERS))
def accounting_page(visit: NamedDependency[Visit], name: FromPath[str], contest: FromQuery[str] = "") -> Answer:
    """What is known, what was counted by hand, and whether the sums agree."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        return visit.page(
            "polls/office/accounting.html", **_shown(visit, session, chosen, ()), **contest_values(poll, chosen)
        )


@action(
    "/procedures/{name:str}/poll/accounting",
    who=power(*POWERS),
    writes=(PROPOSED,),
    again=accounting_page,
)
def propose_accounting(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[AccountForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Propose the accounting; while a difference has no explanation, show it first and propose nothing."""
    counted = ByHand(
        unused=whole_number(data.unused, "unused"),
        spoiled=whole_number(data.spoiled, "spoiled"),
        taken=whole_number(data.taken or "0", "taken"),
        in_box=whole_number(data.in_box, "in_box"),
        postal_in_box=whole_number(data.postal_in_box or "0", "postal_in_box"),
    )
    explained: dict[str, str] = {
        check: text for check in CHECKS if (text := str(getattr(data, f"why_{check}")).strip())
    }
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        verdict = account(numbers_by_hand(session, chosen, counted), explained)
        if verdict.unexplained:
            visit.filled = {key: getattr(data, key) for key in AccountForm.__struct_fields__ if key != "csrf_token"}
            shown = _shown(visit, session, chosen, verdict.differences)
            return visit.page("polls/office/accounting.html", status=422, **shown, **contest_values(poll, chosen))
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        arguments = Counted(
            procedure=chosen.procedure_id,
            contest=chosen.id,
            unused=counted.unused,
            spoiled=counted.spoiled,
            taken=counted.taken,
            in_box=counted.in_box,
            postal_in_box=counted.postal_in_box,
            explanations={one.check: one.explanation for one in verdict.differences},
        )
        path = proposed(visit, transaction, PAPERS_ACCOUNT.name, arguments)
    return told(visit, path)


@action(
    "/procedures/{name:str}/poll/accounting/number",
    who=power(*POWERS),
    writes=(PROPOSED,),
    again=accounting_page,
)
def propose_numbering(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[NumberForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Propose to declare that the box was mixed, and then the numbers stamped."""
    papers = whole_number(data.papers, "papers")
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        arguments = Numbered(procedure=chosen.procedure_id, contest=chosen.id, papers=papers)
        path = proposed(visit, transaction, PAPERS_NUMBER.name, arguments)
    return told(visit, path)


def _shown(visit: Visit, session: Session, contest: Contest, differences: Sequence[Difference]) -> dict[str, Any]:
    stated = accounting_of(session, contest)
    numbering = session.get(Numbering, (contest.procedure_id, contest.id))
    return {
        "known": numbers_by_hand(session, contest, NOTHING),
        "stated": stated[0] if stated else None,
        "sums": checks(stated[0]) if stated else (),
        "unexplained": stated[1].unexplained if stated else (),
        "explanations": {one.check: one.explanation for one in stated[1].differences} if stated else {},
        "differences": differences,
        "numbered": numbering.papers if numbering else None,
        "is_over": visit.now >= contest.times.closes,
    }


PAGES = (accounting_page, propose_accounting, propose_numbering)
