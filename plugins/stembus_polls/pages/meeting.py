"""The record of the meeting in which the votes count: every requirement, and entering the record."""

from zoneinfo import ZoneInfo

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.counting.declared import is_declared
from stembus_polls.grave.others import MEETING_MINUTES, RECORD, Minutes
from stembus_polls.meeting.enter import last_record, meeting_verdict
from stembus_polls.meeting.record import record_in
from stembus_polls.meeting.template import as_toml, example
from stembus_polls.pages.opening import may_in, procedure_values, running_for
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.powers import MEETING_RECORD, NOTE
from stembus_procedures.language.stages import Meeting

POWERS = (MEETING_RECORD, NOTE)


class MinutesForm(Form, frozen=True):
    """The whole record as text, and where the minutes are found."""

    record: str = ""
    ground: str = ""


@page("/procedures/{name:str}/poll/meeting", who=power(*POWERS))
def meeting_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Whether the meeting meets the policy, requirement by requirement, and the record as it is."""
    with visit.read() as session:
        running = running_for(visit, session, name, POWERS)
        if running.policy.first(Meeting) is None:
            raise NotFoundException
        record, _ = last_record(session, running)
        zone = ZoneInfo(running.policy.timezone)
        return visit.page(
            "polls/office/meeting.html",
            verdict_of=meeting_verdict(session, running) if running.state.anchors is not None else None,
            record=record,
            text=as_toml(record, zone) if record is not None else example(running, zone),
            may_enter=may_in(visit, session, running, MEETING_RECORD)
            and not is_declared(session, running.procedure.id),
            is_declared=is_declared(session, running.procedure.id),
            **procedure_values(running),
        )


@action(
    "/procedures/{name:str}/poll/meeting",
    who=power(MEETING_RECORD),
    writes=(PROPOSED,),
    again=meeting_page,
)
def propose_minutes(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[MinutesForm]) -> Answer:
    """Propose the record; it replaces the one before."""
    if not data.ground.strip():
        raise UnusableInput(N_("Say where the minutes are found."), field="ground")
    record_in(data.record, RECORD)
    with visit.write() as transaction:
        running = running_for(visit, transaction.session, name, POWERS)
        arguments = Minutes(procedure=running.procedure.id, record=data.record, ground=data.ground.strip())
        path = proposed(visit, transaction, MEETING_MINUTES.name, arguments)
    return told(visit, path)


PAGES = (meeting_page, propose_minutes)
