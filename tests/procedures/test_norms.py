"""The party's own articles stand above a policy: it cites them and cannot exceed them."""

from typing import Any

import pytest
from policy_texts import GONE, NORMS, changed, edited

from stembus_procedures import Finding, PolicyError, check, load_norms


def against_norms(edits: dict[str, Any], norms: str = NORMS) -> list[Finding]:
    return [finding for finding in check(edited(edits), norms=load_norms(norms)) if finding.rule == "norms"]


def test_the_shipped_policy_keeps_to_the_shipped_norms() -> None:
    assert against_norms({}) == []


@pytest.mark.parametrize(
    ("path", "message", "edits"),
    [
        ("seats.minimum", "is 12, but statuten 15.1", {"seats.minimum": 12}),
        ("seats.maximum", "is 26, but statuten 15.1", {"seats.maximum": 26}),
        ("seats.term", "is 25 months, but statuten 15.2", {"seats.term": {"n": 25, "unit": "months"}}),
        ("seats.maximum_terms", "asks for at most 3", {"seats.maximum_terms": 4}),
        ("stages.convocation.due", "is 13 days, but statuten 12.1", {"stages.convocation.due.days": -13}),
        ("stages.convocation.due", "does not count clear days", {"stages.convocation.due.clear": False}),
        ("stages.alv.quorum.fraction", "is 1/25, but statuten 12.4", {"stages.alv.quorum.fraction": "1/25"}),
        ("stages.alv.proxies.each_holds", "asks for at most 2", {"stages.alv.proxies.each_holds": 3}),
        ("stages.vote.ballot.method", "allows only: stv", {"stages.vote.ballot.method": "meek"}),
        ("cites.seats.term", "cites statuten 15.9, which", {"cites.seats.term": ["statuten 15.9"]}),
        ("channels.post.legal_basis", "cites statuten 99", {"channels.post.legal_basis": ["statuten 99"]}),
    ],
)
def test_a_policy_that_exceeds_an_article_is_refused_at_its_key(path: str, message: str, edits: dict[str, Any]) -> None:
    found = [finding for finding in against_norms(edits) if finding.severity == "error"]
    assert any(finding.path == path and message in str(finding.message) for finding in found), found


def test_two_years_may_be_written_as_twenty_four_months() -> None:
    assert against_norms({"seats.term": {"n": 24, "unit": "months"}}) == []


def test_a_limit_holds_also_for_a_policy_that_does_not_cite_it_and_asks_to_cite_it() -> None:
    silent = {"cites.seats.maximum": GONE}
    assert [(found.severity, found.path) for found in against_norms(silent)] == [("warning", "seats.maximum")]
    exceeding = against_norms(silent | {"seats.maximum": 26})
    assert ("error", "seats.maximum") in {(found.severity, found.path) for found in exceeding}


@pytest.mark.parametrize(
    ("limit", "policy_id", "is_wider"),
    [("at_most = 4", "partijraad", True), ("at_most = 2", "partijraad", False), ("at_most = 4", "gemeenteraad", False)],
)
def test_rules_cannot_allow_more_than_the_statutes(limit: str, policy_id: str, *, is_wider: bool) -> None:
    article = '\n[articles."HR 9.9"]\nrank = "rules"\ntext = { nl = "x", en = "x" }\n'
    article += f'limits = [{{ on = "seats.maximum_terms", {limit}, policies = ["{policy_id}"] }}]\n'
    found = [finding for finding in against_norms({}, NORMS + article) if finding.path == "articles.HR 9.9"]
    assert bool(found) is is_wider


def test_a_mistake_in_the_norms_has_its_line_and_path() -> None:
    wrong = changed(('rank = "statutes"', 'rank = "law"'), text=NORMS)
    with pytest.raises(PolicyError, match=r"line 7, `articles.*rank`: got 'law', expected one of: statutes, rules"):
        load_norms(wrong)
