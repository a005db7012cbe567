"""What a policy may say of rounds: voted again in a room, or all counted from the numbers that a voter gave once."""

from copy import deepcopy
from typing import Any

import pytest
from policy_texts import GONE, ONLINE, PARTIJRAAD
from policy_texts import edited as edited_in_place
from policy_texts import errors as errors_in_place

from stembus_procedures import Finding, Policy
from stembus_procedures.text import Lang, render, to_plain

VOTE, COUNT = "stages.vote", "stages.count"
ROUNDS = {"most": 2, "proceed": "top_two", "tie_at_cut": "lot", "last_rule": "plurality"}
ONE_SEAT: dict[str, Any] = {
    "seats.minimum": 1,
    "seats.maximum": 1,
    "seats.number": 1,
    "seats.minimum_to_constitute": 1,
    "seats.balance": GONE,
    "seats.deputies": GONE,
    "seats.vacancy.fill": "by_election",
    "stages.seating.not_accepted": "leave_empty",
}
SOUND: dict[str, Any] = ONE_SEAT | {
    f"{VOTE}.ballot.method": "ranked_rounds",
    f"{VOTE}.rounds": ROUNDS,
    f"{COUNT}.transfer": GONE,
    f"{COUNT}.second_count": False,
}
NORTH = {"id": "north", "name": {"nl": "Noord", "en": "North"}, "seats": 1, "if_vacant": "leave_empty"}


def errors(edits: dict[str, Any], text: str) -> list[Finding]:
    return errors_in_place(deepcopy(edits), text)


def edited(edits: dict[str, Any], text: str) -> Policy:
    return edited_in_place(deepcopy(edits), text)


@pytest.mark.parametrize("text", [PARTIJRAAD, ONLINE])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {f"{VOTE}.rounds.tie_at_cut": "all"},
        {f"{VOTE}.rounds.proceed": "drop_last", f"{VOTE}.rounds.most": 9},
        {f"{VOTE}.ballot.blank": "in_base", f"{VOTE}.rule.blank": "in_base", f"{VOTE}.rule.base": "cast_with_blank"},
        {"seats.constituencies": [NORTH]},
        {"seats.deputies": {"number": 1, "found_by": "own_ballot", "balance_applies": False}},
    ],
)
def test_ranked_rounds_can_be_voted_by_on_paper_and_electronically(text: str, more: dict[str, Any]) -> None:
    assert errors(SOUND | more, text) == []


TRANSFER = {"quota": "droop", "transfer": "weighted_gregory", "tie_in_stage": "earlier_stages_then_lot"}


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({f"{VOTE}.rounds.most": 1}, f"{VOTE}.rounds.most", "write 2 or more"),
        ({f"{VOTE}.rounds.proceed": "all"}, f"{VOTE}.rounds.proceed", "write top_two"),
        (
            {f"{VOTE}.rounds.proceed": "drop_last", f"{VOTE}.rounds.tie_at_cut": "all"},
            f"{VOTE}.rounds.tie_at_cut",
            "write lot",
        ),
        ({f"{VOTE}.rounds.declined_are_struck": False}, f"{VOTE}.rounds.declined_are_struck", "leave it out"),
        (
            {f"{VOTE}.ballot.invalid": "in_base", f"{VOTE}.rule.invalid": "in_base"},
            f"{VOTE}.ballot.invalid",
            "not of blank ones",
        ),
        ({f"{COUNT}.transfer": TRANSFER}, f"{COUNT}.transfer", "leave it out"),
        ({f"{COUNT}.second_count": True}, f"{COUNT}.second_count", "write second_count = false"),
        ({f"{COUNT}.yes_threshold": "1/2"}, f"{COUNT}.yes_threshold", "leave it out"),
        ({"seats.vacancy.fill": "next_in_result"}, "seats.vacancy.fill", "write by_election"),
        (
            {"seats.vacancy.fill": "countback", "seats.vacancy.kept_as": "rankings"},
            "seats.vacancy.fill",
            "write by_election",
        ),
        ({"stages.seating.not_accepted": "next_in_result"}, "stages.seating.not_accepted", "write leave_empty"),
        (
            {"seats.deputies": {"number": 1, "found_by": "next_in_result", "balance_applies": False}},
            "seats.deputies.found_by",
            "write own_ballot",
        ),
        ({"seats.number": 2, "seats.maximum": 2}, "seats.number", "leaves up to 2 seats"),
        (
            {"seats.number": {"by": "bestuur", "when": "at_call"}, "seats.maximum": 3},
            "seats.number",
            "leaves up to 3 seats",
        ),
        (
            {"seats.constituencies": [NORTH | {"seats": 2}], "seats.number": 2, "seats.maximum": 2},
            "seats.constituencies[0].seats",
            "make a constituency of each seat",
        ),
        (
            {"seats.constituencies": [NORTH | {"if_vacant": "at_large"}], "seats.number": 2, "seats.maximum": 2},
            "seats.constituencies[0].if_vacant",
            "write leave_empty or by_election",
        ),
    ],
)
def test_what_rankings_cannot_tell_of_rounds_is_refused_at_its_key(
    change: dict[str, Any], path: str, said: str
) -> None:
    found = [(one.path, said in str(one.message)) for one in errors(SOUND | change, ONLINE)]
    assert (path, True) in found
    assert {one for one, _ in found} <= {path, f"{VOTE}.rule"}


