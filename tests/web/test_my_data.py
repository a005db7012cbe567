"""A member sees and takes along everything about themselves, and nothing about anybody else."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from organisation_cases import add_members, define, definition, found, give, seat

from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import MemberPeriod


@pytest.fixture
def party(served: Instance) -> Instance:
    found(served)
    add_members(served, "007", "008")
    with served.write() as transaction:
        for number in ("007", "008"):
            member = member_numbered(transaction.session, number)
            member.email = f"member{number}@voorbeeldpartij.example"
            transaction.session.add(member)
    powers = ["members.view", "seats.appoint", "bodies.define"]
    define(served, definition("office", {"staff": powers}, seats=3))
    give(served, *(seat("office", "staff", number) for number in ("001", "002", "007")))
    return served


def test_everything_is_told_with_why_and_for_how_long(browser: Callable[[], Any], party: Instance) -> None:
    member = browser().sign_in("007")
    member.get("/my-data?lang=en")
    for said in (
        "member007@voorbeeldpartij.example",
        "to know who is a member and which rights they have on which day",
        "as long as the membership lasts, and 2 years after",
        "Seats that you hold or held",
        "Member 007 has a seat in office (staff)",
        "office: staff",
        "Autoriteit Persoonsgegevens",
    ):
        assert said in member.words
    assert "008" not in member.words


def test_only_the_officers_of_ones_own_branch_are_told_as_who_may_look_one_up(
    browser: Callable[[], Any], party: Instance
) -> None:
    for branch in ("Noord", "Zuid"):
        body = definition(f"afdeling-{branch.lower()}", {"officer": ["members.view_branch"]})
        define(party, msgspec.structs.replace(body, kind="branch", branch=branch))
    with party.write() as transaction:
        member_id = member_numbered(transaction.session, "007").id
        transaction.session.add(
            MemberPeriod(member_id=member_id, kind="branch", value="Noord", starts=date(2020, 1, 1))
        )
    member = browser().sign_in("007")
    member.get("/my-data")
    assert "afdeling-noord: officer" in member.words
    assert "afdeling-zuid" not in member.words


def test_the_file_holds_everything_about_the_member_alone(browser: Callable[[], Any], party: Instance) -> None:
    answer = browser().sign_in("008").get("/my-data/file")
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    data = json.loads(answer.content)
    assert [row["number"] for row in data["tables"]["member"]] == ["008"]
    assert "007" not in answer.text


@pytest.mark.parametrize("path", ["/my-data", "/my-data/file"])
def test_own_data_are_for_who_is_signed_in(browser: Callable[[], Any], party: Instance, path: str) -> None:
    answer = browser().get(path, follow=False)
    assert answer.status_code in (303, 403)
    assert "/sign-in" in answer.headers["location"]


@pytest.mark.parametrize(
    ("lang", "said"), [("nl", "zolang het lidmaatschap duurt"), ("nl-simple", "zo lang u lid bent, en 2 jaar daarna")]
)
def test_the_page_is_there_in_dutch(browser: Callable[[], Any], party: Instance, lang: str, said: str) -> None:
    member = browser().sign_in("007")
    member.get(f"/my-data?lang={lang}")
    assert said in member.words
    assert "as long as the membership" not in member.words
