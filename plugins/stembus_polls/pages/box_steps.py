"""The secret poll of a contest step by step, for who has a part in it: what is done, what is next, who acts."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session

from stembus.conduct.holding import counts
from stembus.errors import UnusableInput
from stembus.organisation.authority import acting_seats, current_definitions
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.mandate import allows
from stembus.web import N_, Answer, Form, Several, Visit, action, page, power, several
from stembus_polls.contests import Contest
from stembus_polls.grave.box import PREPARE_BOX, RESTART_CEREMONY, SEAL_BOX, SET_UP_BOX, NewCeremony, Roles
from stembus_polls.grave.opening import OfContest
from stembus_polls.pages.counting import numbers_in
from stembus_polls.pages.opening import contest_called, contest_values, may_in, poll_for, writing
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.poll import Poll
from stembus_polls.powers import BOX_PREPARE, BOX_SEAL, COUNT, PAPER_ACCOUNT
from stembus_polls.secret.judging import NAMES
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.steps import steps_of
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trust import PARTS, Part
from stembus_polls.secret.work import Kind, Work, work_of
from stembus_polls.secret.work_found import papers_found, practice_found, verdicts_found
from stembus_procedures import Policy
from stembus_procedures.keeping import annulment_ends
from stembus_procedures.language.values import Words

POWERS = (BOX_PREPARE, BOX_SEAL, PAPER_ACCOUNT, COUNT)
LEFT_OUT = ("practise", True)
"""What is not next any more once the vote has begun: from then on nobody can practise."""


class Seen(NamedTuple):
    """Long work as the page shows it, and what it came to."""

    work: Work
    found: object


class RolesForm(Form, frozen=True):
    """Member numbers, one on a line or with spaces between; `together`: parts that one machine plays."""

    trustees: str = ""
    authority: str = ""
    administrators: str = ""
    sides: str = ""
    together: Several = ""


class CeremonyForm(Form, frozen=True):
    """Why the key is made again, and which trustees have a new machine, by their number in the poll."""

    ground: str = ""
    replaced: str = ""


@page("/procedures/{name:str}/poll/box", who=power(*POWERS))
def box_steps_page(visit: NamedDependency[Visit], name: FromPath[str], contest: FromQuery[str] = "") -> Answer:
    """How far the secret poll is, and what can be proposed now."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        rule = chosen.vote.electronic
        steps = (
            steps_of(
                session,
                chosen,
                visit.now,
                preparing=_who(session, poll, visit, BOX_PREPARE),
                sealing=_who(session, poll, visit, BOX_SEAL),
                papers=_who(session, poll, visit, PAPER_ACCOUNT),
                counting=_who(session, poll, visit, COUNT),
                keep_until=annulment_ends(poll.running.policy, poll.running.times),
            )
            if rule is not None
            else []
        )
        box = secret_poll(session, chosen)
        is_done = {step.what: step.is_done for step in steps}
        has_begun = visit.now >= chosen.times.opens
        return visit.page(
            "polls/office/box_steps.html",
            steps=steps,
            following=next((one for one in steps if not one.is_done and (one.what, has_begun) != LEFT_OUT), None),
            is_done=is_done,
            rule=rule,
            box=box,
            parts=PARTS,
            has_begun=has_begun,
            may_prepare=may_in(visit, session, poll.running, BOX_PREPARE),
            may_seal=may_in(visit, session, poll.running, BOX_SEAL),
            may_papers=may_in(visit, session, poll.running, PAPER_ACCOUNT),
            may_count=may_in(visit, session, poll.running, COUNT),
            work=_work(session, chosen, box, visit.now),
            programs=NAMES,
            **contest_values(poll, chosen),
        )


