"""Who may stand and vote: each condition is judged on facts, with a reason that the person can read."""

from datetime import date
from typing import Any

import pytest
from policy_texts import policy

from stembus_procedures import MemberFacts, may_stand, may_vote
from stembus_procedures.language import Candidacy, IncompatibleOffice, Moment, Roll, Span, Stand, VoteRight, Words

THREE_MONTHS = VoteRight(suspended="excluded", member_for=Span(n=3, unit="months"))
RECORD_DATE = date(2023, 2, 28)


def member(**facts: Any) -> MemberFacts:
    sound: dict[str, Any] = {
        "registered_on": date(2020, 1, 1),
        "first_payment_on": date(2020, 1, 15),
        "contribution": "paid",
        "birth_date": date(1990, 6, 1),
        "branch": "Noord",
        "codes_signed": ("1",),
        "residence": "netherlands",
    }
    return MemberFacts(**sound | facts)


def outcomes(verdict: Any) -> dict[str, str]:
    return {check.rule: check.outcome for check in verdict.checks}


@pytest.mark.parametrize(
    ("registered", "on", "may"),
    [
        (date(2022, 11, 30), date(2023, 2, 28), True),  # 30 November and three months: the last of February
        (date(2022, 11, 30), date(2023, 2, 27), False),
        (date(2022, 12, 1), date(2023, 2, 28), False),  # 89 days are not three months
        (date(2022, 12, 1), date(2023, 3, 1), True),
        (date(2023, 11, 30), date(2024, 2, 28), False),  # a leap year has a 29th
        (date(2023, 11, 30), date(2024, 2, 29), True),
        (date(2023, 3, 1), date(2023, 5, 31), False),  # 91 days are not three months either
        (date(2023, 3, 1), date(2023, 6, 1), True),
    ],
)
def test_months_of_membership_are_months_and_not_days(registered: date, on: date, may: bool) -> None:
    assert may_vote(THREE_MONTHS, member(registered_on=registered), on=on).allowed is may


def test_membership_can_be_counted_from_the_first_payment() -> None:
    right = VoteRight(suspended="excluded", member_for=Span(n=3, unit="months"), count_from="first_payment")
    late = member(registered_on=date(2022, 1, 1), first_payment_on=date(2023, 1, 10))
    assert outcomes(may_vote(right, late, on=RECORD_DATE))["member_for"] == "not_met"
    unknown = may_vote(right, member(first_payment_on=None), on=RECORD_DATE)
    assert outcomes(unknown)["member_for"] == "unknown"
    assert not unknown.allowed


@pytest.mark.parametrize(
    ("facts", "rule", "outcome"),
    [
        ({"suspended": True}, "suspended", "not_met"),
        ({"registered_on": date(2023, 3, 1)}, "member", "not_met"),
        ({"ended_on": date(2023, 2, 28)}, "member", "not_met"),
        ({"ended_on": date(2023, 3, 1)}, "member", "met"),
        ({"registered_on": None}, "member", "unknown"),
    ],
)
def test_a_vote_takes_a_membership_that_lives_and_is_not_suspended(facts: Any, rule: str, outcome: str) -> None:
    assert outcomes(may_vote(THREE_MONTHS, member(**facts), on=RECORD_DATE))[rule] == outcome


def test_a_suspended_member_votes_where_the_statutes_let_them() -> None:
    right = VoteRight(suspended="may_vote")
    assert may_vote(right, member(suspended=True), on=RECORD_DATE).allowed


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("paid", "met"), ("waived", "met"), ("by_arrangement", "not_met"), ("unpaid", "not_met"), (None, "unknown")],
)
def test_the_contribution_is_in_order_in_the_states_that_the_policy_names(state: Any, outcome: str) -> None:
    right = VoteRight(suspended="excluded", contribution=("paid", "waived"))
    assert outcomes(may_vote(right, member(contribution=state), on=RECORD_DATE))["contribution"] == outcome


def test_a_youth_vote_and_a_branch_vote_have_their_limits() -> None:
    right = VoteRight(suspended="excluded", minimum_age=14, maximum_age=27, branches=("Noord",))
    young = member(birth_date=date(1996, 3, 1), branch="Noord")
    assert may_vote(right, young, on=date(2024, 2, 29)).allowed
    assert outcomes(may_vote(right, young, on=date(2024, 3, 1)))["age"] == "not_met"
    assert outcomes(may_vote(right, member(branch="Oost"), on=RECORD_DATE))["branches"] == "not_met"


def test_the_shipped_policy_lets_an_ordinary_member_vote_and_stand() -> None:
    council = policy()
    roll, candidacy = council.first(Roll), council.first(Candidacy)
    assert roll is not None
    assert candidacy is not None
    assert may_vote(roll.vote_right, member(), on=RECORD_DATE).allowed
    assert may_stand(candidacy.stand, member(), on=RECORD_DATE, seats=council.seats).allowed


