"""A policy that votes on persons one by one says when somebody is elected, and nothing that means nothing there."""

from typing import Any

import pytest
from policy_texts import GONE, ONLINE, edited, errors

from stembus_procedures import check

VOTE = "stages.vote"
RULE = {"base": "yes_no", "fraction": "1/2", "strict": True, "blank": "not_cast", "invalid": "not_cast"}
SOUND: dict[str, Any] = {
    f"{VOTE}.ballot.method": "yes_no_per_person",
    f"{VOTE}.ballot.minimum_choices": GONE,
    "stages.count.transfer": GONE,
    "stages.count.second_count": False,
    "stages.result.publication.level": "stages",
    "seats.vacancy.fill": "next_in_result",
    "seats.deputies.found_by": "next_in_result",
    "stages.seating.not_accepted": "next_in_result",
}

REFUSED: list[tuple[str, dict[str, Any]]] = [
    (f"{VOTE}.rule", {f"{VOTE}.rule": GONE}),
    (f"{VOTE}.rule.base", {f"{VOTE}.rule": RULE | {"base": "present"}}),
    (f"{VOTE}.ballot.blank", {f"{VOTE}.rule": RULE | {"base": "cast_with_blank", "blank": "in_base"}}),
    (f"{VOTE}.ballot.invalid", {f"{VOTE}.rule": RULE | {"base": "cast_all", "invalid": "in_base"}}),
    (f"{VOTE}.ballot.allow_abstain", {f"{VOTE}.ballot.allow_abstain": True}),
    (f"{VOTE}.ballot.allow_blank", {f"{VOTE}.ballot.allow_blank": False}),
    (f"{VOTE}.ballot.minimum_choices", {f"{VOTE}.ballot.minimum_choices": 1}),
    (f"{VOTE}.ballot.maximum_choices", {f"{VOTE}.ballot.maximum_choices": 5}),
    (f"{VOTE}.ballot.complete_ranking", {f"{VOTE}.ballot.complete_ranking": True}),
    (
        "stages.count.transfer",
        {
            "stages.count.transfer": {
                "quota": "droop",
                "transfer": "weighted_gregory",
                "tie_in_stage": "earlier_stages_then_lot",
            }
        },
    ),
    ("stages.count.yes_threshold", {"stages.count.yes_threshold": "1/2"}),
    ("stages.count.tie_between_persons", {"stages.count.tie_between_persons": "oldest"}),
    ("seats.balance[0].strength", {"seats.balance[0].strength": "hard"}),
    ("stages.count.second_count", {"stages.count.second_count": True}),
    ("stages.result.publication.level", {"stages.result.publication.level": "rankings"}),
    ("stages.result.publication.level", {"stages.result.publication.level": "totals"}),
    ("seats.vacancy.fill", {"seats.vacancy.fill": "countback"}),
    ("seats.deputies.found_by", {"seats.deputies.found_by": "countback"}),
    ("stages.seating.not_accepted", {"stages.seating.not_accepted": "countback"}),
]


def test_a_policy_that_votes_on_each_person_is_not_refused() -> None:
    assert [finding for finding in check(edited(SOUND, ONLINE)) if finding.severity == "error"] == []


@pytest.mark.parametrize(("path", "edits"), REFUSED, ids=[path for path, _ in REFUSED])
def test_what_contradicts_a_vote_on_each_person_is_an_error_at_its_key(path: str, edits: dict[str, Any]) -> None:
    assert {finding.path for finding in errors(SOUND | edits, ONLINE)} == {path}


def test_where_all_vote_on_paper_a_blank_can_be_forbidden() -> None:
    on_paper = {f"{VOTE}.channels": ["paper_in_meeting", "post"], f"{VOTE}.electronic": GONE}
    assert errors(SOUND | on_paper | {f"{VOTE}.ballot.allow_blank": False}, ONLINE) == []


def test_a_policy_that_ranks_candidates_hears_nothing_of_it() -> None:
    assert errors({}, ONLINE) == []
