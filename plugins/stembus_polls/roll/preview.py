"""What freezing the roll would come to, before anybody does it: how many may vote, and why others may not."""

import hashlib
from collections import Counter
from datetime import date

from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.running import Running
from stembus_polls.procedure_now import day_of, members_concerned
from stembus_polls.roll.freeze import contest_plans
from stembus_polls.roll.verdict import contests_of_voter, judge_voter, roll_of
from stembus_procedures.language.values import Words


class Hindered(Struct, frozen=True):
    """How many do not meet a condition, and of how many it is not known."""

    rule: str
    not_met: int
    unknown: int


class FreezePreview(Struct, frozen=True, kw_only=True):
    """The roll as it would be on the record date: how many may vote, in which contests, and what hinders the others.

    Somebody who does not meet two conditions is in both lines of `hindered`, and once in `without`. `sha256` is over
    who votes in what, so that two people freeze the same roll.
    """

    day: date
    known: int
    size: int
    without: int
    unknown: int
    by_contest: tuple[tuple[Words, int], ...]
    hindered: tuple[Hindered, ...]
    sha256: str


def preview_freeze(session: Session, running: Running) -> FreezePreview:
    """Judge everybody on the record date and keep nothing. Raises `Refused` while there are no dates or contests."""
    policy, plans = running.policy, contest_plans(running)
    day = day_of(running, f"{roll_of(policy).id}.record_date")
    votes: Counter[str] = Counter()
    not_met: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    rows: list[str] = []
    only_unknown = 0
    members = members_concerned(session, running, day)
    for member in members:
        verdict = judge_voter(policy, member.facts, day)
        if verdict.allowed:
            contests = contests_of_voter(policy, plans, member.facts.branch, is_abroad=member.abroad)
            rows.append(f"{member.member_id} {' '.join(contests)}\n")
            votes.update(contests)
            continue
        only_unknown += all(check.outcome == "unknown" for check in verdict.reasons)
        not_met.update(check.rule for check in verdict.reasons if check.outcome == "not_met")
        unknown.update(check.rule for check in verdict.reasons if check.outcome == "unknown")
    rules = sorted({*not_met, *unknown}, key=lambda rule: (-not_met[rule] - unknown[rule], rule))
    return FreezePreview(
        day=day,
        known=len(members),
        size=len(rows),
        without=len(members) - len(rows),
        unknown=only_unknown,
        by_contest=tuple((plan.title, votes[plan.id]) for plan in plans),
        hindered=tuple(Hindered(rule, not_met[rule], unknown[rule]) for rule in rules),
        sha256=hashlib.sha256("".join(sorted(rows)).encode()).hexdigest(),
    )
