"""A policy that opens secret electronic votes says all that this takes, and is refused where it contradicts itself."""

from typing import Any

import pytest
from policy_texts import GONE, ONLINE, PARTIJRAAD, edited, errors

from stembus_procedures import Policy, check, load_policy
from stembus_procedures.diff import differences
from stembus_procedures.language import Vote
from stembus_procedures.text import Lang, render, to_plain

VOTE = "stages.vote"
ELECTRONIC = f"{VOTE}.electronic"
HOURS_24 = {"n": 24, "unit": "hours"}
MATTER = {"id": "name", "text": {"nl": "Wij heten anders.", "en": "We change our name."}}
NORTH = {"seats.constituencies": [{"id": "n", "name": {"nl": "N", "en": "N"}, "seats": 3, "branches": ["Noord"]}]}
ON_MATTERS = {f"{VOTE}.questions": [MATTER]}

REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("electronic", ELECTRONIC, {ELECTRONIC: GONE}),
    ("electronic", ELECTRONIC, {f"{VOTE}.channels": ["paper_in_meeting", "post"]}),
    ("trustees", f"{ELECTRONIC}.threshold", {f"{ELECTRONIC}.threshold": 6}),
    ("trustees", f"{ELECTRONIC}.threshold", {f"{ELECTRONIC}.threshold": 2}),
    ("trustees", f"{ELECTRONIC}.threshold", {f"{ELECTRONIC}.number": 4, f"{ELECTRONIC}.threshold": 2}),
    ("trustees", f"{ELECTRONIC}.number", {f"{ELECTRONIC}.number": 1, f"{ELECTRONIC}.threshold": 1}),
    ("trustees", f"{ELECTRONIC}.number", {f"{ELECTRONIC}.number": 6, f"{ELECTRONIC}.threshold": 4}),
    ("names", f"{ELECTRONIC}.trustees", {f"{ELECTRONIC}.trustees": "sleutelcomissie"}),
    ("roles", f"{ELECTRONIC}.trustees", {f"{ELECTRONIC}.trustees": "bestuur"}),
    ("roles", f"{ELECTRONIC}.trustees", {f"{ELECTRONIC}.trustees": "stembureau"}),
    ("roles", f"{ELECTRONIC}.credential_authority", {f"{ELECTRONIC}.credential_authority": "bestuur"}),
    ("roles", f"{ELECTRONIC}.credential_authority", {f"{ELECTRONIC}.credential_authority": "stembureau"}),
    ("roles", f"{ELECTRONIC}.credential_authority", {f"{ELECTRONIC}.credential_authority": "sleutelcommissie"}),
    ("electronic", f"{ELECTRONIC}.credentials_by", {f"{ELECTRONIC}.credentials_by": "mail"}),
    ("electronic", f"{ELECTRONIC}.objection", {f"{ELECTRONIC}.objection.n": 0}),
    ("calendar", f"{ELECTRONIC}.objection", {f"{ELECTRONIC}.objection": {"n": 3, "unit": "days"}}),
    ("calendar", f"{ELECTRONIC}.objection", {f"{ELECTRONIC}.objection": {"n": 51, "unit": "hours"}}),
    ("electronic", f"{ELECTRONIC}.below", {f"{VOTE}.channels": ["electronic", "post"]}),
    ("electronic", f"{ELECTRONIC}.below", {f"{VOTE}.channels": ["electronic"], f"{ELECTRONIC}.below": "by_post"}),
    ("electronic", f"{ELECTRONIC}.below", {f"{ELECTRONIC}.below": "at_large"}),
    ("calendar", f"{ELECTRONIC}.below", {f"{ELECTRONIC}.below": "at_large", **NORTH, "stages.order.due.days": -40}),
    ("electronic", f"{VOTE}.secrecy.vote", {f"{VOTE}.secrecy.vote": "open"}),
    ("electronic", f"{VOTE}.secrecy.receipt", {f"{VOTE}.secrecy.receipt": "none"}),
    ("electronic", f"{VOTE}.secrecy.receipt", {f"{VOTE}.secrecy.receipt": "receipt"}),
    ("electronic", f"{VOTE}.ballot.revote", {f"{VOTE}.ballot.revote": True}),
    ("electronic", f"{VOTE}.ballot.candidate_order", {f"{VOTE}.ballot.candidate_order": "per_voter"}),
    ("electronic", f"{VOTE}.ballot.write_in", {f"{VOTE}.ballot.write_in": True}),
    ("electronic", f"{VOTE}.ballot.method", {f"{VOTE}.ballot.method": "acclamation"}),
    *(("electronic", f"{VOTE}.ballot.method", {f"{VOTE}.ballot.method": method}) for method in (
        "borda", "majority_rounds", "score", "show_of_hands", "whole_nomination", "yes_no",
    )),
    ("electronic", f"{VOTE}.questions", ON_MATTERS),
    ("electronic", "channels.post.duplicate", {"channels.post.duplicate": "last_counts"}),
    ("electronic", "channels.electronic.duplicate", {"channels.electronic.duplicate": "paper_counts"}),
    ("electronic", "channels.post.same_roll", {"channels.post.same_roll": False}),
    ("electronic", "stages.result.publication.level", {"stages.result.publication.level": "stages"}),
    ("privacy", "stages.result.publication.smallest_group", {"stages.result.publication.smallest_group": 9}),
]  # fmt: skip


