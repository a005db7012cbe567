"""A contest to hold a vote in: two founders who may do everything, the policy that ships, and candidates by name."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from stembus.conduct.policies import adopt, policy_of, read_source
from stembus.conduct.running import begin
from stembus.conduct.speaking import speakers
from stembus.instance import Instance
from stembus.organisation.bootstrap import bootstrap
from stembus_polls.contests import Contest, ContestCandidate, ContestPlan, VoteTimes
from stembus_polls.paper.account import ByHand, number_papers, state_account
from stembus_polls.paper.type_over import type_papers
from stembus_procedures import Policy
from stembus_procedures.language.stages import Tally, Vote
from stembus_procedures.language.values import Words

FOUNDERS = (("1001", "Anna Bakker"), ("1002", "Bo de Vries"))
BY = ("1001", "1002")
NAMES = ("Ada Smit", "Ben Jansen", "Cas van Dijk", "Dee Visser", "Eli Mulder")
CLOSE = datetime(2026, 3, 1, 11, tzinfo=UTC)
"""An hour before the clock of the tests: the vote is over."""


def open_contest(instance: Instance, **changes: Any) -> Contest:
    """Return a contest of a procedure that was begun; keyword arguments as `contest` has them."""
    with instance.write() as transaction:
        bootstrap(transaction, FOUNDERS)
        adopted = adopt(transaction, read_source("partijraad", instance.plugins), by=BY, decision="ALV 2026-01-10")
        policy = policy_of(adopted, instance.plugins)
        running = begin(transaction, "raad", adopted, speakers(transaction, policy, BY, ["kiescommissie"]))
        return contest(policy, procedure_id=running.procedure.id, **changes)


def contest(
    policy: Policy,
    *,
    procedure_id: str = "p",
    seats: int = 2,
    names: Sequence[str] = NAMES,
    closes: datetime = CLOSE,
    withdrew: Sequence[int] = (),
    declared: Sequence[dict[str, str]] = (),
) -> Contest:
    """Return one contest at large; `withdrew` are numbers on the paper."""
    return Contest(
        procedure_id=procedure_id,
        procedure="raad",
        policy=policy,
        plan=ContestPlan(id="at_large", title=Words(nl="Partijraad", en="Party council"), seats=seats),
        candidates=tuple(
            ContestCandidate(
                id=f"k{number}",
                member_id=f"m{number}",
                number=number,
                name=name,
                declared=declared[number - 1] if declared else {},
                withdrew=number in withdrew,
            )
            for number, name in enumerate(names, 1)
        ),
        times=VoteTimes(opens=closes - timedelta(hours=3), closes=closes, post_until=closes - timedelta(days=1)),
    )


def type_all(instance: Instance, one: Contest, marks: Sequence[str], *, only: Sequence[int] = ()) -> None:
    """Let two people type all papers, or only those with these numbers."""
    typed = {paper: text for paper, text in enumerate(marks, 1) if not only or paper in only}
    for typist in BY:
        with instance.write() as transaction:
            type_papers(transaction, one, typed, typist=typist)


def ready_to_count(instance: Instance, one: Contest, marks: Sequence[str]) -> None:
    """Account for these papers, number them and type them twice."""
    with instance.write() as transaction:
        state_account(
            transaction,
            one,
            ByHand(unused=0, spoiled=0, in_box=len(marks)),
            explanations=dict.fromkeys(("issued", "strike_offs"), "papers of a test"),
            by=BY,
        )
        number_papers(transaction, one, len(marks), by=BY)
    type_all(instance, one, marks)


def with_stage(policy: Policy, kind: type[Vote] | type[Tally], **changes: Any) -> Policy:
    """Return the policy with keys of its vote or its count changed."""
    stages = (replace(stage, **changes) if isinstance(stage, kind) else stage for stage in policy.stages)
    return replace(policy, stages=tuple(stages))
