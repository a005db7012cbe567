"""Candidates as the office and the electoral committee see them: every condition of each, and deciding."""

from typing import Any

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.running import Running, open_procedure
from stembus.errors import UnusableInput
from stembus.instance import Transaction
from stembus.organisation.core_powers import PROCEDURE_RECORD
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.candidates.decide import accept, admit_all, decide, withdraw
from stembus_polls.candidates.judging import judge
from stembus_polls.candidates.rows import State, candidacies, numbers_of, running_state
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.grave.others import CANDIDATE_DECISION, CandidateDecision
from stembus_polls.pages.opening import may_in, procedure_values, running_for
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.powers import ENTER
from stembus_polls.procedure_now import planned
from stembus_procedures import Verdict
from stembus_procedures.language.stages import Candidacy as CandidacyStage
from stembus_procedures.language.values import Words

POWERS = (ENTER,)
FOLLOWS = {
    "struck": N_("The withdrawal is noted. The name is left off the ballot paper."),
    "ranked_as_withdrawn": N_("The withdrawal is noted. The papers are printed: votes pass to the next choice."),
    "stays_until_result": N_("The withdrawal is noted. The papers are printed: the name stays in the count."),
}
"""What follows from a withdrawal, by the policy's word for it."""


class Stands(Struct, frozen=True, kw_only=True):
    """A candidacy in the list: who, where it stands, and how many conditions are not met."""

    entry: int
    number: str
    name: str
    contest: Words
    nominated_by: str
    state: State
    is_late: bool
    missing: int


class GroundForm(Form, frozen=True):
    """Why, where it needs a reason."""

    ground: str = ""


class DecisionForm(GroundForm, frozen=True):
    """What is decided against the conditions, or to refuse."""

    outcome: str = ""


@page("/procedures/{name:str}/poll/candidates", who=power(*POWERS))
def candidates_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Everybody who stands, in the order in which they were entered."""
    with visit.read() as session:
        running = _standing(visit, session, name)
        rows = candidacies(session, running.procedure.id)
        verdicts = judge(session, running, rows) if rows and running.state.anchors is not None else {}
        return visit.page(
            "polls/office/candidates.html",
            rows=_listed(session, running, rows, verdicts),
            undecided=sum(not row.decision and row.withdrawn_at is None for row in rows),
            met=sum(
                verdicts[row.entry].allowed
                for row in rows
                if row.entry in verdicts and running_state(running, row) in ("waiting", "not_accepted")
            ),
            judged_at=planned(running, f"{_stage(running).id}.stand.judged_on") if running.state.anchors else None,
            **procedure_values(running),
        )


@page("/procedures/{name:str}/poll/candidates/{entry:int}", who=power(*POWERS, PROCEDURE_RECORD))
def candidate_page(visit: NamedDependency[Visit], name: FromPath[str], entry: FromPath[int]) -> Answer:
    """One candidate with every condition, and what can be done; also for the body of an appeal, once there is one."""
    with visit.read() as session:
        running = _standing(visit, session, name, (*POWERS, PROCEDURE_RECORD))
        row = _entry(session, running, entry)
        if not may_in(visit, session, running, *POWERS) and row.appealed_at is None:
            raise NotFoundException
        return visit.page("polls/office/candidate.html", **_shown(session, running, row), **procedure_values(running))


@action(
    "/procedures/{name:str}/poll/candidates/admit-all",
    who=power(*POWERS),
    writes=("candidates.decided",),
    again=candidates_page,
)
def admit_everybody(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Admit everybody of whom every condition is met, as one act."""
    with visit.write() as transaction:
        met, left = admit_all(transaction, _running(visit, transaction, name), by=visit.member.number)
    return visit.go(
        f"/procedures/{name}/poll/candidates",
        N_("{met} are admitted; {left} are left to decide."),
        met=len(met),
        left=len(left),
    )


@action(
    "/procedures/{name:str}/poll/candidates/{entry:int}/admit",
    who=power(*POWERS),
    writes=("candidates.decided",),
    again=candidate_page,
)
def admit(
    visit: NamedDependency[Visit], name: FromPath[str], entry: FromPath[int], data: URLEncodedBody[GroundForm]
) -> Answer:
    """Admit somebody who meets every condition."""
    with visit.write() as transaction:
        running = _running(visit, transaction, name)
        number = _number(transaction.session, running, entry)
        who = decide(transaction, running, number, "admitted", by=(visit.member.number,), ground=data.ground.strip())
    return visit.go(f"/procedures/{name}/poll/candidates/{entry}", N_("{name} is admitted."), name=who)


