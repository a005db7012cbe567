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
from stembus.conduct.grave_acts import START, Start
from stembus.conduct.policies import adopted_named, adopted_policies, policy_of, sentences
from stembus.conduct.running import Running, open_procedure, procedures
from stembus.conduct.tables import AdoptedPolicy
from stembus.entry import power
from stembus.errors import Problem, UnusableInput
from stembus.organisation.authority import today
from stembus.organisation.core_powers import PROCEDURE_START
from stembus.web.routes import Form, Several, action, page, several
from stembus.web.visit import Answer, Visit
from stembus.words import N_
from stembus_procedures import Policy
from stembus_procedures.timeline import Deadline, TimelineError, timeline

WHO = power(PROCEDURE_START)


class StartForm(Form, frozen=True):
    """A procedure to begin; `anchor` is a day for each date that the policy counts from, in its order."""

    policy: str = ""
    name: str = ""
    anchor: Several = ""


@page("/procedures/new", who=WHO)
def new_page(
    visit: NamedDependency[Visit],
    policy: FromQuery[str] = "",
    earlier: FromQuery[str] = "",
    name: FromQuery[str] = "",
    anchor: FromQuery[list[str] | None] = None,
) -> Answer:
    """Choose a policy or an earlier procedure, fill in name and dates, and see every date that follows."""
    with visit.read() as session:
        before = _earlier(visit, session, earlier)
        chosen = _chosen(session, policy or (before.adopted.policy_id if before else ""))
        if chosen is None:
            newest = {row.policy_id: row for row in reversed(adopted_policies(session))}
            return visit.page(
                "procedures/choose.html",
                policies=list(newest.values()),
                earlier=[row.name for row in procedures(session)],
            )
        definition = policy_of(chosen, visit.instance.plugins)
        given = anchor or []
        if not given and before is not None:
            moved = proposed_anchors(before.state.anchors or {}, today(visit.instance, visit.now))
            given = [str(moved[key]) if key in moved else "" for key in definition.anchors]
        dates: Sequence[Deadline] = ()
        copy: Copy | None = None
        if any(given):
            try:
                anchors = _anchors(definition, given)
                dates = timeline(definition, anchors)
                if before is not None:
                    taken = frozenset(row.name for row in procedures(session))
                    lang: Literal["nl", "en"] = "en" if visit.lang == "en" else "nl"
                    said = sentences(visit.instance.plugins)
                    copy = copied(
                        before, (chosen, definition), anchors, visit.now, taken=taken, lang=lang, catalogue=said
                    )
            except (Problem, TimelineError) as problem:
                visit.problem = problem if isinstance(problem, Problem) else UnusableInput("{error}", error=problem)
        return visit.page(
            "procedures/new.html",
            chosen=chosen,
            policy=definition,
            earlier=before,
            anchors=[(key, given[place] if place < len(given) else "") for place, key in enumerate(definition.anchors)],
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
            anchors=_anchors(policy, several(data.anchor)),
        )
        row = propose(transaction, START.name, wanted, by=visit.member.number)
    return visit.go(
        f"/proposals/{row.id}", N_("Your proposal is made. Somebody else, in another seat, has to confirm it.")
    )


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


def _anchors(policy: Policy, given: Sequence[str]) -> dict[str, date]:
    try:
        found = {key: date.fromisoformat(text) for key, text in zip(policy.anchors, given, strict=True)}
    except ValueError:
        raise UnusableInput(N_("Fill in a day for each date that is chosen."), field="anchor") from None
    return found


PAGES = (new_page, new_action)