def test_the_shipped_policy_opens_the_electronic_channel_with_three_of_five_trustees() -> None:
    vote = load_policy(ONLINE).first(Vote)
    assert vote is not None
    assert vote.electronic is not None
    assert (vote.electronic.threshold, vote.electronic.number, vote.on_persons) == (3, 5, True)
    assert set(vote.channels) == {"electronic", "paper_in_meeting", "post"}


@pytest.mark.parametrize(("rule", "path", "edits"), REFUSED, ids=[f"{rule}-{path}" for rule, path, _ in REFUSED])
def test_what_an_electronic_vote_cannot_keep_is_an_error_at_its_key(
    rule: str, path: str, edits: dict[str, Any]
) -> None:
    assert (rule, path) in {(finding.rule, finding.path) for finding in errors(edits, ONLINE)}


def test_branches_with_too_few_voters_can_vote_with_all_others_and_the_text_says_so() -> None:
    policy = edited({f"{ELECTRONIC}.below": "at_large", **NORTH}, ONLINE)
    assert [finding for finding in check(policy) if finding.severity == "error"] == []
    assert "all members together fill those seats" in to_plain(render(policy, "en"))


@pytest.mark.parametrize(("threshold", "number"), [(2, 3), (3, 4), (3, 5)])
def test_a_majority_of_the_trustees_that_is_not_all_of_them_passes(threshold: int, number: int) -> None:
    edits = {f"{ELECTRONIC}.number": number, f"{ELECTRONIC}.threshold": threshold}
    assert [finding.rule for finding in check(edited(edits, ONLINE))] == ["languages"]


@pytest.mark.parametrize(
    ("path", "edits"),
    [
        (f"{ELECTRONIC}.threshold", {f"{ELECTRONIC}.threshold": 5}),
        (f"{ELECTRONIC}.batch", {f"{ELECTRONIC}.batch": 9}),
        (f"{ELECTRONIC}.batch", {"stages.result.publication.smallest_group": 11}),
    ],
)
def test_what_is_only_unwise_warns(path: str, edits: dict[str, Any]) -> None:
    found = [(finding.severity, finding.path) for finding in check(edited(edits, ONLINE))]
    assert ("warning", path) in found
    assert "error" not in {severity for severity, _ in found}


def test_only_where_persons_are_elected_must_codes_go_by_letter_and_the_box_wait_for_objections() -> None:
    mailed = {f"{ELECTRONIC}.credentials_by": "mail", f"{ELECTRONIC}.objection.n": 0}
    assert {finding.path for finding in errors(mailed | ON_MATTERS, ONLINE)} == {f"{VOTE}.questions"}
    assert {finding.path for finding in errors(mailed, ONLINE)} == {
        f"{ELECTRONIC}.credentials_by",
        f"{ELECTRONIC}.objection",
    }


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "nl",
            [
                "Alleen drie sleutelbewaarders samen kunnen de stembus openen",
                "De codecommissie maakt voor elke kiezer een stemcode, buiten de server om, en verstuurt die per",
                "Wie bij de sluiting al bezig was, kan nog tien minuten afmaken.",
                "Tussen de sluiting en het openen zit 24 uur",
                "beslist belenios-tool, dat anderen maakten.",
            ],
        ),
        (
            "nl-simple",
            [
                "De sleutel is verdeeld over 5 personen uit de sleutelcommissie.",
                "U krijgt een stemcode met de post.",
                "U stemt één keer: veranderen kan niet.",
            ],
        ),
        (
            "en",
            [
                "Only three trustees together can open the box",
                "members vote on paper in the meeting.",
                "Nothing is decrypted before.",
            ],
        ),
    ],
)
def test_members_read_how_the_box_is_kept(lang: Lang, sentences: list[str]) -> None:
    text = " ".join(to_plain(render(load_policy(ONLINE), lang)).split())
    assert [sentence for sentence in sentences if sentence not in text] == []


def test_without_a_grace_a_vote_after_the_close_does_not_count() -> None:
    text = " ".join(to_plain(render(edited({f"{ELECTRONIC}.grace_minutes": 0}, ONLINE), "en")).split())
    assert "A vote that arrives after the close does not count" in text


def test_the_election_on_paper_and_the_electronic_one_differ_in_the_way_of_voting_and_its_dates_alone() -> None:
    before, after = load_policy(PARTIJRAAD), load_policy(ONLINE)
    assert differences(before, after)
    for table in ("seats", "bureau", "complaints", "retention", "anchors", "kind"):
        assert getattr(before, table) == getattr(after, table)
    same = {"number_of_seats", "call", "candidates", "enough", "order", "convocation", "alv", "count"}
    assert {name for name in same if before.stage(name) != after.stage(name)} == set()
    assert _ballot(before) == _ballot(after)


def _ballot(policy: Policy) -> object:
    vote = policy.first(Vote)
    return None if vote is None else (vote.ballot, vote.rule, vote.counts_in)
