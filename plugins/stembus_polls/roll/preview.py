"""What freezing the roll would come to, before anybody does it: how many may vote, and why others may not."""

import hashlib
from collections import Counter
from datetime import date
from itertools import chain

from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.running import Running
from stembus.organisation.facts import MemberOnDay
from stembus_polls.procedure_now import day_of, members_concerned
from stembus_polls.roll.freeze import votes_in
from stembus_polls.roll.plans import contest_plans, merged_titles
from stembus_polls.roll.verdict import judge_voter, roll_of
from stembus_procedures.language.values import Words


class Hindered(Struct, frozen=True):
    """How many do not meet a condition, and of how many it is not known."""

    rule: str
    not_met: int
    unknown: int


class FreezePreview(Struct, frozen=True, kw_only=True):
    """The roll as it would be on the record date: how many may vote, in which contests, and what hinders the others.

    `merged` are the contests with too few voters for a secret vote, whose seats all members fill together.
    Somebody who does not meet two conditions is in both lines of `hindered`, and once in `without`. `sha256` is over
    who votes in what, so that two people freeze the same roll.
    """

    day: date
    known: int
    size: int
    without: int
    unknown: int
    by_contest: tuple[tuple[Words, int], ...]
    merged: tuple[Words, ...]
    hindered: tuple[Hindered, ...]
    sha256: str


def preview_freeze(session: Session, running: Running) -> FreezePreview:
    """Judge everybody on the record date and keep nothing. Raises `Refused` while there are no dates or contests."""
    policy = running.policy
    day = day_of(running, f"{roll_of(policy).id}.record_date")
    not_met: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    entitled: list[MemberOnDay] = []
    only_unknown = 0
    members = members_concerned(session, running, day)
    for member in members:
        verdict = judge_voter(policy, member.facts, day)
        if verdict.allowed:
            entitled.append(member)
            continue
        only_unknown += all(check.outcome == "unknown" for check in verdict.reasons)
        not_met.update(check.rule for check in verdict.reasons if check.outcome == "not_met")
        unknown.update(check.rule for check in verdict.reasons if check.outcome == "unknown")
    contests, merged = votes_in(session, running, entitled)
    votes = Counter(chain.from_iterable(contests.values()))
    rows = [f"{member_id} {' '.join(voted)}\n" for member_id, voted in contests.items()]
    rules = sorted({*not_met, *unknown}, key=lambda rule: (-not_met[rule] - unknown[rule], rule))
    return FreezePreview(
        day=day,
        known=len(members),
        size=len(rows),
        without=len(members) - len(rows),
        unknown=only_unknown,
        by_contest=tuple((plan.title, votes[plan.id]) for plan in contest_plans(running, merged)),
        merged=merged_titles(running, merged),
        hindered=tuple(Hindered(rule, not_met[rule], unknown[rule]) for rule in rules),
        sha256=hashlib.sha256("".join(sorted(rows)).encode()).hexdigest(),
    )
