"""Recruitment against the minimum: how many candidates there are, in each branch, and what that would mean."""

from litestar.di import NamedDependency
from litestar.params import FromPath

from stembus.errors import Refused
from stembus.web import N_, Answer, NavItem, Visit, page, power
from stembus_party_council.powers import SEATING
from stembus_party_council.recruiting import recruitment_of
from stembus_polls.pages.opening import procedure_values, running_for
from stembus_polls.powers import ENTER

POWERS = (SEATING, ENTER)


@page("/procedures/{name:str}/recruitment", who=power(*POWERS))
def recruitment_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """The numbers of this moment."""
    with visit.read() as session:
        running = running_for(visit, session, name, POWERS)
        found, waits = None, None
        try:
            found = recruitment_of(session, running, visit.now)
        except Refused as refused:
            waits = refused
        return visit.page("party_council/recruitment.html", found=found, waits=waits, **procedure_values(running))


PAGES = (recruitment_page,)
PLACES = (
    NavItem(
        title=N_("Recruitment"),
        path="/procedures/{name}/recruitment",
        who=power(*POWERS),
        order=15,
        stage="enough_candidates",
    ),
)
