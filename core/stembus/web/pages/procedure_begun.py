"""Beginning a procedure, also by copying an earlier one; every date is seen before it is proposed."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery, URLEncodedBody
from sqlmodel import Session

from stembus.access.proposals import propose
from stembus.conduct.copying import Copy, copied, proposed_anchors
from stembus.conduct.grave_dates import START, Start
from stembus.conduct.holding import can_begin, for_members_of
from stembus.conduct.policies import adopted_named, adopted_policies, installed_kinds, policy_of, sentences
from stembus.conduct.running import Running, open_procedure, procedures, running_of
from stembus.conduct.tables import AdoptedPolicy
from stembus.entry import power
from stembus.errors import Problem, UnusableInput
from stembus.organisation.authority import current_definitions, today
from stembus.organisation.core_powers import PROCEDURE_START
from stembus.web.pages.proposing import PROPOSED
from stembus.web.routes import Form, Several, action, page, several
from stembus.web.visit import Answer, Visit
from stembus.words import N_
from stembus_procedures import Policy
from stembus_procedures.language.values import Words
from stembus_procedures.timeline import Deadline, TimelineError, timeline

WHO = power(PROCEDURE_START)


class StartForm(Form, frozen=True):
    """A procedure to begin; `anchor` is a day for each date that the policy counts from, in its order.

    `held_by` is the body of the branch that holds it, and empty for the party. `repeats` is the procedure whose
    annulled vote is held again, or empty.
    """

    policy: str = ""
    name: str = ""
    held_by: str = ""
    repeats: str = ""
    anchor: Several = ""


@page("/procedures/new", who=WHO)
def new_page(
    visit: NamedDependency[Visit],
    *,
    policy: FromQuery[str] = "",
    earlier: FromQuery[str] = "",
    name: FromQuery[str] = "",
    held_by: FromQuery[str | None] = None,
    anchor: FromQuery[list[str] | None] = None,
) -> Answer:
    """Choose a policy or an earlier procedure, fill in name and dates, and see every date that follows."""
    with visit.read() as session:
        before = _earlier(visit, session, earlier)
        chosen = _chosen(session, policy or (before.adopted.policy_id if before else ""))
        if chosen is None:
            return _choose(visit, session)
        definition = policy_of(chosen, visit.instance.plugins)
        if held_by is None:
            held_by = (before.held_by if before else None) or ""
        given = anchor or []
        if not given and before is not None:
            moved = proposed_anchors(before.state.anchors or {}, today(visit.instance, visit.now))
            given = [str(moved[key]) if key in moved else "" for key in definition.anchors]
        dates: Sequence[Deadline] = ()
        copy: Copy | None = None
        if any(given):
            try:
                anchors = anchors_given(definition, given)
                dates = timeline(definition, anchors)
                copy = None if before is None else _copy(visit, session, before, chosen, anchors)
            except (Problem, TimelineError) as problem:
                visit.problem = problem if isinstance(problem, Problem) else UnusableInput("{error}", error=problem)
        return visit.page(
            "procedures/new.html",
            chosen=chosen,
            policy=definition,
            earlier=before,
            holders=_holders(session, visit, definition),
            held_by=held_by,
            anchors=anchors_filled(definition, given),
            name=name or (copy.name if copy else ""),
            dates=dates,
            copy=copy,
            had={one.moment: one.before for one in copy.moments if one.before} if copy else {},
        )


@action("/procedures/new", who=WHO, writes=("proposal.made",))
def new_action(visit: NamedDependency[Visit], data: URLEncodedBody[StartForm]) -> Answer:
    """Propose to begin it."""
    with visit.write() as transaction:
        adopted = adopted_named(transaction.session, data.policy)
        policy = policy_of(adopted, visit.instance.plugins)
        if not data.name.strip():
            raise UnusableInput(N_("Give it a name."), field="name")
        wanted = Start(
            name=data.name.strip(),
            fingerprint=adopted.fingerprint,
            anchors=anchors_given(policy, several(data.anchor)),
            held_by=data.held_by or None,
            repeats=data.repeats or None,
        )
        row = propose(transaction, START.name, wanted, by=visit.member.number)
    return visit.go(f"/proposals/{row.id}", PROPOSED)


def anchors_given(policy: Policy, given: Sequence[str]) -> dict[str, date]:
    """Return the day of each date that a policy counts from, as typed in its order. Raises `UnusableInput`."""
    try:
        return {key: date.fromisoformat(text) for key, text in zip(policy.anchors, given, strict=True)}
    except ValueError:
        raise UnusableInput(N_("Fill in a day for each date that is chosen."), field="anchor") from None


def anchors_filled(policy: Policy, given: Sequence[str]) -> list[tuple[Words, str]]:
    """Return the fields of a form: the name of each date that a policy counts from, and what was typed for it."""
    return list(zip(policy.anchors.values(), [*given, *[""] * len(policy.anchors)], strict=False))


def _choose(visit: Visit, session: Session) -> Answer:
    """Show the policies and the earlier procedures that this person can begin one of."""
    newest = {row.policy_id: row for row in reversed(adopted_policies(session))}
    policies = {one: policy_of(row, visit.instance.plugins) for one, row in newest.items()}
    may = {one: _holders(session, visit, policy) for one, policy in policies.items()}
    kinds = installed_kinds(visit.instance.plugins)
    earlier = [running_of(session, row.id, kinds) for row in procedures(session)]
    return visit.page(
        "procedures/choose.html",
        policies=[(row, policies[one].title) for one, row in newest.items() if may[one]],
        are_adopted=bool(newest),
        earlier=[
            (one.procedure.name, one.policy.title)
            for one in earlier
            if one.held_by in [slug for slug, _ in may.get(one.adopted.policy_id, [])]
        ],
    )


def _holders(session: Session, visit: Visit, policy: Policy) -> list[tuple[str | None, Words | None]]:
    """Return for whom this person can begin a procedure: None for the party, and the branches by body and name."""
    definitions = current_definitions(session)
    found = can_begin(visit.member.seats, policy, definitions, PROCEDURE_START)
    return [(slug, None if slug is None else Words(nl=definitions[slug].nl, en=definitions[slug].en)) for slug in found]


def _copy(visit: Visit, session: Session, before: Running, chosen: AdoptedPolicy, anchors: dict[str, date]) -> Copy:
    definition = policy_of(chosen, visit.instance.plugins)
    if before.held_by is not None:
        definition = for_members_of(definition, current_definitions(session).get(before.held_by))
    taken = frozenset(row.name for row in procedures(session))
    lang: Literal["nl", "en"] = "en" if visit.lang == "en" else "nl"
    said = sentences(visit.instance.plugins)
    return copied(before, (chosen, definition), anchors, visit.now, taken=taken, lang=lang, catalogue=said)


def _earlier(visit: Visit, session: Session, name: str) -> Running | None:
    if not name:
        return None
    try:
        return open_procedure(session, visit.instance.plugins, name)
    except UnusableInput:
        raise NotFoundException from None


def _chosen(session: Session, name: str) -> AdoptedPolicy | None:
    if not name:
        return None
    try:
        return adopted_named(session, name)
    except UnusableInput:
        raise NotFoundException from None


PAGES = (new_page, new_action)
