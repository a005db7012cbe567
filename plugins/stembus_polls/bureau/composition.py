"""Whether the stembureau is composed as the policy says: how many, appointed by whom, without whom. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from stembus_procedures import Check, Verdict
from stembus_procedures.language.bodies import Excluded
from stembus_procedures.language.oversight import Bureau
from stembus_procedures.language.values import Words

_WHO: dict[Excluded, tuple[str, str]] = {
    "candidates": ("kandidaat", "a candidate"),
    "board": ("lid van het bestuur", "a member of the board"),
    "employees": ("in dienst van de partij", "employed by the party"),
    "screeners": ("betrokken bij de screening", "one of those who screen"),
    "members_of_body": ("lid van het orgaan dat gekozen wordt", "a member of the body that is elected"),
    "relatives_of_candidates": ("familie van een kandidaat", "a relative of a candidate"),
    "relatives_of_board": ("familie van een lid van het bestuur", "a relative of a member of the board"),
}
_RELATIVES: dict[Excluded, Excluded] = {"relatives_of_candidates": "candidates", "relatives_of_board": "board"}


class BureauMember(Struct, frozen=True, kw_only=True):
    """Somebody with a seat in the stembureau. `appointed_by` are the bodies that speak in the act that gave it.

    `declared` is whether they said what interests they have; `relatives` are the members (ids) they are related to,
    `interests` what else they said.
    """

    member_id: str
    number: str
    name: str
    is_deputy: bool
    appointed_by: tuple[str, ...]
    declared: bool
    relatives: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()


def judge_bureau(rule: Bureau, members: Sequence[BureauMember], groups: Mapping[Excluded, Collection[str]]) -> Verdict:
    """Return each requirement on the stembureau with its outcome and reason.

    `groups` holds the member ids of the candidates, the board and the other groups that can be excluded.
    """
    sitting = [member for member in members if not member.is_deputy]
    deputies = len(members) - len(sitting)
    nl = f"{len(sitting)} leden; {rule.size_min} tot {rule.size_max} nodig."
    checks = [
        _check(
            "size",
            rule.size_min <= len(sitting) <= rule.size_max,
            nl,
            f"{len(sitting)} members; {rule.size_min} to {rule.size_max} needed.",
        ),
        _check(
            "deputies",
            deputies <= rule.deputies,
            f"{deputies} plaatsvervangers; ten hoogste {rule.deputies}.",
            f"{deputies} deputies; {rule.deputies} at most.",
        ),
    ]
    for member in members:
        checks += _one(rule, member, groups)
    return Verdict(tuple(checks))


def _one(rule: Bureau, member: BureauMember, groups: Mapping[Excluded, Collection[str]]) -> Iterator[Check]:
    who = f"{member.name} ({member.number})"
    by = ", ".join(member.appointed_by)
    yield _check(
        f"appointed_by.{member.number}",
        rule.appointed_by in member.appointed_by,
        f"{who}: benoemd door {by or 'niemand'}; nodig: {rule.appointed_by}.",
        f"{who}: appointed by {by or 'nobody'}; needed: {rule.appointed_by}.",
    )
    if not member.declared:
        nl = f"{who}: heeft nog niet verklaard welke belangen er zijn."
        yield Check(
            f"declared.{member.number}", "unknown", Words(nl=nl, en=f"{who}: has not declared any interests yet.")
        )
    for interest in member.interests:
        nl, en = f"{who}: heeft een belang: {interest}.", f"{who}: has an interest: {interest}."
        yield _check(f"interest.{member.number}", False, nl, en)
    for excluded in rule.excludes:
        related = _RELATIVES.get(excluded)
        concerned = set(member.relatives) if related else {member.member_id}
        hit = bool(concerned & set(groups.get(related or excluded, ())))
        nl_is, en_is = _WHO[excluded]
        yield _check(
            f"{excluded}.{member.number}",
            not hit,
            f"{who}: {'is' if hit else 'is niet'} {nl_is}.",
            f"{who}: {'is' if hit else 'is not'} {en_is}.",
        )


def _check(rule: str, met: bool, nl: str, en: str) -> Check:
    outcome: Literal["met", "not_met"] = "met" if met else "not_met"
    return Check(rule, outcome, Words(nl=nl, en=en))