@action("/procedures/{name:str}/poll/box/prepare", who=power(BOX_PREPARE), writes=(PROPOSED,), again=box_steps_page)
def propose_roles(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[RolesForm], contest: FromQuery[str] = ""
) -> Answer:
    """Propose who keeps the key and who makes the codes."""
    trustees = _numbers(data.trustees)
    if not trustees:
        raise UnusableInput(N_("Name at least one member by number."), field="trustees")
    if not data.authority.strip():
        raise UnusableInput(N_("Say who makes the voting codes, by member number."), field="authority")
    sent = {one for one in several(data.together) if one}
    together: list[Part] = [part for part in PARTS if part in sent]
    if len(together) != len(sent):
        raise UnusableInput(N_("Choose parts that the page names."), field="together")
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        arguments = Roles(
            procedure=chosen.procedure_id,
            contest=chosen.id,
            trustees=trustees,
            authority=data.authority.strip(),
            administrators=_numbers(data.administrators),
            together=tuple(together),
            sides=" ".join(data.sides.split()),
        )
        path = proposed(visit, transaction, PREPARE_BOX.name, arguments)
    return told(visit, path)


@action("/procedures/{name:str}/poll/box/set-up", who=power(BOX_PREPARE), writes=(PROPOSED,), again=box_steps_page)
def propose_set_up(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form], contest: FromQuery[str] = ""
) -> Answer:
    """Propose to set the poll up."""
    return propose_in(visit, name, contest, SET_UP_BOX.name)


@action("/procedures/{name:str}/poll/box/seal", who=power(BOX_SEAL), writes=(PROPOSED,), again=box_steps_page)
def propose_seal(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form], contest: FromQuery[str] = ""
) -> Answer:
    """Propose to seal the box."""
    return propose_in(visit, name, contest, SEAL_BOX.name)


@action("/procedures/{name:str}/poll/box/restart", who=power(BOX_PREPARE), writes=(PROPOSED,), again=box_steps_page)
def propose_new_ceremony(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[CeremonyForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Propose that the trustees make their key again."""
    if not data.ground.strip():
        raise UnusableInput(N_("Say why."), field="ground")
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        arguments = NewCeremony(
            procedure=chosen.procedure_id,
            contest=chosen.id,
            ground=data.ground.strip(),
            replaced=numbers_in(data.replaced, "replaced"),
        )
        path = proposed(visit, transaction, RESTART_CEREMONY.name, arguments)
    return told(visit, path)


def propose_in(visit: Visit, name: str, contest: str, kind: str) -> Answer:
    """Propose an act of two that needs nothing but its contest."""
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        path = proposed(visit, transaction, kind, OfContest(procedure=chosen.procedure_id, contest=chosen.id))
    return told(visit, path)


def _work(session: Session, contest: Contest, box: SecretPoll | None, now: datetime) -> dict[str, Seen]:
    """Return the long work of a poll that was begun, each with what it came to once it is done."""
    found: dict[str, Seen] = {}
    readers: dict[Kind, Callable[[Session, Contest, datetime], object]] = {
        "practise": practice_found,
        "papers": papers_found,
        "verify": verdicts_found,
    }
    for kind, read in readers.items():
        work = None if box is None else work_of(session, box.uuid, kind, now)
        if work is not None:
            found[kind] = Seen(work, read(session, contest, now) if work.state == "done" else None)
    return found


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def _who(session: Session, poll: Poll, visit: Visit, power_: str) -> Words:
    """Return the names of the bodies of which a seat has this power today; they have to act."""
    definitions, running = current_definitions(session), poll.running
    found = {
        seat.body
        for seat in acting_seats(session, visit.now.astimezone(visit.zone).date())
        if counts(seat, running.policy, running.held_by, definitions) and allows(seat, power_, definitions)
    }
    if not found:
        return Words(nl="niemand: geef een orgaan deze bevoegdheid", en="nobody: give a body this power")
    named = [_called(running.policy, body, definitions.get(body)) for body in sorted(found)]
    return Words(nl=", ".join(one.nl for one in named), en=", ".join(one.en for one in named))


def _called(policy: Policy, body: str, definition: BodyDefinition | None) -> Words:
    if body in policy.bodies:
        return policy.body_name(body)
    if definition is not None:
        return Words(nl=definition.nl, en=definition.en)
    # Who founded the party sits in a body without a definition, until it adopts its own.
    return Words(nl="wie de partij begon", en="who began the party")


PAGES = (box_steps_page, propose_roles, propose_set_up, propose_seal, propose_new_ceremony)
