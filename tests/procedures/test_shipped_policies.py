"""The policies that ship pass every check, and the language can say what parties have asked of it."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from policy_texts import NORMS, POLICIES

from stembus_procedures import Policy, check, is_refused, load_norms, load_policy, timeline
from stembus_procedures.language import (
    Advice,
    Appointment,
    Body,
    Convocation,
    EnoughCandidates,
    Meeting,
    Screening,
    SignUp,
    Submission,
    Vote,
    Words,
)
from stembus_procedures.text import LANGS, prose_violations, render, to_plain, unsaid

SHIPPED = sorted(POLICIES.glob("*.toml"))
BY_NAME = {path.stem: path for path in SHIPPED}


def shipped(name: str) -> Policy:
    return load_policy(BY_NAME[name].read_text("utf-8"))


def test_the_policies_that_a_party_needs_ship() -> None:
    assert set(BY_NAME) >= {
        "partijraad",
        "bestuur",
        "gemeenteraad",
        "tweede-kamer",
        "afdeling-aanmelding",
        "geschillencommissie",
    }


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_has_no_error_against_law_itself_and_norms(path: Path) -> None:
    findings = check(load_policy(path.read_text("utf-8")), norms=load_norms(NORMS))
    assert [str(finding) for finding in findings if finding.severity == "error"] == []
    assert {finding.rule for finding in findings} <= {"languages"}, "only easy Dutch is still to be read over"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_is_readable_to_its_last_key(path: Path) -> None:
    policy = load_policy(path.read_text("utf-8"))
    assert unsaid(policy) == ()
    assert prose_violations(policy) == ()
    for lang in LANGS:
        assert "`" not in to_plain(render(policy, lang))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_has_a_calendar(path: Path) -> None:
    policy = load_policy(path.read_text("utf-8"))
    days = dict.fromkeys(policy.anchors, date(2026, 6, 20))
    assert len(timeline(policy, days)) >= len(policy.stages)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_speaks_of_nobody_as_he_or_she(path: Path) -> None:
    policy = load_policy(path.read_text("utf-8"))
    words = {lang: to_plain(render(policy, lang)).lower().replace("\n", " ").split() for lang in LANGS}
    assert not {"he", "she", "his", "her", "him"} & set(words["en"])
    assert not {"hij/zij", "zijn/haar", "dhr", "mevr", "hijzelf"} & {*words["nl"], *words["nl-simple"]}


# --- what parties have asked: each case can be said, and passes the check ---------------------------------------------


def test_a_council_of_13_to_25_elected_for_two_years_may_be_postponed_when_too_few_stand() -> None:
    policy = shipped("partijraad")
    seats, enough = policy.seats, policy.first(EnoughCandidates)
    assert seats is not None
    assert enough is not None
    assert (seats.minimum, seats.maximum, seats.minimum_to_constitute, seats.meetings_a_year) == (13, 25, 13, 4)
    assert (seats.term.n, seats.term.unit) == (2, "years")
    assert enough.decided_by == "alv"
    assert "postpone" in enough.options


def test_a_list_whose_candidates_have_five_days_to_react_to_an_advice_that_stays_private() -> None:
    policy = shipped("tweede-kamer")
    advice, screening = policy.first(Advice), policy.first(Screening)
    assert advice is not None
    assert screening is not None
    assert (advice.reaction_days, advice.withdrawal_keeps_private, advice.may_persist) == (5, True, True)
    assert "conduct_certificate" in [step.kind for step in screening.rules.instruments]
    certificate = next(d for s in policy.stages for d in getattr(s, "documents", ()) if d.sensitivity == "criminal")
    assert certificate.form == "seen_only"


def test_a_municipal_list_shows_the_advice_five_days_before_others_see_it() -> None:
    advice = shipped("gemeenteraad").first(Advice)
    assert advice is not None
    assert (advice.shown_to_candidate_days, advice.reaction_days) == (5, 5)


@pytest.mark.parametrize("name", ["gemeenteraad", "tweede-kamer"])
def test_a_list_reaches_the_electoral_office_with_its_forms(name: str) -> None:
    submission = shipped(name).first(Submission)
    assert submission is not None
    assert {"h1", "h9"} <= set(submission.forms)


def test_a_board_is_nominated_with_force_and_members_can_break_it_and_vote_in_rounds() -> None:
    policy = shipped("bestuur")
    appointment, vote = policy.first(Appointment), policy.first(Vote)
    assert appointment is not None
    assert appointment.nomination.break_fraction == Fraction(2, 3)
    assert vote is not None
    assert vote.rounds is not None
    assert vote.rounds.most == 3


def test_a_branch_signs_up_and_knows_who_decides_until_when() -> None:
    sign_up = shipped("afdeling-aanmelding").first(SignUp)
    assert sign_up is not None
    assert sign_up.decided_by == "bestuur"
    assert sign_up.branch_decision.fraction == Fraction(2, 3)


def test_a_committee_decides_with_the_quorum_that_is_written_down_though_members_left() -> None:
    committee = shipped("geschillencommissie").committees[0]
    assert (committee.size, committee.quorum, committee.parity) == (5, 3, "none")
    assert committee.transition is not None


VOORBEELD = """
id = "voorbeeld"
version = "1"
kind = "alv_vote"
body = "alv"
title = { nl = "Voorbeeld", en = "Example" }
adoption = { by = "alv", legal_basis = ["statuten 1.1"] }
anchors = { meeting = { nl = "de dag van de vergadering", en = "the day of the meeting" } }

