"""Papers that two people read differently, or found doubtful: both readings, and ruling on each."""

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.grave.papers import PAPER_RULING, Ruled
from stembus_polls.pages.opening import contest_called, contest_values, poll_for, writing
from stembus_polls.pages.papers import whole_number
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.paper.rounds import current_round
from stembus_polls.paper.rule import marks_of_vote
from stembus_polls.paper.settle import comparison, rulings
from stembus_polls.paper.tables import Numbering
from stembus_polls.powers import PAPER_RULE

POWERS = (PAPER_RULE,)


class RulingForm(Form, frozen=True):
    """How one paper is read, and why."""

    paper: str = ""
    outcome: str = ""
    marks: str = ""
    reason: str = ""


@page("/procedures/{name:str}/poll/rulings", who=power(*POWERS))
def rulings_page(visit: NamedDependency[Visit], name: FromPath[str], contest: FromQuery[str] = "") -> Answer:
    """Every paper that needs a ruling, the first without one open; nothing before both typed everything."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        values = contest_values(poll, chosen)
        if session.get(Numbering, (chosen.procedure_id, chosen.id)) is None:
            return visit.page("polls/office/rulings.html", state=None, ruled={}, **values)
        round_ = current_round(session, chosen)
        state = comparison(session, chosen, round_)
        ruled = rulings(session, chosen, round_)
        return visit.page("polls/office/rulings.html", state=state, ruled=ruled, **values)


@action(
    "/procedures/{name:str}/poll/rulings",
    who=power(*POWERS),
    writes=(PROPOSED,),
    again=rulings_page,
)
def propose_ruling(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[RulingForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Propose how a paper is read."""
    paper = whole_number(data.paper, "paper", least=1)
    if data.outcome not in ("valid", "blank", "invalid"):
        raise UnusableInput(N_("Paper {paper}: say how it is read."), paper=str(paper), field=f"outcome-{paper}")
    if not data.reason.strip():
        raise UnusableInput(N_("Paper {paper}: say why."), paper=str(paper), field=f"reason-{paper}")
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        arguments = Ruled(
            procedure=chosen.procedure_id,
            contest=chosen.id,
            paper=paper,
            outcome=data.outcome,  # type: ignore[arg-type]
            marks=marks_of_vote(chosen, paper, data.marks) if data.outcome == "valid" else "",
            reason=data.reason.strip(),
        )
        path = proposed(visit, transaction, PAPER_RULING.name, arguments)
    return told(visit, path)


PAGES = (rulings_page, propose_ruling)
