"""Letting somebody in who has no passkey, or lost every one: proposed here, confirmed where proposals are."""

from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from stembus.access.proposals import propose
from stembus.access.recovery import LET_IN, LetIn
from stembus.entry import power
from stembus.errors import UnusableInput
from stembus.organisation.core_powers import ACCESS_RECOVERY
from stembus.organisation.registry import member_numbered
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_


class LetInForm(Form, frozen=True):
    """Who it is, and how both know that."""

    number: str = ""
    ground: str = ""


@page("/let-in", who=power(ACCESS_RECOVERY))
def let_in_page(visit: NamedDependency[Visit], number: FromQuery[str] = "") -> Answer:
    """Say what two people do, and ask whom it is for."""
    return visit.page("sign_in/let_in.html", number=number)


@action("/let-in", who=power(ACCESS_RECOVERY), writes=("proposal.made",), again=let_in_page, step_up=True)
def propose_to_let_in(visit: NamedDependency[Visit], data: URLEncodedBody[LetInForm]) -> Answer:
    """Propose it: the second person, who saw them too, confirms it and gets the code."""
    if not data.ground.strip():
        raise UnusableInput(N_("Say how you both know who it is."), field="ground")
    with visit.write() as transaction:
        member = member_numbered(transaction.session, data.number.strip())
        arguments = LetIn(member=member.id, ground=data.ground.strip())
        row = propose(transaction, LET_IN.name, arguments, by=visit.member.number)
    return visit.go(
        f"/proposals/{row.id}", N_("Your proposal is made. The second person confirms it now, on a page of their own.")
    )


PAGES = (let_in_page, propose_to_let_in)