[retention.papers]
what = { nl = "stembiljetten", en = "papers" }
keep_for = { n = 1, unit = "months" }
counted_from = "annulment_ends"
then = "destroy"

[bodies]
alv = { kind = "assembly", name = { nl = "de ledenvergadering", en = "the assembly" } }
bestuur = { kind = "board", name = { nl = "het bestuur", en = "the board" } }
stembureau = { kind = "bureau", name = { nl = "het stembureau", en = "the stembureau" } }
voorzitter = { kind = "person", name = { nl = "de voorzitter van de vergadering", en = "the chair" } }
notaris = { kind = "person", name = { nl = "de notaris", en = "the notary" } }

[bureau]
body = "stembureau"
appointed_by = "alv"
size_min = 2
size_max = 5
excludes = ["candidates", "board", "relatives_of_candidates", "relatives_of_board"]
"""

CONVOCATION = """
[[stages]]
kind = "convocation"
id = "convocation"
owner = "bestuur"
meeting = "assembly"
due = { anchor = "meeting", days = -14, clear = true, at = "24:00" }
agenda_item = { nl = "Stemming", en = "Vote" }
sent_via = ["mail_with_consent", "post"]
states_conditions = true
"""

MEETING = """
[[stages]]
kind = "meeting"
id = "assembly"
owner = "voorzitter"
needs = ["convocation"]
body = "alv"
begins = { anchor = "meeting", at = "10:00" }
due = { anchor = "meeting", at = "18:00" }
ruling = { by = "voorzitter", challenge_until = "at_once", revote_when = "as_law" }
proxies = { allowed = true, each_holds = 1, form = "letter", until = { anchor = "meeting", at = "10:00" } }
participation = ["in_room", "online"]
"""

COUNT = """
[[stages]]
kind = "count"
id = "count"
owner = "stembureau"
needs = ["vote"]
vote = "vote"
due = { anchor = "meeting", days = 1, at = "17:00" }
typing = { independent = 2, doubtful_ruled_by = "stembureau" }
recount = { margin = 1, requested_by = ["candidate"], within_days = 3 }
ties.drawn_by = "stembureau"
ties.witnesses = ["notaris"]
ties.source = "in_the_room"
ties.seed_from = { nl = "briefjes met de namen", en = "slips with the names" }
ties.seed_known = "after_close"
"""


def vote(*, channels: str, ballot: str, opens: str = '{ anchor = "meeting", at = "11:00" }', more: str = "") -> str:
    return f"""