@action(
    "/procedures/{name:str}/poll/candidates/{entry:int}/decide",
    who=power(*POWERS, PROCEDURE_RECORD),
    writes=(PROPOSED,),
    again=candidate_page,
)
def propose_decision(
    visit: NamedDependency[Visit], name: FromPath[str], entry: FromPath[int], data: URLEncodedBody[DecisionForm]
) -> Answer:
    """Propose to refuse somebody, or to decide against the conditions."""
    if data.outcome not in ("admitted", "refused"):
        raise UnusableInput(N_("Say what is decided."), field="outcome")
    if not data.ground.strip():
        raise UnusableInput(N_("Say why: the candidate reads it."), field="ground")
    with visit.write() as transaction:
        running = _running(visit, transaction, name)
        arguments = CandidateDecision(
            procedure=running.procedure.id,
            entry=_entry(transaction.session, running, entry).entry,
            outcome="admitted" if data.outcome == "admitted" else "refused",
            ground=data.ground.strip(),
        )
        path = proposed(visit, transaction, CANDIDATE_DECISION.name, arguments)
    return told(visit, path)


@action(
    "/procedures/{name:str}/poll/candidates/{entry:int}/accept",
    who=power(*POWERS),
    writes=("candidate.accepted",),
    again=candidate_page,
)
def note_acceptance(
    visit: NamedDependency[Visit], name: FromPath[str], entry: FromPath[int], data: URLEncodedBody[Form]
) -> Answer:
    """Note that somebody who was put forward told the office that they accept."""
    with visit.write() as transaction:
        running = _running(visit, transaction, name)
        who = accept(transaction, running, _number(transaction.session, running, entry), by=visit.member.number)
    return visit.go(f"/procedures/{name}/poll/candidates/{entry}", N_("{name} accepted."), name=who)


@action(
    "/procedures/{name:str}/poll/candidates/{entry:int}/withdraw",
    who=power(*POWERS),
    writes=("candidate.withdrew",),
    again=candidate_page,
)
def note_withdrawal(
    visit: NamedDependency[Visit], name: FromPath[str], entry: FromPath[int], data: URLEncodedBody[GroundForm]
) -> Answer:
    """Note that a candidate told the office that they withdraw."""
    with visit.write() as transaction:
        running = _running(visit, transaction, name)
        number = _number(transaction.session, running, entry)
        follows = withdraw(transaction, running, number, by=visit.member.number, ground=data.ground.strip())
    return visit.go(f"/procedures/{name}/poll/candidates/{entry}", FOLLOWS[follows])


def _listed(session: Session, running: Running, rows: list[Candidacy], verdicts: dict[int, Verdict]) -> list[Stands]:
    policy, numbers = running.policy, numbers_of(session, rows)
    titles = {kept.id: kept.name for kept in policy.seats.constituencies} if policy.seats is not None else {}
    return [
        Stands(
            entry=row.entry,
            number=numbers[row.member_id],
            name=row.name,
            contest=titles.get(row.constituency, policy.title),
            nominated_by=row.nominated_by,
            state=running_state(running, row),
            is_late=row.is_late,
            missing=len(verdicts[row.entry].reasons) if row.entry in verdicts else 0,
        )
        for row in rows
    ]


def _shown(session: Session, running: Running, row: Candidacy) -> dict[str, Any]:
    verdict = judge(session, running, [row])[row.entry] if running.state.anchors is not None else None
    state = running_state(running, row)
    return {
        "row": row,
        "number": numbers_of(session, [row])[row.member_id],
        "verdict_of": verdict,
        "state": state,
        "on_appeal": row.decision == "refused" and row.appealed_at is not None,
        "decided_by": running.policy.bodies[_stage(running).owner].name,
    }


def _standing(visit: Visit, session: Session, name: str, powers: tuple[str, ...] = POWERS) -> Running:
    running = running_for(visit, session, name, powers)
    if running.policy.first(CandidacyStage) is None:
        raise NotFoundException
    return running


def _running(visit: Visit, transaction: Transaction, name: str) -> Running:
    _standing(visit, transaction.session, name, (*POWERS, PROCEDURE_RECORD))
    return open_procedure(transaction.session, visit.instance.plugins, name)


def _stage(running: Running) -> CandidacyStage:
    stage = running.policy.first(CandidacyStage)
    if stage is None:
        raise NotFoundException
    return stage


def _entry(session: Session, running: Running, entry: int) -> Candidacy:
    row = session.get(Candidacy, (running.procedure.id, entry))
    if row is None:
        raise NotFoundException
    return row


def _number(session: Session, running: Running, entry: int) -> str:
    row = _entry(session, running, entry)
    return numbers_of(session, [row])[row.member_id]


PAGES = (candidates_page, candidate_page, admit_everybody, admit, propose_decision, note_acceptance, note_withdrawal)
