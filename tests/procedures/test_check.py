"""A policy that contradicts the law or itself is refused, with the rule and the reason."""

from typing import Any

import pytest
from policy_texts import GONE, KARAOKE, PARTIJRAAD, Karaoke, edited, errors, policy

from stembus_procedures import check, is_refused, load_policy
from stembus_procedures.language import KINDS, kind_of
from stembus_procedures.loading import line_of_key

RULE = {"base": "yes_no", "fraction": "1/2", "strict": True, "blank": "not_cast", "invalid": "not_cast"}
PER_PERSON = {"method": "yes_no_per_person", "blank": "not_cast", "invalid": "not_cast"}
DUE = {"anchor": "meeting", "at": "17:00"}


def appointing(ballot: dict[str, Any] = PER_PERSON, **nomination: Any) -> dict[str, Any]:
    binding = {"by": "bestuur", "binding": True, "break_fraction": "2/3", "break_quorum": "2/3"} | nomination
    stage = {"kind": "appointment", "id": "appointing", "owner": "bestuur", "body": "alv", "due": DUE, "rule": RULE}
    kept = {key: value for key, value in binding.items() if value is not None}
    return {"stages.+": stage | {"nomination": kept, "ballot": ballot}}


def statutes(**terms: Any) -> dict[str, Any]:
    sound = {"notice_days": 14, "text_days": 5, "fraction": "2/3", "text_file": "statuten.pdf"}
    return {"stages.convocation.statute_change": sound | terms}


def advance(days: int) -> dict[str, Any]:
    opens = {"anchor": "meeting", "days": -days, "at": "11:00"}
    electronic: dict[str, Any] = {"trustees": "notaris", "credential_authority": "partijbureau"}
    electronic |= {"credentials_by": "letter", "objection": {"n": 24, "unit": "hours"}, "below": "paper_in_room"}
    return {
        "stages.vote.channels": ["paper_in_meeting", "electronic"],
        "stages.vote.opens": opens,
        "stages.vote.secrecy.receipt": "public_list",
        "stages.vote.electronic": electronic,
        "stages.result.publication.level": "rankings",
    }


def balance(*rules: tuple[str, str, dict[str, int]]) -> dict[str, Any]:
    same = {"strength": "hard", "description": {"nl": "x", "en": "x"}}
    return {
        "seats.balance": [
            {"id": f"rule_{number}", "criterion": criterion, "values": values.split()} | same | limits
            for number, (criterion, values, limits) in enumerate(rules)
        ]
    }


def test_the_shipped_policy_is_not_refused() -> None:
    findings = check(policy(), kinds={kind_of(kind) for kind in KINDS})
    assert [finding.path for finding in findings if finding.severity == "error"] == []
    assert [finding.path for finding in findings] == ["plain_review"]
    assert not is_refused(findings)


def test_a_sound_addition_is_not_refused() -> None:
    sound = appointing() | statutes() | advance(30) | balance(("gender", "woman", {"minimum": 6}))
    assert errors(sound | {"stages.roll.due": {"anchor": "meeting", "days": -30, "at": "10:00"}} | EARLY_ROLL) == []


EARLY_ROLL: dict[str, Any] = {
    "stages.roll.record_date.days": -50,
    "stages.roll.objection.opens.days": -49,
    "stages.roll.objection.closes.days": -40,
    "stages.roll.objection.decided_before.days": -35,
    "stages.order.due.days": -30,
    "stages.order.due.at": "10:00",
    "stages.candidates.due.days": -34,
    "stages.candidates.withdrawal.struck_until.days": -31,
    "stages.enough.due.days": -33,
    "stages.convocation.due.days": -32,
    "stages.convocation.needs": ["enough"],
    "stages.campaign.opens.days": -40,
}


