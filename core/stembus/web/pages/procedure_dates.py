"""New dates for a procedure that has none, or has not begun: each date beside what it was, before it is proposed."""

from collections.abc import Sequence

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from stembus.access.proposals import propose
from stembus.conduct.copying import what_refuses
from stembus.conduct.grave_dates import SCHEDULE, Dates, dates_told
from stembus.conduct.running import last_dated
from stembus.entry import seated
from stembus.errors import Problem, UnusableInput
from stembus.instance import Transaction
from stembus.web.pages.procedure_begun import anchors_filled, anchors_given
from stembus.web.pages.procedures_office import may_schedule, running_for_seat
from stembus.web.pages.proposing import PROPOSED
from stembus.web.routes import Form, Several, action, page, several
from stembus.web.visit import Answer, Visit
from stembus_procedures.sentence import Sentence
from stembus_procedures.timeline import TimelineError


class DatesForm(Form, frozen=True):
    """A day for each date that the policy counts from, in its order."""

    anchor: Several = ""


@page("/procedures/{name:str}/dates", who=seated)
def dates_page(
    visit: NamedDependency[Visit], name: FromPath[str], anchor: FromQuery[list[str] | None] = None
) -> Answer:
    """Choose the days that everything is counted from, and read what follows from them."""
    with visit.read() as session:
        running = running_for_seat(visit, session, name)
        before = last_dated(session, running)
        given = anchor or several(visit.filled.get("anchor", ""))
        told: Sequence[Sentence] = ()
        warnings: Sequence[Sentence] = ()
        if given:
            try:
                anchors = anchors_given(running.policy, given)
                told = dates_told(session, running, anchors)
                warnings = what_refuses(running.policy, anchors, visit.now)
            except (Problem, TimelineError) as problem:
                visit.problem = problem if isinstance(problem, Problem) else UnusableInput("{error}", error=problem)
        return visit.page(
            "procedures/dates.html",
            name=name,
            policy=running.policy,
            may=may_schedule(Transaction(session, visit.now, visit.instance), running, visit.member.member_id),
            anchors=anchors_filled(running.policy, given),
            were=list(before.anchors.values()) if before is not None and before.anchors else [],
            told=told,
            warnings=warnings,
        )


@action("/procedures/{name:str}/dates", who=seated, writes=("proposal.made",), again=dates_page)
def dates_action(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[DatesForm]) -> Answer:
    """Propose these dates."""
    with visit.write() as transaction:
        running = running_for_seat(visit, transaction.session, name)
        wanted = Dates(procedure=running.procedure.id, anchors=anchors_given(running.policy, several(data.anchor)))
        row = propose(transaction, SCHEDULE.name, wanted, by=visit.member.number)
    return visit.go(f"/proposals/{row.id}", PROPOSED)


PAGES = (dates_page, dates_action)