STAND = Stand(
    judged_on=Moment(anchor="meeting", at="00:00"),
    minimum_age=18,
    code_of_conduct="2",
    residence="municipality",
    branches=("Noord",),
    conduct_certificate="before_start",
    incompatible_offices=(
        IncompatibleOffice(office="board", name=Words(nl="bestuurslid", en="board member"), resolved="before_seating"),
        IncompatibleOffice(office="auditor", name=Words(nl="kascommissie", en="auditor"), resolved="before_candidacy"),
    ),
)


def test_each_condition_of_standing_is_judged_by_itself() -> None:
    facts = member(branch=None, codes_signed=("1",), residence=None, birth_date=date(2005, 3, 1), offices=("auditor",))
    found = outcomes(may_stand(STAND, facts, on=RECORD_DATE))
    assert found == {
        "member": "met",
        "suspended": "met",
        "minimum_age": "not_met",
        "branches": "unknown",
        "code_of_conduct": "not_met",
        "residence": "unknown",
        "incompatible_offices.board": "met",
        "incompatible_offices.auditor": "not_met",
    }


def test_age_is_judged_on_its_own_day() -> None:
    seventeen = member(birth_date=date(2005, 3, 1), codes_signed=("2",), residence="municipality")
    assert may_stand(STAND, seventeen, on=RECORD_DATE, age_day=date(2023, 3, 1)).allowed


def test_an_office_that_is_given_up_later_blocks_only_later() -> None:
    facts = member(offices=("board",), codes_signed=("2",), residence="municipality", certificate_seen=True)
    assert may_stand(STAND, facts, on=RECORD_DATE).allowed
    assert (
        outcomes(may_stand(STAND, facts, on=RECORD_DATE, step="before_seating"))["incompatible_offices.board"]
        == "not_met"
    )


def test_a_certificate_is_asked_for_when_the_policy_says() -> None:
    facts = member(codes_signed=("2",), residence="municipality")
    assert "conduct_certificate" not in outcomes(may_stand(STAND, facts, on=RECORD_DATE))
    seated = may_stand(STAND, facts, on=RECORD_DATE, step="before_seating")
    assert [check.reason.en for check in seated.reasons] == ["The certificate of conduct was not seen."]


@pytest.mark.parametrize(
    ("served", "ended", "may"),
    [(2, None, True), (3, None, False), (3, date(2021, 1, 31), True), (3, date(2021, 3, 31), False)],
)
def test_after_the_most_terms_somebody_waits(served: int, ended: date | None, may: bool) -> None:
    council = policy()
    candidacy = council.first(Candidacy)
    assert candidacy is not None
    facts = member(terms_served=served, last_term_ended=ended)
    verdict = may_stand(candidacy.stand, facts, on=RECORD_DATE, seats=council.seats)
    assert (outcomes(verdict)["maximum_terms"] == "met") is may


@pytest.mark.parametrize(
    ("registered", "said", "easy"),
    [
        (
            date(2022, 11, 28),
            "Op 28 februari 2023 ten minste 3 maanden lid, geteld vanaf de inschrijving op 28 november 2022.",
            "Nodig: 3 maanden lid op 28 februari 2023. We tellen vanaf de inschrijving. Die was op 28 november 2022.",
        ),
        (
            date(2023, 1, 15),
            (
                "Op 28 februari 2023 nog geen 3 maanden lid, geteld vanaf de inschrijving op 15 januari 2023. "
                "Op 15 april 2023 is dat wel zo."
            ),
            (
                "Nodig: 3 maanden lid op 28 februari 2023. We tellen vanaf de inschrijving. "
                "Die was op 15 januari 2023. Pas op 15 april 2023 is het 3 maanden."
            ),
        ),
    ],
)
def test_how_long_somebody_is_a_member_is_told_with_what_is_needed_and_when_it_is_so(
    registered: date, said: str, easy: str
) -> None:
    verdict = may_vote(THREE_MONTHS, member(registered_on=registered), on=RECORD_DATE)
    reason = next(check.reason for check in verdict.checks if check.rule == "member_for")
    assert (reason.nl, reason.nl_simple) == (said, easy)


def test_every_reason_is_there_in_dutch_and_english() -> None:
    verdict = may_stand(STAND, member(registered_on=date(2023, 1, 1), suspended=True), on=RECORD_DATE)
    assert all(check.reason.nl.endswith(".") and check.reason.en.endswith(".") for check in verdict.checks)
    assert "Het lidmaatschap is geschorst." in {check.reason.nl for check in verdict.reasons}
