"""Calling a day off takes two people: what both are told, what happens then, the mail that tells it, and its page."""

from collections.abc import Iterable, Sequence
from datetime import date

from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from stembus.access.grave_acts import Arguments, GraveAct, with_power
from stembus.access.proposals import propose
from stembus.errors import Refused, UnusableInput
from stembus.hooks import hookimpl
from stembus.instance import Transaction
from stembus.ledger.acts import Act, ActKind
from stembus.notices.address import deliverable
from stembus.notices.kinds import MailKind
from stembus.notices.languages import language_of
from stembus.notices.outbox import queue_mail
from stembus.organisation.authority import authorise_two, holders, today
from stembus.organisation.powers import Power
from stembus.organisation.tables import Member
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_dates.days import PROPOSE, ProposedDay
from stembus_procedures.sentence import Sentence

__all__ = ["register_grave_acts", "register_mails"]

MAY_CALL_OFF = Power(name="dates.call_off", nl="een dag afzeggen", en="call a day off", grave=True)
CALLED_OFF = ActKind(name="dates.called_off", nl="{day} gaat niet door.", en="{day} was called off.")
MAIL = MailKind(
    name="dates.called_off",
    nl="bericht dat een dag niet doorgaat",
    en="message that a day was called off",
    template="dates/mails/called_off.txt",
    purpose="service",
)


class CallOff(Arguments, frozen=True):
    """The day, and why."""

    day: date
    ground: str


def sentences(transaction: Transaction, arguments: CallOff) -> Sequence[Sentence]:
    if transaction.session.get(ProposedDay, arguments.day) is None:
        raise Refused(N_("{day} is not proposed."), day=arguments.day)
    return (
        Sentence(N_("{day} is called off, and whoever may propose a day is told by mail."), day=arguments.day),
        Sentence(N_("The ground: {ground}"), ground=arguments.ground),
    )


def call_off(transaction: Transaction, arguments: CallOff, first: str, second: str) -> str:
    actors = authorise_two(transaction, first, second, MAY_CALL_OFF.name)
    transaction.session.delete(transaction.session.get_one(ProposedDay, arguments.day))
    subject = {"day": arguments.day.isoformat()}
    act_id = transaction.record(Act(kind=CALLED_OFF.name, by=actors, ground=arguments.ground, subject=subject))
    tell(transaction, arguments)
    return act_id


def tell(transaction: Transaction, arguments: CallOff) -> None:
    """Mail whoever may propose a day; each mail is kept with the act, or neither is."""
    session = transaction.session
    proposers = holders(session, today(transaction.instance, transaction.now), PROPOSE.name)
    for member_id in sorted({seat.member_id for seat in proposers}):
        to = deliverable(session.get_one(Member, member_id).email)
        if to is not None:
            queue_mail(
                transaction,
                kind=MAIL.name,
                member_id=member_id,
                to=to,
                lang=language_of(session, member_id) or "nl",
                values={
                    "day": arguments.day,
                    "ground": arguments.ground,
                    "link": f"{transaction.instance.settings.address.rstrip('/')}/days",
                },
            )


CALL_OFF = GraveAct(
    name="dates.call_off",
    title=N_("call a day off"),
    arguments=CallOff,
    sentences=sentences,
    who=lambda transaction, _arguments: with_power(transaction, MAY_CALL_OFF.name),
    carry_out=call_off,
    subject=lambda arguments: {"day": arguments.day.isoformat()},
)


class CallOffForm(Form, frozen=True):
    day: str = ""
    ground: str = ""


@page("/days/call-off", who=power(MAY_CALL_OFF.name))
def call_off_page(visit: NamedDependency[Visit], day: FromQuery[str] = "") -> Answer:
    return visit.page("dates/call_off.html", day=day)


@action("/days/call-off", who=power(MAY_CALL_OFF.name), writes=("proposal.made",), again=call_off_page, step_up=True)
def propose_to_call_off(visit: NamedDependency[Visit], data: URLEncodedBody[CallOffForm]) -> Answer:
    try:
        day = date.fromisoformat(data.day)
    except ValueError:
        raise UnusableInput(N_("Choose a day."), field="day") from None
    if not data.ground.strip():
        raise UnusableInput(N_("Say why."), field="ground")
    with visit.write() as transaction:
        arguments = CallOff(day=day, ground=data.ground.strip())
        row = propose(transaction, CALL_OFF.name, arguments, by=visit.member.number)
    return visit.go(f"/proposals/{row.id}", N_("Your proposal is made. Somebody else has to confirm it."))


@hookimpl
def register_grave_acts() -> Iterable[GraveAct]:
    return [CALL_OFF]


@hookimpl
def register_mails() -> Iterable[MailKind]:
    return [MAIL]
