"""Is my ballot there, and did nobody vote in my name: what a signed-in member sees, and takes along, of their own vote.

Nobody else opens these pages for them: no seat does, and no power. Whose vote somebody holds by proxy they see as well.
"""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from sqlmodel import Session, select

from stembus.conduct.running import running_of
from stembus.errors import Refused
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus.web import Answer, Visit, page, signed_in
from stembus_polls.contests import Contest
from stembus_polls.meeting.enter import proxies_of
from stembus_polls.pages.opening import procedure_values
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.own_ballot import nothing_cast, own_ballot, own_promise
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.tables import SecretPoll


@page("/polls/{uuid:str}/mine", who=signed_in)
def my_ballot_page(visit: NamedDependency[Visit], uuid: FromPath[str], voter: FromQuery[str] = "") -> Answer:
    """What became of one's own vote, or of that of a member (by number) whose proxy one holds."""
    with visit.read() as session:
        poll, contest = _found(visit, session, uuid)
        whose = _voter(visit, session, poll, voter)
        return visit.page(
            "polls/members/my_ballot.html",
            mine=own_ballot(session, contest, poll, whose.id),
            uuid=uuid,
            voter=voter,
            voter_name=display_name(whose.given, whose.particle, whose.surname),
            contest_title=contest.plan.title,
            stopped=contest.stopped,
            **procedure_values(running_of(session, poll.procedure_id)),
        )


@page("/polls/{uuid:str}/mine/promise.txt", who=signed_in)
def promise_file(visit: NamedDependency[Visit], uuid: FromPath[str], voter: FromQuery[str] = "") -> Answer:
    """The promise about the ballot, as the booth gave it: with it the member shows that it was taken in."""
    with visit.read() as session:
        poll, _contest = _found(visit, session, uuid)
        promise = own_promise(visit.instance, session, poll, _voter(visit, session, poll, voter).id)
    if promise is None:
        raise NotFoundException
    return visit.file(promise.note.encode(), "promise.txt", "text/plain")


@page("/polls/{uuid:str}/mine/nothing-cast.txt", who=signed_in)
def nothing_cast_file(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """The signed statement that no vote was cast in the member's own name."""
    with visit.read() as session:
        poll, contest = _found(visit, session, uuid)
        stated = nothing_cast(visit.instance, session, contest, poll, visit.member.member_id)
    return visit.file(stated.note.encode(), "nothing-cast.txt", "text/plain")


def _found(visit: Visit, session: Session, uuid: str) -> tuple[SecretPoll, Contest]:
    try:
        poll = poll_by_uuid(session, uuid)
    except Refused:
        raise NotFoundException from None
    if poll.election is None:
        raise NotFoundException
    return poll, contest_of(session, visit.instance.plugins, poll, visit.now)


def _voter(visit: Visit, session: Session, poll: SecretPoll, number: str) -> Member:
    """The member whose vote it is; to who holds no proxy of them, they are not there."""
    own = session.get_one(Member, visit.member.member_id)
    if not number or number == own.number:
        return own
    found = session.exec(select(Member).where(Member.number == number)).first()
    if found is None or found.id not in proxies_of(session, poll.procedure_id, own.id):
        raise NotFoundException
    return found


PAGES = (my_ballot_page, promise_file, nothing_cast_file)
