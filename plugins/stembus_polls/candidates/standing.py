"""Whether somebody may be a candidate: the conditions for standing, and what has to be handed in. Pure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from stembus_polls.candidates.form import Form, candidacy_of, constituencies_of
from stembus_procedures import Check, MemberFacts, Policy, Verdict, may_stand
from stembus_procedures.eligibility import Step
from stembus_procedures.language.values import Words


class Days(Struct, frozen=True, kw_only=True):
    """The days and moments on which a candidacy is judged. `term_starts` is None where no seat is filled."""

    judged_on: date
    age_on: date
    accept_until: datetime
    term_starts: date | None = None


def judge_candidacy(
    policy: Policy,
    form: Form,
    facts: MemberFacts,
    days: Days,
    *,
    is_late: bool = False,
    step: Step = "before_candidacy",
) -> Verdict:
    """Return every condition with its outcome and reason, for one candidate.

    `facts` are those of the day of `days.judged_on`, with the offices, the signed code and the terms served in them.
    """
    stage = candidacy_of(policy)
    verdict = may_stand(
        stage.stand,
        facts,
        on=days.judged_on,
        age_day=days.age_on,
        step=step,
        seats=policy.seats,
        term_starts=days.term_starts,
    )
    return Verdict((*verdict.checks, *_handed_in(policy, form, facts, days, is_late)))


def _handed_in(policy: Policy, form: Form, facts: MemberFacts, days: Days, is_late: bool) -> Iterator[Check]:
    stage = candidacy_of(policy)
    if is_late:
        yield _check("late", False, "Ingeleverd na de sluiting.", "Handed in after the close.")
    if stage.acceptance.required:
        yield _acceptance(form, days)
    if stage.supporters is not None and stage.supporters.number:
        has, needs = len(form.supporters), stage.supporters.number
        nl, en = f"{has} ondersteuners; {needs} nodig.", f"{has} supporters; {needs} needed."
        yield _check("supporters", has >= needs, nl, en)
    for document in stage.documents:
        if document.required:
            has_it = document.type in form.documents
            nl, en = ("ingeleverd", "handed in") if has_it else ("ontbreekt", "is missing")
            rule = f"documents.{document.type}"
            yield _check(rule, has_it, f"{document.name.nl}: {nl}.", f"{document.name.en}: {en}.")
    if stage.stand.own_constituency and form.constituency:
        branches = ", ".join(constituencies_of(policy)[form.constituency])
        met = facts.branch in constituencies_of(policy)[form.constituency]
        nl = f"Afdeling {facts.branch}; kieskring {form.constituency}: {branches}."
        yield _check("own_constituency", met, nl, f"Branch {facts.branch}; {form.constituency} has {branches}.")


def _acceptance(form: Form, days: Days) -> Check:
    if form.accepted_at is None:
        return _check("acceptance", False, "De kandidaat heeft nog niet aanvaard.", "The candidate has not accepted.")
    until = f"{days.accept_until:%Y-%m-%d %H:%M}"
    if form.accepted_at >= days.accept_until:
        return _check("acceptance", False, f"Te laat aanvaard; kon tot {until}.", f"Accepted too late; until {until}.")
    return _check("acceptance", True, "De kandidaat heeft aanvaard.", "The candidate accepted.")


def _check(rule: str, met: bool, nl: str, en: str) -> Check:
    outcome: Literal["met", "not_met"] = "met" if met else "not_met"
    return Check(rule, outcome, Words(nl=nl, en=en))
