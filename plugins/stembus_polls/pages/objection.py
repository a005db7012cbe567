"""A member objects to the electoral roll, and gets a receipt, and later the answer."""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from stembus.conduct.running import open_procedure
from stembus.errors import UnusableInput
from stembus.organisation.tables import Member
from stembus.web import N_, Answer, Form, Visit, action, page, signed_in
from stembus_polls.pages.my_vote import my_vote
from stembus_polls.pages.opening import procedure_values, running_at
from stembus_polls.roll.objections import make_objection

LONGEST = 4000


class ObjectionForm(Form, frozen=True):
    """What a member says is wrong."""

    ground: str = ""


@page("/procedures/{name:str}/objection", who=signed_in)
def objection_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """The member's own objections to the roll, and the form to make one."""
    with visit.read() as session:
        running = running_at(visit, session, name)
        vote = my_vote(session, running, session.get_one(Member, visit.member.member_id), visit.now)
        if vote is None:
            raise NotFoundException
        return visit.page("polls/members/objection.html", vote=vote, longest=LONGEST, **procedure_values(running))


@action(
    "/procedures/{name:str}/objection",
    who=signed_in,
    writes=("roll.objected",),
    again=objection_page,
)
def object_to_roll(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[ObjectionForm]) -> Answer:
    """Note the member's objection to their own row, or to its absence."""
    ground = data.ground.strip()
    if not ground:
        raise UnusableInput(N_("Say what is wrong, and how it should be."), field="ground")
    if len(ground) > LONGEST:
        raise UnusableInput(N_("Write at most {longest} characters."), longest=LONGEST, field="ground")
    with visit.write() as transaction:
        running_at(visit, transaction.session, name)
        running = open_procedure(transaction.session, visit.instance.plugins, name)
        number = make_objection(transaction, running, visit.member.number, by=visit.member.number, ground=ground)
    return visit.go(
        f"/procedures/{name}/objection", N_("Your objection is noted. Its number is {number}."), number=number
    )


PAGES = (objection_page, object_to_roll)