LAW: list[tuple[str, str, dict[str, Any]]] = [
    ("a", "stages.appointing.nomination.break_fraction", appointing(break_fraction="3/4")),
    ("a", "stages.appointing.nomination.break_quorum", appointing(break_quorum="3/4")),
    ("a", "stages.appointing.nomination", appointing(break_fraction=None)),
    ("b", "stages.vote.opens", advance(31)),
    ("c", "channels.electronic.legal_basis", {"channels.electronic.legal_basis": []}),
    ("c", "channels.electronic.legal_basis", {"channels.electronic.legal_basis": ["BW 2:38 lid 8"]}),
    ("c", "channels.post.legal_basis", {"channels.post.legal_basis": ["BW 2:38"]}),
    ("c", "channels.paper_in_meeting.legal_basis", {"channels.paper_in_meeting.legal_basis": []}),
    ("d", "stages.convocation.statute_change.notice_days", statutes(notice_days=6)),
    ("d", "stages.convocation.statute_change.text_days", statutes(text_days=4)),
    ("d", "stages.convocation.statute_change.text_file", statutes(text_file="")),
    ("d", "stages.convocation.statute_change.fraction", statutes(fraction="1/2")),
    ("d", "stages.convocation.due", statutes(notice_days=15)),
    ("d", "stages", {"kind": "statute_change"}),
    ("e", "stages.appointing.ballot.blank", appointing(ballot=PER_PERSON | {"blank": "in_base"})),
    ("f", "stages.candidates.documents[0]", {"stages.candidates.documents[0].sensitivity": "criminal"}),
    ("g", "stages.number_of_seats.rule.largest_weight", {"stages.number_of_seats.rule.largest_weight": "1/2"}),
    ("h", "stages.roll.vote_right.member_for", {"cites.stages.roll.vote_right.member_for": GONE}),
    ("h", "stages.roll.vote_right.member_for", {"cites.stages.roll.vote_right.member_for": ["HR 4.1"]}),
    ("h", "stages.roll.vote_right.minimum_age", {"stages.roll.vote_right.minimum_age": 18}),
    ("h", "stages.roll.vote_right.maximum_age", {"stages.roll.vote_right.maximum_age": 27}),
    ("h", "stages.roll.vote_right.contribution", {"stages.roll.vote_right.contribution": ["paid"]}),
    ("h", "stages.roll.vote_right.branches", {"stages.roll.vote_right.branches": ["Noord"]}),
    ("proxy", "stages.alv.proxies", {"stages.alv.proxies.allowed": False, "cites.stages.alv.proxies": GONE}),
    ("convocation", "stages.alv", {"stages.convocation.meeting": "call"}),
    (
        "convocation",
        "stages.convocation.states_conditions",
        advance(0) | {"stages.convocation.states_conditions": False},
    ),
    ("annulment", "stages.result.annulment.span", {"stages.result.annulment.span": {"n": 11, "unit": "months"}}),
]


@pytest.mark.parametrize(("rule", "path", "edits"), LAW, ids=[f"{rule}-{path}" for rule, path, _ in LAW])
def test_what_the_law_forbids_is_an_error_with_its_source(rule: str, path: str, edits: dict[str, Any]) -> None:
    found = [finding for finding in errors(edits) if (finding.rule, finding.path) == (rule, path)]
    assert found
    assert all((finding.source, finding.mark) == ("", "") or finding.mark == "S" for finding in found)


def test_a_vote_that_opens_on_the_thirtieth_day_before_is_allowed() -> None:
    assert "b" not in {finding.rule for finding in errors(advance(30))}


def test_under_the_act_on_digital_assemblies_a_missing_article_of_the_statutes_is_a_warning() -> None:
    bare = edited({"channels.electronic.legal_basis": ["BW 2:38 lid 8"]})
    found = [f for f in check(bare, legal_regime="digital_assembly_act") if f.path == "channels.electronic.legal_basis"]
    assert [(finding.severity, finding.mark) for finding in found] == [("warning", "G")]
    assert is_refused(check(bare))


