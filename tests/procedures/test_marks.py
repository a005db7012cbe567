"""What a policy may not say of votes by crosses: there is no order in them, and nothing but their sums."""

from typing import Any

import pytest
from policy_texts import GONE, ONLINE, PARTIJRAAD, errors

VOTE, COUNT, RESULT = "stages.vote", "stages.count", "stages.result"
SOUND: dict[str, Any] = {
    f"{VOTE}.ballot.method": "approval",
    f"{COUNT}.transfer": GONE,
    f"{COUNT}.second_count": False,
    f"{RESULT}.publication.level": "stages",
    "seats.deputies.found_by": "next_in_result",
    "seats.vacancy.fill": "next_in_result",
    "stages.seating.not_accepted": "next_in_result",
    "seats.balance[0].strength": "soft",
}


@pytest.mark.parametrize("text", [PARTIJRAAD, ONLINE])
@pytest.mark.parametrize("method", ["approval", "block"])
def test_crosses_can_be_voted_by_on_paper_and_electronically(method: str, text: str) -> None:
    more = {f"{VOTE}.ballot.maximum_choices": 4, f"{COUNT}.yes_threshold": "1/2"}
    assert errors(SOUND | {f"{VOTE}.ballot.method": method}, text) == []
    assert errors(SOUND | {f"{VOTE}.ballot.method": method} | more, text) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({f"{VOTE}.ballot.complete_ranking": True}, "is about ranks"),
        ({f"{VOTE}.ballot.skipped_rank": "close_up"}, "is about ranks"),
        ({f"{VOTE}.ballot.repeated_rank": "invalid"}, "is about ranks"),
        ({f"{COUNT}.second_count": True}, "no second program"),
        ({f"{RESULT}.publication.level": "rankings"}, "is a ranking"),
        ({f"{RESULT}.publication.level": "first_preferences"}, "is a ranking"),
        ({f"{RESULT}.publication.level": "totals"}, "holds the votes for each candidate"),
        ({"seats.deputies.found_by": "countback"}, "there are no piles"),
        ({"seats.vacancy.fill": "countback"}, "there are no piles"),
        ({"stages.seating.not_accepted": "countback"}, "there are no piles"),
        ({"seats.balance[0].strength": "hard"}, "cannot keep to it"),
    ],
)
def test_what_means_nothing_with_crosses_is_refused_at_its_key(change: dict[str, Any], said: str) -> None:
    [(path, _)] = change.items()
    found = errors(SOUND | change, ONLINE)
    assert [(one.path, said in str(one.message)) for one in found] == [(path, True)]


def test_a_rule_for_next_choices_is_refused_where_there_are_none() -> None:
    kept = {key: value for key, value in SOUND.items() if key != f"{COUNT}.transfer"}
    assert [one.path for one in errors(kept, ONLINE)] == [f"{COUNT}.transfer"]


def test_a_share_of_the_valid_votes_leaves_invalid_ones_out() -> None:
    both = {f"{COUNT}.yes_threshold": "1/2", f"{VOTE}.ballot.invalid": "in_base"}
    paths = {one.path for one in errors(SOUND | both, PARTIJRAAD)}
    assert f"{COUNT}.yes_threshold" in paths


def test_a_threshold_for_crosses_says_nothing_of_a_ranked_vote() -> None:
    assert [one.path for one in errors({f"{COUNT}.yes_threshold": "1/2"}, ONLINE)] == [f"{COUNT}.yes_threshold"]
