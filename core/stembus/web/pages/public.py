"""The public pages of procedures: which there are, and of each what, when, by whom and where it stands."""

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from stembus.conduct.annulled import annulled_shown, repeated_by
from stembus.conduct.cancelled import cancelled_shown
from stembus.conduct.policies import policy_of
from stembus.web import Answer, Visit, anyone, page
from stembus.web.navigation import places_in
from stembus.web.pages.procedure_shown import all_shown, drawn, shown_at
from stembus_procedures.ics import calendar_text

COMING = 4
"""How many of the moments to come are shown at first sight."""


@page("/procedures", who=anyone)
def procedures_page(visit: NamedDependency[Visit]) -> Answer:
    """Every procedure, those that go on first."""
    with visit.read() as session:
        found = all_shown(visit, session)
        return visit.page(
            "public/procedures.html",
            going_on=[one for one in found if not one.is_over],
            over=[one for one in found if one.is_over],
        )


@page("/procedures/{name:str}", who=anyone)
def procedure_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """What it is, where it stands, when what happens, who decides, and what plugins have to say of it."""
    member_id = None if visit.visitor is None else visit.visitor.member_id
    with visit.read() as session:
        found = shown_at(visit, session, name)
        cards = visit.instance.plugins.cards(session, visit.now, found.running, member_id)
        return visit.page(
            "public/procedure.html",
            one=found,
            annulled=annulled_shown(session, found.running),
            cancelled=cancelled_shown(found.running),
            repeats=repeated_by(session, found.running),
            coming=found.upcoming[:COMING],
            workplaces=places_in(visit, session, found.running),
            own_cards=[drawn(visit, card) for card in cards if card.own],
            cards=[drawn(visit, card) for card in cards if not card.own],
            adopted=found.running.adopted,
            adopted_by=found.running.policy.bodies[found.running.policy.adoption.by].name,
        )


@page("/procedures/{name:str}/calendar.ics", who=anyone)
def calendar_file(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """The dates for somebody's own calendar: asked again later, they move there as they moved here."""
    with visit.read() as session:
        found = shown_at(visit, session, name)
        text = calendar_text(
            policy_of(found.running.adopted, visit.instance.plugins),
            (*found.passed, *found.upcoming),
            stamp=visit.now,
            procedure=name,
            page=visit.address(f"/procedures/{name}"),
            language="en" if visit.lang == "en" else "nl",
        )
    return visit.finish(Response(text.encode(), media_type="text/calendar; charset=utf-8"))


PAGES = (procedures_page, procedure_page, calendar_file)
