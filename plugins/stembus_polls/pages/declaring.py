"""Declaring the result and making it public, each an act of two; before that, exactly what everybody will see."""

from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from stembus.conduct.about_procedure import OfProcedure
from stembus.errors import Refused, UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.counting.declare import elected_in, standing_in_the_way
from stembus_polls.counting.tables import Declaration
from stembus_polls.grave.counting import DECLARE_RESULT, LEVELS, PUBLISH_RESULT, Declared
from stembus_polls.pages.opening import may_in, poll_for, procedure_values, writing
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.pages.public_facts import public_result
from stembus_polls.powers import DECLARE, PUBLISH
from stembus_polls.publishing.publish import is_unsaid, report_to_publish
from stembus_polls.report.content import Language
from stembus_polls.report.document import document
from stembus_procedures.language.stages import Result

POWERS = (DECLARE, PUBLISH)


class DeclarationForm(Form, frozen=True):
    """What the declaration rests on."""

    ground: str = ""


@page("/procedures/{name:str}/poll/result", who=power(*POWERS))
def declaring_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """What stands in the way, who is elected for those who declare, and whether it is public."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        declared = session.get(Declaration, poll.running.procedure.id)
        public, is_changing = public_result(session, poll.running)
        # Who only makes it public sees nothing of it before it is declared.
        sees = may_in(visit, session, poll.running, DECLARE) or declared is not None
        stage = poll.running.policy.first(Result)
        return visit.page(
            "polls/office/declaring.html",
            waiting=standing_in_the_way(session, visit.instance.plugins, poll, visit.now),
            elected=elected_in(session, poll) if sees else (),
            sees=sees,
            declared=declared,
            public=public,
            is_changing=is_changing,
            is_unsaid=public is not None and is_unsaid(poll.running, public),
            is_annulled=poll.running.state.annulled is not None,
            may_declare=may_in(visit, session, poll.running, DECLARE),
            may_publish=may_in(visit, session, poll.running, PUBLISH),
            level=LEVELS[stage.publication.level] if stage else (),
            **procedure_values(poll.running),
        )


@page("/procedures/{name:str}/poll/result/preview", who=power(PUBLISH))
def preview_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Exactly what everybody will see, before they do."""
    lang: Language = "en" if visit.lang == "en" else "nl"
    with visit.read() as session:
        poll = poll_for(visit, session, name, (PUBLISH,))
        waits: Refused | None = None
        report = None
        try:
            report = document(report_to_publish(visit.instance, session, poll, visit.now), lang)
        except Refused as refused:
            waits = refused
        return visit.page(
            "polls/office/preview.html", report=report, waits=waits, report_lang=lang, **procedure_values(poll.running)
        )


@action("/procedures/{name:str}/poll/result/declare", who=power(DECLARE), writes=(PROPOSED,), again=declaring_page)
def propose_declaration(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[DeclarationForm]
) -> Answer:
    """Propose to declare the result."""
    if not data.ground.strip():
        raise UnusableInput(
            N_("Say what the declaration rests on, such as the report of the stembureau."), field="ground"
        )
    with visit.write() as transaction:
        poll = writing(visit, transaction, name, POWERS)
        arguments = Declared(procedure=poll.running.procedure.id, ground=data.ground.strip())
        path = proposed(visit, transaction, DECLARE_RESULT.name, arguments)
    return told(visit, path)


@action("/procedures/{name:str}/poll/result/publish", who=power(PUBLISH), writes=(PROPOSED,), again=declaring_page)
def propose_publication(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Propose to make the result public."""
    with visit.write() as transaction:
        poll = writing(visit, transaction, name, POWERS)
        arguments = OfProcedure(procedure=poll.running.procedure.id)
        path = proposed(visit, transaction, PUBLISH_RESULT.name, arguments)
    return told(visit, path)


PAGES = (declaring_page, preview_page, propose_declaration, propose_publication)
