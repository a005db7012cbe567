"""Which proxies hold: each is measured against the policy, and set aside with the reason when it does not. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from stembus_polls.meeting.record import Proxy
from stembus_procedures.language.voting import Proxies


class Involved(NamedTuple):
    """A member in a proxy, as the roll and the candidacies know them."""

    member_id: str
    branch: str | None
    is_on_roll: bool
    is_candidate: bool


class Weighed(NamedTuple):
    """A proxy with why it is set aside; empty when it holds."""

    proxy: Proxy
    giver: Involved
    holder: Involved
    set_aside: str


def weigh_proxies(
    rule: Proxies, given: Sequence[tuple[Proxy, Involved, Involved]], until: datetime | None
) -> tuple[Weighed, ...]:
    """Return each proxy with its outcome, in the order in which they were given.

    A holder has at most as many as the policy allows: those given first hold. Who gave a proxy holds none.
    """
    givers = Counter(giver.member_id for _, giver, _ in given)
    held: Counter[str] = Counter()
    found = []
    for proxy, giver, holder in sorted(given, key=lambda one: one[0].given_at):
        why = _why_not(rule, proxy, giver, holder, until)
        if not why and givers[giver.member_id] > 1:
            why = f"{proxy.giver} gave more than one proxy"
        if not why and holder.member_id in givers:
            why = f"{proxy.holder} gave a proxy too, and cannot hold one"
        if not why and held[holder.member_id] >= rule.each_holds:
            why = f"{proxy.holder} holds {rule.each_holds} already, the most that the policy allows"
        if not why:
            held[holder.member_id] += 1
        found.append(Weighed(proxy, giver, holder, why))
    return tuple(found)


def _why_not(rule: Proxies, proxy: Proxy, giver: Involved, holder: Involved, until: datetime | None) -> str:
    found = {
        "the policy allows no proxies": not rule.allowed,
        f"{proxy.giver} cannot give a proxy to themselves": giver.member_id == holder.member_id,
        f"{proxy.giver} is not on the roll": not giver.is_on_roll,
        f"{proxy.holder} is not on the roll": not holder.is_on_roll,
        f"{proxy.holder} is not of the branch of {proxy.giver}": rule.holder == "same_branch"
        and giver.branch != holder.branch,
        f"{proxy.holder} is a candidate, and cannot hold a proxy": rule.holder == "not_candidate"
        and holder.is_candidate,
        f"the one of {proxy.giver} was given after {until:%Y-%m-%d %H:%M}" if until else "": until is not None
        and proxy.given_at > until,
    }
    return next((why for why, applies in found.items() if applies), "")
