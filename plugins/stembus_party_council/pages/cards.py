"""The parts that the council has of the page of a procedure: a place for one member, and who sits for everybody."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session

from stembus.conduct.running import Running, procedures, running_of
from stembus.errors import Refused
from stembus.web import N_, Card, DeskItem
from stembus_party_council.annulled import taken_on_annulled
from stembus_party_council.council import Council, council_of
from stembus_party_council.pages.my_place import my_place
from stembus_party_council.powers import SEATING
from stembus_party_council.recruiting import recruitment_of
from stembus_polls import poll_of
from stembus_polls.powers import ENTER
from stembus_polls.publishing.published import latest_publication
from stembus_procedures.language.stages import Call, EnoughCandidates, Seating, Vote


def cards(session: Session, now: datetime, running: Running, member_id: str | None) -> Sequence[Card]:
    """Return the place of a member, and (once the result is public) the way to who sits in the body."""
    council = _council(session, running, now)
    if council is None:
        return ()
    found = []
    mine = my_place(session, council, member_id, now) if member_id else None
    if mine is not None:
        values = {"mine": mine}
        found.append(Card(template="party_council/cards/my_place.html", values=values, order=5, own=True))
    seated = sum(place.state(now) == "seated" for place in council.places)
    if seated and latest_publication(session, running.procedure.id) is not None:
        counts = {"seated": seated, "places": len(council.places), "name": running.procedure.name}
        found.append(Card(template="party_council/cards/seats.html", values=counts, order=15))
    return found


def desk_items(session: Session, now: datetime) -> Sequence[DeskItem]:
    """Return what waits: too few candidates near the close, places without an answer, seats that can be taken."""
    found: list[DeskItem] = []
    for row in procedures(session):
        running = running_of(session, row.id)
        if running.state.ended_at is None and running.state.anchors is not None and running.policy.first(Vote):
            found += [*_recruitment(session, running, now), *_places(session, running, now)]
        elif running.state.annulled is not None and running.policy.first(Seating):
            found += _annulled(session, running, now)
    return found


def _recruitment(session: Session, running: Running, now: datetime) -> Iterator[DeskItem]:
    call = running.policy.first(Call)
    if call is None or running.policy.first(EnoughCandidates) is None:
        return
    if not running.times[f"{call.id}.opens"] <= now < running.times[f"{call.id}.closes"]:
        return
    try:
        found = recruitment_of(session, running, now)
    except Refused:
        return
    if found.candidates < found.needed:
        yield DeskItem(
            title=N_("Recruit: {candidates} of at least {needed} candidates"),
            path=f"/procedures/{running.procedure.name}/recruitment",
            powers=(SEATING, ENTER),
            values={"candidates": found.candidates, "needed": found.needed},
            due=found.closes,
            procedure_id=running.procedure.id,
        )


def _places(session: Session, running: Running, now: datetime) -> Iterator[DeskItem]:
    stage = running.policy.first(Seating)
    council = _council(session, running, now)
    if council is None or stage is None:
        return
    states = [place.state(now) for place in council.places]
    due = running.times.get(f"{stage.id}.due")
    for state, title in (
        ("to_fill", N_("Call who comes next for {count} places")),
        ("accepted", N_("Give {count} people who accepted their seat")),
    ):
        if count := states.count(state):  # type: ignore[arg-type]
            yield DeskItem(
                title=title,
                path=f"/procedures/{running.procedure.name}/seating",
                powers=(SEATING,),
                values={"count": count},
                due=due,
                procedure_id=running.procedure.id,
            )


def _annulled(session: Session, running: Running, now: datetime) -> Iterator[DeskItem]:
    try:
        taken = taken_on_annulled(session, council_of(session, poll_of(session, running, now)), now)
    except Refused:
        return
    if taken:
        yield DeskItem(
            title=N_("Decide about {count} seats that were taken on an annulled result"),
            path=f"/procedures/{running.procedure.name}/seating",
            powers=(SEATING,),
            values={"count": len(taken)},
            procedure_id=running.procedure.id,
        )


def _council(session: Session, running: Running, now: datetime) -> Council | None:
    if running.policy.first(Seating) is None or running.state.ended_at is not None:
        return None
    try:
        return council_of(session, poll_of(session, running, now))
    except Refused:
        return None
