"""Votes by post: each outer envelope that comes in is entered, judged and, when it is good, struck off."""

from datetime import datetime

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.pages.opening import contest_called, contest_values, poll_for, writing
from stembus_polls.paper.account import POST
from stembus_polls.paper.postal import envelopes, receive_envelope
from stembus_polls.powers import PAPER_HAND_OUT
from stembus_polls.roll.lookup import why_not_on_roll
from stembus_procedures.timeline import zone_of

POWERS = (PAPER_HAND_OUT,)


class EnvelopeForm(Form, frozen=True):
    """The number on the voter card (or that there is none), and when it came; empty: now."""

    member: str = ""
    no_card: str = ""
    received: str = ""


@page("/procedures/{name:str}/poll/post", who=power(*POWERS))
def post_page(visit: NamedDependency[Visit], name: FromPath[str], contest: FromQuery[str] = "") -> Answer:
    """What came in by post, and entering the next envelope."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        came = list(reversed(envelopes(session, chosen)))
        return visit.page(
            "polls/office/post.html",
            came=came,
            accepted=sum(one.accepted for one in came),
            by_post=POST in chosen.vote.channels,
            until=chosen.times.post_until or chosen.times.closes,
            **contest_values(poll, chosen),
        )


@action(
    "/procedures/{name:str}/poll/post",
    who=power(*POWERS),
    no_act="an envelope stands in the list of envelopes, and who voted in that of strike-offs",
    again=post_page,
)
def enter_envelope(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[EnvelopeForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Enter one envelope; a refused one stays shut and stands in the record with the reason."""
    number = data.member.strip()
    if bool(number) == bool(data.no_card):
        raise UnusableInput(N_("Type the number on the voter card, or say that there is none."), field="member")
    with visit.write() as transaction:
        poll = writing(visit, transaction, name, POWERS)
        chosen = contest_called(poll, contest)
        came = _moment(data.received)
        outcome = receive_envelope(
            transaction,
            chosen,
            number or None,
            received_at=None if came is None else came.replace(tzinfo=zone_of(chosen.policy)),
            by=visit.member.number,
            why_not=why_not_on_roll,
        )
    path = f"/procedures/{name}/poll/post?contest={chosen.id}"
    if outcome.accepted:
        said = N_("Accepted: member {number} is struck off. Put the inner envelope with the others, shut.")
        return visit.go(path, said, number=number)
    return visit.go(path, N_("Refused: {reason}. Keep it shut; it stands in the record."), reason=outcome.reason)


def _moment(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        raise UnusableInput(N_("{text} is no day and hour."), text=text.strip(), field="received") from None


PAGES = (post_page, enter_envelope)
