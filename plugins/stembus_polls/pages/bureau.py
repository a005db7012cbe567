"""The stembureau: whether it is composed as the policy says, and each member's declaration of interests."""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from stembus.conduct.running import open_procedure
from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.bureau.check import bureau_day, bureau_members, bureau_verdict
from stembus_polls.bureau.declare import declare_interests
from stembus_polls.pages.opening import may_in, procedure_values, running_for
from stembus_polls.powers import ENTER, NOTE

POWERS = (NOTE, ENTER)


class InterestForm(Form, frozen=True):
    """Whose declaration it is, and what there is: relatives by member number, another interest in words, or nothing."""

    member: str = ""
    nothing: str = ""
    relatives: str = ""
    interest: str = ""


@page("/procedures/{name:str}/poll/bureau", who=power(*POWERS))
def bureau_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Who sits on it on the day of the vote, with every requirement and its reason."""
    with visit.read() as session:
        running = running_for(visit, session, name, POWERS)
        if running.policy.bureau is None:
            raise NotFoundException
        day = bureau_day(running, visit.now.astimezone(visit.zone).date())
        members = bureau_members(session, running, day)
        return visit.page(
            "polls/office/bureau.html",
            verdict_of=bureau_verdict(session, running, day),
            members=members,
            day=day,
            is_in_it=any(one.member_id == visit.member.member_id for one in members),
            may_enter=may_in(visit, session, running, ENTER),
            **procedure_values(running),
        )


@action(
    "/procedures/{name:str}/poll/bureau",
    who=power(*POWERS),
    writes=("bureau.declared",),
    again=bureau_page,
)
def declare_bureau_interest(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[InterestForm]
) -> Answer:
    """Enter what interests a member of the stembureau has, or that there are none."""
    relatives = tuple(data.relatives.replace(",", " ").split())
    if bool(data.nothing) == bool(relatives or data.interest.strip()):
        raise UnusableInput(N_("Say what interest there is, or that there is none."), field="nothing")
    number = data.member.strip() or visit.member.number
    with visit.write() as transaction:
        running_for(visit, transaction.session, name, POWERS)
        running = open_procedure(transaction.session, visit.instance.plugins, name)
        declare_interests(
            transaction, running, number, by=visit.member.number, relatives=relatives, interest=data.interest.strip()
        )
    return visit.go(
        f"/procedures/{name}/poll/bureau", N_("The declaration of member {number} is noted."), number=number
    )


PAGES = (bureau_page, declare_bureau_interest)