def test_what_is_only_general_knowledge_warns() -> None:
    short = edited({"stages.convocation.due": {"anchor": "meeting", "days": -6, "at": "24:00"}})
    found = [finding for finding in check(short) if finding.rule == "convocation"]
    assert [(finding.severity, finding.mark) for finding in found] == [("warning", "G")]


CONDORCET: dict[str, Any] = {
    "stages.vote.ballot.method": "condorcet",
    "stages.count.second_count": False,
    "stages.count.transfer": GONE,
    "stages.seating.not_accepted": "next_in_result",
    "seats.vacancy.fill": "next_in_result",
    "seats.deputies.found_by": "next_in_result",
}
FEW = {"stages.vote.ballot.maximum_choices": 1}
BALLOTS = {"stages.vote.rule": GONE, "stages.enough.as_many_as_seats": "ballot"}
SELF: list[tuple[str, str, dict[str, Any]]] = [
    ("names", "stages.call.owner", {"stages.call.owner": "kiescomissie"}),
    ("names", "stages.count.needs[0]", {"stages.count.needs": ["votes"]}),
    ("names", "stages.vote.channels[1]", {"stages.vote.channels": ["paper_in_meeting", "online_live"]}),
    ("names", "stages.candidates.documents[0].retention", {"stages.candidates.documents[0].retention": "papier"}),
    ("names", "stages.count.recount.requested_by[1]", {"stages.count.recount.requested_by": ["candidate", "notary"]}),
    ("names", "cites.seats.minimun", {"cites.seats.minimun": ["statuten 15.1"]}),
    ("names", "stages.order", {"stages.enough.id": "order"}),
    ("names", "timezone", {"timezone": "Europe/Utrecht"}),
    ("languages", "binding_language", {"languages": ["en"]}),
    ("prose", "introduction.en", {"introduction.en": "The council has 13 members."}),
    ("prose", "adoption.transition.nl", {"adoption.transition.nl": "Dit geldt tot maart."}),
    ("calendar", "stages.call.opens", {"stages.call.opens.days": -41}),
    ("calendar", "stages.candidates.due", {"stages.candidates.due.days": -20}),
    ("calendar", "stages.roll.due", {"stages.roll.due.days": 1}),
    ("calendar", "channels.post.received_by", {"channels.post.received_by.days": 1}),
    ("calendar", "stages.call.closes", {"stages.call.closes.anchor": "meting"}),
    ("calendar", "stages.call.closes", {"stages.call.closes.anchor": "candidates.acceptance.until"}),
    ("seats", "seats.minimum", {"seats.minimum": 26}),
    ("seats", "seats.number", {"seats.number": 26}),
    ("seats", "seats.minimum_to_constitute", {"seats.minimum_to_constitute": 14}),
    (
        "constituencies",
        "seats.constituencies",
        {"seats.constituencies": [{"id": "noord", "name": {"nl": "x", "en": "x"}, "seats": 14}]},
    ),
    ("balance", "seats.balance", balance(("gender", "woman", {"minimum": 14}))),
    ("balance", "seats.balance", balance(("gender", "woman", {"minimum": 5, "maximum": 4}))),
    ("balance", "seats.balance", balance(("gender", "woman", {"minimum": 7}), ("gender", "man", {"minimum": 7}))),
    ("balance", "seats.balance", balance(("area", "n", {"minimum": 7}), ("area", "n o", {"maximum": 6}))),
    ("balance", "seats.balance[0]", {"seats.balance[0].minimum_share": GONE}),
    ("committee", "committees[0].quorum", {"committees[0].quorum": GONE}),
    ("committee", "committees[0].parity", {"committees[0].parity": GONE}),
    ("committee", "committees[0].parity_article", {"committees[0].parity": "required"}),
    ("committee", "committees[0].quorum", {"committees[0].quorum": 6}),
    ("bureau", "bureau.excludes", {"bureau.excludes": ["board"]}),
    ("bureau", "bureau.size_min", {"bureau.size_min": 1}),
    ("bureau", "bureau", {"bureau": GONE}),
    ("too_few", "stages.enough.interim_until", {"stages.enough.options": ["appoint_interim"]}),
    ("too_few", "stages.enough.reopen_days", {"stages.enough.reopen_days": 0}),
    ("too_few", "stages.enough.options", {"stages.enough.options": []}),
    ("privacy", "stages.result.publication.smallest_group", {"stages.result.publication.smallest_group": 9}),
    ("terms", "stages.result.objection_days", {"stages.result.objection_days": 366}),
    ("terms", "stages.seating.due", {"stages.seating.due.days": 6}),
    ("terms", "seats.vacancy.valid_for", {"seats.vacancy.valid_for.n": 12}),
    ("terms", "seats.vacancy.valid_for", {"seats.vacancy.valid_for": {"n": 26, "unit": "months"}}),
    ("terms", "seats.vacancy.valid_for", {"seats.vacancy.kept_as": "papers"}),
    ("terms", "seats.vacancy.valid_for", {"retention.rankings.counted_from": "procedure_ends"}),
    ("terms", "seats.vacancy.kept_as", {"seats.vacancy.kept_as": GONE}),
    ("names", "seats.vacancy.kept_as", {"seats.vacancy.kept_as": "piles"}),
    ("meeting", "stages.result.needs", {"stages.result.needs": ["count"]}),
    ("meeting", "stages.result.needs", {"stages.result.needs": []}),
    ("terms", "retention", {"retention": {}}),
    ("typing", "stages.count.typing.independent", {"stages.count.typing.independent": 1}),
    ("typing", "stages.count.typing", {"stages.count.typing": GONE}),
    ("lot", "stages.count.ties.seed_known", {"stages.count.ties.seed_known": "before_close"}),
    ("lot", "stages.order.lot.witnesses", {"stages.order.lot.witnesses": ["kiescommissie"]}),
    ("method", "stages.count.transfer", {"stages.count.transfer": GONE}),
    ("method", "stages.count.transfer.transfer", {"stages.vote.ballot.method": "meek"}),
    ("method", "stages.vote.rounds", {"stages.vote.ballot.method": "majority_rounds"}),
    ("method", "stages.vote.rule", {**BALLOTS, "stages.vote.ballot.method": "whole_nomination"}),
    ("method", "stages.vote.rule", {"stages.vote.rule": GONE}),
    ("method", "stages.vote.rule", {**BALLOTS, "stages.enough.fewer_than_seats": "vote_on_whole"}),
    ("method", "stages.count.transfer", CONDORCET | {
        "stages.count.transfer": {"quota": "droop", "transfer": "weighted_gregory",
                                  "tie_in_stage": "earlier_stages_then_lot"}}),
    ("method", "stages.count.second_count", CONDORCET | {"stages.count.second_count": True}),
    ("method", "stages.count.yes_threshold", CONDORCET | {"stages.count.yes_threshold": "1/2"}),
    ("method", "stages.seating.not_accepted", CONDORCET | {"stages.seating.not_accepted": "countback"}),
    ("method", "seats.vacancy.fill", CONDORCET | {"seats.vacancy.fill": "countback"}),
    ("method", "seats.deputies.found_by", CONDORCET | {"seats.deputies.found_by": "countback"}),
    ("balance", "seats.balance[0].strength", CONDORCET | balance(("gender", "woman", {"minimum": 6}))),
    ("balance", "seats.balance[0].strength",
     balance(("gender", "woman", {"minimum": 6}))
     | {"stages.vote.ballot.method": "meek", "stages.count.transfer.transfer": "meek"}),
    ("method", "stages.count.vote", {"stages.count.vote": "alv"}),
    ("method", "stages.vote.ballot.minimum_choices", {"stages.vote.ballot.minimum_choices": 2, **FEW}),
    ("channels", "stages.vote.counts_in", {"stages.vote.counts_in": GONE}),
    ("quorum", "stages.alv.quorum", {"stages.alv.quorum.fraction": GONE}),
    ("quorum", "stages.alv.proxies.counts_for_quorum", {"stages.alv.proxies.counts_for_quorum": True}),
    ("roll", "stages.roll.late_additions.signatures", {"stages.roll.late_additions.signatures": 1}),
    ("adoption", "adoption.legal_basis", {"adoption.legal_basis": []}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "edits"), SELF, ids=[f"{rule}-{path}" for rule, path, _ in SELF])
