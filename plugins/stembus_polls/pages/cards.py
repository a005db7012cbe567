"""The parts that a poll has of the page of a procedure: for a member, and for everybody."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from stembus.conduct.running import Running
from stembus.organisation.tables import Member
from stembus.web import Card
from stembus_polls.pages.my_candidacy import my_candidacy
from stembus_polls.pages.my_vote import my_vote
from stembus_polls.pages.public_box import public_boxes
from stembus_polls.pages.public_facts import public_contests, public_order, public_result, public_roll
from stembus_polls.pages.result_shown import shown_result
from stembus_polls.pages.voting import my_ballots
from stembus_polls.procedure_now import is_concerned, local
from stembus_procedures.language.stages import Vote


def cards(session: Session, now: datetime, running: Running, member_id: str | None) -> Sequence[Card]:
    """Return what a member, or (None) anybody, sees of a poll; nothing for a procedure without a vote.

    Of a result nothing is shown that was not made public, to nobody. What candidates tell members only, is not told to
    members of another branch than the one that holds it.
    """
    if running.policy.first(Vote) is None:
        return ()
    for_members = member_id is not None and is_concerned(session, running, member_id, local(running, now).date())
    found = [*_public(session, running, now, for_members=for_members)]
    if member_id is not None and running.state.ended_at is None:
        found += _own(session, running, session.get_one(Member, member_id), now)
    return found


def _own(session: Session, running: Running, member: Member, now: datetime) -> list[Card]:
    found = []
    if vote := my_vote(session, running, member, now):
        found.append(Card(template="polls/cards/my_vote.html", values={"vote": vote}, order=20, own=True))
    if ballots := my_ballots(session, running, member, now):
        values = {"ballots": ballots}
        found.append(Card(template="polls/cards/my_ballots.html", values=values, order=15, own=True, private=True))
    if mine := my_candidacy(session, running, member, now):
        found.append(Card(template="polls/cards/my_candidacy.html", values={"mine": mine}, order=30, own=True))
    return found


def _public(session: Session, running: Running, now: datetime, *, for_members: bool) -> list[Card]:
    name = running.procedure.name
    found = []
    published, is_changing = public_result(session, running)
    if published is not None:
        annulled = running.state.annulled is not None
        values = {"result": shown_result(published), "is_changing": is_changing, "name": name, "annulled": annulled}
        found.append(Card(template="polls/cards/result.html", values=values, order=10))
    contests = public_contests(session, running, now, for_members=for_members)
    if contests:
        values = {"contests": contests, "order": public_order(session, running)}
        found.append(Card(template="polls/cards/candidates.html", values=values, order=40))
    if boxes := public_boxes(session, running, now):
        found.append(Card(template="polls/cards/box.html", values={"boxes": boxes}, order=50))
    if roll := public_roll(session, running):
        found.append(Card(template="polls/cards/roll.html", values={"roll": roll}, order=60))
    return found
