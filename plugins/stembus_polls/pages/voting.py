"""From a member's page to the booth, and the box as everybody can download it: the archive and the list of codes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from litestar import Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Stream
from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.running import Running, running_of
from stembus.errors import Refused
from stembus.instance import Instance
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus.web import Answer, Form, Visit, action, anyone, page, signed_in
from stembus.web.sites import addresses_of_sites
from stembus_polls.booth.site import NAME as BOOTH
from stembus_polls.meeting.enter import proxies_of
from stembus_polls.poll import prepared_poll
from stembus_polls.secret.board import archive_bytes, head
from stembus_polls.secret.credentials_now import list_text
from stembus_polls.secret.hand_over import make_code
from stembus_polls.secret.poll import poll_by_uuid, secret_poll
from stembus_polls.secret.standing import Standing, standing
from stembus_polls.secret.tables import Cast
from stembus_procedures.language.values import Words

FOR_ALL: Final = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


class MyBallot(Struct, frozen=True, kw_only=True):
    """A vote that a member can cast online, their own (`voter` is empty) or one they hold a proxy of, or why not.

    `has_begun` once there is a box to look into, and `was_cast` once a ballot of this vote is in it.
    """

    title: Words
    uuid: str
    voter: str
    voter_name: str
    standing: Standing
    has_begun: bool
    was_cast: bool


class Voter(Form, frozen=True):
    """Whose vote it is: a member number, or nothing for one's own."""

    voter: str = ""


def my_ballots(session: Session, running: Running, member: Member, now: datetime) -> list[MyBallot]:
    """Return the votes that a member can cast online in a procedure, or why not; nothing where nobody votes so."""
    poll = prepared_poll(session, running)
    found = []
    for contest in poll.contests if poll else ():
        box = secret_poll(session, contest)
        if contest.vote.electronic is None or box is None:
            continue
        for voter_id in (member.id, *proxies_of(session, running.procedure.id, member.id)):
            stands = standing(session, contest, box, now, member_id=member.id, voter_id=voter_id)
            voter = session.get_one(Member, voter_id)
            own = voter_id == member.id
            found.append(
                MyBallot(
                    title=contest.plan.title,
                    uuid=box.uuid,
                    voter="" if own else voter.number,
                    voter_name="" if own else display_name(voter.given, voter.particle, voter.surname),
                    standing=stands,
                    has_begun=box.election is not None and now >= contest.times.opens,
                    was_cast=session.get(Cast, (box.uuid, voter_id)) is not None,
                )
            )
    return found


@action("/polls/{uuid:str}/vote", who=signed_in, no_act="the ledger would hold for ever who went to vote, and when")
def vote_action(visit: NamedDependency[Visit], uuid: FromPath[str], data: URLEncodedBody[Voter]) -> Answer:
    """Make the way into the booth: an address that works once, for ten minutes."""
    booth = addresses_of_sites(visit.instance).get(BOOTH)
    if booth is None:
        raise Refused("The voting booth has no address here: call the office.")
    lang = "nl_simple" if visit.lang == "nl-simple" else visit.lang
    with visit.write() as transaction:
        session, me = transaction.session, visit.member.member_id
        voter = member_numbered(session, data.voter).id if data.voter else me
        code = make_code(transaction, uuid, member_id=me, voter_id=voter, language=lang)
        name = running_of(session, poll_by_uuid(session, uuid).procedure_id).procedure.name
    return visit.page("polls/members/to_booth.html", way=f"{booth.rstrip('/')}/#{uuid}.{code}", name=name)


@page("/polls/{uuid:str}/board.bel", who=anyone)
def board_file(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """The archive of a poll as far as it is now: whoever keeps a copy sees that it only grows."""
    with visit.read() as session:
        if head(session, uuid) is None:
            raise NotFoundException
    name = f'attachment; filename="{uuid}.bel"'
    return Stream(
        _archive(visit.instance, uuid),
        media_type="application/octet-stream",
        headers={**FOR_ALL, "content-disposition": name},
    )


@page("/polls/{uuid:str}/credentials.txt", who=anyone)
def credential_list_file(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """The public list of codes: which were replaced, given by proxy or struck off, each signed by two."""
    with visit.read() as session:
        if head(session, uuid) is None:
            raise NotFoundException
        listed = list_text(session, poll_by_uuid(session, uuid))
    return Response(listed, media_type="text/plain; charset=utf-8", headers=FOR_ALL)


def _archive(instance: Instance, uuid: str) -> Iterator[bytes]:
    with instance.read() as session:
        yield from archive_bytes(session, uuid)


PAGES: tuple[HTTPRouteHandler, ...] = (vote_action, board_file, credential_list_file)
