"""A candidate's own page: what misses, and accepting, withdrawing and appealing."""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from stembus.conduct.running import Running, open_procedure
from stembus.errors import UnusableInput
from stembus.instance import Transaction
from stembus.organisation.tables import Member
from stembus.web import N_, Answer, Form, Visit, action, page, signed_in
from stembus_polls.candidates.decide import accept, appeal, withdraw
from stembus_polls.pages.my_candidacy import my_candidacy
from stembus_polls.pages.opening import procedure_values, running_at

LONGEST = 4000
WITHDRAWN = {
    "struck": N_("You withdrew. Your name is left off the ballot paper."),
    "ranked_as_withdrawn": N_("You withdrew. The papers are printed: votes for you pass to the next choice."),
    "stays_until_result": N_("You withdrew. The papers are printed: your name stays in the count."),
}


class GroundForm(Form, frozen=True):
    """Why, in the candidate's own words."""

    ground: str = ""


@page("/procedures/{name:str}/candidacy", who=signed_in)
def candidacy_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Whether the member may stand, and their candidacy with everything that misses."""
    with visit.read() as session:
        running = running_at(visit, session, name)
        mine = my_candidacy(session, running, session.get_one(Member, visit.member.member_id), visit.now)
        if mine is None:
            raise NotFoundException
        return visit.page("polls/members/candidacy.html", mine=mine, longest=LONGEST, **procedure_values(running))


@action(
    "/procedures/{name:str}/candidacy/accept",
    who=signed_in,
    writes=("candidate.accepted",),
    again=candidacy_page,
)
def accept_candidacy(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Accept being put forward."""
    with visit.write() as transaction:
        accept(transaction, _running(visit, transaction, name), visit.member.number, by=visit.member.number)
    return visit.go(f"/procedures/{name}/candidacy", N_("You accepted. You are a candidate."))


@action(
    "/procedures/{name:str}/candidacy/withdraw",
    who=signed_in,
    writes=("candidate.withdrew",),
    again=candidacy_page,
)
def withdraw_candidacy(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[GroundForm]) -> Answer:
    """Withdraw; what follows depends on whether the papers are printed."""
    with visit.write() as transaction:
        follows = withdraw(
            transaction,
            _running(visit, transaction, name),
            visit.member.number,
            by=visit.member.number,
            ground=data.ground.strip()[:LONGEST],
        )
    return visit.go(f"/procedures/{name}/candidacy", WITHDRAWN[follows])


@action(
    "/procedures/{name:str}/candidacy/appeal",
    who=signed_in,
    writes=("candidate.appealed",),
    again=candidacy_page,
)
def appeal_refusal(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[GroundForm]) -> Answer:
    """Appeal against being refused."""
    ground = data.ground.strip()
    if not ground:
        raise UnusableInput(N_("Say why the decision should be looked at again."), field="ground")
    if len(ground) > LONGEST:
        raise UnusableInput(N_("Write at most {longest} characters."), longest=LONGEST, field="ground")
    with visit.write() as transaction:
        number = visit.member.number
        appeal(transaction, _running(visit, transaction, name), number, by=number, ground=ground)
    return visit.go(f"/procedures/{name}/candidacy", N_("Your appeal is noted."))


def _running(visit: Visit, transaction: Transaction, name: str) -> Running:
    running_at(visit, transaction.session, name)
    return open_procedure(transaction.session, visit.instance.plugins, name)


PAGES = (candidacy_page, accept_candidacy, withdraw_candidacy, appeal_refusal)
