"""What waits for a second person: reading a proposal, confirming it with a passkey at hand, or saying no to it."""

from typing import NamedTuple

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from sqlmodel import Session, col, or_, select

from stembus.access.proposal_tables import Proposal
from stembus.access.proposals import Told, confirm, decline, grave_acts, shown_then, told, waiting, withdraw
from stembus.conduct.act_kinds import CONDUCT_ACT_KINDS
from stembus.entry import seated
from stembus.errors import UnusableInput
from stembus.instance import Transaction
from stembus.organisation.authority import all_seats, current_definitions
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_

CARRIED_OUT = (
    *(kind.name for kind in CONDUCT_ACT_KINDS),
    "seat.given",
    "seat.ended",
    "body.defined",
    "document.adopted",
    "privacy.destroyed",
    "access.recovered",
)
"""What confirming records: the acts of the verb, which of a plugin are the plugin's own."""
OUTCOMES = {
    "confirmed": N_("Confirmed and carried out"),
    "declined": N_("Declined"),
    "withdrawn": N_("Taken back"),
    "lapsed": N_("Lapsed"),
    "changed": N_("Over: something changed since"),
    "": N_("Waits for a second person"),
}
HISTORY = 50


class ReasonForm(Form, frozen=True):
    """Why a proposal is not carried out."""

    reason: str = ""


class ConfirmForm(Form, frozen=True):
    """The digest of what the second person read."""

    shown: str = ""


class Line(NamedTuple):
    """One proposal in a list: what it is to do, who proposed it, where it stands."""

    row: Proposal
    title: str
    first: str
    outcome: str


@page("/proposals", who=seated)
def proposals_page(visit: NamedDependency[Visit]) -> Answer:
    """What waits for this person, what they proposed themselves, and how earlier proposals went."""
    me = visit.member.member_id
    with visit.read() as session:
        transaction = Transaction(session, visit.now, visit.instance)
        open_ones = waiting(transaction)
        return visit.page(
            "proposals/list.html",
            to_confirm=[one for one in open_ones if any(seat.member_id == me for seat in one.seconds)],
            own=[one for one in open_ones if one.row.proposed_by == me],
            history=_history(visit, session, me),
        )


@page("/proposals/{proposal_id:str}", who=seated)
def proposal_page(visit: NamedDependency[Visit], proposal_id: FromPath[str]) -> Answer:
    """What exactly is proposed, by whom in which seat, and who can confirm it."""
    return _shown(visit, proposal_id, "proposals/proposal.html")


@page("/proposals/{proposal_id:str}/confirm", who=seated, step_up=True)
def confirm_page(visit: NamedDependency[Visit], proposal_id: FromPath[str]) -> Answer:
    """Read once more what will happen, and confirm it."""
    return _shown(visit, proposal_id, "proposals/confirm.html")


@action("/proposals/{proposal_id:str}/confirm", who=seated, writes=CARRIED_OUT, again=confirm_page, step_up=True)
def confirm_action(
    visit: NamedDependency[Visit], proposal_id: FromPath[str], data: URLEncodedBody[ConfirmForm]
) -> Answer:
    """Carry it out, as the second person."""
    with visit.write() as transaction:
        found = proposal_for(visit, transaction, proposal_id)
        result = confirm(transaction, proposal_id, by=visit.member.number, shown_sha256=data.shown)
    if found.act.afterwards is not None:
        found.act.afterwards(visit.instance)
    if found.act.shows:
        return visit.page(found.act.shows, result=result)
    return visit.go(f"/proposals/{proposal_id}", N_("You confirmed it, and it is carried out."))


@action("/proposals/{proposal_id:str}/decline", who=seated, writes=("proposal.closed",), again=proposal_page)
def decline_action(
    visit: NamedDependency[Visit], proposal_id: FromPath[str], data: URLEncodedBody[ReasonForm]
) -> Answer:
    """Say no, with the reason."""
    with visit.write() as transaction:
        proposal_for(visit, transaction, proposal_id)
        decline(transaction, proposal_id, by=visit.member.number, reason=data.reason)
    return visit.go("/proposals", N_("You declined the proposal. Nothing was changed."))


@action("/proposals/{proposal_id:str}/withdraw", who=seated, writes=("proposal.closed",), again=proposal_page)
def withdraw_action(
    visit: NamedDependency[Visit], proposal_id: FromPath[str], data: URLEncodedBody[ReasonForm]
) -> Answer:
    """Take back one's own proposal, with the reason."""
    with visit.write() as transaction:
        proposal_for(visit, transaction, proposal_id)
        withdraw(transaction, proposal_id, by=visit.member.number, reason=data.reason)
    return visit.go("/proposals", N_("You took your proposal back. Nothing was changed."))


def proposal_for(visit: Visit, transaction: Transaction, proposal_id: str) -> Told:
    """Return a proposal for whoever made it, decided on it or could do so; to others it is not there."""
    try:
        found = told(transaction, proposal_id)
    except UnusableInput:
        raise NotFoundException from None
    me = visit.member.member_id
    if me in (found.row.proposed_by, found.row.decided_by) or any(seat.member_id == me for seat in found.seconds):
        return found
    raise NotFoundException


def _shown(visit: Visit, proposal_id: str, template: str) -> Answer:
    me = visit.member.member_id
    with visit.read() as session:
        found = proposal_for(visit, Transaction(session, visit.now, visit.instance), proposal_id)
        seats = {seat.seat_id: seat for seat in all_seats(session)}
        then = shown_then(session, found.row)["en" if visit.lang == "en" else "nl"]
        return visit.page(
            template,
            found=found,
            outcome=_outcome(found.row.outcome, lapsed=found.lapsed, changed=found.changed),
            outcomes=OUTCOMES,
            sentences=found.sentences if found.waits else then,
            definitions=current_definitions(session),
            first=seats[found.row.seat_id],
            decided=seats.get(found.row.decided_in or ""),
            can_confirm=found.waits and any(seat.member_id == me for seat in found.seconds),
            is_own=found.row.proposed_by == me and not found.row.outcome and not found.lapsed,
        )


def _outcome(outcome: str, *, lapsed: bool, changed: bool) -> str:
    return outcome or ("lapsed" if lapsed else "changed" if changed else "")


def _history(visit: Visit, session: Session, me: str) -> list[Line]:
    """Return proposals that are over and that this person made or decided on, the latest first."""
    over = or_(Proposal.outcome != "", col(Proposal.expires_at) <= visit.now)
    mine = or_(Proposal.proposed_by == me, Proposal.decided_by == me)
    rows = session.exec(select(Proposal).where(over, mine).order_by(col(Proposal.at).desc()).limit(HISTORY))
    acts, seats = grave_acts(visit.instance.plugins), {seat.seat_id: seat for seat in all_seats(session)}
    return [
        Line(row, acts[row.kind].title, seats[row.seat_id].name, OUTCOMES[row.outcome or "lapsed"])
        for row in rows
        if row.kind in acts
    ]


PAGES = (proposals_page, proposal_page, confirm_page, confirm_action, decline_action, withdraw_action)