def test_what_contradicts_itself_is_an_error_at_its_key(rule: str, path: str, edits: dict[str, Any]) -> None:
    assert (rule, path) in {(finding.rule, finding.path) for finding in errors(edits)}


@pytest.mark.parametrize(
    "edits",
    [
        {"seats.vacancy.kept_as": "papers", "seats.vacancy.valid_for": {"n": 13, "unit": "months"}},
        {"seats.vacancy.valid_for": {"n": 25, "unit": "months"}},
        {"retention.rankings": {"what": {"nl": "x", "en": "x"}, "then": "destroy", "counted_from": "result_published",
                                "keep_for": {"n": 24, "unit": "months"}}},
    ],
    ids=["until annulment is over", "until the term is over", "after the result"],
)  # fmt: skip
def test_a_countback_may_last_as_long_as_its_rankings_are_kept(edits: dict[str, Any]) -> None:
    assert errors(edits) == []


def test_persons_may_be_elected_by_condorcet_with_the_next_in_the_result_for_every_vacancy() -> None:
    assert errors(CONDORCET) == []
    findings = check(edited(CONDORCET))
    (told,) = [one for one in findings if (one.rule, one.severity) == ("method", "warning")]
    assert "not proportional" in str(told)


def test_a_result_may_wait_for_the_meeting_through_another_stage() -> None:
    assert errors({"stages.result.needs": ["count"], "stages.count.needs": ["vote", "alv"]}) == []


