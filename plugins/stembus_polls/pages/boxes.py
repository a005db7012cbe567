"""The page of a secret poll that everybody can read: how far its box is, what to check it with, who opens it."""

from typing import NamedTuple

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery
from sqlmodel import Session

from stembus.conduct.annulled import annulled_shown
from stembus.conduct.running import Running, running_of
from stembus.errors import Refused
from stembus.web import Answer, Visit, anyone, page
from stembus_polls.booth.on_board import ballot_with_tracker
from stembus_polls.pages.public_box import PublicBox, shown_box
from stembus_polls.pages.verifying import to_verify_with
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.steps import was_practised
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.ceremony import spoken_of
from stembus_polls.secret.trustees.seen import trustees_seen
from stembus_polls.secret.work import file_of_work


class Found(NamedTuple):
    """A secret poll with its box, and the procedure it belongs to."""

    poll: SecretPoll
    box: PublicBox
    running: Running


@page("/polls/{uuid:str}", who=anyone)
def box_page(visit: NamedDependency[Visit], uuid: FromPath[str], tracker: FromQuery[str] = "") -> Answer:
    """The box of a poll; with a tracker, whether the ballot with that tracker is on the board."""
    tracker = "".join(tracker.split())
    with visit.read() as session:
        found = _found(visit, session, uuid)
        annulled = annulled_shown(session, found.running)
        verify = to_verify_with(session, uuid, visit.instance.settings.address)
        has_practice = was_practised(session, uuid) and file_of_work(session, uuid, "practise") is not None
        is_there = bool(tracker) and ballot_with_tracker(session, uuid, tracker) is not None
    return visit.page(
        "polls/box.html",
        box=found.box,
        annulled=annulled,
        name=found.running.procedure.name,
        title=found.running.policy.title,
        verify=verify,
        has_practice=has_practice,
        tracker=tracker,
        is_there=is_there,
    )


@page("/polls/{uuid:str}/trustees", who=anyone)
def trustees_page(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """Who the trustees of a poll are, what each did for it, and what was refused. An invitation leads here as well."""
    with visit.read() as session:
        found = _found(visit, session, uuid)
        trustees = trustees_seen(session, found.poll)
        annulled = annulled_shown(session, found.running)
        spoken = spoken_of(session, found.poll)
    return visit.page(
        "polls/trustees.html",
        box=found.box,
        annulled=annulled,
        trustees=trustees,
        spoken=spoken,
        threshold=found.poll.threshold,
    )


def _found(visit: Visit, session: Session, uuid: str) -> Found:
    try:
        poll = poll_by_uuid(session, uuid)
    except Refused:
        raise NotFoundException from None
    contest = contest_of(session, visit.instance.plugins, poll, visit.now)
    return Found(poll, shown_box(session, contest, poll), running_of(session, poll.procedure_id))


PAGES: tuple[HTTPRouteHandler, ...] = (box_page, trustees_page)