def test_a_hard_balance_rule_is_refused() -> None:
    rule = {"id": "women", "criterion": "gender", "values": ["woman"], "strength": "hard", "minimum": 1}
    hard = {"seats.balance": [rule | {"description": {"nl": "vrouwen", "en": "women"}}]}
    assert [one.path for one in errors(SOUND | hard, ONLINE)] == ["seats.balance[0].strength"]


@pytest.mark.parametrize("method", ["majority_rounds", "ranked_rounds"])
def test_a_method_of_rounds_without_them_is_refused(method: str) -> None:
    without = {key: value for key, value in SOUND.items() if key != f"{VOTE}.rounds"}
    assert [one.path for one in errors(without | {f"{VOTE}.ballot.method": method}, PARTIJRAAD)] == [f"{VOTE}.rounds"]


def test_rounds_are_refused_where_a_vote_has_none() -> None:
    [found] = errors({f"{VOTE}.rounds": ROUNDS}, ONLINE)
    assert (found.path, "a vote by stv has no rounds" in str(found.message)) == (f"{VOTE}.rounds", True)


def test_who_asks_for_rounds_in_a_room_by_electronic_vote_hears_what_can_be_held_so() -> None:
    in_room = {f"{VOTE}.ballot.method": "majority_rounds", f"{VOTE}.rounds": ROUNDS}
    [found] = [one for one in errors(in_room, ONLINE) if one.path == f"{VOTE}.ballot.method"]
    assert "write ranked_rounds, by which a voter ranks once" in str(found.message)


def said(policy: Policy, lang: Lang) -> str:
    return " ".join(to_plain(render(policy, lang)).split())


@pytest.mark.parametrize(
    ("lang", "ranked", "in_room"),
    [
        (
            "nl",
            "Er wordt één keer gestemd. Heeft niemand de meerderheid, dan volgt een ronde die uit dezelfde nummers",
            "dan wordt opnieuw gestemd",
        ),
        (
            "nl-simple",
            "U stemt één keer. Heeft niemand meer dan de helft? Dan tellen we nog een ronde",
            "Dan stemmen we opnieuw.",
        ),
        ("en", "Members vote once. When nobody has a majority, a next round is counted", "members vote again"),
    ],
)
def test_the_text_says_that_nobody_votes_again(lang: Lang, ranked: str, in_room: str) -> None:
    text = said(edited(SOUND, PARTIJRAAD), lang)
    assert ranked in text
    assert in_room not in text
    in_the_room = {f"{VOTE}.ballot.method": "majority_rounds"}
    again = said(edited(SOUND | in_the_room, PARTIJRAAD), lang)
    assert ranked not in again
    assert in_room in again


def test_the_text_says_what_a_vote_for_nobody_who_stands_is_and_when_nobody_drops_out() -> None:
    text = said(edited(SOUND, PARTIJRAAD), "en")
    assert "A vote that ranks nobody who still stands is blank in that round." in text
    assert "When nobody drops out so" not in text
    assert "declines" not in text
    keeps = said(edited(SOUND | {f"{VOTE}.rounds.tie_at_cut": "all"}, PARTIJRAAD), "en")
    assert "When nobody drops out so, what holds for the last round holds at once." in keeps