def test_a_balance_over_different_characteristics_may_overlap() -> None:
    assert errors(balance(("gender", "woman", {"minimum": 9}), ("area", "north", {"minimum": 9}))) == []


def test_a_kind_that_nothing_installed_can_execute_is_named() -> None:
    found = check(load_policy(PARTIJRAAD + KARAOKE))[0]
    assert (found.severity, found.path, found.rule) == ("error", "stages.singing.kind", "kind")
    assert "`karaoke` is a kind of stage that nothing installed can execute" in str(found.message)
    known = load_policy(PARTIJRAAD + KARAOKE, extra_kinds=[Karaoke])
    assert not is_refused(check(known))


def test_a_shipped_kind_whose_plugin_comes_later_passes_with_a_warning() -> None:
    installed = {kind_of(kind) for kind in KINDS} - {"campaign"}
    findings = [finding for finding in check(policy(), kinds=installed) if finding.rule == "kind"]
    assert [(finding.severity, finding.path) for finding in findings] == [("warning", "stages.campaign.kind")]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("stages.vote.ballot.blank", 'blank = "not_cast"\ninvalid = "not_cast"\nminimum'),
        ("stages.alv.quorum.fraction", 'quorum = { base = "entitled"'),
        ("seats.balance[0]", "[[seats.balance]]"),
        ("cites.stages.alv.proxies", '"stages.alv.proxies" ='),
        ("channels.post.legal_basis", 'legal_basis = ["statuten 14.3"]'),
    ],
)
def test_the_line_of_a_finding_can_be_told(path: str, line: str) -> None:
    assert line_of_key(PARTIJRAAD, path) == PARTIJRAAD[: PARTIJRAAD.index(line)].count("\n") + 1


def test_a_finding_reads_as_one_line() -> None:
    assert str(errors({"channels.electronic.legal_basis": ["BW 2:38 lid 8"]})[0]) == (
        "error: `channels.electronic.legal_basis`: cites no article of the statutes: electronic votes are allowed only "
        "if the statutes say so. (c) [BW 2:38 lid 6-8, S]"
    )