[[stages]]
kind = "vote"
id = "vote"
owner = "stembureau"
needs = ["convocation"]
counts_in = "assembly"
opens = {opens}
closes = {{ anchor = "meeting", at = "14:00" }}
channels = {channels}
secrecy = {{ vote = "secret" }}
ballot = {ballot}
{more}
"""


IN_ROOM = '["paper_in_meeting"]'
PAPER = '[channels.paper_in_meeting]\nlegal_basis = ["BW 2:38 lid 1", "statuten 1.2"]\n'


def accepted(text: str) -> Policy:
    """The policy in `text`; no error, no silent key, and a text in each language."""
    policy = load_policy(text)
    findings = check(policy)
    assert not is_refused(findings), [str(finding) for finding in findings]
    assert unsaid(policy) == ()
    assert all(render(policy, lang).sections for lang in LANGS)
    return policy


def said(policy: Policy, sentence: str, lang: Any = "nl") -> bool:
    return sentence in " ".join(to_plain(render(policy, lang)).split())


def test_a_ranking_counts_only_when_it_is_complete_and_blank_only_raises_the_turnout() -> None:
    ballot = '{ method = "stv", blank = "not_cast", invalid = "not_cast", complete_ranking = true, allow_blank = true }'
    transfer = 'transfer = { quota = "droop", transfer = "weighted_gregory", tie_in_stage = "lot" }\n'
    policy = accepted(
        VOORBEELD
        + PAPER
        + CONVOCATION
        + MEETING
        + vote(channels='["paper_in_meeting"]', ballot=ballot)
        + COUNT
        + transfer
    )
    assert said(policy, "Een rangorde waarin een kandidaat ontbreekt, is ongeldig.")
    assert said(policy, "Blanco en ongeldige stemmen tellen niet als uitgebracht.")


def test_persons_are_voted_on_in_three_rounds_with_the_last_tie_by_lot() -> None:
    ballot = '{ method = "majority_rounds", blank = "invalid", invalid = "not_cast", maximum_choices = 1 }'
    rounds = 'rounds = { most = 3, proceed = "top_two", tie_at_cut = "lot", last_rule = "lot" }'
    policy = accepted(
        VOORBEELD + PAPER + CONVOCATION + MEETING + vote(channels=IN_ROOM, ballot=ballot, more=rounds) + COUNT
    )
    assert said(policy, "in ten hoogste drie rondes")
    assert said(policy, "In de laatste ronde beslist het lot als niemand de meerderheid heeft.")
    assert said(policy, "Een blanco stem geldt als ongeldig")


def test_votes_before_by_proxy_and_in_the_room_make_one_result() -> None:
    channels = PAPER + '[channels.electronic]\nlegal_basis = ["BW 2:38 lid 8", "statuten 1.3"]\n'
    ballot = '{ method = "irv", blank = "not_cast", invalid = "not_cast" }'
    before = '{ anchor = "meeting", days = -30, at = "09:00" }'
    electronic = (
        'electronic = { trustees = "notaris", credential_authority = "voorzitter", credentials_by = "letter", '
        'objection = { n = 24, unit = "hours" }, below = "paper_in_room" }'
    )
    one_vote = vote(channels='["electronic", "paper_in_meeting"]', ballot=ballot, opens=before, more=electronic)
    one_vote = one_vote.replace('{ vote = "secret" }', '{ vote = "secret", receipt = "public_list" }')
    called = CONVOCATION.replace("days = -14", "days = -35")
    policy = accepted(VOORBEELD + channels + called + MEETING + one_vote + COUNT)
    assert said(policy, "Er is één kiezerslijst voor alle manieren van stemmen")
    assert said(policy, "De stemmen tellen als stemmen in de vergadering.")
    too_early = one_vote.replace("days = -30", "days = -31")
    findings = check(load_policy(VOORBEELD + channels + called + MEETING + too_early + COUNT))
    assert [finding.rule for finding in findings if finding.severity == "error"] == ["b"]


def test_a_change_of_the_statutes_is_announced_lies_open_and_takes_two_thirds() -> None:
    change = 'statute_change = { notice_days = 14, text_days = 7, fraction = "2/3", text_file = "statuten-2026.pdf" }\n'
    ballot = '{ method = "yes_no", blank = "not_cast", invalid = "not_cast" }'
    rule = (
        'rule = { base = "yes_no", fraction = "2/3", strict = false, blank = "not_cast", invalid = "not_cast" }\n'
        "questions = ["
        '{ id = "name", text = { nl = "Artikel 1 wordt gewijzigd.", en = "Article 1 is changed." } }, '
        '{ id = "term", text = { nl = "Artikel 9 wordt gewijzigd.", en = "Article 9 is changed." } }]'
    )
    text = VOORBEELD.replace('"alv_vote"', '"statute_change"')
    policy = accepted(
        text
        + PAPER
        + CONVOCATION
        + change
        + MEETING
        + vote(channels='["paper_in_meeting"]', ballot=ballot, more=rule)
        + COUNT
    )
    convocation = policy.first(Convocation)
    assert convocation is not None
    assert convocation.statute_change is not None
    assert said(policy, "Zij werkt pas nadat de notaris er een akte van heeft gemaakt.")
    assert is_refused(check(load_policy(text + PAPER + CONVOCATION + MEETING)))


def test_statutes_where_blank_votes_count_for_the_quorum_and_not_for_the_majority() -> None:
    quorum = 'quorum = { base = "entitled", fraction = "1/2" }\n'
    ballot = '{ method = "yes_no", blank = "not_cast", invalid = "not_cast" }'
    rule = (
        'rule = { base = "yes_no", fraction = "2/3", strict = false, blank = "not_cast", invalid = "not_cast", '
        'quorum = { base = "entitled", fraction = "1/2" } }'
    )
    meeting = MEETING.replace('participation = ["in_room", "online"]', quorum)
    policy = accepted(
        VOORBEELD
        + PAPER
        + CONVOCATION
        + meeting
        + vote(channels='["paper_in_meeting"]', ballot=ballot, more=rule)
        + COUNT
    )
    held = policy.first(Meeting)
    assert held is not None
    assert held.proxies.form == "letter"
    assert said(policy, "Om te kunnen besluiten moet ten minste de helft van de stemgerechtigden meedoen.")
    assert said(policy, "Blanco stemmen, ongeldige stemmen en onthoudingen tellen niet als uitgebracht.")


def test_a_party_names_its_own_bodies() -> None:
    policy = shipped("gemeenteraad")
    name = Words(
        nl="de ledenvergadering van de afdeling",
        en="the branch assembly",
        nl_simple="de vergadering van de leden in uw afdeling",
    )
    assert policy.bodies["afdelingsvergadering"] == Body(name=name, kind="assembly")
